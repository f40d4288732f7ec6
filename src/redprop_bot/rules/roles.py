"""Who may do what: capacities of an actor towards one demand, and the acts each capacity may perform.

A capacity is found by `loop.actor` from the register and the demand; here stands only the table.
What is not in `MAY` is refused with 403 and changes nothing.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from redprop_bot.errors import Forbidden
from redprop_bot.rules.flow import Act


class Capacity(StrEnum):
    """What an actor is to one demand."""

    ANYONE = "anyone"
    REPORTER = "reporter"
    SUPPORTER = "supporter"
    HANDLER = "handler"  # staff of the unit that answers for it
    MANAGER = "manager"  # manager of that unit
    HELPER = "helper"  # helps beside the lead unit
    MEMBER = "member"  # registered Party member or volunteer
    UNIT = "unit"  # staff of any organisation of the register
    SECRETARY = "secretary"
    GRID = "grid"
    CLERK = "clerk"
    STREET = "street"
    RULE = "rule"  # the responsibility list, the ladder, the clock
    ADMIN = "admin"


CONFIDENTIAL: Final = frozenset({"complaint", "mediation"})
"""Intents of matters that the secretary sees first, and whose reporter the unit must not recognise."""

_C = Capacity

BYSTANDERS: Final = frozenset({_C.ANYONE, _C.UNIT, _C.MEMBER})
"""Who has nothing to do with a demand yet, but may offer help."""
TRUSTED: Final = frozenset({_C.REPORTER, _C.SUPPORTER, _C.SECRETARY, _C.STREET, _C.GRID, _C.ADMIN})
"""Who may know the reporter of a confidential matter."""

MAY: Final[dict[Act, frozenset[Capacity]]] = {
    Act.ORDER: frozenset({_C.ANYONE}),
    Act.DISPATCH: frozenset({_C.SECRETARY, _C.STREET, _C.RULE}),
    Act.ASSIGN: frozenset({_C.MANAGER}),
    Act.ACCEPT: frozenset({_C.HANDLER}),
    Act.RETURN: frozenset({_C.HANDLER}),
    Act.PROGRESS: frozenset({_C.HANDLER, _C.HELPER}),
    Act.FULFIL: frozenset({_C.HANDLER}),
    Act.EXTEND: frozenset({_C.HANDLER}),
    Act.GRANT: frozenset({_C.SECRETARY, _C.STREET}),
    Act.PAUSE: frozenset({_C.SECRETARY}),
    Act.RESUME: frozenset({_C.SECRETARY}),
    Act.RATE: frozenset({_C.REPORTER, _C.SUPPORTER}),
    Act.REOPEN: frozenset({_C.REPORTER, _C.SECRETARY}),
    Act.WITHDRAW: frozenset({_C.REPORTER}),
    Act.URGE: frozenset({_C.REPORTER, _C.SUPPORTER, _C.SECRETARY}),
    Act.SUPPLEMENT: frozenset({_C.REPORTER, _C.SUPPORTER, _C.SECRETARY}),
    Act.ASSIST: frozenset({_C.MEMBER, _C.UNIT}),
    Act.MERGE: frozenset({_C.SECRETARY}),
    Act.ESCALATE: frozenset({_C.SECRETARY, _C.STREET, _C.RULE}),
    Act.CORRECT: frozenset({_C.SECRETARY, _C.GRID}),
    Act.CLOSE: frozenset({_C.SECRETARY}),
    Act.EXPIRE: frozenset({_C.RULE}),
}


def may(act: Act, capacities: Iterable[Capacity]) -> bool:
    """Whether one of the capacities allows the act; an administrator may do all that people may."""
    held = set(capacities)
    return bool(MAY[act] & held) or (Capacity.ADMIN in held and MAY[act] != {Capacity.RULE})


def require(act: Act, capacities: Iterable[Capacity]) -> None:
    """Raise Forbidden unless one of the capacities allows the act."""
    if not may(act, capacities):
        raise Forbidden("role", act=act.value)
