"""社区工作者考核: the sheet of a month or a year: figures, residents' words, what was written.

Computed whenever somebody looks, for whoever looks: orders that are not there for them count nowhere in it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from redprop_bot.appraise.worker_facts import Found, Praised, Rated, found
from redprop_bot.appraise.workers import Worker, called, roll
from redprop_bot.content.workers import FigureRow
from redprop_bot.notify import covering, words
from redprop_bot.registry.register import register
from redprop_bot.rules.workers import SPLIT, Count, Span, counted
from redprop_bot.store import worker_events, worker_facts
from redprop_bot.store.tables import Demand, WorkerEvent
from redprop_bot.store.tx import Tx
from redprop_bot.understand.scrub import scrub

WORDS: Final = 60
"""So many words of residents stand in a sheet, the newest."""
_QUOTE: Final = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A figure: its row of the table, its count, and that of each month of a year."""

    row: FigureRow
    count: Count
    months: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """What a resident said, covered; `stars` None for praise."""

    at: datetime
    text: str
    stars: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet. `written` are assessments and answers of its period, `grades` of any, oldest first."""

    worker: Worker
    span: Span
    lines: tuple[Line, ...]
    words: tuple[Word, ...]
    written: tuple[WorkerEvent, ...]
    grades: tuple[WorkerEvent, ...]

    @property
    def assessment(self) -> WorkerEvent | None:
        """The newest assessment."""
        return next((one for one in reversed(self.written) if one.kind == "assessed"), None)

    def answer(self, number: int) -> WorkerEvent | None:
        """What was said to an assessment."""
        return next((one for one in self.written if one.kind == "answered" and one.number == number), None)


def sheets(tx: Tx, workers: Sequence[Worker], span: Span, *, unseen: Collection[int]) -> list[Sheet]:
    """The sheets of these workers, in their order, for who does not see the orders `unseen`."""
    made: list[Sheet] = []
    for community_id in dict.fromkeys(one.community_id for one in workers):
        here = [one for one in workers if one.community_id == community_id]
        made += _of_community(tx, here, community_id, span, unseen)
    at = {(one.worker.key, one.worker.community_id): one for one in made}
    return [at[one.key, one.community_id] for one in workers]


def _of_community(
    tx: Tx, workers: Sequence[Worker], community_id: int, span: Span, unseen: Collection[int]
) -> list[Sheet]:
    keys = [one.key for one in workers]
    asked = worker_facts.Asked(keys, community_id, _moment(tx, span.begin), _moment(tx, span.end), unseen)
    names = called(one for one in roll(tx) if one.community_id == community_id)
    happened = found(tx, asked, names)
    kept = worker_events.of_people(tx, keys, community_id, ["assessed", "answered", "graded"])
    said = {key: _newest(happened, key) for key in keys}
    demands = worker_facts.demands(
        tx, (r.demand_id for rows in said.values() for r in rows if isinstance(r, Rated))
    )
    return [
        Sheet(
            one,
            span,
            tuple(_lines(tx, one, span, happened)),
            tuple(_word(tx, row, demands) for row in said[one.key]),
            tuple(row for row in kept if row.person_id == one.key and row.period == span.key),
            tuple(row for row in kept if row.person_id == one.key and row.kind == "graded"),
        )
        for one in workers
    ]


def _moment(tx: Tx, day: date) -> datetime:
    return datetime.combine(day, time(0), tx.content.zone)


def _lines(tx: Tx, worker: Worker, span: Span, happened: Found) -> list[Line]:
    """The figures of a duty; a year is its months added up."""
    lines = []
    for row in tx.content.workers.figures(worker.post.duty):
        facts = happened.facts[worker.key].get(row.key, [])
        months = tuple(
            counted(f for f in facts if month.begin <= f.at.astimezone(tx.content.zone).date() < month.end)
            for month in span.months
        )
        lines.append(Line(row, sum(months, Count()), months if span.yearly else ()))
    return lines


def _newest(happened: Found, key: int) -> list[Rated | Praised]:
    """What residents said in words, as far as it is shown: the rest needs no covering."""
    said: list[Rated | Praised] = [one for one in happened.ratings.get(key, ()) if one.note.strip()]
    said += happened.praise.get(key, ())
    return sorted(said, key=lambda one: one.at)[-WORDS:]


def _word(tx: Tx, said: Rated | Praised, demands: Mapping[int, Demand]) -> Word:
    if isinstance(said, Praised):
        return Word(said.at, _covered(tx, covering.covered(said.text)))
    text = words.unnamed(tx, said.note, demands[said.demand_id])
    return Word(said.at, _covered(tx, text, said.by_name), said.stars)


def _covered(tx: Tx, text: str, by_name: str = "") -> str:
    """Without the name of whoever said it, and everybody's else: who is meant stands over the sheet."""
    names = [one.name for one in register(tx).people.values() if one.name and one.name in text]
    return words.quoted(scrub(text, names=[*names, by_name]), _QUOTE)


# -- in words


def told(tx: Tx, line: Line) -> str:
    """A count with what belongs to it: 12 次，平均用时 35 分钟."""
    return value(tx, line.row, line.count)


def value(tx: Tx, row: FigureRow, count: Count) -> str:
    """The same of any count of a figure."""
    say = tx.content.replies.say
    if not count.number:
        return say("worker.value_none")
    parts = [say("worker.value", number=str(count.number), unit=row.unit)]
    if row.key in SPLIT:
        parts.append(say(f"worker.met.{row.key}", met=str(count.met)))
    if count.mean is not None:
        parts.append(say("worker.mean", mean=_time(tx, count.mean)))
    return "，".join(parts)


def _time(tx: Tx, minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    key = "worker.minutes" if not hours else "worker.hours" if rest else "worker.full_hours"
    return tx.content.replies.say(key, hours=str(hours), minutes=str(rest))


def seen_then(tx: Tx, event: WorkerEvent) -> list[str]:
    """The figures that an assessor saw when they wrote it, in words, as far as the table still has them."""
    found = []
    for row in tx.content.workers.terms.figures:
        count = Count(*event.data.get(row.key.value, ()))
        if count.number:
            found.append(tx.content.replies.say("worker.line", title=row.title, value=value(tx, row, count)))
    return found


def as_seen(sheet: Sheet) -> dict[str, list[int]]:
    """The figures as they are kept with an assessment: number, met, timed, minutes by figure."""
    return {
        line.row.key.value: [line.count.number, line.count.met, line.count.timed, line.count.minutes]
        for line in sheet.lines
    }
