"""Who opens, marks and decides in 示范创建: a secretary for the community, the street for what is above it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from redprop_bot.registry.people import Speaker
from redprop_bot.registry.register import Register
from redprop_bot.store.tables import Post, StandardApplication


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Whoever acts. `communities`: whose secretary they are, None for all. `street`: they are of the street."""

    name: str
    person_id: int | None = None
    communities: frozenset[int] | None = frozenset()
    street: bool = False

    def secretary_of(self, reg: Register, community_id: int) -> bool:
        """Whether they speak as secretary: their own, or the street where a community has nobody."""
        if self.communities is None or community_id in self.communities:
            return True
        own = any(
            p.duty == "secretary" and p.street_id is None and p.community_id == community_id for p in reg.all_posts
        )
        return self.street and not own


def of_posts(name: str, person_id: int, posts: Iterable[Post]) -> Reviewer:
    """A person of the register by their posts."""
    posts = list(posts)
    own = (p.community_id for p in posts if p.duty == "secretary" and p.community_id is not None)
    return Reviewer(name, person_id, frozenset(own), any(p.street_id is not None for p in posts))


def of_speaker(speaker: Speaker) -> Reviewer:
    """Whoever speaks or sits at the console as a person of the register."""
    return of_posts(speaker.name, speaker.person.id or 0, speaker.posts)


def of_role(name: str, role: str, *, community_id: int | None, person_id: int | None = None) -> Reviewer:
    """A token, an account, or a seat of the console; an administrator is both secretary and street."""
    theirs = None if community_id is None else frozenset({community_id})
    if role == "admin":
        return Reviewer(name, person_id, theirs, street=True)
    if role == "secretary":
        return Reviewer(name, person_id, theirs)
    return Reviewer(name, person_id, street=role == "street")


def may_mark(reg: Register, application: StandardApplication, who: Reviewer) -> bool:
    """Whether the checklist is theirs to fill in."""
    return who.secretary_of(reg, application.community_id)


def may_decide(reg: Register, application: StandardApplication, level: Mapping[str, Any], who: Reviewer) -> bool:
    """Whether what this level says is theirs to say."""
    if level["by"] == "street":
        return who.street
    return who.secretary_of(reg, application.community_id)
