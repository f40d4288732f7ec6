"""社区工作者考核: who is assessed by whom, and what is written down: an assessment, an answer, both only added.

    assess   by the assessor, when the month or year is over; to set one right is another one with the next number
    answer   by the worker, once to each assessment

Nobody but the two of them reads any of it. Who asks for somebody else is refused in the same words, there or not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from redprop_bot.appraise.reviewers import Reviewer, of_posts
from redprop_bot.content.workers import LevelRow
from redprop_bot.errors import Conflict, Forbidden, Invalid
from redprop_bot.loop.record import needed
from redprop_bot.registry.register import Register, register
from redprop_bot.rules import workers as rules
from redprop_bot.rules.workers import Span
from redprop_bot.store import worker_events
from redprop_bot.store.tables import Person, Post, WorkerEvent
from redprop_bot.store.tx import Tx

TEXT: Final = 300
TITLES: Final[Mapping[str, tuple[str, ...]]] = {
    "grid": ("网格员", "网格长"),
    "secretary": ("书记",),
    "clerk": ("社工", "干事", "主任"),
}
"""What people of a duty are called behind their surname, or by it alone."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A community worker, once in a community whatever posts they hold there."""

    person: Person
    post: Post
    community_id: int

    @property
    def key(self) -> int:
        """Key of the person."""
        return self.person.id or 0

    @property
    def name(self) -> str:
        """Their name, or account."""
        return self.person.name or self.person.userid or ""


def roll(tx: Tx) -> list[Worker]:
    """Everybody who is assessed, by name: this is no order of merit."""
    reg, ranks = register(tx), [row.duty for row in tx.content.workers.terms.assessors]
    found: dict[tuple[int, int], Post] = {}
    for post in reg.all_posts:
        if post.community_id is None or post.duty not in ranks:
            continue
        at = (post.person_id, post.community_id)
        if at not in found or ranks.index(post.duty) < ranks.index(found[at].duty):  # type: ignore[arg-type]
            found[at] = post
    everybody = (Worker(reg.people[person], post, community) for (person, community), post in found.items())
    return sorted(everybody, key=lambda one: (one.community_id, one.name, one.key))


def may_assess(tx: Tx, worker: Worker, who: Reviewer) -> bool:
    """Whether this worker's sheet is theirs to read and to write about; nobody's own is."""
    if who.person_id == worker.key:
        return False
    if tx.content.workers.assessed_by(worker.post.duty) == "street":
        return who.street
    return who.secretary_of(register(tx), worker.community_id)


def assessed_by(tx: Tx, who: Reviewer) -> list[Worker]:
    """Whose sheets are theirs to read, by name."""
    return [one for one in roll(tx) if may_assess(tx, one, who)]


def the_worker(tx: Tx, who: Reviewer, key: int, community: str | None = None) -> Worker:
    """The worker with this key, for who assesses them and for themselves. Raises Forbidden, for nobody too.

    Who works in several communities has a sheet in each: `community` is the name of one, else it is the first.
    """
    for one in theirs(tx, who, key):
        if not community or register(tx).community_name(one.community_id) == community:
            return one
    raise Forbidden("worker_others")


def theirs(tx: Tx, who: Reviewer, key: int) -> list[Worker]:
    """The worker with this key in each community in which they are read by who asks."""
    return [one for one in roll(tx) if one.key == key and (who.person_id == key or may_assess(tx, one, who))]


def assessors(tx: Tx, worker: Worker) -> list[Person]:
    """Who of the register assesses a worker, and is told of it: nobody who could not read it."""
    reg = register(tx)
    own = tx.content.workers.assessed_by(worker.post.duty) != "street"
    people = reg.secretaries(worker.community_id) if own else reg.street_staff
    return [one for one in people if may_assess(tx, worker, _reviewer(reg, one))]


def _reviewer(reg: Register, person: Person) -> Reviewer:
    key = person.id or 0
    return of_posts(person.name or "", key, reg.posts.get(key, ()))


def called(workers: Iterable[Worker]) -> dict[int, tuple[str, ...]]:
    """By person, what residents may call them: the name, and 陈网格员 where there is one of that name only."""
    everybody = list(workers)
    found: dict[int, tuple[str, ...]] = {}
    for one in everybody:
        titles = [f"{_surname(one)}{title}" for title in TITLES.get(one.post.duty, ())]
        same = [w for w in everybody if (_surname(w), w.post.duty) == (_surname(one), one.post.duty)]
        found[one.key] = (one.name, *(titles if len(same) == 1 else ()))
    return {key: tuple(name for name in names if len(name) > 1) for key, names in found.items()}


def named(text: str, names: Mapping[int, Iterable[str]]) -> set[int]:
    """Whom a text names, the longest names first: praise of 王芳芳 is none of 王芳."""
    holders: dict[str, set[int]] = {}
    for key, theirs in names.items():
        for name in theirs:
            holders.setdefault(name, set()).add(key)
    found: set[int] = set()
    for name in sorted(holders, key=len, reverse=True):
        if name in text:
            found |= holders[name]
            text = text.replace(name, "\n")
    return found


def _surname(worker: Worker) -> str:
    """孙 of 孙小梅, 姚 of 小姚."""
    name = worker.name
    return name[1:2] if len(name) == 2 and name[0] in "小老阿" else name[:1]


def the_span(tx: Tx, key: str | None) -> Span:
    """The month or year that is asked for, this month where none is. Raises Invalid."""
    today = tx.now.astimezone(tx.content.zone).date()
    found = rules.span(key) if key else rules.month_of(today)
    if found is None or found.begin > today:
        raise Invalid("worker_period", field="period")
    return found


# -- writing


def assess(
    tx: Tx,
    worker: Worker,
    who: Reviewer,
    span: Span,
    *,
    level: str,
    reason: str | None,
    corrects: int,
    figures: Mapping[str, Any],
) -> WorkerEvent:
    """Write an assessment; `corrects` is the number of the one that it sets right, 0 for the first.

    `figures` are kept with it as they were seen. Raises Forbidden, Conflict (runs, another was first), Invalid.
    """
    if not may_assess(tx, worker, who):
        raise Forbidden("worker_others")
    if not span.over(tx.now.astimezone(tx.content.zone).date()):
        raise Conflict("worker_running", period=span.title)
    row, why = _level(tx, level), _short(reason, "reason")
    made = None
    if _last(tx, worker, "assessed", span) == corrects:
        values = _row(worker, who, "assessed", span)
        made = worker_events.add(tx, **values, number=corrects + 1, level=row.key, text=why, data=dict(figures))
    if made is None:
        raise Conflict("worker_twice", name=worker.name, period=span.title)
    return made


def answer(tx: Tx, worker: Worker, who: Reviewer, span: Span, *, text: str | None) -> WorkerEvent:
    """What they say to the newest assessment of them. Raises Forbidden, Conflict (none, said before), Invalid."""
    if who.person_id != worker.key:
        raise Forbidden("worker_own")
    last = _last(tx, worker, "assessed", span)
    if last == 0:
        raise Conflict("worker_none", period=span.title)
    made = worker_events.add(tx, **_row(worker, who, "answered", span), number=last, text=_short(text, "text"))
    if made is None:
        raise Conflict("worker_answered", period=span.title)
    return made


def _level(tx: Tx, level: str) -> LevelRow:
    found = tx.content.workers.level(level)
    if found is None:
        names = "、".join(one.title for one in tx.content.workers.terms.levels)
        raise Invalid("worker_level", field="level", levels=names)
    return found


def _short(text: str | None, field: str) -> str:
    said = needed(text, field)
    if len(said) > TEXT:
        raise Invalid("too_long", field=field, limit=TEXT)
    return said


def _last(tx: Tx, worker: Worker, kind: str, span: Span) -> int:
    written = worker_events.of_people(tx, [worker.key], worker.community_id, [kind])
    return max((one.number for one in written if one.period == span.key), default=0)


def _row(worker: Worker, who: Reviewer, kind: str, span: Span) -> dict[str, Any]:
    return {
        "person_id": worker.key,
        "community_id": worker.community_id,
        "kind": kind,
        "period": span.key,
        "by_id": who.person_id,
        "by_name": who.name,
    }
