"""Of whom a confidential matter complains, as far as the register knows, and who looks after it instead.

A complaint never lies with the person or the unit that it is about alone: not as a secretary's, not as a grid
worker's. What is about their unit they see as its staff, when it is released to the unit.
"""

import re
from collections.abc import Iterable
from typing import Final, Protocol

from redprop_bot.registry.care import caretaker
from redprop_bot.registry.register import Register, register
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store import demands
from redprop_bot.store.tables import Person, Post
from redprop_bot.store.tx import Tx
from redprop_bot.understand.surnames import SURNAME

_WHO = r"(?:里|的)*(?:工作人员|办事人员|干部|领导|社工|干事|主任|副主任|窗口|办事大厅|那帮人|人)?"
_COMMUNITY: Final = re.compile(rf"(?:社区|居委会|社居委|居委|村委会)(?:居委会)?{_WHO}")
_OF: Final = (
    r"(?:你们|我们|咱们?|那个|这个)?(?:社区|居委会|社居委|居委|支部|党支部|党委|村)?(?:党委|党支部|党?总支)?里?的?"
)
_SECRETARY: Final = re.compile(rf"{_OF}(?P<name>{SURNAME})?副?(?:书记|一把手)")
_GRID: Final = re.compile(rf"{_OF}(?:[小老]?(?P<name>{SURNAME}))?网格(?:员|长)")
_STREET: Final = re.compile(rf"(?:街道|街道办|办事处|街道办事处|街道党工委){_WHO}")
_COMPANY: Final = re.compile(r"物业")
_GREETED: Final = re.compile(r"[,，、:：!！ ]+(?:您好|你好|我|麻烦|请)")


class Matter(Protocol):
    """What is needed of a demand, stored or just told."""

    @property
    def intent(self) -> str: ...  # noqa: D102
    @property
    def party(self) -> str | None: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def community_id(self) -> int | None: ...  # noqa: D102
    @property
    def estate_id(self) -> int | None: ...  # noqa: D102


def accused(reg: Register, matter: Matter) -> frozenset[int]:
    """Keys of the people of the register whom it complains of, or who work for the unit that it complains of."""
    if matter.intent not in CONFIDENTIAL or not matter.party:
        return frozenset()
    return frozenset(post.person_id for post in _posts(reg, matter, matter.party))


def accused_units(reg: Register, matter: Matter) -> frozenset[int]:
    """Keys of the units that it complains of: named themselves, or by somebody on their staff."""
    if matter.intent not in CONFIDENTIAL or not matter.party:
        return frozenset()
    named = {post.organisation_id for post in _posts(reg, matter, matter.party)}
    return frozenset(key for key in named | _units(reg, matter, matter.party) if key is not None)


def overseers(reg: Register, matter: Matter) -> list[Person]:
    """Who looks after it: the secretaries that it does not complain of, else the street, else anybody else's.

    Only where it complains of everybody there is are they the secretaries all the same.
    """
    usual, blamed = reg.secretaries(matter.community_id), accused(reg, matter)
    if not blamed:
        return usual
    for people in (usual, reg.street_staff, _all_secretaries(reg)):
        if left := apart(people, blamed):
            return left
    return usual


def passed_by(reg: Register, matter: Matter) -> bool:
    """Whether all who would look after it are blamed, so that somebody else does."""
    blamed = accused(reg, matter)
    return bool(blamed) and not apart(reg.secretaries(matter.community_id), blamed)


def named(reg: Register, text: str) -> str | None:
    """Whom of the register a text names that was first read as a plain report: the longest name, if any."""
    known = (*reg.organisation_names, *(one.name for one in reg.people.values() if one.name))
    return max((name for name in known if name in text), key=len, default=None)


def against(tx: Tx, person_id: int, community_id: int | None) -> frozenset[int]:
    """Keys of the demands of a community, or of all, that complain of somebody; but not of their own reports."""
    reg = register(tx)
    found = (one for one in demands.accusing(tx, community_id) if one.reporter_id != person_id)
    return frozenset(one.id for one in found if person_id in accused(reg, one))


def apart(people: Iterable[Person], blamed: frozenset[int]) -> list[Person]:
    """Those who are not blamed."""
    return [person for person in people if person.id not in blamed]


def _all_secretaries(reg: Register) -> list[Person]:
    found = dict.fromkeys(post.person_id for post in reg.all_posts if post.duty == "secretary")
    return [reg.people[key] for key in found]


def _posts(reg: Register, matter: Matter, party: str) -> list[Post]:
    if matter.text.startswith(party) and _GREETED.match(matter.text, len(party)):
        party = matter.text[len(party) :]  # 秦书记，我要投诉物业: who is spoken to
    named = [post for post in reg.all_posts if (reg.people[post.person_id].name or " ") in party]
    units = _units(reg, matter, party) | {post.organisation_id for post in named} - {None}
    if named or units:
        return named + [post for post in reg.all_posts if post.organisation_id in units]
    if _COMMUNITY.fullmatch(party):
        named_here = {key for key, one in reg.communities.items() if one.name in matter.text}
        there: set[int | None] = {*named_here} or {matter.community_id}
        return [post for post in reg.all_posts if post.community_id is not None and post.community_id in there]
    if _STREET.fullmatch(party):
        return [post for post in reg.all_posts if post.street_id is not None]
    said: set[int | None] = {key for key, one in reg.communities.items() if one.name in party}
    said = said or {matter.community_id}
    post = party
    for one in reg.communities.values():
        post = post.replace(one.name, "")
    for pattern, duty in ((_SECRETARY, "secretary"), (_GRID, "grid")):
        if match := pattern.fullmatch(post):
            held = [one for one in reg.all_posts if one.duty == duty and one.community_id is not None]
            held = [one for one in held if one.community_id in said]
            meant = [one for one in held if match["name"] and _called(reg, one, match["name"])]
            return meant or held  # a name that nobody bears may be misspelt: then it may be any of them
    return []


def _called(reg: Register, post: Post, surname: str) -> bool:
    return (reg.people[post.person_id].name or "").startswith(surname)


def _units(reg: Register, matter: Matter, said: str) -> set[int | None]:
    """The units that are named, or the estate's company or caretaker where it is just 物业."""
    named: set[int | None] = {unit.id for name, unit in reg.organisation_names.items() if name in said}
    if not named and _COMPANY.search(said) and matter.estate_id is not None:
        own = reg.organisation_names.get(reg.estates[matter.estate_id].property_name or "")
        own = own or caretaker(reg, matter.estate_id)
        named = {own.id} if own is not None else set()
    return named
