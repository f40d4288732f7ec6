"""What people are told of 红黑榜: each company of its line, the street of objections and when to publish."""

from collections.abc import Iterable

from redprop_bot.appraise.appraisal_telling import points
from redprop_bot.appraise.periods import ended_by_key
from redprop_bot.notify import outbox, words
from redprop_bot.registry.register import register
from redprop_bot.rules import ranking
from redprop_bot.rules.grades import State as Appealed
from redprop_bot.rules.ranking import Apart, Line, State
from redprop_bot.rules.telling import Rank, Weight
from redprop_bot.store import appraisals, rankings
from redprop_bot.store.tables import Person, Ranking
from redprop_bot.store.tx import Tx

ROOM = "/console/rankings"
_LOOKED_AT = 40


def names(tx: Tx, row: Ranking) -> dict[str, str]:
    """What every message about one may say."""
    zone = tx.content.zone
    return {
        "board": f"{ended_by_key(row.period).title}{row.title}",
        "until": words.day(row.review_until, tx.now, zone) if row.review_until is not None else "",
        "link": f"{tx.content.address}{ROOM}/{row.id}",
    }


def standing(tx: Tx, row: Ranking, line: Line) -> str:
    """Where a company stands: 87.5 分，第 2 名，红榜; or why it has no place."""
    say = tx.content.replies.say
    score = points(line.score) if line.score is not None else ""
    if line.place is None:
        return say(f"ranking.apart.{apart(tx, line)}", score=score)
    count = sum(one["place"] is not None for one in row.lines)
    said = say("ranking.standing", score=score, place=str(line.place), count=str(count))
    name = colour(row, line)
    return f"{said}，{name}" if name else said


def apart(tx: Tx, line: Line) -> str:
    """Why a line has no place, as it is now: a published one is not made anew, but its appeal may be decided."""
    if line.apart != Apart.APPEALED:
        return line.apart
    rows = [appraisals.one(tx, key) for key in line.rounds]
    waits = any(row is not None and row.state == Appealed.APPEALED for row in rows)
    return Apart.APPEALED if waits else Apart.SETTLED


def settled(tx: Tx, appraisal_id: int) -> None:
    """An appeal is decided: the street hears of what stands published without its line."""
    for row in rankings.page(tx, states=[State.PUBLISHED], limit=_LOOKED_AT):
        for line in ranking.read(row.lines):
            if appraisal_id in line.rounds and line.apart == Apart.APPEALED and apart(tx, line) == Apart.SETTLED:
                name = register(tx).organisations[line.unit].name
                _street(tx, row, f"ranking_settled:{line.unit}", unit=name)


def colour(row: Ranking, line: Line) -> str:
    """The name of its colour; empty where it has none."""
    return next((str(one["name"]) for one in row.plan["colours"] if one["key"] == line.colour), "")


def asked(tx: Tx, row: Ranking) -> None:
    """Every company sees its own line first."""
    _each(tx, row, "ranking_asked")


def published(tx: Tx, row: Ranking) -> None:
    """Every company hears that it is published."""
    _each(tx, row, "ranking_published")


def withdrawn(tx: Tx, row: Ranking) -> None:
    """Every company hears that it is taken down."""
    _each(tx, row, "ranking_withdrawn", reason=row.reason)


def decided(tx: Tx, row: Ranking, unit: int) -> None:
    """A company hears what became of its objection."""
    line = next(one for one in ranking.read(row.lines) if one.unit == unit)
    _company(tx, row, line, f"ranking_{line.outcome}", reason=line.decision)


def objected(tx: Tx, row: Ranking, unit: int) -> None:
    """The street hears what a company says."""
    line = next(one for one in ranking.read(row.lines) if one.unit == unit)
    name = register(tx).organisations[unit].name
    _street(tx, row, f"ranking_objected:{unit}", unit=name, line=standing(tx, row, line), reason=line.objection)


def over(tx: Tx, row: Ranking) -> None:
    """The days are over: the street hears what is left to do."""
    open_ = sum(bool(one.objection and not one.outcome) for one in ranking.read(row.lines))
    _street(tx, row, "ranking_over", open=str(open_))


def _each(tx: Tx, row: Ranking, message: str, **more: str) -> None:
    for line in ranking.read(row.lines):
        _company(tx, row, line, message, **more)


def _company(tx: Tx, row: Ranking, line: Line, message: str, **more: str) -> None:
    reg = register(tx)
    said = {"unit": reg.organisations[line.unit].name, "line": standing(tx, row, line), **more}
    _tell(tx, row, f"{message}:{line.unit}", reg.managers(line.unit), said)


def _street(tx: Tx, row: Ranking, message: str, **more: str) -> None:
    _tell(tx, row, message, register(tx).street_staff, more)


def _tell(tx: Tx, row: Ranking, key: str, to: Iterable[Person], more: dict[str, str]) -> None:
    said = {**names(tx, row), **{name: words.quoted(text) for name, text in more.items()}}
    message = key.partition(":")[0]
    draft = outbox.Draft(
        key=f"ranking:{row.id}:{row.turn}:{key}",
        message=message,
        text=tx.content.replies.say(f"tell.{message}", **said),
        weight=Weight.PLAIN,
        link=said["link"],
        subject="ranking",
        subject_id=row.id,
        rank=Rank.MATTERS,
    )
    outbox.queue(tx, [(person, draft) for person in to])
