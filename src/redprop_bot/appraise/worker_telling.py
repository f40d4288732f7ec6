"""Who is told what about sheets: those of a month are ready, one was assessed or answered; never what."""

from urllib.parse import quote

from redprop_bot.appraise.workers import Worker, assessors, roll
from redprop_bot.notify import outbox
from redprop_bot.registry.register import register
from redprop_bot.rules.telling import Weight
from redprop_bot.rules.workers import Span
from redprop_bot.store.tables import Person, WorkerEvent
from redprop_bot.store.tx import Tx


def link(tx: Tx, worker: Worker | None, span: Span) -> str:
    """The page of a sheet, of all of them where no worker is named."""
    address = f"{tx.content.address}/console/workers"
    if worker is None:
        return f"{address}?period={span.key}"
    several = sum(one.key == worker.key for one in roll(tx)) > 1
    where = f"&community={quote(register(tx).community_name(worker.community_id) or '')}" if several else ""
    return f"{address}/{worker.key}?period={span.key}{where}"


def ready(tx: Tx, people: list[Person], span: Span, number: int, key: str) -> None:
    """So many sheets of a month can be read."""
    _tell(tx, people, "workers_ready", key, link(tx, None, span), period=span.title, number=str(number))


def assessed(tx: Tx, worker: Worker, span: Span, event: WorkerEvent) -> None:
    """There is an assessment of them, which only they and the assessor read."""
    key = f"worker:{event.id}:assessed"
    _tell(tx, [worker.person], "worker_assessed", key, link(tx, worker, span), period=span.title)


def answered(tx: Tx, worker: Worker, span: Span, event: WorkerEvent) -> None:
    """They have said something to it."""
    key = f"worker:{event.id}:answered"
    told = assessors(tx, worker)
    _tell(tx, told, "worker_answered", key, link(tx, worker, span), period=span.title, name=worker.name)


def _tell(tx: Tx, people: list[Person], message: str, key: str, address: str, **slots: str) -> None:
    draft = outbox.Draft(
        key=key,
        message=message,
        text=tx.content.replies.say(f"tell.{message}", link=address, **slots),
        weight=Weight.PLAIN,
        link=address,
    )
    outbox.queue(tx, [(person, draft) for person in people])
