"""天花板都泡坏了, 皖A88888, 我找人修好了, 还没看呢: what residents say of what they reported before.

Language takes such sentences for another matter, an offer or a greeting. They are taken only while there is an
order that they can be of; a danger, and what gets worse, goes its own way.
"""

from collections.abc import Sequence
from typing import Final

from redprop_bot.dialogue import finding, hearing, my_order_words, progress_asked, rating, residents
from redprop_bot.dialogue.my_order_words import Says
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop import confirm
from redprop_bot.loop.record import NOTE_LIMIT
from redprop_bot.rules import flow
from redprop_bot.rules.flow import RUNNING, Act, Stage
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

_OF_LATE: Final = 7 * 24 * 3600  # seconds
_SIGNS: Final = {
    "吵": {"noise"},
    "漏": {"plumbing", "building"},
    "滴": {"plumbing"},
    "堵": {"plumbing"},
    "臭": {"sanitation"},
}
_SUPPLIED: Final = ("水", "电", "网", "气", "暖")


def run(turn: Turn, heard: Sequence[Heard]) -> bool:
    """Take such a sentence for what it is; returns whether it was one."""
    text = turn.inbound.text.strip()
    if turn.speaker.role not in ("resident", "member") or turn.session.asked_kind() == "place":
        return False
    said = my_order_words.says(text)
    if said is None or hearing.alarming(heard) or residents.worse(text):
        return False
    if said is Says.OTHERS:
        turn.say("privacy.of_others")
        return True
    if said in (Says.OUT_AGAIN, Says.HARDLY) and _again(turn, text, said):
        return True
    if said in (Says.NOT_LOOKED, Says.SO_SO):
        return _of_what_is_done(turn, text, said)
    return _of_what_runs(turn, text, said)


# -- what runs


def _of_what_runs(turn: Turn, text: str, said: Says) -> bool:
    running = _running(turn)
    if not running:
        return False
    if said is Says.WHEN:
        progress_asked.answer(turn, Heard("progress.query", text=text))
        return True
    if said is Says.NEVER_MIND:
        if len(running) > 1 and turn.session.asked is None:
            finding.ask_which(turn, Heard("demand.withdraw", text=text), Act.WITHDRAW, running)
        return bool(turn.said)
    kinds = my_order_words.of_kind(text)
    talked = [demand for demand in running if demand.no == turn.session.demand]
    found = [demand for demand in running if demand.category in kinds] or talked or running
    if said is Says.READS:
        confided = found[0].intent in CONFIDENTIAL
        turn.say("privacy.reads_complaint" if confided else "privacy.reads_order", no=found[0].no)
        return True
    if said in (Says.NEEDLESS, Says.GOOD):
        return len(found) == 1 and _needless(turn, found[0], text, said)
    return said is Says.DETAIL and _detail(turn, found, text, kinds)


def _running(turn: Turn) -> list[Demand]:
    """What the resident reported or joined within a week and is not done, the newest first."""
    mine = residents.mine(turn)
    return [
        demand
        for demand in finding.reach(turn)
        if mine(demand)
        and demand.stage in RUNNING
        and (turn.tx.now - demand.created_at).total_seconds() <= _OF_LATE
        and flow.can(Act.SUPPLEMENT, demand.stage)
    ]


def _needless(turn: Turn, demand: Demand, text: str, said: Says) -> bool:
    """Whoever reported it takes it back; a neighbour's good news is passed on, for others may still have it."""
    own = demand.reporter_id == turn.person_id
    if own and said is Says.NEEDLESS:
        residents.withdraw(turn, Heard("demand.withdraw", slots={"order": demand.no}, text=text))
        return True
    return not own and residents.do(turn, demand, Act.SUPPLEMENT, "done.thanks_early", text=text[:NOTE_LIMIT])


def _detail(turn: Turn, found: list[Demand], text: str, kinds: frozenset[str]) -> bool:
    """For whoever comes, where it can be told which order it is of: the newest of a kind, else the only one."""
    demand = found[0]
    if kinds and demand.category not in kinds:
        return False  # of nothing that leaks, of no car: a matter of its own
    if (len(found) > 1 and not kinds) or demand.intent in CONFIDENTIAL:
        return False
    return residents.do(turn, demand, Act.SUPPLEMENT, "done.supplement", text=text[:NOTE_LIMIT])


# -- what was called done


def _again(turn: Turn, text: str, said: Says) -> bool:
    """刚才看又灭了, some days after it was called done: the one order that may be meant is taken up again."""
    done = [
        demand
        for demand in demands.of_reporter(turn.tx, turn.person_id, limit=20)
        if demand.reporter_id == turn.person_id
        and demand.stage in (Stage.DONE, Stage.CLOSED)
        and demand.done_at is not None
        and (turn.tx.now - demand.done_at).total_seconds() <= _OF_LATE
        and confirm.may_reopen(turn.tx, demand)
    ]
    talked = [demand for demand in done if demand.no == turn.session.demand] or done
    if len(talked) != 1 or turn.session.demand in {demand.no for demand in _running(turn)}:
        return False
    if not _may_be_of(turn, text, talked[0]) and (said is Says.OUT_AGAIN or talked[0].stage == Stage.CLOSED):
        return False
    rating.unsatisfied(turn, Heard("feedback.unsatisfied", slots={"order": talked[0].no}, text=text))
    return True


def _may_be_of(turn: Turn, text: str, demand: Demand) -> bool:
    """又停水了 is of no lift: what is named has to be what was mended."""
    kinds = turn.reader.things(text)
    if kinds and demand.category not in kinds:
        return False
    if demand.stage == Stage.CLOSED and any(
        sign in text and demand.category not in kinds for sign, kinds in _SIGNS.items()
    ):
        return False
    return all(sign in demand.text for sign in _SUPPLIED if sign in text)


def _of_what_is_done(turn: Turn, text: str, said: Says) -> bool:
    """还没看呢 leaves open what a unit calls done; 勉强能用 rates it in the middle."""
    own = [d for d in demands.of_reporter(turn.tx, turn.person_id, limit=20) if d.stage == Stage.DONE]
    found = [demand for demand in own if demand.no == turn.session.demand] or own
    if len(found) != 1:
        return False
    if said is Says.NOT_LOOKED:
        turn.say("done.look_first", no=found[0].no)
    else:
        stars = 4 if "就是" in text else 3  # 师傅不错，就是来晚了
        rating.satisfied(
            turn, Heard("feedback.satisfied", slots={"order": found[0].no, "stars": stars}, text=text)
        )
    return True
