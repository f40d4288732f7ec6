"""The numbers on the public board: of units and of the community, never of a person."""

import re
from typing import Final

from redprop_bot.errors import Conflict, Forbidden, Invalid, NotFound
from redprop_bot.loop.publicity import Hand, impersonal, may_keep, own_estates, unit_of
from redprop_bot.registry.register import register
from redprop_bot.store import events, publicity
from redprop_bot.store.tables import PhoneLine
from redprop_bot.store.tx import Tx

LABEL: Final = 40
_MOBILE: Final = re.compile(r"(?:(?:\+|00)?86)?0?1[3-9]\d{9}")
_NUMBER: Final = re.compile(r"\+?\d[\d -]{1,19}(?:转\d{1,6})?", re.ASCII)


def add_line(
    tx: Tx, hand: Hand, community_id: int, *, label: str, number: str, hours: str = "", unit: str = ""
) -> PhoneLine:
    """A number of a unit or of the community, in place of the one with this label. Raises Forbidden or Invalid."""
    reg = register(tx)
    owner = unit_of(reg, hand, unit)
    if not may_keep(hand, community_id):
        here = hand.organisation_id is not None and any(
            e.community_id == community_id for e in own_estates(reg, hand.organisation_id)
        )
        if hand.role != "provider" or not here:
            raise Forbidden
    _callable(tx, label, number, hours)
    old = next((line for line in publicity.lines(tx, community_id) if line.label == label), None)
    if old is not None and old.organisation_id != (owner.id if owner else None):
        raise Conflict("line_taken", field="label")
    if old is not None and old.id is not None:
        publicity.drop_line(tx, old.id)
    made = tx.insert(
        PhoneLine,
        community_id=community_id,
        organisation_id=owner.id if owner else None,
        label=label,
        number=number,
        hours=hours,
    )
    data = {"label": label, "number": number}
    events.note(tx, "phone_line", made.id or 0, "added", by=hand.name, data=data, community_id=community_id)
    return made


def drop_line(tx: Tx, hand: Hand, key: int) -> None:
    """Take a number off the board. Raises NotFound for what is not there for them."""
    line = publicity.line(tx, key)
    mine = line is not None and (
        may_keep(hand, line.community_id)
        or (hand.role == "provider" and hand.organisation_id == line.organisation_id is not None)
    )
    if line is None or not mine:
        raise NotFound("no_line")
    publicity.drop_line(tx, key)
    data = {"label": line.label}
    events.note(tx, "phone_line", key, "dropped", by=hand.name, data=data, community_id=line.community_id)


def is_mobile(number: str) -> bool:
    """Whether a number is the kind that people carry about."""
    return _MOBILE.fullmatch(_digits(number)) is not None


def _digits(number: str) -> str:
    """What is dialled first: without spaces, lines and an extension."""
    return re.sub(r"[^\d+]", "", number.partition("转")[0])


def _callable(tx: Tx, label: str, number: str, hours: str) -> None:
    for field, text in (("label", label), ("hours", hours)):
        if len(text) > LABEL:
            raise Invalid("too_long", field=field, limit=LABEL)
        impersonal(tx, text, field)
    if not label:
        raise Invalid("missing", field="label")
    if not _NUMBER.fullmatch(number):
        raise Invalid("line_number", field="number")
    if is_mobile(number) or any(publicity.is_somebodys(tx, told) for told in (_digits(number), number)):
        raise Invalid("line_personal", field="number")
