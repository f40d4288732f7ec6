"""What a late message still is: news, or something that has changed since.

Two tests by plain tables: whether the order is in a stage of which the message speaks, and whether something newer
speaks of the same. What names no order, or stands in no table, always holds. No I/O, no wording.
"""

from collections.abc import Mapping
from typing import Final

from redprop_bot.rules.flow import AT_WORK, OPEN, RUNNING, Stage

_S = Stage

STAGES: Final[Mapping[str, frozenset[Stage]]] = {
    "order": AT_WORK,  # the unit's card: what one of them took at night the others have not heard of
    "dispatched": frozenset({_S.DISPATCHED}),
    "accepted": frozenset({_S.ACCEPTED}),
    "progress": frozenset({_S.ACCEPTED, _S.SUSPENDED, _S.TABLED}),
    "fulfilled": frozenset({_S.DONE, _S.CLOSED}),  # closed by time: nobody has told them yet that it is done
    "closed": frozenset({_S.CLOSED}),
    "merged": frozenset({_S.MERGED}),
    "tended_resident": OPEN - {_S.DONE},
    "paused": frozenset({_S.SUSPENDED}),
    "resumed": AT_WORK,
    "reopened_resident": AT_WORK,
    "escalated_resident": frozenset({_S.TABLED}),
    "climbed_resident": frozenset({_S.TABLED}),
    "extension_asked_resident": RUNNING,
    "granted_resident": RUNNING,
    "rescheduled": RUNNING,
    "forecast": RUNNING,
    "callback": frozenset({_S.DONE}),
    "assisted_resident": OPEN,
    "whistle_resident": OPEN,
    "discussed": frozenset(Stage),  # what was decided stays so, whatever has become of the order since
}
"""In which stages of its order a message still says what is so."""

_WHERE, _WHEN, _HOW = "where it is", "by when", "how it goes"
_ABOUT: Final[Mapping[str, str]] = {
    **dict.fromkeys(STAGES, _WHERE),
    **dict.fromkeys(("extension_asked_resident", "granted_resident", "rescheduled", "forecast"), _WHEN),
    **dict.fromkeys(("progress", "tended_resident", "assisted_resident", "whistle_resident"), _HOW),
    "discussed": "what was decided",
}
_SETTLES: Final[Mapping[str, frozenset[str]]] = {
    **{name: frozenset({_WHERE}) for name in ("accepted", "escalated_resident", "climbed_resident")},
    **{name: frozenset({_WHERE, _WHEN}) for name in ("paused", "resumed")},
    **{
        name: frozenset({_WHEN})
        for name in ("extension_asked_resident", "granted_resident", "rescheduled", "forecast")
    },
    **{
        name: frozenset({_WHERE, _WHEN, _HOW})
        for name in ("dispatched", "fulfilled", "closed", "merged", "reopened_resident")
    },
}


def holds(message: str, stage: str) -> bool:
    """Whether a message about an order in this stage still says what is so."""
    return message not in STAGES or stage in STAGES[message]


def replaces(newer: str, older: str) -> bool:
    """Whether a newer message about the same order, to the same person, leaves nothing of the older one to say."""
    return older in _ABOUT and _ABOUT[older] in _SETTLES.get(newer, frozenset())
