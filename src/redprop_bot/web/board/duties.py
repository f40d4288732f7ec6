"""服务承诺: who answers for what, where and how fast: the responsibility list as far as it concerns a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from redprop_bot.rules.deadlines import Duration
from redprop_bot.store.tables import Responsibility
from redprop_bot.store.tx import Tx
from redprop_bot.web.board.place import Here


@dataclass(frozen=True, slots=True)
class Duty:
    """One row of the responsibility list."""

    estate: str
    only: str
    unit: str
    respond: str
    resolve: str


def duties(here: Here) -> list[tuple[str, Sequence[Duty]]]:
    """The rows that hold here, by category in the order of the labels."""
    grouped: dict[str, list[Duty]] = {}
    for row in here.reg.responsibilities:
        if _holds(here, row):
            grouped.setdefault(row.category, []).append(_duty(here, row))
    names = here.tx.content.labels.category
    return [(name, grouped[code]) for code, name in names.items() if code in grouped]


def _holds(here: Here, row: Responsibility) -> bool:
    if row.estate_id is None:
        return True
    if here.estate is not None:
        return row.estate_id == here.estate.id
    return here.reg.estates[row.estate_id].community_id == here.community.id


def _duty(here: Here, row: Responsibility) -> Duty:
    return Duty(
        estate=here.reg.estates[row.estate_id].name if row.estate_id is not None else "全社区",
        only=here.said("、".join(row.match)),
        unit=here.reg.organisations[row.unit_id].name,
        respond=_hours(row.respond_hours),
        resolve=_hours(row.resolve_hours),
    )


def _hours(hours: float | None) -> str:
    """0.25 → 15分钟内; without hours of its own the general terms hold."""
    if hours is None:
        return ""
    return f"{round(hours * 60)}分钟内" if hours < 1 else f"{hours:g}小时内"


_UNITS: Final = {"min": "分钟", "h": "小时", "wd": "个工作日", "d": "天"}


def terms(tx: Tx) -> list[str]:
    """The terms that hold where a row names none: 特急：15分钟内接单，24小时内办结."""
    table = tx.content.deadlines
    found = ((name, table.terms("demand.report", code)) for code, name in tx.content.labels.urgency.items())
    return [f"{name}：{_term(terms.sign_for)}内接单，{_term(terms.solve)}内办结" for name, terms in found]


def _term(term: Duration) -> str:
    return f"{term.amount:g}{_UNITS[term.unit]}"
