"""One message, one piece of work, five seconds.

    in time      the reply goes back in the answer
    not in time  the answer is empty; the reply follows as a message of its own, once
    twice        the second delivery waits for the first, then gets what the first got
    broken       the fault goes to the caller: nothing is acknowledged that is not stored

Only after an acknowledgement that came before the commit is a failing database tried again from here: the platform
will not deliver that message once more.
"""

import asyncio
import logging
from typing import Any, Final

from redprop_bot.dialogue.office import Office
from redprop_bot.dialogue.turn import Answer
from redprop_bot.errors import Untrusted
from redprop_bot.notify import outbox
from redprop_bot.ports import Channel, Inbound
from redprop_bot.rules.telling import Rank, Weight
from redprop_bot.store import access, people
from redprop_bot.store.tx import Tx
from redprop_bot.web.metrics import Metrics

log = logging.getLogger(__name__)

PATIENCE: Final = 4.5
"""Seconds after which the answer leaves without a reply; the platforms wait for five."""
TRIES: Final = 6
PAUSE: Final = 0.25

Work = asyncio.Task[Answer]
Key = tuple[Channel, str]


class Intake:
    """Takes messages of both channels in. A test may set `patience`, and `pause` before the first new try."""

    def __init__(self, office: Office, metrics: Metrics) -> None:
        self.patience, self.pause = PATIENCE, PAUSE
        self._office, self._metrics = office, metrics
        self._flights: dict[Key, asyncio.Task[Any]] = {}
        self._late: set[asyncio.Task[None]] = set()

    async def take(self, inbound: Inbound, replay_key: str, body_hash: str) -> str:
        """The text to reply with, empty when there is none yet; raises Untrusted and what the database raises."""
        key = (inbound.channel, inbound.key)
        before = self._flights.get(key)
        work = asyncio.create_task(self._work(before, inbound, replay_key, body_hash))
        self._flights[key] = work
        work.add_done_callback(lambda done: self._landed(key, done))
        done, _ = await asyncio.wait({work}, timeout=self.patience)
        if done:
            answer = work.result()
            self._count(inbound.channel, answer)
            return answer.text
        self._metrics.messages.labels(inbound.channel.value, "late").inc()
        log.warning("%s: a message took longer than %s s", inbound.channel.value, self.patience)
        follow = asyncio.create_task(self._follow(work, inbound, replay_key, body_hash))
        self._flights[key] = follow
        follow.add_done_callback(lambda done: self._landed(key, done))
        self._late.add(follow)
        follow.add_done_callback(self._late.discard)
        return ""

    async def finish(self) -> None:
        """Wait for what was acknowledged and is still in work."""
        while self._late:
            await asyncio.wait(self._late)

    def _landed(self, key: Key, flight: "asyncio.Task[Any]") -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]

    async def _work(
        self, before: "asyncio.Task[Any] | None", inbound: Inbound, replay_key: str, body_hash: str
    ) -> Answer:
        if before is not None:
            await asyncio.wait({before})
        return await self._office.store.write(lambda tx: self._take(tx, inbound, replay_key, body_hash))

    def _take(self, tx: Tx, inbound: Inbound, replay_key: str, body_hash: str) -> Answer:
        answer = self._office.take(tx, inbound, replay_key=replay_key, body_hash=body_hash)
        if answer.repeated and answer.text and _promised(tx, inbound):
            return Answer("", repeated=True)  # the first delivery was answered with nothing, and so is this
        return answer

    async def _follow(self, work: Work, inbound: Inbound, replay_key: str, body_hash: str) -> None:
        """After an empty answer: see the work through, then send the reply by itself."""
        for attempt in range(TRIES):
            try:
                answer = await work
                self._count(inbound.channel, answer)
                await self._office.store.write(lambda tx, text=answer.text: _promise(tx, inbound, text))  # type: ignore[misc]
            except Untrusted:
                return
            except Exception:
                log.exception("%s: a message that was acknowledged is not stored yet", inbound.channel.value)
                await asyncio.sleep(self.pause * 2.0**attempt)
                work = asyncio.create_task(self._work(None, inbound, replay_key, body_hash))
            else:
                return
        work.cancel()
        log.error("%s: a message that was acknowledged is lost", inbound.channel.value)

    def _count(self, channel: Channel, answer: Answer) -> None:
        outcome = "repeated" if answer.repeated else "failed" if answer.failed else "handled"
        self._metrics.messages.labels(channel.value, outcome).inc()


def _key(inbound: Inbound) -> str:
    return f"late:{inbound.channel.value}:{inbound.key}"


def _promise(tx: Tx, inbound: Inbound, text: str) -> None:
    """Owe the reply as a message of its own; the key sees to it that it is owed once."""
    if not text:
        return
    found = people.who(tx, inbound.channel, inbound.sender)
    person = found[0] if found else people.add(tx, inbound.channel, inbound.sender)  # undone with what broke
    draft = outbox.Draft(key=_key(inbound), message="late", text=text, weight=Weight.ANSWER, rank=Rank.MATTERS)
    outbox.queue(tx, [(person, draft)])


def _promised(tx: Tx, inbound: Inbound) -> bool:
    found = people.who(tx, inbound.channel, inbound.sender)
    return found is not None and access.is_owed(tx, f"{_key(inbound)}:{found[0].id}")
