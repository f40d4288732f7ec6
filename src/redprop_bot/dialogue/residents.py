"""What residents say of what they reported: urge, add, withdraw, rate, ask; and the answer to "where?"."""

from collections.abc import Callable
from typing import Any

from redprop_bot.dialogue import finding, reporting
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop import accept, confirm, placing
from redprop_bot.loop.acts import perform
from redprop_bot.loop.record import NOTE_LIMIT
from redprop_bot.loop.report import Report
from redprop_bot.notify import words
from redprop_bot.rules import flow
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

_GOOD, _BAD = 5, 1


def mine(turn: Turn) -> Callable[[Demand], bool]:
    """Demands that the speaker reported or supports."""
    own = {d.id for d in demands.of_reporter(turn.tx, turn.person_id, limit=20)}
    return lambda demand: demand.id in own


def may_rate(turn: Turn) -> bool:
    """Whether something of theirs is done and waits for their word."""
    return any(d.stage == Stage.DONE for d in demands.of_reporter(turn.tx, turn.person_id))


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
        if turn.session.asked_kind() == "place" and found[0].no in (turn.session.asked or {}).get("nos", []):
            turn.say("ask.place_first", no=found[0].no)  # what nobody can find nobody can hurry
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
        if not turn.said:
            _as_new(turn, heard)
        return
    turn.session.asked = None
    reason = heard.text[:200] or None
    if confirm.rating_is_over(turn.tx, found[0]) and reason:  # too late for stars, not for having it done again
        _do(turn, found[0], Act.REOPEN, "done.rate_bad", reason=reason)
        return
    low = min(int(stars), flow.CONTENT_STARS - 1) if stars else _BAD
    _do(turn, found[0], Act.RATE, "done.rate_bad", stars=low, reason=reason)


def progress(turn: Turn, heard: Heard) -> None:
    """Say how far it is."""
    numbers = [n for n in str(heard.slots.get("order", "")).split(",") if n]
    own = [] if numbers else demands.of_reporter(turn.tx, turn.person_id, limit=20)
    for number in numbers:
        own += finding.by_number(turn, number)
    if not own:
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
            note=last.note if last.name == "progressed" else "",
            into=last.data.get("into", ""),
            **{k: v for k, v in slots.items() if k not in ("note", "into")},
        )
        return
    turn.say("progress.list", lines=finding.listing(turn, live[:5], numbered=False))


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


def placed(turn: Turn, heard: Heard) -> bool:
    """Take the answer to "where?"; returns whether it was one."""
    asked = turn.session.asked or {}
    estate = turn.register.estate(str(heard.slots.get("estate") or ""))
    if estate is not None:
        reporting.learn(turn, estate)
    if estate is None and not any(heard.slots.get(name) for name in ("building", "unit", "room", "place")):
        return False
    turn.session.asked = None
    for demand in _waiting(turn, asked):
        _complete(turn, demand, reporting.report_of(turn, heard, about=demand))
    return True


def _waiting(turn: Turn, asked: dict[str, Any]) -> list[Demand]:
    """The demands that the question was about, as far as they are still open."""
    found = [demands.by_no(turn.tx, no) for no in asked.get("nos", [])]
    return [demand for demand in found if demand is not None and flow.can(Act.SUPPLEMENT, demand.stage)]


def _complete(turn: Turn, demand: Demand, report: Report) -> None:
    done = turn.attempt(lambda: placing.place(turn.tx, demand, turn.actor, report))
    if done is None:
        return
    slots = turn.about(done)
    if done.handler_id is not None:
        turn.say("done.placed", **slots)
    elif done.estate_id is None:
        turn.session.ask("place", nos=[done.no])
        turn.say("ask.estate_again", **slots)
    else:
        turn.say("done.placed_unplaced", **slots)


def at_home(turn: Turn) -> None:
    """A yes: the place is where the resident lives."""
    asked = turn.session.asked or {}
    person = turn.speaker.person
    turn.session.asked = None
    for demand in _waiting(turn, asked):
        home = Report(
            text=demand.text,
            reported_at=demand.reported_at,
            estate_id=person.estate_id,
            building=person.building,
            unit=person.unit,
            room=person.room,
        )
        _complete(turn, demand, home)
