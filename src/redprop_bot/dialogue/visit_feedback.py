"""李奶奶说还是不亮: what those who were visited say of the result, passed on by who reported it for them."""

from typing import Final

from redprop_bot.dialogue import finding, rating, residents, visit_words
from redprop_bot.dialogue.turn import Turn
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.store import visits
from redprop_bot.store.tables import Demand
from redprop_bot.store.visits import Wanted
from redprop_bot.understand.acts import Act as Heard

_SURE: Final = 0.5
_REACH: Final = 50
_OUTCOMES: Final = {"feedback.satisfied": rating.satisfied, "feedback.unsatisfied": rating.unsatisfied}


def run(turn: Turn) -> bool:
    """Rate, in their words, what a worker reported for them and is done by now; returns whether it was that."""
    passed = visit_words.passed_on(turn.inbound.text.strip())
    if passed is None or turn.speaker.role != "secretary":
        return False
    who, told = passed
    mine = residents.mine(turn)
    done = [d for d in finding.reach(turn) if d.stage == Stage.DONE and mine(d)]
    if not done:
        return False
    zone = turn.tx.content.zone
    acts = turn.reader.read(
        told, role="resident", now=turn.inbound.created_at.astimezone(zone), gazetteer=turn.register.gazetteer
    )
    if len(acts) != 1 or acts[0].intent not in _OUTCOMES or acts[0].confidence < _SURE:
        return False
    likely = _of(turn, who, done)
    act = Heard(acts[0].intent, slots=dict(acts[0].slots), text=told, confidence=acts[0].confidence)
    if len(likely) > 1 and not act.slots.get("order"):
        finding.ask_which(turn, act, Act.RATE, finding.described(turn, act, likely) or likely)
        return True
    slots = {"order": likely[0].no, **act.slots}
    _OUTCOMES[act.intent](turn, Heard(act.intent, slots=slots, text=told, confidence=act.confidence))
    return True


def _of(turn: Turn, who: str, done: list[Demand]) -> list[Demand]:
    """Those of them that visits to somebody of this name brought; all where the name tells nothing."""
    own = visits.page(turn.tx, Wanted(None, worker_id=turn.person_id), limit=_REACH)
    theirs = {no for visit in own if who in visit.text for no in visit.matters}
    return [demand for demand in done if demand.no in theirs] or done
