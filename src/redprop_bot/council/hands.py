"""Who acts in the council: a person of the register, a token, the clock; what they keep, for whom they speak."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from redprop_bot.registry.register import Register
from redprop_bot.store.tables import Post

KEEPERS: Final = frozenset({"admin", "street", "secretary"})


@dataclass(frozen=True, slots=True)
class Hand:
    """Whoever does a step.

    `keeps`: communities whose secretary they are, None for all and for what is the street's. `units`: those that
    they speak for. `all_of_it`: an administrator's token or account, or a secretary's for all communities.
    """

    name: str
    person_id: int | None = None
    keeps: frozenset[int] | None = frozenset()
    units: frozenset[int] = frozenset()
    all_of_it: bool = False

    def keeps_in(self, community_id: int | None) -> bool:
        """Whether what belongs to a community, or with None to the street, is theirs to arrange."""
        return self.keeps is None or (community_id is not None and community_id in self.keeps)


CLOCK: Final = Hand("到期自动")


def of_posts(name: str, person_id: int | None, posts: Iterable[Post]) -> Hand:
    """A person of the register by their posts."""
    posts = list(posts)
    units = frozenset(post.organisation_id for post in posts if post.organisation_id is not None)
    if any(post.street_id is not None for post in posts):
        return Hand(name, person_id, None, units)
    own = (p.community_id for p in posts if p.duty == "secretary" and p.community_id is not None)
    return Hand(name, person_id, frozenset(own), units)


def of_role(
    name: str, role: str, *, community_id: int | None, organisation_id: int | None, person_id: int | None = None
) -> Hand:
    """A token or an account, or a seat of the console."""
    units = frozenset() if organisation_id is None else frozenset({organisation_id})
    whole = role == "admin" or (role == "secretary" and community_id is None)
    if role not in KEEPERS:
        return Hand(name, person_id, frozenset(), units)
    return Hand(name, person_id, None if community_id is None else frozenset({community_id}), units, whole)


def speaks_as_secretary(reg: Register, hand: Hand, community_id: int | None) -> bool:
    """Whether somebody is the secretary in charge of a community, or who stands in for one; an administrator is.

    Stricter than `keeps_in`: the street sees what is private of a community only where nobody else is in charge.
    """
    if hand.all_of_it:
        return hand.keeps_in(community_id)
    if hand.person_id is not None:
        return any(person.id == hand.person_id for person in reg.secretaries(community_id))
    if hand.keeps is None:
        return community_id is None
    return hand.keeps_in(community_id)
