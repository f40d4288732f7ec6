"""1号单安排小葛, 让老丁去: a manager hands an order to one of their own in plain words."""

import re
from collections.abc import Sequence

from redprop_bot.dialogue import finding, providers
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop.acts import perform
from redprop_bot.rules.flow import AT_WORK, Act, Stage
from redprop_bot.rules.roles import may
from redprop_bot.store.tables import Demand, Person
from redprop_bot.understand.acts import Act as Heard

_READ_AS = frozenset({"order.accept", "order.dispatch"})


def run(turn: Turn, heard: Sequence[Heard]) -> bool:
    """Assign it to the one colleague whom the sentence sends; returns whether it did, or asked which order."""
    if turn.speaker.role != "provider" or len(heard) != 1 or heard[0].intent not in _READ_AS:
        return False
    sent = [
        person for person in _colleagues(turn) if _sends(heard[0].text or turn.inbound.text, person.name or "")
    ]
    if len(sent) != 1:
        return False
    act = heard[0]
    mine = providers.own(turn, *AT_WORK)

    def theirs(demand: Demand) -> bool:
        return mine(demand) and may(Act.ASSIGN, turn.actor.capacities(turn.tx, demand))

    if not any(map(theirs, finding.reach(turn))):
        return False
    fields = {"person": sent[0].userid or sent[0].name}
    for demand in finding.meant(turn, act, Act.ASSIGN, fits=theirs):
        if act.intent == "order.accept" and demand.stage == Stage.DISPATCHED and theirs(demand):
            turn.attempt(lambda d=demand: perform(turn.tx, d, Act.ACCEPT, turn.actor, {}))  # type: ignore[misc]
        done = turn.attempt(lambda d=demand: perform(turn.tx, d, Act.ASSIGN, turn.actor, fields))  # type: ignore[misc]
        if done is not None:
            turn.session.demand = done.no
            turn.say("done.assign", **turn.about(done))
    return bool(turn.said)


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


def _sends(text: str, name: str) -> bool:
    """Whether a text gives something to somebody of this name, and says no more behind it than that they go."""
    if not name:
        return False
    return (
        re.search(
            rf"(?<![别不没先])(?<!不要)(?<!不用)(?<!不能)(?:安排|指派|指定|派给?|让|叫|喊|交给|转给|分给|给|由)\s*{re.escape(name)}(?:师傅)?"
            r"(?:(?:马上|现在|这就|明天|今天|下午|上午|过去?|去|来|接|办|修|弄|处理|负责|跟进|看看?|一下|一趟)*)[了吧啊。.!！]*$",
            text.strip(),
        )
        is not None
    )
