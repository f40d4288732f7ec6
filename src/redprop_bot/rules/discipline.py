"""整改: where an order to put things right stands, and what may still be done with it.

open ─ report ─▶ reported ─ passed ─▶ passed; reported ─ failed ─▶ open with another deadline, counted;
open, reported ─ withdrawn ─▶ void. An order whose day was missed may be re-checked without a report.
"""

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where an order stands; `void`: taken back with a reason."""

    OPEN = "open"
    REPORTED = "reported"
    PASSED = "passed"
    VOID = "void"


RUNNING: Final = (State.OPEN, State.REPORTED)
"""Something is still to be done."""


class Extension(StrEnum):
    """What became of the one time that a company may ask for more days; `lapsed`: it reported before an answer."""

    NONE = ""
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"


class Cause(StrEnum):
    """Why somebody is talked to."""

    OVERDUE = "overdue"
    FAILURES = "failures"
    HAND = "hand"


class TalkState(StrEnum):
    """Where a talk stands."""

    PROPOSED = "proposed"
    HELD = "held"
    DECLINED = "declined"


class Side(StrEnum):
    """Who did something, without a name."""

    COMPANY = "company"
    COMMUNITY = "community"
    STREET = "street"
    CLOCK = "clock"
