"""Whether what is stored agrees with itself: the checks of `db check`, one statement each.

Nothing is repaired here; every line names the row, so that a person can look.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Select, Table, and_, cast, false, func, not_, or_, select, text

from redprop_bot.rules.flow import BACK, FLOW, SAME, Act, Stage
from redprop_bot.store import (
    bookings,
    counting,
    finding,
    outgoing,
    sound_activities,
    sound_appraisals,
    sound_council,
    sound_discipline,
    sound_meetings,
    sound_points,
    sound_shop,
    sound_surveys,
)
from redprop_bot.store.tables import (
    Booking,
    Card,
    Conversation,
    Counter,
    Demand,
    Event,
    Inbox,
    Mediation,
    Meeting,
    Outbox,
    Pairing,
    PairingAsk,
    Person,
    Project,
    Resource,
    Service,
    Supporter,
    Task,
    Visit,
    Wish,
)
from redprop_bot.store.tx import Tx, table_of

SHOWN = 20

STAYS: Final = (
    *("rated_low", "reporter_left", "took_in"),
    *("whistled", "whistle_climbed", "whistle_declined", "whistle_progressed", "whistle_done", "whistle_rated"),
)
"""Events whose act usually moves a demand but here did not; where it went, if anywhere, another event says.
A whistle moves nothing; what stays unanswered is tabled by an event of its own."""

_d, _e, _s = table_of(Demand), table_of(Event), table_of(Supporter)


@dataclass(frozen=True, slots=True)
class _Check:
    """Rows that should not be there, and the sentence about each; its slots are the columns."""

    says: str
    rows: Callable[[Tx], Select[Any]]


def problems(tx: Tx) -> list[str]:
    """What is not sound, a Chinese line each; empty when all is well. Of each kind the first few are shown."""
    return (
        [line for check in _CHECKS for line in _lines(tx, check)]
        + _broken_references(tx)
        + _not_to_be_found(tx)
        + _figures_that_differ(tx)
    )


def _figures_that_differ(tx: Tx) -> list[str]:
    there = int(tx.scalar(select(func.count()).select_from(_d).where(_d.c.stage != Stage.MERGED.value)) or 0)
    counted = counting.came(tx)
    if counted == {there}:
        return []
    return [f"统计：需求有 {there} 件，数出来 {_said(counted)} 件，对不上；用 db recount 重数一遍"]


def _said(counted: set[int]) -> str:
    return "、".join(str(number) for number in sorted(counted))


def _not_to_be_found(tx: Tx) -> list[str]:
    no = finding.lost(tx)
    return [f"需求 {no}：不在查找用的索引里"] if no else []


def _lines(tx: Tx, check: _Check) -> Iterator[str]:
    rows = tx.rows(check.rows(tx).limit(SHOWN + 1))
    for row in rows[:SHOWN]:
        slots = {
            name: value.astimezone(tx.content.zone).strftime("%Y-%m-%d %H:%M")
            if isinstance(value, datetime)
            else value
            for name, value in row._mapping.items()  # noqa: SLF001 - the public name, in spite of its look
        }
        yield check.says.format(**slots)
    if len(rows) > SHOWN:
        yield f"（同类问题不止 {SHOWN} 条，只列出前 {SHOWN} 条）"


# -- demands and their history


def _without_order(_tx: Tx) -> Select[Any]:
    ordered = select(_e.c.id).where(
        _e.c.subject == "demand", _e.c.subject_id == _d.c.id, _e.c.act == Act.ORDER.value
    )
    return select(_d.c.no).where(~ordered.exists()).order_by(_d.c.id)


def _stages_after() -> dict[str, set[str]]:
    """Per act that moves a demand, the stages it may stand in afterwards."""
    after: dict[str, set[str]] = {Act.ORDER.value: {Stage.NEW.value}}
    for (act, _), to in FLOW.items():
        if to == BACK:
            after.setdefault(act.value, set()).update((Stage.DISPATCHED.value, Stage.ACCEPTED.value))
        elif to != SAME:
            after.setdefault(act.value, set()).add(str(to))
    # One that was closed without ever having had a unit goes back to the secretary.
    after[Act.REOPEN.value].add(Stage.NEW.value)
    return after


def _other_stage(_tx: Tx) -> Select[Any]:
    after = _stages_after()
    last = (
        select(func.max(_e.c.id).label("id"))
        .where(_e.c.subject == "demand", _e.c.act.in_(sorted(after)), _e.c.name.not_in(STAYS))
        .group_by(_e.c.subject_id)
        .subquery()
    )
    fits: list[ColumnElement[bool]] = [
        and_(_e.c.act == act, _d.c.stage.in_(sorted(stages))) for act, stages in sorted(after.items())
    ]
    return (
        select(_d.c.no, _d.c.stage, _e.c.act)
        .select_from(last.join(_e, _e.c.id == last.c.id).join(_d, _d.c.id == _e.c.subject_id))
        .where(not_(or_(false(), *fits)))
        .order_by(_d.c.id)
    )


def _other_supporters(_tx: Tx) -> Select[Any]:
    counted = select(_s.c.demand_id, func.count().label("rows")).group_by(_s.c.demand_id).subquery()
    rows = func.coalesce(counted.c.rows, 0)
    return (
        select(_d.c.no, _d.c.supporters, rows.label("rows"))
        .select_from(_d.outerjoin(counted, counted.c.demand_id == _d.c.id))
        .where(_d.c.supporters != rows)
        .order_by(_d.c.id)
    )


def _merged_nowhere(_tx: Tx) -> Select[Any]:
    nowhere = or_(_d.c.merged_into_id.is_(None), _d.c.merged_into_id == _d.c.id)
    return select(_d.c.no).where(_d.c.stage == Stage.MERGED.value, nowhere).order_by(_d.c.id)


def _nobody_has_it(_tx: Tx) -> Select[Any]:
    at_work = _d.c.stage.in_((Stage.DISPATCHED.value, Stage.ACCEPTED.value))
    return select(_d.c.no).where(at_work, _d.c.handler_id.is_(None)).order_by(_d.c.id)


# -- numbers


def _twice(table: Table) -> Callable[[Tx], Select[Any]]:
    return lambda _tx: (
        select(table.c.no, func.count().label("times")).group_by(table.c.no).having(func.count() > 1)
    )


def _behind(table: Table) -> Callable[[Tx], Select[Any]]:
    counter = table_of(Counter)
    series = func.substr(table.c.no, 1, 9).label("series")
    given = func.max(cast(func.substr(table.c.no, 11), Integer)).label("given")
    used = select(series, given).group_by(series).subquery()
    return lambda _tx: (
        select(used.c.series, used.c.given)
        .select_from(used.outerjoin(counter, counter.c.name == used.c.series))
        .where(func.coalesce(counter.c.value, 0) < used.c.given)
        .order_by(used.c.series)
    )


# -- messages and time


def _failed(_tx: Tx) -> Select[Any]:
    table = table_of(Inbox)
    reference = func.coalesce(table.c.reference, "-").label("reference")
    return (
        select(table.c.id, table.c.received_at, reference).where(table.c.status == "failed").order_by(table.c.id)
    )


def _dead(_tx: Tx) -> Select[Any]:
    table = table_of(Outbox)
    error = func.coalesce(table.c.error, "-").label("error")
    return (
        select(table.c.id, table.c.message, table.c.created_at, error)
        .where(table.c.state == "dead", error != outgoing.SILENT)  # that somebody says no more is no fault of ours
        .order_by(table.c.id)
    )


# -- references that the database itself does not watch


def _history_of_nothing(_tx: Tx) -> Select[Any]:
    joined = _e.outerjoin(_d, _d.c.id == _e.c.subject_id)
    return (
        select(_e.c.id, _e.c.subject_id)
        .select_from(joined)
        .where(_e.c.subject == "demand", _d.c.id.is_(None))
        .order_by(_e.c.id)
    )


def _card_of_nothing(_tx: Tx) -> Select[Any]:
    table = table_of(Card)
    return select(table.c.id).where(table.c.demand_id.is_(None), table.c.subject_id.is_(None)).order_by(table.c.id)


def _talk_of_nobody(_tx: Tx) -> Select[Any]:
    talk, person = table_of(Conversation), table_of(Person)
    joined = talk.outerjoin(person, person.c.id == talk.c.person_id)
    return select(talk.c.person_id).select_from(joined).where(person.c.id.is_(None))


def _broken_references(tx: Tx) -> list[str]:
    if tx.connection.dialect.name != "sqlite":
        return []  # PostgreSQL cannot be told to look away
    rows = tx.rows(text('SELECT "table", rowid, parent FROM pragma_foreign_key_check LIMIT 20'))
    return [f"表 {row[0]} 第 {row[1]} 行引用了 {row[2]} 里不存在的行" for row in rows]


# -- matching and booking


def _paired_with_nobody(_tx: Tx) -> Select[Any]:
    pairing, ask = table_of(Pairing), table_of(PairingAsk)
    said_yes = (
        select(ask.c.pairing_id, func.count().label("times"))
        .where(ask.c.state == "yes")
        .group_by(ask.c.pairing_id)
        .subquery()
    )
    times = func.coalesce(said_yes.c.times, 0)
    return (
        select(pairing.c.need_no, pairing.c.state, times.label("times"))
        .select_from(pairing.outerjoin(said_yes, said_yes.c.pairing_id == pairing.c.id))
        .where(or_(and_(pairing.c.state == "paired", times != 1), and_(pairing.c.state == "seeking", times > 0)))
        .order_by(pairing.c.id)
    )


_NUMBERED = [
    table_of(model)
    for model in (Demand, Resource, Service, Task, Booking, Wish, Visit, Project, Mediation, Meeting)
]

_CHECKS: Final = (
    _Check("需求 {no}：没有点单记录", _without_order),
    _Check("需求 {no}：现在的阶段是 {stage}，但最后一步是 {act}，对不上", _other_stage),
    _Check("需求 {no}：记着 {supporters} 位附议人，名单上是 {rows} 位", _other_supporters),
    _Check("需求 {no}：已并单，但没有并入哪一单", _merged_nowhere),
    _Check("需求 {no}：已派出，但没有承接单位", _nobody_has_it),
    *(_Check("编号 {no}：用了 {times} 次", _twice(table)) for table in _NUMBERED),
    *(_Check("编号 {series}：已发到 {given}，计数器却落在后面", _behind(table)) for table in _NUMBERED),
    _Check("收到的消息 {id}（{received_at}）：处理失败，参考号 {reference}，可以重放", _failed),
    _Check("要发的消息 {id}（{message}，{created_at}）：没有送达：{error}", _dead),
    _Check("历史记录 {id}：所属的需求 {subject_id} 不存在", _history_of_nothing),
    _Check("卡片 {id}：不属于任何事项", _card_of_nothing),
    _Check("会话 {person_id}：没有这个人", _talk_of_nobody),
    *(_Check(says, rows) for says, rows in (*sound_points.CHECKS, *sound_activities.CHECKS)),
    *(_Check(says, rows) for says, rows in (*sound_shop.CHECKS, *sound_surveys.CHECKS)),
    *(_Check(says, rows) for says, rows in (*sound_appraisals.CHECKS, *sound_discipline.CHECKS)),
    _Check("匹配 {need_no}：现在是 {state}，答应的有 {times} 位", _paired_with_nobody),
    _Check("预约 {no} 和 {other}：{resource} 同一时间约了两次", lambda _tx: bookings.clashing()),
    *(_Check(says, rows) for says, rows in (*sound_council.CHECKS, *sound_meetings.CHECKS)),
)
