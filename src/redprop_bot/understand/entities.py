# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Take out what can be read on its own (phones, orders, addresses, estates, moments) before the words are weighed."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise

from redprop_bot.understand import visits
from redprop_bot.understand.features import ADDRESS, ESTATE, ORDER, PHONE, TIME
from redprop_bot.understand.gazetteer import Gazetteer
from redprop_bot.understand.slots import address, bare, orders, phone, when
from redprop_bot.understand.slots.span import Span, mask
from redprop_bot.understand.slots.when import Moment

STAFF = frozenset({"provider", "secretary"})
WORKERS = STAFF | {"member"}


@dataclass(frozen=True, slots=True)
class Entities:
    """The text with everything masked, and what was found where."""

    masked: str
    phones: list[Span] = field(default_factory=list)
    addresses: list[Span] = field(default_factory=list)
    estates: list[Span] = field(default_factory=list)
    orders: list[Span] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    today: str | None = None  # 下午来, without a day
    day: date | None = None  # of the message
    role: str = ""
    named: list[Span] = field(default_factory=list)  # orders that are called orders, whatever is said of them

    def within(self, spans: list[Span], start: int, end: int) -> list[Span]:
        """The spans that begin inside a piece."""
        return [span for span in spans if start <= span.start < end]


def take_out(norm: str, role: str, now: datetime, gazetteer: Gazetteer) -> Entities:
    """Find everything, the safest kind first; what one kind has taken, no later one sees."""
    phones = phone.find(norm)
    text = mask(norm, phones, PHONE)
    estates = [Span(start, end, {"estate": name}) for start, end, name in gazetteer.find_estates(text)]
    text = mask(text, estates, ESTATE)
    numbered = bare.tails(text) if "尾号" in text else []
    text = mask(text, numbered, ORDER)
    if role in STAFF or "单" in text or "编号" in text or "d20" in text:
        numbered = _beside(numbered, orders.strong(text))
        text = mask(text, numbered, ORDER)
    named = numbered
    if role not in STAFF:
        numbered = _beside(numbered, bare.spoken(text))
        text = mask(text, numbered, ORDER)
    addresses = _meant(text, address.find(text, staff=role in STAFF))
    text = mask(text, addresses, ADDRESS)
    if role == "secretary" and addresses and visits.went(text) is not None:
        doors = address.doors(text)
        text = mask(text, doors, ADDRESS)
        addresses = _beside(addresses, doors)
    if role in WORKERS:
        beside = orders.verbal(text, [])
        text = mask(text, beside, ORDER)
        numbered = _beside(numbered, beside)
    moments = when.find(text, now)
    text = mask(text, [moment.span() for moment in moments], TIME)
    if role in STAFF:
        loose = orders.weak(text, [])
        text = mask(text, loose, ORDER)
        numbered = _beside(numbered, loose)
    today = None if moments else when.part_of_today(text, now)
    return Entities(
        text, phones, addresses, estates, numbered, moments, today, when.local(now).date(), role, named
    )


_NOT_THERE = re.compile(r"(?:不是|不在|不住)$")
_RATHER = re.compile(
    r"[,，。 ]{0,2}(?:哎|诶|欸|啊|哦|呃)?[,， ]?(?:不对|错了|[说打写讲]错了|口误)[,，。 ]{0,2}(?:应该)?(?:是|在)?"
)


def _meant(text: str, addresses: list[Span]) -> list[Span]:
    """不是501，是601; 13栋，不对，15栋: what is denied gives way to what is named instead."""
    denied = [
        span
        for span, following in pairwise(addresses)
        if _NOT_THERE.search(text[: span.start]) or _RATHER.fullmatch(text, span.end, following.start)
    ]
    return [span for span in addresses if span not in denied]


def _beside(one: list[Span], other: list[Span]) -> list[Span]:
    return sorted([*one, *other], key=lambda span: span.start)
