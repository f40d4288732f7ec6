"""共建单位、红领合伙人: what each gave in a quarter, and the thank-you card after it, once.

A card holds numbers and a name, nothing of those who were helped. A member's card goes to their own unit only
where they said so; otherwise it is not even made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final
from zlib import crc32

from redprop_bot.loop.due import Deeds
from redprop_bot.notify import links, outbox
from redprop_bot.registry.register import Register, changed, register
from redprop_bot.rules.telling import Weight
from redprop_bot.rules.whistle import quarter_before, quarter_bounds, quarter_of
from redprop_bot.store import messages, numbers, partners
from redprop_bot.store.tables import Member, Person, ThanksCard, Timer
from redprop_bot.store.tx import Tx

REVISION: Final = "thanks"
KIND: Final = "thanks"


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a year."""

    year: int
    number: int

    @property
    def code(self) -> str:
        """2026Q4."""
        return f"{self.year}Q{self.number}"

    @property
    def name(self) -> str:
        """2026年第四季度."""
        return f"{self.year}年第{'一二三四'[self.number - 1]}季度"

    def bounds(self, tx: Tx) -> tuple[datetime, datetime]:
        """Begin, and end, which is not part of it."""
        return quarter_bounds(self.year, self.number, tx.content.zone)


def now(tx: Tx) -> Quarter:
    """The one that runs."""
    return Quarter(*quarter_of(tx.now, tx.content.zone))


def before(quarter: Quarter) -> Quarter:
    """The one before."""
    return Quarter(*quarter_before(quarter.year, quarter.number))


def read(code: str) -> Quarter:
    """The quarter of a code."""
    year, _, number = code.partition("Q")
    return Quarter(int(year), int(number))


def units(tx: Tx, reg: Register) -> list[int]:
    """The partner units that are in use."""
    kinds = tx.content.partners.kinds
    return [key for key, unit in reg.organisations.items() if unit.active and unit.kind in kinds]


def figures(tx: Tx, quarter: Quarter) -> Mapping[int, Mapping[str, int]]:
    """By partner unit, what it gave; a unit that gave nothing has an empty entry."""
    found = partners.of_units(tx, *quarter.bounds(tx))
    return {key: found.get(key, {}) for key in units(tx, register(tx))}


def agree(tx: Tx, person_id: int, *, agreed: bool) -> bool:
    """A member's word on cards to their unit; False for who is no member."""
    member = register(tx).members.get(person_id)
    if member is None:
        return False
    if member.unit_card != agreed:
        tx.update(Member, member.id, unit_card=agreed)
        changed(tx)
    return True


# -- the clock


def plan(tx: Tx) -> None:
    """The moment of this quarter's cards, and of the last one's where they were missed; else one look."""
    quarter, hour = now(tx), tx.content.partners.hour
    mark = crc32(f"{quarter.code}:{hour}".encode()) >> 1
    if numbers.revision(tx, REVISION) == mark:
        return
    numbers.put_revision(tx, REVISION, mark)
    last = before(quarter)
    for one in (quarter, last) if _anything(tx, last) else (quarter,):
        day = one.bounds(tx)[1].date()
        at = datetime.combine(day, time(hour), tx.content.zone)
        messages.plan(tx, f"{KIND}:{one.code}", KIND, at, quarter=one.code)


def _anything(tx: Tx, quarter: Quarter) -> bool:
    if any(figures(tx, quarter).values()):
        return True
    agreed = {key for key, member in register(tx).members.items() if member.unit_card}
    return bool(agreed) and bool(agreed & partners.of_members(tx, *quarter.bounds(tx)).keys())


def _issue(tx: Tx, timer: Timer) -> None:
    """Every card of a quarter, each told once."""
    quarter, reg = read(timer.data["quarter"]), register(tx)
    for unit_id, given in figures(tx, quarter).items():
        if given and (card := partners.keep(tx, quarter.code, given, unit_id=unit_id, person_id=None)):
            _tell(tx, card, reg.staff(unit_id), "thanks.unit", unit=reg.organisations[unit_id].name)
    by_member = partners.of_members(tx, *quarter.bounds(tx))
    for person_id, member in reg.members.items():
        given = by_member.get(person_id, {})
        if not member.unit_card or not given:
            continue
        if card := partners.keep(tx, quarter.code, given, unit_id=None, person_id=person_id):
            _tell_member(tx, card, reg, member)


def _tell_member(tx: Tx, card: ThanksCard, reg: Register, member: Member) -> None:
    """To the member, and to their unit where the register knows it; else they hand it on themselves."""
    person = reg.people[member.person_id]
    unit = reg.organisation_names.get(member.unit or "")
    key = "thanks.member_sent" if unit is not None else "thanks.member"
    _tell(tx, card, [person], key, unit=member.unit or "")
    if unit is not None and unit.id is not None:
        told = [one for one in reg.managers(unit.id) or reg.staff(unit.id) if one.id != person.id]
        _tell(tx, card, told, "thanks.to_unit", who=person.name or "", unit=unit.name)


def _tell(tx: Tx, card: ThanksCard, told: list[Person], key: str, **slots: str) -> None:
    text = tx.content.replies.say(key, quarter=read(card.quarter).name, link=address(tx, card), **slots)
    draft = outbox.Draft(
        key=f"thanks:{card.id}:{key}",
        message="thanks",
        text=text,
        weight=Weight.PLAIN,
        subject="thanks",
        subject_id=card.id,
    )
    outbox.queue(tx, [(person, draft) for person in told])


def address(tx: Tx, card: ThanksCard) -> str:
    """Where the picture is; whoever has the address may look at it and hand it on."""
    return f"{tx.content.address}/m/thanks/{card.id}?k={links.signed(mark(card.id), tx.content.secret)}"


def mark(card_id: int | None) -> str:
    """What the key of a card's address is made of."""
    return f"thanks:{card_id}"


def lines(tx: Tx, given: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Figures with their names, those above nothing."""
    names = tx.content.labels.given
    return [(names[code], int(given[code])) for code in names if given.get(code)]


DO: Final[Deeds] = {KIND: _issue}
