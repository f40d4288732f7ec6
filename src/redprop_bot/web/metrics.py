"""What is counted, in a registry of its own: `/metrics` shows it, nothing decides by it.

Labels are codes of ours; nothing that a person wrote, and no key of a person, may become one.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from redprop_bot.store.events import Happening
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

EVENT_NAMES: Final = 100
"""So many unknown event names get a series of their own; those after them share one."""

STATES: Final = ("pending", "claimed", "merged", "waiting", "overtaken", "sent", "dead")


class _Commits(Collector):
    """The store counts its own commits; this reads them at scrape time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterator[CounterMetricFamily]:
        yield CounterMetricFamily("redprop_db_commits", "Commits of this process", value=self._store.commits)


class Metrics:
    """The figures of one process."""

    def __init__(self, store: Store) -> None:
        self.registry = CollectorRegistry()
        self.messages = Counter(
            "redprop_messages", "Deliveries of the platforms", ("channel", "outcome"), registry=self.registry
        )
        self._unknown = Counter(
            "redprop_unknown_events", "Events in no list", ("channel", "event"), registry=self.registry
        )
        self._acts = Counter(
            "redprop_acts", "Acts on demands, those undone later included", ("act",), registry=self.registry
        )
        self._outbox = Gauge("redprop_outbox", "Messages by state", ("state",), registry=self.registry)
        self._due = Gauge(
            "redprop_outbox_due", "Messages that should be on their way by now", registry=self.registry
        )
        self.requests = Histogram(
            "redprop_request_seconds", "Time to answer", ("route", "method", "status"), registry=self.registry
        )
        self.registry.register(_Commits(store))
        self._names: set[str] = set()

    def act(self, _tx: Tx, happening: Happening, _demand: Demand) -> None:
        """A listener of the store: one more act. Called in a database thread."""
        self._acts.labels(happening.act.value).inc()

    def unknown(self, channel: str, event: str) -> None:
        """An event that is in no list."""
        if event not in self._names and len(self._names) >= EVENT_NAMES:
            event = "other"
        else:
            self._names.add(event)
        self._unknown.labels(channel, event).inc()

    def text(self, outbox: Mapping[str, int], due: int) -> bytes:
        """Everything in the format of Prometheus; `outbox` counts messages by state, `due` those to be sent."""
        for state in STATES:
            self._outbox.labels(state).set(outbox.get(state, 0))
        self._due.set(due)
        return generate_latest(self.registry)
