"""Tasks for a secretary: what is not a demand, or has no room of its own yet, but must not be lost."""

from typing import Any

from redprop_bot.errors import Conflict
from redprop_bot.store import numbers
from redprop_bot.store.tables import Task
from redprop_bot.store.tx import Tx


def open_task(
    tx: Tx,
    kind: str,
    text: str,
    *,
    community_id: int | None,
    person_id: int | None,
    slots: dict[str, Any] | None = None,
    status: str = "open",
) -> Task:
    """Enter a task; `status` done keeps a record that needs nobody."""
    return tx.insert(
        Task,
        no=numbers.take(tx, "T", tx.now, tx.content.zone),
        kind=kind,
        text=text,
        community_id=community_id,
        person_id=person_id,
        slots=slots or {},
        status=status,
        created_at=tx.now,
        done_at=tx.now if status == "done" else None,
    )


def finish(tx: Tx, task: Task, answer: str | None = None) -> Task:
    """It was looked at; an answer goes to whoever asked. Of two at once the second is told that it was done."""
    assert task.id is not None
    task = tx.get(Task, task.id, lock=True)
    if task.status != "open":
        raise Conflict("task_done", no=task.no)
    return tx.update(Task, task.id, status="done", answer=answer, done_at=tx.now)
