"""What residents say of what they reported: urge, add, withdraw, rate, ask."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from redprop_bot.dialogue import alarms, asking_where, finding, reporting
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop import confirm, placing
from redprop_bot.loop.acts import perform
from redprop_bot.loop.record import NOTE_LIMIT
from redprop_bot.notify import words
from redprop_bot.rules import flow
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.understand.numerals import to_int

_GOOD, _BAD = 5, 1
_CLEAR = 0.65  # a report that is surer than this is a matter of its own beside the stars
_AGAIN = re.compile(
    r"(?:上[次回]|前[几两]?[天回次]|刚刚?|才)(?:才|刚)?(?:报|修|弄|换|说|办|装)?(?:好|过|完)?(?:了|的)?(?:那个|那件|那单|的)[^,，。]{0,8}又[^,，。]{0,3}(?:坏|漏|堵|不|停|黑|灭|响|断|掉)"
)
_STARRED = re.compile(
    r"(?:^|[,，。！!；; ]|[给打评就]|最多|只能)\s?(?P<n>[1-5一二两三四五])\s?[颗个]?星"
    r"(?:好评|差评)?(?=$|[,，。！!；;~ 吧了啊])"
)
_NO_STARS = re.compile(r"[1-5一二两三四五]\s?个?(?:星期|分钟)")
_SLIPPED = re.compile(
    r"(?:[啊哦哎唉呀]|不好意思|对不起|抱歉|刚才|刚刚|我|[,，。! ！]){0,5}(?:手滑|[点按选评打搞弄]错)"
)
_SLIP_SECONDS = 600
_STARS = {f"{n}{sign}" for n in "12345一二三四五" for sign in ("", "星", "分", "颗星")}


def mine(turn: Turn) -> Callable[[Demand], bool]:
    """Demands that the speaker reported or supports."""
    own = {d.id for d in demands.of_reporter(turn.tx, turn.person_id, limit=20)}
    return lambda demand: demand.id in own


def may_rate(turn: Turn) -> bool:
    """Whether something of theirs is done and waits for their word."""
    return any(d.stage == Stage.DONE for d in demands.of_reporter(turn.tx, turn.person_id))


def rates_again(turn: Turn) -> bool:
    """5, after 谢谢师傅: stars for what they have just called done."""
    talked = demands.by_no(turn.tx, turn.session.demand) if turn.session.demand else None
    if talked is None or talked.stage != Stage.CLOSED or talked.stars is None:
        return False
    return turn.inbound.text.strip() in _STARS and mine(turn)(talked)


def _done(turn: Turn, demand: Demand, act: Act, **fields: object) -> Demand | None:
    done = turn.attempt(lambda: perform(turn.tx, demand, act, turn.actor, fields))
    if done is not None:
        turn.session.demand = done.no
    return done


def _do(turn: Turn, demand: Demand, act: Act, key: str, **fields: object) -> None:
    done = _done(turn, demand, act, **fields)
    if done is not None:
        turn.say(key, **turn.about(done))


def urge(turn: Turn, heard: Heard) -> None:
    """Ask for speed; without anything open it is taken as a new report."""
    found = finding.meant(turn, heard, Act.URGE, fits=mine(turn), newest=True)
    if found:
        _do(turn, found[0], Act.URGE, "done.urge", note=heard.text[:200])
        unfound = found[0].estate_id is None and found[0].id in {d.id for d in asking_where.waiting(turn)}
        if unfound:  # what nobody can find nobody can hurry
            asking_where.ask_once_more(turn, found[0])
    elif not turn.said:
        _as_new(turn, heard)


def supplement(turn: Turn, heard: Heard) -> None:
    """Add to what was said."""
    found = finding.meant(turn, heard, Act.SUPPLEMENT, fits=mine(turn), newest=True)
    if not found:
        if not turn.said:
            _as_new(turn, heard)
        return
    demand = found[0]
    where = reporting.report_of(turn, heard, about=demand)
    if placing.missing(turn.tx, demand, turn.actor, where):
        done = turn.attempt(lambda: placing.place(turn.tx, demand, turn.actor, where))
        if done is not None:
            turn.say("done.supplement", **turn.about(done))
        return
    text = (heard.text or turn.inbound.text)[:NOTE_LIMIT]  # all of it stays in the inbox
    _do(turn, demand, Act.SUPPLEMENT, "done.supplement", text=text)


def _as_new(turn: Turn, heard: Heard) -> None:
    """Urged or added to, but nothing is known of it: nothing is lost, it becomes a report."""
    if heard.category is None and len(heard.text.strip()) < 4:
        turn.say("ask.nothing_open")
        return
    reporting.report(
        turn,
        [
            Heard(
                "demand.report",
                heard.category or "other",
                heard.urgency or "normal",
                heard.slots,
                heard.confidence,
                heard.why,
                heard.text,
            )
        ],
    )


def withdraw(turn: Turn, heard: Heard) -> None:
    """Take a report back."""
    if _slipped(turn):
        return
    found = finding.meant(turn, heard, Act.WITHDRAW, fits=mine(turn), fresh=True)
    if found and alarms.stays(turn, found[0], heard.text or turn.inbound.text):
        return
    if found:
        done = _done(turn, found[0], Act.WITHDRAW, reason=heard.text[:200] or None)
        if done is not None:
            over = "done.safe" if done.urgency == "emergency" else "done.withdraw"
            turn.say("done.left" if flow.is_open(done.stage) else over, **turn.about(done))
    elif not turn.said:
        turn.say("ask.nothing_open")


def _slipped(turn: Turn) -> bool:
    """点错了, straight after a rating: of that, not of the report. Returns whether it was that."""
    talked = demands.by_no(turn.tx, turn.session.demand) if turn.session.demand else None
    if talked is None or not _SLIPPED.match(turn.inbound.text.strip()):
        return False
    last = demands.history(turn.tx, talked.id or 0)[-1]
    fresh = (turn.tx.now - last.at).total_seconds() <= _SLIP_SECONDS
    if last.by_id != turn.person_id or last.act not in (Act.RATE, Act.REOPEN) or not fresh:
        return False
    again = "done.rate_anew" if flow.can(Act.RATE, talked.stage) else "done.rate_undone"
    turn.say(again, **turn.about(talked))
    return True


def satisfied(turn: Turn, heard: Heard) -> None:
    """It is done and good."""
    stars = _stars(heard) or _GOOD
    if stars < flow.CONTENT_STARS:
        unsatisfied(turn, heard)
        return
    found = finding.meant(turn, heard, Act.RATE, fits=mine(turn), newest=True)
    if not found:
        _settled_early(turn, heard)
        return
    turn.session.asked = None
    _do(turn, found[0], Act.RATE, "done.rate_good", stars=stars, reason=heard.text[:200] or None)


def _settled_early(turn: Turn, heard: Heard) -> None:
    """A thank-you for something whose unit has not reported it done: noted where it is."""
    if turn.said:
        return
    own = mine(turn)
    running = [d for d in finding.reach(turn) if own(d) and flow.can(Act.SUPPLEMENT, d.stage)]
    if running:
        text = (heard.text or turn.inbound.text)[:NOTE_LIMIT]
        _do(turn, running[0], Act.SUPPLEMENT, "done.thanks_early", text=text)
        return
    turn.say("greeting.thanks")


def unsatisfied(turn: Turn, heard: Heard) -> None:
    """It is not done: back to the same unit, and the secretary knows; stars that were said count as they are."""
    found = finding.meant(turn, heard, Act.RATE, fits=mine(turn), newest=True)
    if not found:
        if not turn.said and not _said_of_it(turn, heard):
            _as_new(turn, heard)
        return
    turn.session.asked = None
    reason = heard.text[:200] or None
    if confirm.rating_is_over(turn.tx, found[0]) and reason:  # too late for stars, not for having it done again
        _do(turn, found[0], Act.REOPEN, "done.rate_bad", reason=reason)
        return
    stars = _stars(heard) or _BAD  # as was said, whatever the words beside it sound like
    good = stars >= flow.CONTENT_STARS
    _do(turn, found[0], Act.RATE, "done.rate_good" if good else "done.rate_bad", stars=stars, reason=reason)


def _stars(heard: Heard) -> int | None:
    """The stars that were given; 等了三星期 gives none."""
    given = heard.slots.get("stars")
    return (
        None if given is None or (_NO_STARS.search(heard.text) and not _STARRED.search(heard.text)) else int(given)
    )


def _starred(turn: Turn, heard: Sequence[Heard]) -> bool:
    """三星，拖了好几天: the stars rate what is done, the words are the reason. Returns whether that is all."""
    said = _STARRED.search(turn.inbound.text)
    if said is None or len(heard) != 1 or turn.speaker.role not in ("resident", "member"):
        return False
    own, text = mine(turn), turn.inbound.text
    rated = Heard("feedback.satisfied", slots={"stars": to_int(said["n"]) or _GOOD}, text=text)
    found = finding.meant(
        turn, rated, Act.RATE, fits=lambda demand: own(demand) and demand.stage == Stage.DONE, newest=True
    )
    if not found:
        return False
    named = replace(rated, slots={**rated.slots, "order": found[0].no})
    unsatisfied(turn, named)
    return heard[0].intent != "demand.report" or heard[0].confidence < _CLEAR


def broken_again(turn: Turn, heard: Sequence[Heard]) -> bool:
    """Stars with their reason, or 上次那个电梯又坏了: of what was done, when it is clear what. Returns whether."""
    if _starred(turn, heard):
        return True
    if len(heard) != 1 or heard[0].intent != "demand.report" or heard[0].urgency == "emergency":
        return False
    if not _AGAIN.search(turn.inbound.text) or turn.speaker.role not in ("resident", "member"):
        return False
    own = [d for d in demands.of_reporter(turn.tx, turn.person_id, limit=20) if _reopens(turn, d, heard[0])]
    if len(own) != 1:
        return False
    unsatisfied(turn, Heard("feedback.unsatisfied", slots={"order": own[0].no}, text=turn.inbound.text))
    return True


def _reopens(turn: Turn, demand: Demand, heard: Heard) -> bool:
    same = all(heard.slots.get(n) in (None, getattr(demand, n)) for n in ("building", "unit", "room"))
    mended = demand.category == heard.category and demand.stage in (Stage.DONE, Stage.CLOSED)
    return same and mended and confirm.may_reopen(turn.tx, demand)


def _said_of_it(turn: Turn, heard: Heard) -> bool:
    """两颗星 / 来得太慢了: more of what was just sent back, unless another thing or place is named."""
    talked = demands.by_no(turn.tx, turn.session.demand) if turn.session.demand else None
    if talked is None or not talked.reworks or not flow.can(Act.SUPPLEMENT, talked.stage):
        return False
    kinds = turn.reader.things(heard.text)
    if not mine(turn)(talked) or (kinds and talked.category not in kinds) or heard.slots.get("building"):
        return False
    text = (heard.text or turn.inbound.text)[:NOTE_LIMIT]
    _do(turn, talked, Act.SUPPLEMENT, "done.supplement", text=text)
    return True


def progress(turn: Turn, heard: Heard) -> None:
    """Say how far it is."""
    numbers = [n for n in str(heard.slots.get("order", "")).split(",") if n]
    own = [] if numbers else demands.of_reporter(turn.tx, turn.person_id, limit=20)
    for number in numbers:
        found = finding.by_number(turn, number)
        own += found
        if not found:
            turn.say("error.no_such_order", number=number)
    if not own:
        if not numbers:
            turn.say("progress.none")
        return
    fitting = finding.described(turn, heard, own) or own
    live = [d for d in fitting if flow.is_open(d.stage)] or fitting[:1]
    if len(live) == 1:
        one = live[0]
        turn.session.demand = one.no
        last = demands.history(turn.tx, one.id or 0)[-1]
        slots = turn.about(one)
        at = words.day(last.at, turn.tx.now, turn.tx.content.zone)
        turn.say(
            f"progress.{one.stage}",
            last=turn.tx.content.labels.act.get(last.act, last.act),
            at=at,
            note=_for(turn, one, last.note) if last.name == "progressed" else "",
            into=last.data.get("into", ""),
            **{k: v for k, v in slots.items() if k not in ("note", "into")},
        )
        return
    shown = live[: finding.SHOWN]
    again: dict[str, Any] = {
        "intent": heard.intent,
        "category": None,
        "urgency": None,
        "slots": {},
        "text": heard.text,
    }
    turn.session.ask("which_order", options=[d.no for d in shown], act=again)
    turn.say("progress.list", lines=finding.listing(turn, shown))


def _for(turn: Turn, demand: Demand, note: str) -> str:
    """What the unit says: whole for who reported it, without who that is for neighbours."""
    return note if demand.reporter_id == turn.person_id else words.unnamed(turn.tx, note, demand)
