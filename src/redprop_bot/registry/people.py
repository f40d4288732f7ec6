"""Who is talking: the person behind a platform identity, their posts, and the role their words are read in.

What a person may do to one demand is not decided here but in `loop.actor` and `rules.roles`. Personal data that is
shown to those who may not see it goes through `masked`.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from redprop_bot.ports import Channel
from redprop_bot.registry.register import Register, register
from redprop_bot.store import people
from redprop_bot.store.tables import PERSONAL, Member, Person, Post
from redprop_bot.store.tx import Tx

RESIDENT_NAME: Final = "居民"

_PROVIDERS: Final = frozenset({"property", "department", "partner", "committee"})


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person at one platform identity.

    posts: those in units that are in use. talk: what they and the bot are in the middle of. is_new: first message.
    """

    person: Person
    posts: tuple[Post, ...]
    member: Member | None
    talk: dict[str, Any]
    is_new: bool
    role: str

    @property
    def name(self) -> str:
        """The name in the register, else 居民."""
        return self.person.name or RESIDENT_NAME


def identify(tx: Tx, channel: Channel, sender: str) -> Speaker:
    """The person with this openid or userid, added when seen for the first time.

    Until this job ends no other process talks with them: what they said in one breath is one conversation.
    """
    people.in_turn(tx, channel, sender)
    found = people.who(tx, channel, sender)
    person, talk = found or (people.add(tx, channel, sender), {})
    return speaker(register(tx), person, talk, is_new=found is None)


def speaker(register: Register, person: Person, talk: dict[str, Any], *, is_new: bool = False) -> Speaker:
    """A known person as a speaker."""
    posts = tuple(post for post in register.posts.get(person.id or 0, ()) if _in_use(register, post))
    member = register.members.get(person.id or 0)
    return Speaker(person, posts, member, talk, is_new, _role(register, posts, member))


def _in_use(register: Register, post: Post) -> bool:
    return post.organisation_id is None or register.organisations[post.organisation_id].active


def _role(register: Register, posts: tuple[Post, ...], member: Member | None) -> str:
    """How words are read: secretary | provider | member | resident; the first that fits."""
    if any(post.organisation_id is None for post in posts):
        return "secretary"
    kinds = {register.organisations[post.organisation_id].kind for post in posts if post.organisation_id}
    if kinds & _PROVIDERS:
        return "provider"
    # staff of teams and of Party organisations work as members do
    return "member" if kinds or member else "resident"


def home_community(register: Register, speaker: Speaker) -> int | None:
    """The community of somebody: of a post, of where they live, of their branch, else the only one."""
    for post in speaker.posts:
        if post.community_id:
            return post.community_id
    branch = speaker.member.branch if speaker.member else None
    if branch and speaker.person.estate_id is None:
        named = [e.community_id for name, e in register.estate_names.items() if name in branch]
        named += [i for i, c in register.communities.items() if c.name in branch]
        if len(set(named)) == 1:
            return named[0]
    return register.community_of(speaker.person.estate_id)


# -- masking


def mask_name(name: str | None) -> str | None:
    """张建国 → 张**; the length is not told."""
    return f"{name[0]}**" if name else None


def mask_phone(phone: str | None) -> str | None:
    """13812345678 → 138****5678; shorter numbers keep their last two digits."""
    if not phone:
        return None
    digits = re.sub(r"\D", "", phone)
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else f"****{digits[-2:]}"


def masked(person: Person) -> dict[str, str | None]:
    """The personal columns of a person for those who may not see them: name and phone masked, the rest hidden."""
    shown = {"name": mask_name(person.name), "phone": mask_phone(person.phone)}
    return {column: shown.get(column) for column in PERSONAL["person"]}
