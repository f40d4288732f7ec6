"""Who is told what when an emergency begins, lasts and ends: its own telling table beside that of demands.

Whoever did the step is never told of it by this table; each person gets one message a step, by the first row.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Crowd(StrEnum):
    """A group of people around one emergency."""

    DUTY = "duty"  # the duty list
    SILENT = "silent"  # those of the duty list who have not said 收到
    KEEPERS = "keepers"  # secretaries of the communities concerned, and the street
    RESIDENTS = "residents"  # who follow and live there


@dataclass(frozen=True, slots=True)
class ModeTell:
    """One row: this crowd gets this message, with these buttons (WeCom) or this menu (Official Account)."""

    to: Crowd
    message: str
    buttons: tuple[str, ...] = ()
    menu: tuple[str, ...] = ()
    at_once: bool = True


_C = Crowd

MODE_TELLING: Final[dict[str, tuple[ModeTell, ...]]] = {
    "mode_began": (
        ModeTell(_C.DUTY, "mode_duty", buttons=("received",)),
        ModeTell(_C.KEEPERS, "mode_copy"),
        ModeTell(_C.RESIDENTS, "mode_resident", menu=("safe", "help")),
    ),
    "mode_reminded": (ModeTell(_C.SILENT, "mode_again", buttons=("received",)),),
    "mode_silence": (ModeTell(_C.KEEPERS, "mode_silence"),),
    "mode_ended": (
        ModeTell(_C.KEEPERS, "mode_report", at_once=False),
        ModeTell(_C.DUTY, "mode_over", at_once=False),
        ModeTell(_C.RESIDENTS, "mode_over_resident", at_once=False),
    ),
}

MODE_SILENT: Final = frozenset({"mode_received", "mode_checked_in", "mode_joined", "mode_elders"})
"""Steps that are written down and wake nobody: their figures stand in the report."""
