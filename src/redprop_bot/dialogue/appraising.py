"""考评 in chat: who was asked scores a company in a sentence; a company asks for its result, and appeals.

Opening, results and what becomes of an appeal have their page, where everything can be seen before it is done.
"""

from collections.abc import Sequence
from typing import Final

from redprop_bot.appraise import appeal, grade, scorecard, scorers
from redprop_bot.appraise import appraisal_telling as telling
from redprop_bot.appraise.scorers import ONE_VOICE
from redprop_bot.dialogue import appraising_words
from redprop_bot.dialogue.appraising_words import Said
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Forbidden, Invalid, NotFound, Refused
from redprop_bot.rules.grades import RESULTS, State
from redprop_bot.store import appraisals
from redprop_bot.store.tables import Appraisal

SHOWN: Final = 8
_MOST: Final = 200


def run(turn: Turn) -> bool:
    """Do what a sentence about 考评 says; returns whether it was one, and of somebody whom it concerns."""
    if not turn.speaker.posts and turn.speaker.member is None:
        return False
    text, known = turn.inbound.text, turn.tx.content.appraisal
    said = appraising_words.read(text, known, turn.register) or _loosely(turn, text)
    if said is None:
        return False
    try:
        return _DO[said.what](turn, said)
    except Refused as refusal:
        turn.refuse(refusal)
    return True


# -- scoring


def _loosely(turn: Turn, text: str) -> Said | None:
    """Points in other words, where somebody is being asked for them: of anybody else it may be a report."""
    said = appraising_words.loosely(text, turn.tx.content.appraisal, turn.register)
    return said if said is not None and _asked(turn, said) else None


def _asked(turn: Turn, said: Said) -> list[Appraisal]:
    """The open rounds of the company, or of any, in which the speaker is a party."""
    unit = said.unit.id if said.unit is not None else None
    open_ = appraisals.page(turn.tx, communities=None, organisation_id=unit, states=[State.OPEN], limit=_MOST)
    who = scorers.hand(turn.speaker)
    return [row for row in open_ if scorers.theirs(turn.register, row, who)]


def _unclear(turn: Turn, said: Said) -> bool:
    """It is about points, and not clear which: how they are said."""
    turn.say("appraisal.unclear", example=telling.example(turn.tx, _asked(turn, said)[0]))
    return True


def _scored(turn: Turn, said: Said) -> bool:
    who, names = scorers.hand(turn.speaker), {word for word, _ in said.marks}
    fitting = [
        row
        for row in _asked(turn, said)
        if said.when.fits(row)
        and (said.sheet is None or said.sheet.key == row.sheet)
        and names <= {word for item in row.plan["items"] for word in _called(item)}
    ]
    if not fitting:
        raise NotFound("appraisal_no_round", unit=said.unit.name if said.unit is not None else "")
    if len(fitting) > 1:
        _which(turn, said, fitting)
        return True
    row = fitting[0]
    party = scorers.theirs(turn.register, row, who)[0]
    if party["named"]:
        turn.say("appraisal.ask_page", party=str(party["name"]), **telling.names(turn.tx, row))
        return True
    points = _points(row, said)
    if said.changes:
        points = _before(turn, row, party) | points
    with turn.tx.savepoint():
        scorecard.score(turn.tx, row, who, points, party=party["key"])
    slots = {"points": str(sum(points.values())), "full": str(sum(item["full"] for item in row.plan["items"]))}
    said_back = "appraisal.scored" if turn.tx.now < row.due_at else "appraisal.scored_late"
    turn.say(said_back, party=str(party["name"]), **slots, **telling.names(turn.tx, row))
    return True


def _which(turn: Turn, said: Said, rows: Sequence[Appraisal]) -> None:
    if said.unit is not None:
        periods = "、".join(f"{_period(row)}{row.title}" for row in rows[:SHOWN])
        turn.say("appraisal.which", unit=said.unit.name, periods=periods)
        return
    named = (telling.names(turn.tx, row) for row in rows[:SHOWN])
    turn.say(
        "appraisal.which_unit", rounds="、".join(f"{one['unit']}{one['period']}{one['sheet']}" for one in named)
    )


def _before(turn: Turn, row: Appraisal, party: scorers.Party) -> dict[str, float]:
    """What the same voice gave before."""
    voice = "" if party["by"] in ONE_VOICE else str(turn.person_id)
    given = appraisals.ballot(turn.tx, row.id or 0, str(party["key"]), voice)
    return dict(given.points) if given is not None else {}


def _points(row: Appraisal, said: Said) -> dict[str, float]:
    """Points by key of the item; an item said twice has to be said once."""
    found: dict[str, float] = {}
    for word, points in said.marks:
        item = next(one for one in row.plan["items"] if word in _called(one))
        if item["key"] in found:
            raise Invalid("appraisal_said_twice", item=item["title"])
        found[item["key"]] = points
    if said.every is not None:
        return {item["key"]: said.every for item in row.plan["items"]} | found
    return found


def _called(item: dict[str, object]) -> Sequence[str]:
    return [str(item["title"]), *item["words"]]  # type: ignore[misc]


def _period(row: Appraisal) -> str:
    return grade.period_of(row).title


def _waiting(turn: Turn, _said: Said) -> bool:
    who, lines, first = scorers.hand(turn.speaker), [], None
    rows = appraisals.page(turn.tx, communities=None, states=[State.OPEN], limit=_MOST)
    ballots = appraisals.ballots(turn.tx, [row.id or 0 for row in rows])
    for row in rows:
        given = {(one.party, one.scorer) for one in ballots[row.id or 0]}
        for party in scorers.theirs(turn.register, row, who):
            voice = "" if party["by"] in ONE_VOICE else str(who.person_id)
            if (party["key"], voice) not in given:
                first = first or row
                slots = telling.names(turn.tx, row) | {"party": str(party["name"])}
                lines.append(turn.tx.content.replies.say("appraisal.waiting_line", **slots))
    if first is None:
        turn.say("appraisal.waiting_none")
        return True
    example, link = telling.example(turn.tx, first), f"{turn.tx.content.address}{telling.ROOM}"
    turn.say("appraisal.waiting", lines="\n".join(lines[:SHOWN]), example=example, link=link)
    return True


# -- what a company asks and says


def _result(turn: Turn, said: Said) -> bool:
    """A company hears of its own; the community and the street of whichever they name."""
    own = scorers.managed(turn.speaker.posts)
    inside = any(post.organisation_id is None for post in turn.speaker.posts)
    unit = said.unit.id if said.unit is not None else next(iter(sorted(own)), None)
    if unit is None or not (unit in own or inside):
        return False
    everywhere = unit in own or any(post.street_id is not None for post in turn.speaker.posts)
    here = None if everywhere else _communities(turn)
    rows = appraisals.page(turn.tx, communities=here, organisation_id=unit, states=RESULTS, limit=_MOST)
    found = [row for row in rows if said.when.fits(row)]
    if not found:
        turn.say("appraisal.result_none", unit=turn.register.organisations[unit].name)
        return True
    turn.say("appraisal.result", **telling.graded(turn.tx, found[0]))
    return True


def _communities(turn: Turn) -> list[int]:
    return [post.community_id for post in turn.speaker.posts if post.community_id is not None]


def _appealed(turn: Turn, said: Said) -> bool:
    who = scorers.hand(turn.speaker)
    if not who.units and turn.speaker.posts:
        raise Forbidden("appraisal_appeal_role")
    if not who.units:
        return False
    rows = [
        row
        for unit in sorted(who.units)
        for row in appraisals.page(turn.tx, communities=None, organisation_id=unit, states=RESULTS, limit=_MOST)
        if said.when.fits(row)
    ]
    if not rows:
        raise NotFound("appraisal_no_appeal")
    now = turn.tx.now
    live = [row for row in rows if row.state == State.PUBLISHED and (row.appeal_until or now) >= now]
    if len(live) > 1:
        unit = turn.register.organisations[live[0].organisation_id].name
        turn.say("appraisal.which_appeal", unit=unit, periods="、".join(_period(row) for row in live[:SHOWN]))
        return True
    row = live[0] if live else rows[0]
    with turn.tx.savepoint():
        appeal.appeal(turn.tx, row, who, reason=said.reason)
    turn.say("appraisal.appealed", **telling.names(turn.tx, row))
    return True


_DO: Final = {
    "score": _scored,
    "unclear": _unclear,
    "waiting": _waiting,
    "result": _result,
    "appeal": _appealed,
}
