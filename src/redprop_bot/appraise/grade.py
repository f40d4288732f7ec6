"""Scores and stars of property companies: the working of a round, and what a company has for a year.

working      parts and lines of a round as of now, figures of its whole period filled in
year_grade   the last published result of a year
"""

from collections.abc import Iterable
from dataclasses import dataclass

from redprop_bot.appraise import periods
from redprop_bot.appraise.periods import Period
from redprop_bot.content.appraisal import FIGURES
from redprop_bot.rules import grades, tallies
from redprop_bot.rules.figures import RATES, Counts, rate
from redprop_bot.rules.grades import SHORTER, Damping, Figure, Line, Missing, Part
from redprop_bot.store import appraisals
from redprop_bot.store import figures as kept
from redprop_bot.store.figures import Asked
from redprop_bot.store.tables import Appraisal, AppraisalBallot
from redprop_bot.store.tx import Tx


@dataclass(frozen=True, slots=True)
class Grade:
    """What a company has for a year: stars 1 to 5, score in hundredths; of which sheet and period."""

    stars: int
    score: int
    title: str
    period: str


def year_grade(tx: Tx, organisation_id: int, year: int) -> Grade | None:
    """The last published result of a year: of the longest period (year, quarter, month), the latest of these.

    Who works in several communities has the mean of theirs for that period. None where there is no result.
    """
    whole = periods.ended_by_key(str(year)) if 2000 <= year < 2100 else None
    keys = [] if whole is None else [one.key for months in (1, 3, 12) for one in periods.within(whole, months)]
    found = appraisals.results(tx, organisation_id, keys)
    if not found:
        return None
    last = max(found, key=lambda row: (row.months, row.period, row.id or 0))
    same = [row for row in found if (row.sheet, row.period) == (last.sheet, last.period)]
    score = grades.half_up(sum(row.score or 0 for row in same), len(same))
    return Grade(grades.stars(score, last.plan["stars"]), score, last.title, period_of(last).title)


def period_of(row: Appraisal) -> Period:
    """The period of a round; it is over."""
    return periods.ended_by_key(row.period)


def working(tx: Tx, row: Appraisal) -> tuple[Part, ...]:
    """All parts of a round as of now, the figures last."""
    ballots = appraisals.ballots(tx, [row.id or 0])[row.id or 0]
    of = {party["key"]: [one for one in ballots if one.party == party["key"]] for party in row.plan["parties"]}
    found = [_scored(row, party, of[party["key"]]) for party in row.plan["parties"]]
    return (*found, *_figures(tx, row))


def _scored(row: Appraisal, party: dict[str, int | str], ballots: list[AppraisalBallot]) -> Part:
    least = int(party["least"])
    missing = "" if len(ballots) >= least else Missing.FEW if ballots else Missing.SILENT
    # Of too few nothing is kept: their numbers would tell who they are.
    counted = [] if missing else ballots
    lines = tuple(
        grades.given(item["key"], item["title"], item["full"], [one.points[item["key"]] for one in counted])
        for item in row.plan["items"]
    )
    name, weight = str(party["name"]), int(party["weight"])
    return Part(str(party["key"]), name, weight, lines, len(ballots), least, missing)


def _figures(tx: Tx, row: Appraisal) -> list[Part]:
    plan = row.plan["figures"]
    if plan is None:
        return []
    period, damping = period_of(row), Damping(**row.plan["damping"])
    place = tallies.place(row.community_id, unit_id=row.organisation_id)
    counts = kept.total(tx, Asked([place], period.begin, period.end))
    lines = []
    for item in plan["items"]:
        about = (item["key"], item["title"], item["full"])
        if months := SHORTER.get(item["figure"]):
            lines.append(grades.averaged(*about, _scores(tx, row, period, months)))
        else:
            lines.append(grades.rated(*about, _rate(counts, Figure(item["figure"])), damping))
    missing = "" if _any(lines) else Missing.NO_SAMPLE
    name, weight = plan["name"], plan["weight"]
    return [Part(FIGURES, name, weight, tuple(lines), missing=missing, size=damping.size, prior=damping.percent)]


def _any(lines: Iterable[Line]) -> bool:
    return any(line.points is not None for line in lines)


def _rate(counts: Counts, figure: Figure) -> tuple[int, int]:
    return rate(counts, figure) if figure in RATES else (counts.on_time, counts.due)


def _scores(tx: Tx, row: Appraisal, period: Period, months: int) -> list[int]:
    """Results of the shorter periods within this one, of the same company and community."""
    keys = [one.key for one in periods.within(period, months)]
    found = appraisals.results(tx, row.organisation_id, keys, community_id=row.community_id)
    return [one.score for one in found if one.score is not None]
