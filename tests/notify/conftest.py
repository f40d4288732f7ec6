"""Fixtures of this room: a delivery over a store on both engines, with a platform that answers as it is told."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from tests.support import rows

from redprop_bot.content.templates import Template, Templates
from redprop_bot.notify.delivery import Delivery
from redprop_bot.ports import Channel, FrozenClock, Outbound, Receipt
from redprop_bot.rules.budget import Window
from redprop_bot.store import budgets
from redprop_bot.store.tables import Budget, Outbox
from redprop_bot.store.worker import Store


@dataclass
class Platform:
    """A sender that remembers what it was given; `answer` may raise or give a receipt."""

    sent: list[Outbound] = field(default_factory=list)
    answer: Callable[[Outbound], Receipt] = lambda _: Receipt()

    async def send(self, message: Outbound) -> Receipt:
        """Take a message, unless `answer` raises."""
        receipt = self.answer(message)
        self.sent.append(message)
        return receipt

    @property
    def texts(self) -> list[str]:
        """What people read, in order."""
        return [str(m.payload.get("text") or m.payload.get("head") or m.payload.get("data")) for m in self.sent]


@dataclass
class Post:
    """The outbox with its delivery."""

    store: Store
    clock: FrozenClock
    platform: Platform
    delivery: Delivery

    def heard(self, openid: str = "o1", window: Window = Window.TALK) -> bool:
        """The resident did something."""
        return self.store.run(lambda tx: budgets.opened(tx, openid, window, tx.content.roads.terms, tx.now))

    def owe(self, *texts: str, receiver: str = "o1", **values: Any) -> None:
        """Messages that may leave now, one after the other."""
        channel = values.pop("channel", "oa")

        def job(tx: Any) -> None:
            for text in texts:
                rows.owed(tx, channel=channel, receiver=receiver, payload={"text": text}, **values)

        self.store.run(job)

    async def deliver(self) -> list[str]:
        """Send what may leave; the new texts."""
        before = len(self.platform.texts)
        await self.delivery.drain_all()
        return self.platform.texts[before:]

    def rows(self) -> list[Outbox]:
        """All messages, in the order they were queued."""
        return self.store.look(lambda tx: tx.list(Outbox, order=Outbox.__table__.c.id))

    def states(self) -> list[str]:
        """Their states."""
        return [row.state for row in self.rows()]

    def left(self, openid: str = "o1") -> int:
        """What is left of the resident's own message."""
        found = self.store.look(lambda tx: [b for b in tx.list(Budget) if b.openid == openid])
        return found[0].talk_left if found else 0

    def use(self, *templates: Template) -> None:
        """These templates of the account and no others."""
        self.store.content = replace(self.store.content, templates=Templates(templates))

    def configure(self, **changed: Any) -> None:
        """Other roads than those that ship."""
        roads = self.store.content.roads.model_copy(update=changed)
        self.store.content = replace(self.store.content, roads=roads)


@pytest.fixture
def post(store: Store, clock: FrozenClock) -> Post:
    """An empty outbox, once on each engine."""
    return _post(store, clock)


@pytest.fixture
def small_post(sqlite_store: Store, clock: FrozenClock) -> Post:
    """An empty outbox on SQLite only, for what no engine changes."""
    return _post(sqlite_store, clock)


def _post(store: Store, clock: FrozenClock) -> Post:
    platform = Platform()
    return Post(store, clock, platform, Delivery(store, {Channel.OA: platform, Channel.WORK: platform}))
