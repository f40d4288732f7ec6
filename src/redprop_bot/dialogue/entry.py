"""The way of one message: what a person took over, commands, what was asked, then language."""

import re
from dataclasses import replace

from redprop_bot.dialogue import (
    alarm_place,
    answering,
    appointments,
    appraising,
    at_home,
    at_work,
    attending,
    booked,
    breath,
    caring,
    checking_in,
    commands,
    commending,
    companies_asked,
    consent,
    coverage_asked,
    doubted,
    each_its_own,
    emergencies,
    enrolling,
    for_the_visit,
    granting,
    handing,
    happenings,
    hearing,
    in_hand,
    leading,
    matched,
    measure_plans,
    measures,
    mediating,
    meeting_guests,
    meeting_room,
    misconduct,
    nearby,
    new_orders,
    of_my_order,
    open_alarm,
    organising,
    pointing,
    points,
    progress_asked,
    projects,
    publishing,
    ranked,
    rating,
    rectifying,
    reporting,
    residents,
    sanctioned,
    saying_nothing,
    several,
    shopping,
    slipped,
    slips,
    standards,
    surveying,
    tasks,
    thanking,
    unmended,
    visit_counts,
    visit_feedback,
    visiting,
    whereabouts,
    whistled,
    whistling,
    whose,
    wishing,
    workers,
)
from redprop_bot.dialogue.outcomes import OUTCOMES
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop.acts import perform
from redprop_bot.ports import Kind
from redprop_bot.rules.flow import Act
from redprop_bot.store import demands
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.understand.answers import ONLY_PLACE, RATED

_BARE = 6  # characters
_FACE = re.compile(r"\[[^\]]{1,6}\]")
_WORDS = re.compile(r"[\u4e00-\u9fff0-9a-zA-Z]")
_GRADED = re.compile(r"[分星⭐🌟★0-9０-９一二三四五]")
_SURE = 0.6


def handle(turn: Turn) -> None:
    """Handle one message or event."""
    if turn.inbound.kind == Kind.EVENT:
        happenings.event(turn)
        return
    if turn.inbound.extra.get("form") == reporting.FORM:
        reporting.on_paper(turn, hearing.read(turn))
        return
    if _too_many(turn) or _menu(turn) or _with_a_person(turn):
        return
    if not turn.inbound.text.strip() or turn.inbound.kind == Kind.LINK:
        happenings.wordless(turn)
        return
    if turn.inbound.kind == Kind.VOICE:  # understood by its words; the voice goes with what they become
        turn.session.hold(turn.inbound.media_id, Kind.VOICE.value)
    settled = consent.said(turn) or commands.run(turn) or granting.run(turn) or alarm_place.run(turn)
    if not (settled or _strict(turn) or answering.run(turn, _hear)):
        _hear(turn, _heard(turn))
    turn.session.let_go(turn.inbound.media_id)


def _strict(turn: Turn) -> bool:
    """Sentences that mean one thing whatever was asked."""
    alarm = emergencies.run(turn) or whistled.run(turn) or whistling.run(turn) or surveying.run(turn)
    return alarm or _council(turn) or _volunteers(turn)


def _council(turn: Turn) -> bool:
    meeting = meeting_room.run(turn) or meeting_guests.run(turn)
    planned = meeting or projects.run(turn) or measure_plans.run(turn)
    led = planned or measures.run(turn) or leading.run(turn) or mediating.run(turn)
    seen = led or standards.run(turn) or commending.run(turn) or workers.run(turn)
    judged = seen or appraising.run(turn) or rectifying.run(turn)
    return judged or ranked.run(turn) or sanctioned.run(turn)


def _volunteers(turn: Turn) -> bool:
    people = (organising.run, attending.run, points.run, enrolling.run, publishing.run)
    help_ = (wishing.run, shopping.run, visit_counts.run, thanking.run, matched.run, booked.run, nearby.run)
    return any(
        room(turn)
        for room in (*people, *help_, whose.run, coverage_asked.run, caring.run, companies_asked.entered)
    )


def _heard(turn: Turn) -> list[Heard]:
    heard = (
        pointing.asks_after(turn)
        or doubted.nodded(turn)
        or _rating(turn)
        or hearing.read(turn, asked=turn.session.asked_kind())
    )
    if turn.session.asked_kind() != "place" or heard[0].why == ONLY_PLACE:
        return heard
    plain = hearing.read(turn)
    asks = whereabouts.asks(turn.inbound.text, heard[0])
    sends = any(new_orders.tells(turn, act) for act in plain)
    return plain if asks or sends or breath.another_matter(turn, plain) else heard


def _rating(turn: Turn) -> list[Heard]:
    """还行, 3: what two characters mean where the last thing told was "done, please rate". Empty when not that."""
    text = turn.inbound.text.strip()
    if len(text) > _BARE or turn.session.asked or turn.speaker.role not in ("resident", "member"):
        return []
    heard, pictured = hearing.read(turn), not _WORDS.search(_FACE.sub("", text))
    unsure = len(heard) == 1 and (heard[0].intent == "unknown" or heard[0].confidence < _SURE)
    if not (unsure or pictured or _GRADED.search(text)):
        return heard
    rated = hearing.read(turn, asked="rating")
    plain = rated[0].why == RATED and (pictured or "stars" in rated[0].slots)
    may = (unsure or plain) and (rating.may_rate(turn) or rating.rates_again(turn))
    return rated if may else heard


def _hear(turn: Turn, heard: list[Heard]) -> None:
    parts = None if hearing.alarming(heard) else misconduct.apart(turn, heard)
    if parts is None:
        _take(turn, heard)
        return
    whole, turn.inbound = turn.inbound, replace(turn.inbound, text=parts[0])
    _take(turn, hearing.read(turn))
    turn.inbound = whole
    misconduct.blamed(turn, heard, parts[1])


def _take(turn: Turn, heard: list[Heard]) -> None:
    heard = progress_asked.meant(turn, new_orders.joined(turn, heard))
    if (
        open_alarm.run(turn, heard)
        or in_hand.run(turn, heard)
        or of_my_order.run(turn, heard)
        or new_orders.only_told(turn, heard)
    ):
        return
    if residents.wanted_after_all(turn) or slipped.run(turn, heard):
        return
    if each_its_own.run(turn, heard) or handing.run(turn, heard) or at_work.run(turn, heard):
        return
    if (
        breath.safe(turn, heard)
        or misconduct.run(turn, heard)
        or slips.set_right(turn, heard)
        or rating.broken_again(turn, heard)
    ):
        return
    if at_home.run(turn, heard) or appointments.answered(turn, heard):
        return
    if for_the_visit.run(turn, heard) or unmended.run(turn, heard):
        return
    if visit_feedback.run(turn) or visiting.run(turn, heard) or breath.announced(turn):
        return
    reports = [act for act in heard if act.intent in reporting.INTENTS]
    others = [act for act in heard if act.intent not in reporting.INTENTS]
    if len(reports) == 1 and not others and mediating.of_a_case(turn, reports[0]):
        return
    if turn.session.asked_kind() == "place" and not reports and _place_answer(turn, others):
        return
    if saying_nothing.run(turn, heard):
        return
    if breath.joins(turn, heard) or breath.place_first(turn, heard):
        return
    if reports and all(act.intent in ("greeting", "unknown") for act in others):
        others = []
    alarmed = hearing.alarming(reports)
    if alarmed:  # whatever else was said: the number to call stands first
        reporting.report(turn, at_work.on_the_job(turn, reports))
    for act in several.each(turn, whistling.joined(turn, others)):
        OUTCOMES[act.intent](turn, act)
    new = [] if alarmed else unmended.beside(turn, reports)
    if new:
        reporting.report(turn, new)


def _place_answer(turn: Turn, heard: list[Heard]) -> bool:
    carries = [a for a in heard if a.slots and a.intent in ("demand.supplement", "unknown", "greeting", "consult")]
    if not carries or whereabouts.asks(turn.inbound.text, carries[0]):
        return False
    return whereabouts.placed(turn, carries[0])


# -- before language


def _too_many(turn: Turn) -> bool:
    """More than anybody types: kept in the inbox, not answered, unless lives are at stake."""
    count = turn.session.count_message()
    limit = turn.tx.content.limits.messages_per_minute
    if count <= limit or turn.speaker.role in ("secretary", "provider"):
        return False
    alarms = [a for a in hearing.read(turn) if a.urgency == "emergency"] if turn.inbound.text.strip() else []
    if alarms:
        reporting.report(turn, alarms)
    elif count == limit + 1:
        turn.say("error.too_many")
    return True


def _with_a_person(turn: Turn) -> bool:
    """While a person has taken over the bot passes words on and is quiet; alarms still go their way."""
    task = tasks.taken_over(turn)
    if task is None:
        return False
    if turn.inbound.text.strip():
        alarms = [a for a in hearing.read(turn) if a.urgency == "emergency"]
        if alarms:
            reporting.report(turn, alarms)
            return True
        if _tells_place(turn):
            return False  # where the alarm is that was raised meanwhile: those on their way have to know
        if misconduct.of_who_reads(turn, turn.register.secretaries(task.community_id)):
            return True
    tasks.overheard(turn, task)
    return True


def _tells_place(turn: Turn) -> bool:
    """Whether the place is said that was asked for."""
    return turn.session.asked_kind() == "place" and hearing.read(turn, asked="place")[0].why == ONLY_PLACE


def _menu(turn: Turn) -> bool:
    """A tapped line of a menu message: `satisfied:D20261122-0007`."""
    verb, _, no = turn.inbound.event_key.partition(":")
    if no and any(room.menu(turn, verb, no) for room in (checking_in, wishing, matched, mediating)):
        return True
    known = demands.by_no(turn.tx, no) if no else None
    if known is None or verb not in ("satisfied", "unsatisfied"):
        return False
    fields = {"stars": 5 if verb == "satisfied" else 1}
    done = turn.attempt(lambda: perform(turn.tx, known, Act.RATE, turn.actor, fields))
    if done is not None:
        turn.session.demand = no
        key = "done.rate_good" if verb == "satisfied" else "done.rate_bad"
        turn.say(key, **turn.about(done))
    return True
