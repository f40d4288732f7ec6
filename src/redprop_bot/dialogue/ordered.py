"""满意 / 大门没换好，重办 of a secretary: how what the community ordered itself turned out.

No resident reported it, so nobody else says whether it is done: the secretary closes it, or sends it back to the
same unit with a reason. What residents reported waits for their word and is left to the other rooms.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from redprop_bot.dialogue import finding, providers, rating_words, secretaries
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop.acts import perform
from redprop_bot.rules.bigrams import pairs_of, runs
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.rules.intended import Said
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

_WORK: Final = "[修弄办换装做搞整清]"
_AGAIN: Final = re.compile(
    rf"重新?{_WORK}|返工|再{_WORK}一?[下遍次]|没有?{_WORK}?[^，,。]{{0,2}}[好完妥]|不合格|不行|不满意|不到位"
)
_CLOSES: Final = re.compile(rf"满意|不错|合格|验收|通过|办结|归档|结案|没问题|{_WORK}得")
_PRAISE: Final = re.compile(
    rf"(?:{_WORK}得|满意|不错|好|可以|行|合格|验收|通过|办结|归档|结案|没问题|看过|辛苦|谢谢|[很挺真都的了吧啊，,。！!~\s])+"
)
_OTHERS: Final = ("meeting", "visit", "activity", "order.dispatch", "order.escalate", "order.merge", "report")
_SURE: Final = 0.6
_NUMBER: Final = re.compile(r"^\d{1,6}号[单件]?[，,：:、\s]*")
_SHORT: Final = 12  # characters that say hardly more than that it is not done


def run(turn: Turn, heard: Sequence[Heard]) -> bool:
    """Close or send back what waits for the secretary's word; returns whether it was about that."""
    text = _NUMBER.sub("", finding.unnumbered(turn.inbound.text.strip()))
    if turn.session.asked or not heard or any(act.urgency == "emergency" for act in heard):
        return False
    if any(act.confidence >= _SURE and act.intent.startswith(_OTHERS) for act in heard):
        return False
    again = _AGAIN.search(text) is not None
    good = not again and _CLOSES.search(text) is not None and _PRAISE.fullmatch(text) is not None
    if not (again or good) or rating_words.meant(text) is Said.ASKED:
        return False
    found = _meant(turn, heard[0], text)
    if len(found) > 1:
        intent = "feedback.unsatisfied" if again else "order.close"
        finding.ask_which(
            turn, replace(heard[0], intent=intent, text=text), Act.REOPEN if again else Act.CLOSE, found
        )
    elif found:
        _turned_out(turn, found[0], text, again=again)
    return bool(turn.said)


def _turned_out(turn: Turn, demand: Demand, text: str, *, again: bool) -> None:
    act, key = (Act.REOPEN, "done.reopen") if again else (Act.CLOSE, "done.close")
    fields = {"reason": text[:200]} if again else {"reason": "solved", "note": text[:200]}
    done = turn.attempt(partial(perform, turn.tx, demand, act, turn.actor, fields))
    if done is not None:
        turn.session.demand = done.no
        turn.say(providers.worded(done, key), **turn.about(done))


def _meant(turn: Turn, heard: Heard, text: str) -> list[Demand]:
    """What waits for the secretary and is named, or fits what is said; of short words, any of it."""
    ours = secretaries.of_mine(turn)
    reach = finding.reach(turn)
    waiting = [d for d in reach if d.stage == Stage.DONE and d.reporter_id is None and ours(d)]
    if not waiting:
        return []
    if numbers := [n for n in str(heard.slots.get("order") or "").split(",") if n]:
        named = {d.no for number in numbers for d in finding.by_number(turn, number)}
        return [demand for demand in waiting if demand.no in named]
    placed = finding.described(turn, replace(heard, category=None, text=text), waiting)
    waiting = waiting if placed is None else placed
    kinds, said = turn.reader.things(text), _pairs(_AGAIN.sub(" ", text))
    of_it = [d for d in waiting if d.category in kinds or said & _pairs(d.text)]
    if of_it or kinds or len(text) > _SHORT:
        return of_it
    if heard.intent == "order.close" and any(d.stage == Stage.DONE and d.reporter_id is not None for d in reach):
        return []
    return waiting


def _pairs(text: str) -> set[str]:
    return {pair for run in runs(text) for pair in pairs_of(run)}
