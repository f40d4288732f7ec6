"""1号单安排小葛, 让老丁去: a manager hands an order to one of their own in plain words."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from redprop_bot.dialogue import coming, finding, providers
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop.acts import perform
from redprop_bot.rules.flow import AT_WORK, Act, Stage
from redprop_bot.rules.roles import may
from redprop_bot.store.tables import Demand, Person
from redprop_bot.understand.acts import Act as Heard

_READ_AS: Final = frozenset({"order.accept", "order.dispatch"})
_EVERY: Final = re.compile(r"(?<!好)都(?=给|交|转|让|派|安排)|全部|全都|所有")
_AT_ONCE: Final = 10
"""So many orders are handed on with one sentence at most."""


def run(turn: Turn, heard: Sequence[Heard]) -> bool:
    """Assign it to the one colleague whom the sentence sends; returns whether it did, or asked which order."""
    if turn.speaker.role != "provider" or len(heard) != 1 or heard[0].urgency == "emergency":
        return False
    text = heard[0].text or turn.inbound.text
    listened = heard[0].intent in _READ_AS
    sent = [one for one in _colleagues(turn) if one.name and _is_sent(text, one.name, listened=listened)]
    if len(sent) != 1:
        return False
    mine = providers.own(turn, *AT_WORK)

    def theirs(demand: Demand) -> bool:
        return mine(demand) and may(Act.ASSIGN, turn.actor.capacities(turn.tx, demand))

    held = [demand for demand in finding.reach(turn) if theirs(demand)]
    if not held:
        return False
    act = replace(heard[0], intent="order.accept")
    every = _all_of(turn, act, held, sent[0]) if _EVERY.search(text) and not act.slots.get("order") else []
    for demand in every[:_AT_ONCE] or finding.meant(turn, act, Act.ASSIGN, fits=theirs):
        hand(turn, demand, sent[0], takes=heard[0].intent != "order.dispatch")
    if len(every) > _AT_ONCE:
        turn.say("done.more_left", number=str(len(every) - _AT_ONCE), most=str(_AT_ONCE))
    return bool(turn.said)


def hand(turn: Turn, demand: Demand, to: Person, *, takes: bool) -> None:
    """Give an order to somebody; `takes` accepts it first where it still waits."""
    if takes and demand.stage == Stage.DISPATCHED:
        turn.attempt(partial(perform, turn.tx, demand, Act.ACCEPT, turn.actor, {}))
        demand = turn.tx.get(Demand, demand.id or 0)
    fields = {"person": to.userid or to.name}
    done = turn.attempt(partial(perform, turn.tx, demand, Act.ASSIGN, turn.actor, fields))
    if done is not None:
        turn.session.demand = done.no
        turn.say("done.assign", **turn.about(done))


def sent_in(turn: Turn, clause: str) -> Person | None:
    """电梯给老丁, 水管小葛接: the one colleague to whom a clause about an order gives it."""
    found = [one for one in _colleagues(turn) if one.name and _takes_over(clause, one.name)]
    return found[0] if len(found) == 1 else None


def _takes_over(clause: str, name: str) -> bool:
    who = rf"{re.escape(name)}(?:师傅)?"
    given = rf"(?:给|交给|派给?|转给|让|叫|由|归)\s*{who}(?:去|来|接|办|修|弄|处理|负责|跟进)*[了吧啊。]*$"
    return (
        re.search(rf"{given}|{who}(?:去|来)?(?:接|办|修|弄|处理|负责|跟进)[吧啊。]*$", clause.strip()) is not None
    )


def _all_of(turn: Turn, act: Heard, held: list[Demand], to: Person) -> list[Demand]:
    """老丁请假，都给小葛: what the other one who is named has, or what is described; else all that is in hand."""
    named = {one.id for one in _colleagues(turn) if one.name and one.name in act.text and one.id != to.id}
    of_them = [demand for demand in held if demand.assignee_id in named]
    return of_them or finding.described(turn, act, held) or held


def _colleagues(turn: Turn) -> list[Person]:
    """Who works for the speaker's units now, except who speaks."""
    units = {post.organisation_id for post in turn.speaker.posts if post.organisation_id}
    people = turn.register.people.values()
    posts = turn.register.posts
    return [
        p
        for p in people
        if p.id != turn.person_id and any(post.organisation_id in units for post in posts.get(p.id or 0, []))
    ]


def _is_sent(text: str, name: str, *, listened: bool) -> bool:
    return _surely_sends(text, name) or _told_to(text, name) or (listened and _sends(text, name))


def _sends(text: str, name: str) -> bool:
    """Whether a text gives something to somebody of this name, and says no more behind it than that they go."""
    return (
        re.search(
            rf"(?<![别不没先])(?<!不要)(?<!不用)(?<!不能)(?:安排|指派|指定|派给?|让|叫|喊|交给|转给|分给|给"
            rf"|由)\s*{re.escape(name)}(?:师傅)?"
            r"(?:(?:马上|现在|这就|明天|今天|下午|上午|过去?|去|来|接|办|修|弄|处理|负责|跟进|看看?|一下"
            r"|一趟)*)(?:[0-9]{1,4}(?:栋|室|号)?的?)?(?:电梯|水管|灯|下水道?|门禁|马桶)?[了吧啊。.!！]*$",
            text.strip(),
        )
        is not None
    )


def _surely_sends(text: str, name: str) -> bool:
    """换小葛, 都给小葛, 已安排老丁十一点前到场: language takes them for something else, and they only send."""
    who = rf"{re.escape(name)}(?:师傅)?"
    going = (
        rf"(?:{coming.TIME}|前|之前|马上|现在|这就|过去?|去|来|到场?|接|办|修|弄|处理|负责|跟进|看看?|一下|一趟)*"
    )
    return (
        re.search(
            rf"(?:^|[，,。 ])(?:已经?|我|这单|电梯|那|就)*(?:换(?:成|给)?|改派(?:给)?|(?:都|全部?)(?:给|交给"
            rf"|转给)|安排(?:了|给)?|让|叫|派了?)\s*{who}{going}[了吧啊。.!！]*$",
            text.strip(),
        )
        is not None
    )


def _told_to(text: str, name: str) -> bool:
    """老丁你去看下电梯: said to somebody who is to go."""
    said = (
        rf"{re.escape(name)}(?:师傅)?[，, ]?(?:你|麻烦你?|请你?)?(?:马上|现在|今天|下午|上午|明天)?"
        r"(?:去|过去|来|接)(?!不)(?:一?下|看看?|修|弄|处理|办)*[^，,。?？吗没不了过好话院上]{0,8}[。.!！]?"
    )
    return re.fullmatch(said, text.strip()) is not None
