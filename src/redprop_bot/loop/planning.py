"""When an order is looked at next: worked out whenever something changes that its reminders hang on.

The moment stands in the order's own row and is written with the change itself, so that no change is without it;
the sweep then finds what is due without looking at what exists. What is done then lives in `reminding`.
"""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from redprop_bot.registry.working_time import time_of
from redprop_bot.rules import reminders
from redprop_bot.rules.spans import WATCHED
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx


class _Changed:
    """A demand as it is about to be: new values above the stored ones."""

    __slots__ = ("_now", "_was")

    def __init__(self, was: Demand, now: Mapping[str, Any]) -> None:
        self._was, self._now = was, now

    def __getattr__(self, name: str) -> Any:
        return self._now[name] if name in self._now else getattr(self._was, name)


_FRESH: Mapping[str, Any] = {
    "handler_id": None,
    "category": None,
    "complex": False,
    "due_decided": False,
    "contacted_at": None,
    "control_by": None,
    "controlled_at": None,
    "begun_at": None,
    "done_at": None,
    "dispatched_at": None,
    "paused_at": None,
    "paused_until": None,
    "extension_days": None,
    "reworks": 0,
    "transfers": 0,
}


def planned(tx: Tx, was: Demand, values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that follow from a change; none where nothing that counts has changed.

    What has fired already is not known here: the moment may be past, and the next sweep then finds nothing new.
    """
    if not any(name in values and values[name] != getattr(was, name) for name in WATCHED):
        return {}
    return _columns(tx, _Changed(was, {**values, "clocked_at": tx.now}))


def begun(tx: Tx, values: Mapping[str, Any]) -> dict[str, Any]:
    """The same for a demand that is about to be stored."""
    return _columns(tx, SimpleNamespace(**{**_FRESH, **values, "clocked_at": tx.now}))


def _columns(tx: Tx, order: Any) -> dict[str, Any]:
    at = reminders.upcoming(tx.content.reminders, order, time_of(tx, order))
    return {"clocked_at": tx.now, "remind_at": at}
