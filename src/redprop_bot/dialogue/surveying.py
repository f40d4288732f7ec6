"""电话回访 in chat: the secretary asks for the list, and says what came of each call."""

import re
from typing import Final

from redprop_bot.appraise import survey, survey_clock
from redprop_bot.dialogue import finding
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Conflict, Forbidden, Refused
from redprop_bot.rules.survey import Result
from redprop_bot.store import demands, surveys
from redprop_bot.store.tables import Demand

_SHOWN: Final = 10
_SAME_TAIL: Final = 100  # every day has a number 12, and so have other communities
_LIST: Final = re.compile(r"(?:看一?下?|查一?下?)?(?:电话)?回访的?(?:名单|清单|列表)[。？?]?")
_CALLED: Final = re.compile(
    r"(?:电话)?回访(?:了)?[:：，,\s]*(?P<no>D\d{8}-\d{4,}|\d{1,6})(?:号?单|号)?[:：，,\s]*(?:结果)?(?:是)?"
    r"(?P<result>不满意|满意|没打通|没接通?|打不通|没人接)(?:[：:，,。\s]+(?P<note>.+))?[。]?",
    re.DOTALL,
)
_RESULTS: Final = {"满意": Result.SATISFIED, "不满意": Result.UNHAPPY}


def run(turn: Turn) -> bool:
    """Sentences about the calls; returns whether it was one."""
    text = turn.inbound.text.strip()
    if turn.speaker.role != "secretary" or not ("回访" in text[:6] or _LIST.fullmatch(text)):
        return False
    if _LIST.fullmatch(text):
        _listing(turn)
        return True
    match = _CALLED.fullmatch(text)
    if match is None:
        return False
    try:
        _record(turn, match["no"], match["result"], match["note"])
    except Refused as refusal:
        turn.refuse(refusal)
    return True


def _listing(turn: Turn) -> None:
    communities: list[int | None] = [p.community_id for p in turn.speaker.posts if p.community_id]
    if any(p.street_id for p in turn.speaker.posts):
        communities.append(None)  # what belongs to no community is the street's
    found = surveys.still(turn.tx, communities, limit=_SHOWN + 1)
    if not found:
        turn.say("survey.empty")
        return
    lines = [survey_clock.line(turn.tx, call, demand) for call, demand in found[:_SHOWN]]
    turn.say("survey.rest", number=_many(len(found)), lines="\n".join(lines))
    if len(found) > _SHOWN:
        turn.say("survey.rest_more")


def _many(number: int) -> str:
    return str(number) if number <= _SHOWN else f"{_SHOWN} 多"


def _record(turn: Turn, no: str, said: str, note: str | None) -> None:
    demand = _listed(turn, no)
    mine = {p.id for p in turn.register.secretaries(demand.community_id)}
    if turn.person_id not in mine:
        raise Forbidden("not_your_community")
    result = _RESULTS.get(said, Result.NOT_REACHED)
    with turn.tx.savepoint():
        done = survey.record(turn.tx, demand, turn.actor, result=result, note=note)
    key = result.value if result != Result.UNHAPPY else ("unhappy_again" if done.reopened else "unhappy_noted")
    turn.say(f"survey.{key}", **turn.about(done.demand))


def _listed(turn: Turn, no: str) -> Demand:
    """The order that is on a list; of several with the same last digits the one that is still to be called."""
    exact = demands.by_no(turn.tx, no) if no.startswith("D") else None
    named = [exact] if exact is not None else demands.by_tail(turn.tx, no.lstrip("D"), limit=_SAME_TAIL)
    found = [one for one in named if finding.concerns(turn, one)]
    if len(found) > 1:
        calls = [(one, surveys.newest_of(turn.tx, one.id or 0)) for one in found]
        found = [one for one, call in calls if call is not None] or found
        found = [one for one, call in calls if call is not None and call.state == Result.OPEN] or found
    if not found:
        raise Forbidden("no_such_order", number=no)
    if len(found) > 1:
        raise Conflict("which_number", number=no, numbers="、".join(d.no for d in found[: finding.SHOWN]))
    return found[0]
