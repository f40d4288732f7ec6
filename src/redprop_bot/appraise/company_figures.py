"""What is known of a company of a community in a year: each figure with its number and where it comes from.

Counted from what the system keeps whenever somebody looks. What it does not keep is not known: None, never zero.
Of complaints there are only numbers here, for the community and the street alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Final

from redprop_bot.appraise.grade import year_grade
from redprop_bot.notify import words
from redprop_bot.registry.accused import accused_units
from redprop_bot.registry.care import looked_after
from redprop_bot.registry.register import register
from redprop_bot.rules import tallies
from redprop_bot.rules.commendation import CompanyFigure, Known
from redprop_bot.rules.discipline import State as Rectified
from redprop_bot.rules.figures import Counts
from redprop_bot.rules.tallies import SOLVED_REASONS
from redprop_bot.store import figures, opinions, rectifications, sanctions
from redprop_bot.store.figures import Asked
from redprop_bot.store.tables import Organisation
from redprop_bot.store.tx import Tx

FIRST_YEAR: Final = 2000


@dataclass(frozen=True, slots=True)
class Year:
    """A company of a community in a year; days from `begin` to before `end`, up to today in a year that runs.

    counts: what its orders came to in these days.
    """

    unit: Organisation
    community_id: int
    year: int
    begin: date
    end: date
    counts: Counts

    @property
    def key(self) -> int:
        """The key of the company."""
        assert self.unit.id is not None
        return self.unit.id


def this_year(tx: Tx) -> int:
    """The year that runs here."""
    return tx.now.astimezone(tx.content.zone).year


def year_of(tx: Tx, unit: Organisation, community_id: int, year: int) -> Year:
    """Its days and what was counted in them; a year that runs ends with today."""
    today = tx.now.astimezone(tx.content.zone).date()
    end = date.fromordinal(min(today.toordinal() + 1, date(year + 1, 1, 1).toordinal()))
    begin = date(year, 1, 1)
    counts = figures.total(tx, Asked([tallies.place(community_id, unit_id=unit.id)], begin, end))
    return Year(unit, community_id, year, begin, end, counts)


def known(tx: Tx, about: Year, figure: CompanyFigure) -> Known:
    """The figure of a company in a year as of now."""
    return _FIGURES[figure](tx, about)


def _say(tx: Tx, name: str, /, **slots: str) -> str:
    return tx.content.replies.say(f"company.{name}", **slots)


def _moments(tx: Tx, about: Year) -> tuple[datetime, datetime]:
    begin, end = (datetime.combine(day, time(0), tx.content.zone) for day in (about.begin, about.end))
    return begin, end


def _days(tx: Tx, about: Year) -> dict[str, str]:
    first, behind = _moments(tx, about)
    last = datetime.combine(date.fromordinal(behind.date().toordinal() - 1), time(0), tx.content.zone)
    return {"begin": words.full_date(first, tx.content.zone), "end": words.full_date(last, tx.content.zone)}


def _count(tx: Tx, about: Year, *, name: str) -> Known:
    number = getattr(about.counts, name)
    return Known(number, _say(tx, name, number=str(number), **_days(tx, about)))


def _rate(tx: Tx, about: Year, *, name: str, count: str, of: str) -> Known:
    part, whole = getattr(about.counts, count), getattr(about.counts, of)
    if not whole:
        return Known(None, _say(tx, f"no_{name}", **_days(tx, about)))
    return Known(part, _say(tx, name, count=str(part), of=str(whole), **_days(tx, about)), whole)


def _reworks(tx: Tx, about: Year) -> Known:
    number = opinions.reworked(tx, about.key, about.community_id, *_moments(tx, about))
    return Known(number, _say(tx, "reworks", number=str(number), **_days(tx, about)))


def _complaints(tx: Tx, about: Year) -> Known:
    reg = register(tx)
    rows = opinions.complaints(tx, about.community_id, *_moments(tx, about))
    theirs = [row for row in rows if about.key in accused_units(reg, row)]
    number = sum(row.close_reason in SOLVED_REASONS for row in theirs)
    return Known(number, _say(tx, "complaints", number=str(number), all=str(len(theirs)), **_days(tx, about)))


def _fee_rate(tx: Tx, about: Year) -> Known:
    """As it was entered last; nothing of it is collected here."""
    rows = opinions.versions(tx, about.key, about.community_id, about.year)
    if not rows or rows[0].fee_rate is None:
        return Known(None, _say(tx, "no_fee_rate"))
    return Known(rows[0].fee_rate, _say(tx, "fee_rate", where=rows[0].fee_from), 10_000)


def _meetings(tx: Tx, about: Year) -> Known:
    """Meetings that somebody of the company was invited to; there, if they or their deputy were."""
    rows = opinions.held_seats(tx, about.community_id, *_moments(tx, about))
    theirs = {row.id for row in rows if about.key in row.units}
    seats = [row for row in rows if row.id in theirs or row.for_id in theirs]
    invited = {row.meeting_id for row in seats}
    there = {row.meeting_id for row in seats if row.present_at is not None}
    if not invited:
        return Known(None, _say(tx, "no_meetings", **_days(tx, about)))
    slots = {"count": str(len(there)), "of": str(len(invited)), **_days(tx, about)}
    return Known(len(there), _say(tx, "meetings", **slots), len(invited))


def _rectified(tx: Tx, about: Year) -> Known:
    """Orders to put something right that were given to it; how many of them are, and failed on the way."""
    rows = rectifications.opened_within(tx, about.key, about.community_id, *_moments(tx, about))
    passed, failures = sum(row.state == Rectified.PASSED for row in rows), sum(row.failures for row in rows)
    slots = {"number": str(len(rows)), "passed": str(passed), "failures": str(failures)}
    return Known(len(rows), _say(tx, "rectified", **slots, **_days(tx, about)))


def _listed(tx: Tx, about: Year) -> Known:
    """Lists on which it was put, whatever became of it later; what was dropped after a hearing is none."""
    rows = sanctions.listed_within(tx, about.key, *_moments(tx, about))
    names = "、".join(row.name for row in rows)
    return Known(len(rows), _say(tx, "listed", number=str(len(rows)), names=names, **_days(tx, about)))


def _standards(tx: Tx, about: Year) -> Known:
    reg = register(tx)
    keys = [one.id or 0 for one in looked_after(reg, about.unit, about.community_id)]
    found = opinions.passed_standards(tx, keys, *_moments(tx, about))
    names = "、".join(f"{reg.estates[one.estate_id].name}{one.title}" for one in found)
    return Known(len(found), _say(tx, "standards", number=str(len(found)), names=names, **_days(tx, about)))


def _stars(tx: Tx, about: Year) -> Known:
    grade = year_grade(tx, about.key, about.year)
    if grade is None:
        return Known(None, _say(tx, "no_stars", year=str(about.year)))
    score = f"{grade.score // 100}.{grade.score % 100:02d}"
    return Known(grade.stars, _say(tx, "stars", year=str(about.year), stars=str(grade.stars), score=score))


_FIGURES: Final[Mapping[CompanyFigure, Callable[[Tx, Year], Known]]] = {
    CompanyFigure.CAME: partial(_count, name="came"),
    CompanyFigure.CLOSED: partial(_count, name="closed"),
    CompanyFigure.ON_TIME: partial(_rate, name="on_time", count="on_time", of="due"),
    CompanyFigure.SOLVED: partial(_rate, name="solved", count="solved", of="to_solve"),
    CompanyFigure.SATISFIED: partial(_rate, name="satisfied", count="content", of="rated"),
    CompanyFigure.REWORKS: _reworks,
    CompanyFigure.COMPLAINTS: _complaints,
    CompanyFigure.FEE_RATE: _fee_rate,
    CompanyFigure.MEETINGS: _meetings,
    CompanyFigure.RECTIFIED: _rectified,
    CompanyFigure.LISTED: _listed,
    CompanyFigure.STANDARDS: _standards,
    CompanyFigure.STARS: _stars,
}
