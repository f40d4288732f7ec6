"""What residents say of what they reported: urge, add, withdraw, rate, ask."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from redprop_bot.dialogue import alarms, finding, reporting
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop import accept, confirm, placing
from redprop_bot.loop.acts import perform
from redprop_bot.loop.record import NOTE_LIMIT
from redprop_bot.notify import words
from redprop_bot.rules import flow
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

_GOOD, _BAD = 5, 1
_AGAIN = re.compile(
    r"(?:上[次回]|前[几两]?[天回次]|刚刚?|才)(?:才|刚)?(?:报|修|弄|换|说|办|装)?(?:好|过|完)?(?:了|的)?(?:那个|那件|那单|的)[^,，。]{0,8}又[^,，。]{0,3}(?:坏|漏|堵|不|停|黑|灭|响|断|掉)"
)
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
        unfound = found[0].estate_id is None and found[0].id in {demand.id for demand in reporting.waiting(turn)}
        if unfound:  # what nobody can find nobody can hurry
            reporting.ask_once_more(turn, found[0])
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


def satisfied(turn: Turn, heard: Heard) -> None:
    """It is done and good."""
    stars = int(heard.slots.get("stars") or _GOOD)
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
    """It is not done: back to the same unit, and the secretary knows."""
    stars = heard.slots.get("stars")
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
    low = min(int(stars), flow.CONTENT_STARS - 1) if stars else _BAD
    _do(turn, found[0], Act.RATE, "done.rate_bad", stars=low, reason=reason)


def broken_again(turn: Turn, heard: Sequence[Heard]) -> bool:
    """上次那个电梯又坏了: back to whoever mended it, when it is clear what is meant. Returns whether."""
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


def picture(turn: Turn) -> None:
    """A picture or video: it belongs to what was just said, or waits for its words."""
    kind = turn.inbound.kind.value
    known = _just_said(turn)
    if known is not None:
        label = turn.tx.content.replies.say("event.picture")
        done = turn.attempt(lambda: perform(turn.tx, known, Act.SUPPLEMENT, turn.actor, {"text": label}))
        if done is not None:
            _attach(turn, done)
            turn.say("done.picture" if kind == "image" else "done.video", no=done.no)
        return
    turn.session.hold(turn.inbound.media_id, kind)
    turn.say("ask.words_for_picture" if turn.speaker.role != "provider" else "ask.words_for_work")


def unheard(turn: Turn) -> None:
    """A voice that the platform made no words of: kept with what it belongs to, and asked for in words."""
    known = _just_said(turn)
    if known is not None:
        _attach(turn, known)
        turn.say("ask.voice_kept", no=known.no)
        return
    turn.session.hold(turn.inbound.media_id, turn.inbound.kind.value)
    turn.say("ask.voice_in_words")


def _just_said(turn: Turn) -> Demand | None:
    """The report that what is sent now belongs to."""
    no = turn.session.just_reported(600) if turn.speaker.role != "provider" else None
    known = demands.by_no(turn.tx, no) if no else None
    return known if known is not None and flow.can(Act.SUPPLEMENT, known.stage) else None


def _attach(turn: Turn, demand: Demand) -> None:
    inbound = turn.inbound
    accept.attach(
        turn.tx, demand, turn.actor, [inbound.media_id], kind=inbound.kind.value, channel=inbound.channel
    )
