"""整改 in chat: a secretary gives an order in a sentence, a manager says that it is done, both ask what is open.

Re-checks and more days are in `rechecking`; talks have their page.
"""

from typing import Final

from redprop_bot.appraise import rectification as steps
from redprop_bot.appraise import rectification_telling as telling
from redprop_bot.appraise import scorers
from redprop_bot.appraise.scorers import Hand
from redprop_bot.dialogue import finding, providers, rechecking, rectifying_words
from redprop_bot.dialogue.rectifying_words import Said
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Invalid, NotFound, Refused
from redprop_bot.registry.care import companies
from redprop_bot.rules.discipline import RUNNING, State
from redprop_bot.rules.flow import AT_WORK
from redprop_bot.store import rectifications
from redprop_bot.store.tables import Rectification

SHOWN: Final = 8


def run(turn: Turn) -> bool:
    """Do what a sentence about 整改 says; returns whether it was one, and of somebody whom it concerns."""
    if not turn.speaker.posts:
        return False
    said = rectifying_words.read(turn.inbound.text, turn.register)
    if said is None:
        return False
    try:
        return _DO[said.what](turn, said)
    except Refused as refusal:
        turn.refuse(refusal)
    return True


def _inside(turn: Turn) -> bool:
    """Whether somebody works for the community or the street."""
    return any(post.organisation_id is None for post in turn.speaker.posts)


def _ordered(turn: Turn, said: Said) -> bool:
    assert said.unit is not None
    if not _inside(turn):
        return False
    tx, reg, who = turn.tx, turn.register, scorers.hand(turn.speaker)
    there = [key for key in reg.communities if said.unit in companies(reg, key)]
    own = [post.community_id for post in turn.speaker.posts]
    mine = [key for key in there if key in own] or there
    if len(mine) > 1:
        turn.say("rectification.which_community", unit=said.unit.name, link=f"{tx.content.address}{telling.ROOM}")
        return True
    if not mine:
        raise Invalid("rectification_company")
    reason = said.reason or tx.content.replies.say("rectification.said_in_chat")
    with tx.savepoint():
        row = steps.open_order(
            tx,
            who,
            community_id=mine[0],
            unit=said.unit.id or 0,
            items=said.items,
            due=rechecking.day_in(turn, said),
            reason=reason,
        )
    turn.say("rectification.opened", **telling.names(tx, row))
    return True


def _done(turn: Turn, said: Said) -> bool:
    """Of the only order that is open, or the one whose number is said; an order of a resident is no such thing."""
    who = scorers.hand(turn.speaker)
    if not who.units or (turn.session.asked and said.no is None):
        return False
    rows = _of(turn, who, State.OPEN)
    if said.no is not None:
        rows = [row for row in rows if row.id == said.no]
        if not rows:
            raise NotFound("rectification_none", no=str(said.no))
    if not rows:
        return False
    first = telling.names(turn.tx, rows[0])
    if len(rows) > 1:
        which = "、".join(f"第 {row.id} 号（{row.items[0]}）" for row in rows[:SHOWN])
        turn.say("rectification.which", unit=first["unit"], which=which, no=first["no"])
        return True
    if said.no is None and any(providers.own(turn, *AT_WORK)(one) for one in finding.reach(turn)):
        turn.say("rectification.which_kind", no=first["no"])
        return True
    with turn.tx.savepoint():
        row = steps.report(turn.tx, rows[0], who, text=said.text)
    turn.say("rectification.reported", **telling.names(turn.tx, row))
    return True


def _of(turn: Turn, who: Hand, *states: State) -> list[Rectification]:
    return rectifications.page(turn.tx, communities=None, organisations=who.units, states=states, limit=50)


def _listed(turn: Turn, _said: Said) -> bool:
    """A company hears of its own; the community and the street of what they run."""
    who = scorers.hand(turn.speaker)
    if who.units:
        rows = _of(turn, who, *RUNNING)
    elif _inside(turn):
        street = any(post.street_id is not None for post in turn.speaker.posts)
        own = [post.community_id for post in turn.speaker.posts if post.community_id is not None]
        rows = rectifications.page(turn.tx, communities=None if street else own, states=RUNNING, limit=50)
        own_units = scorers.posted(turn.register, turn.person_id)
        rows = [row for row in rows if row.organisation_id not in own_units]
    else:
        return False
    if not rows:
        turn.say("rectification.none")
        return True
    say = turn.tx.content.replies.say
    lines = [
        say(
            "rectification.line",
            what=row.items[0],
            state=say(f"rectification.state.{row.state}"),
            **{name: text for name, text in telling.names(turn.tx, row).items() if name in ("no", "unit", "due")},
        )
        for row in rows[:SHOWN]
    ]
    turn.say("rectification.listed", lines="\n".join(lines), link=f"{turn.tx.content.address}{telling.ROOM}")
    return True


_DO: Final = {"order": _ordered, "done": _done, "list": _listed, **rechecking.DO}
