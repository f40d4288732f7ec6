"""Signing up, checking in and out, and what becomes of it in the ledger."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.support import rows
from tests.support.gatherings import KEEPER, activity, digits, joined, proof

from redprop_bot.errors import Conflict, Forbidden, Invalid, Refused
from redprop_bot.loop import due
from redprop_bot.ports import FrozenClock
from redprop_bot.rules.activities import Way
from redprop_bot.store import activities as stored
from redprop_bot.store import soundness
from redprop_bot.store.tables import Activity, Outbox, PointEntry
from redprop_bot.store.worker import Store
from redprop_bot.volunteers import activities, activity_clock, attendance, ledger, signing_up
from redprop_bot.volunteers.activities import Plan
from redprop_bot.volunteers.attendance import Proof
from redprop_bot.volunteers.hands import Hand

HOUR = timedelta(hours=1)


def refused(store: Store, job: Callable, kind: type[Refused] = Conflict) -> str:
    """The code of the refusal; the ledger and who came are untouched by it."""
    before = store.look(lambda tx: (tx.list(PointEntry), tx.list(stored.Attendance)))
    with pytest.raises(kind) as caught:
        store.run(job)
    assert store.look(lambda tx: (tx.list(PointEntry), tx.list(stored.Attendance))) == before
    return caught.value.code


def sweep(store: Store) -> None:
    """Do what is due."""
    while store.run(lambda tx: due.sweep(tx, activity_clock.DO)):
        pass


def messages(store: Store, message: str) -> list[str]:
    """What is owed to people of one kind."""
    found = store.look(lambda tx: tx.list(Outbox))
    return sorted(
        str(row.payload.get("text", row.payload.get("title"))) for row in found if row.message == message
    )


# -- places


def test_a_full_activity_has_a_waiting_list_that_moves_up(store: Store, clock: FrozenClock) -> None:
    """Two places: the third waits; when the first leaves the third has it and is told, the fourth still waits."""
    what = store.run(lambda tx: activity(tx, begins=HOUR, capacity=2))
    people = [store.run(lambda tx: joined(tx, what)) for _ in range(4)]
    states = lambda tx: [stored.sign_up(tx, what.id, p).state for p in people]  # noqa: E731
    assert store.look(states) == ["going", "going", "waiting", "waiting"]
    store.run(lambda tx: signing_up.leave(tx, what, people[0]))
    assert store.look(states) == ["left", "going", "going", "waiting"]
    assert len(messages(store, "activity_moved_up")) == 1
    clock.at += timedelta(minutes=1)
    store.run(lambda tx: signing_up.join(tx, what, people[0]))
    assert store.look(states) == ["waiting", "going", "going", "waiting"]
    last = store.look(lambda tx: stored.ahead(tx, stored.sign_up(tx, what.id, people[0])))
    assert last == 1  # whoever comes back stands at the end
    assert store.look(soundness.problems) == []


def test_more_places_go_to_who_waits_and_fewer_than_taken_cannot_be(store: Store) -> None:
    """Raising the limit moves up at once; lowering it below what is taken is refused."""
    what = store.run(lambda tx: activity(tx, begins=HOUR, capacity=1))
    people = [store.run(lambda tx: joined(tx, what)) for _ in range(3)]
    changed = store.run(lambda tx: activities.edit(tx, what, {"capacity": 2}, KEEPER))
    assert store.look(lambda tx: [stored.sign_up(tx, what.id, p).state for p in people]) == [
        "going",
        "going",
        "waiting",
    ]
    assert refused(store, lambda tx: activities.edit(tx, changed, {"capacity": 1}, KEEPER)) == "activity_capacity"


def test_twenty_at_once_for_the_last_five_places(store: Store) -> None:
    """Five get a place, fifteen wait; nobody is lost and nobody has two."""
    what = store.run(lambda tx: activity(tx, begins=HOUR, capacity=5))
    people = [store.run(rows.person).id for _ in range(20)]
    at_once([lambda p=p: store.run(lambda tx: signing_up.join(tx, what, p)) for p in people])
    found = store.look(lambda tx: [row.state for row in stored.sign_ups(tx, what.id)])
    assert sorted(found) == ["going"] * 5 + ["waiting"] * 15


def test_what_is_not_open_takes_nobody(store: Store, clock: FrozenClock) -> None:
    """Planned, cancelled and past activities take no sign-up, and nobody signs up twice."""
    person = store.run(rows.person).id
    gone = store.run(activity)
    clock.at += 5 * HOUR
    later = Plan("读书会", store.clock.now() + HOUR, store.clock.now() + 2 * HOUR)
    planned = store.run(lambda tx: activities.plan(tx, later, KEEPER, publish=False))
    off = store.run(lambda tx: activities.cancel(tx, activity(tx, begins=HOUR), "下雨", KEEPER))
    join = lambda what: lambda tx: signing_up.join(tx, what, person)  # noqa: E731
    assert refused(store, join(planned)) == "activity_closed"
    assert refused(store, join(gone)) == "activity_past"
    assert refused(store, join(off)) == "activity_cancelled"
    what = store.run(lambda tx: activity(tx, begins=HOUR))
    store.run(join(what))
    assert refused(store, join(what)) == "signed_up"


# -- checking in and out


def test_whole_attendance_brings_the_whole_points_once(store: Store, clock: FrozenClock) -> None:
    """In at the beginning, out at the end: twenty points; everything again is refused."""
    what = store.run(activity)
    who = store.run(lambda tx: joined(tx, what))
    come = lambda tx: attendance.check_in(tx, what, who, proof(tx, what), tx.now)  # noqa: E731
    go = lambda tx: attendance.check_out(tx, what, who, proof(tx, what), tx.now)  # noqa: E731
    assert refused(store, go) == "not_attended"
    store.run(come)
    assert refused(store, come) == "attended"
    clock.at += 2 * HOUR
    _, entry = store.run(go)
    assert (entry.delta, entry.source, entry.ledger) == (20, f"activity:{what.no}", "machine")
    assert refused(store, go) == "left_already"
    assert store.look(lambda tx: ledger.balance(tx, who)) == 20
    assert store.look(soundness.problems) == []


@pytest.mark.parametrize(
    ("came", "left", "points"),
    [
        (timedelta(minutes=-20), timedelta(hours=2, minutes=30), 20),  # early and later than the end: the whole
        (timedelta(minutes=14), timedelta(hours=1, minutes=50), 20),  # a few minutes do not matter
        (timedelta(hours=1), timedelta(hours=2), 10),
        (timedelta(0), timedelta(minutes=30), 5),
    ],
)
def test_points_follow_the_time(store: Store, clock: FrozenClock, came: timedelta, left: timedelta, points: int):
    """Half of the time is half of the points; nobody gets more than the whole."""
    what = store.run(lambda tx: activity(tx, begins=HOUR))
    who = store.run(lambda tx: joined(tx, what))
    clock.at = what.starts_at + came
    store.run(lambda tx: attendance.check_in(tx, what, who, proof(tx, what), tx.now))
    clock.at = what.starts_at + left
    store.run(lambda tx: attendance.check_out(tx, what, who, proof(tx, what), tx.now))
    assert store.look(lambda tx: ledger.balance(tx, who)) == points


def test_without_a_number_of_its_own_an_activity_counts_by_the_hour(store: Store, clock: FrozenClock) -> None:
    """Three hours at ten an hour."""
    what = store.run(lambda tx: activity(tx, hours=3, points=None))
    who = store.run(lambda tx: joined(tx, what))
    store.run(lambda tx: attendance.check_in(tx, what, who, proof(tx, what), tx.now))
    clock.at += 3 * HOUR
    store.run(lambda tx: attendance.check_out(tx, what, who, proof(tx, what), tx.now))
    assert store.look(lambda tx: ledger.balance(tx, who)) == 30


def test_outside_of_the_window_nobody_checks_in(store: Store, clock: FrozenClock) -> None:
    """An hour before and a minute after: refused; half an hour before is early enough."""
    what = store.run(lambda tx: activity(tx, begins=HOUR))
    who = store.run(lambda tx: joined(tx, what))
    come = lambda tx: attendance.check_in(tx, what, who, proof(tx, what), tx.now)  # noqa: E731
    assert refused(store, come) == "attendance_early"
    clock.at = what.ends_at + timedelta(minutes=1)
    assert refused(store, come) == "attendance_late"
    clock.at = what.starts_at - timedelta(minutes=30)
    store.run(come)


def test_old_foreign_and_invented_codes_are_refused(store: Store, clock: FrozenClock) -> None:
    """The code of three minutes ago, of another activity, of chance: refused; the one just replaced still holds."""
    what, other = store.run(lambda tx: (activity(tx), activity(tx, title="另一场")))
    who = store.run(lambda tx: joined(tx, what))
    old = store.look(lambda tx: digits(tx, what))
    foreign = store.look(lambda tx: digits(tx, other))
    say = lambda words: lambda tx: attendance.check_in(tx, what, who, Proof(Way.CODE, words), tx.now)  # noqa: E731
    assert refused(store, say(foreign)) == "attendance_code"
    assert refused(store, say("")) == "attendance_code"
    clock.at += timedelta(minutes=3)
    assert refused(store, say(old)) == "attendance_code"
    just = store.look(lambda tx: digits(tx, what, tx.now - timedelta(seconds=60)))
    store.run(say(just))


def test_who_guesses_is_sent_to_the_organiser(store: Store) -> None:
    """After eight wrong codes even the right one is not taken."""
    what = store.run(activity)
    who = store.run(lambda tx: joined(tx, what))
    for _ in range(8):
        try:
            store.run(lambda tx: attendance.check_in(tx, what, who, Proof(Way.CODE, "wrong"), tx.now))
        except Refused as refusal:
            store.run(lambda tx, r=refusal: attendance.missed(tx, what, who, r))
    right = lambda tx: attendance.check_in(tx, what, who, proof(tx, what), tx.now)  # noqa: E731
    assert refused(store, right) == "attendance_blocked"


def test_only_who_has_a_place_checks_in(store: Store) -> None:
    """Without a sign-up, after leaving, while waiting: refused."""
    what = store.run(lambda tx: activity(tx, capacity=1))
    store.run(lambda tx: joined(tx, what))
    waits, stranger = store.run(lambda tx: (joined(tx, what), rows.person(tx).id))
    come = lambda who: lambda tx: attendance.check_in(tx, what, who, proof(tx, what), tx.now)  # noqa: E731
    assert refused(store, come(waits)) == "attendance_waiting"
    assert refused(store, come(stranger)) == "not_signed_up"
    store.run(lambda tx: signing_up.leave(tx, what, waits))
    assert refused(store, come(waits)) == "not_signed_up"


def test_a_place_counts_within_reach_and_is_not_kept(store: Store) -> None:
    """Two hundred metres off is there, five kilometres off is not; no column remembers where somebody was."""
    what = store.run(lambda tx: activity(tx, lat=31.1, lng=118.2))
    near, far = store.run(lambda tx: (joined(tx, what), joined(tx, what)))

    def at(who, lat):
        return lambda tx: attendance.check_in(tx, what, who, Proof(Way.PLACE, here=(lat, 118.2)), tx.now)

    assert refused(store, at(far, 31.145)) == "attendance_far"
    row = store.run(at(near, 31.1018))
    assert not [v for v in row._asdict().values() if isinstance(v, float)]
    bare = store.run(lambda tx: activity(tx, title="没有位置"))
    who = store.run(lambda tx: joined(tx, bare))
    there = lambda tx: attendance.check_in(tx, bare, who, Proof(Way.PLACE, here=(31.1, 118.2)), tx.now)  # noqa: E731
    assert refused(store, there) == "attendance_no_place"


def test_five_hundred_check_in_and_each_is_recorded_once(store: Store) -> None:
    """Everybody twice, by eight hands at once: five hundred attendances, five hundred refusals."""
    what = store.run(activity)
    people = store.run(lambda tx: [joined(tx, what) for _ in range(500)])
    shown = store.look(lambda tx: proof(tx, what))

    def come(some):
        def job():
            return [outcome(lambda p=p: store.run(lambda tx: _come(tx, what, p, shown))) for p in some]

        return job

    got = [one for some in at_once([come([*people[n::8], *people[n::8]]) for n in range(8)]) for one in some]
    assert got.count("attended") == 500
    assert store.look(lambda tx: stored.counts(tx, [what.id])[what.id]["came"]) == 500


def _come(tx, what, who, shown):
    return attendance.check_in(tx, what, who, shown, tx.now)


def test_the_same_check_in_eight_times_at_once_is_one(store: Store, clock: FrozenClock) -> None:
    """One comes in, seven are refused; the same for going: the points are booked once."""
    what = store.run(activity)
    who = store.run(lambda tx: joined(tx, what))
    come = lambda: store.run(lambda tx: attendance.check_in(tx, what, who, proof(tx, what), tx.now))  # noqa: E731
    assert at_once([come] * 8).count("attended") == 7
    clock.at += 2 * HOUR
    go = lambda: store.run(lambda tx: attendance.check_out(tx, what, who, proof(tx, what), tx.now))  # noqa: E731
    assert at_once([go] * 8).count("left_already") == 7
    assert store.look(lambda tx: ledger.balance(tx, who)) == 20


def outcome(job: Callable) -> object:
    """What it gave, or the code of the refusal."""
    try:
        return job()
    except Refused as error:
        return error.code


def at_once(jobs: list[Callable]) -> list[object]:
    """Run all at the same time."""
    found: list[object] = []
    meet = threading.Barrier(len(jobs))

    def run(job):
        meet.wait(10)
        found.append(outcome(job))

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


# -- set right


def test_the_organiser_enters_who_came_with_a_reason(store: Store) -> None:
    """Somebody without a place is entered; the points are booked, the reason kept."""
    what = store.run(lambda tx: activity(tx, begins=-HOUR))
    who = store.run(rows.person).id
    row = store.run(lambda tx: attendance.correct(tx, what, who, KEEPER, reason="没带手机"))
    assert (row.way, row.reason, row.corrected_by) == ("organiser", "没带手机", "王书记")
    assert store.look(lambda tx: ledger.balance(tx, who)) == 20
    assert store.look(soundness.problems) == []


def test_a_corrected_time_books_anew(store: Store, clock: FrozenClock) -> None:
    """From the whole to a half: twenty, back twenty, ten; again to the whole: twenty are left."""
    what = store.run(activity)
    who = store.run(lambda tx: joined(tx, what))
    store.run(lambda tx: attendance.check_in(tx, what, who, proof(tx, what), tx.now))
    clock.at += 2 * HOUR
    store.run(lambda tx: attendance.check_out(tx, what, who, proof(tx, what), tx.now))
    half = {"came_at": what.starts_at + HOUR, "left_at": what.ends_at}
    store.run(lambda tx: attendance.correct(tx, what, who, KEEPER, **half, reason="晚到一小时"))
    assert store.look(lambda tx: ledger.balance(tx, who)) == 10
    store.run(lambda tx: attendance.strike(tx, what, who, KEEPER, reason="没有来"))
    assert store.look(lambda tx: ledger.balance(tx, who)) == 0
    store.run(lambda tx: attendance.correct(tx, what, who, KEEPER, reason="来了"))
    assert store.look(lambda tx: ledger.balance(tx, who)) == 20
    assert store.look(soundness.problems) == []


def test_who_loses_points_by_a_correction_is_told(store: Store, clock: FrozenClock) -> None:
    """By how much and why; of more points nobody need ask."""
    what = store.run(activity)
    who = store.run(lambda tx: joined(tx, what))
    store.run(lambda tx: attendance.correct(tx, what, who, KEEPER, reason="整场都在"))
    half = {"came_at": what.starts_at + HOUR, "left_at": what.ends_at}
    store.run(lambda tx: attendance.correct(tx, what, who, KEEPER, **half, reason="晚到一小时"))
    store.run(lambda tx: attendance.correct(tx, what, who, KEEPER, reason="又查了，没晚"))
    store.run(lambda tx: attendance.strike(tx, what, who, KEEPER, reason="记到别人头上了"))
    told = store.look(lambda tx: [row for row in tx.list(Outbox) if row.message == "points_countered"])
    assert [row.person_id for row in told] == [who, who]
    assert ["-10 分，晚到一小时" in str(told[0].payload), "-20 分，记到" in str(told[1].payload)] == [True, True]


def test_corrections_need_a_reason_and_another_hand(store: Store) -> None:
    """Not one's own, not without a reason, not by a stranger, not outside of the activity."""
    what = store.run(activity)
    who = store.run(lambda tx: joined(tx, what))
    own = Hand("自己", who, None)
    set_right = lambda by, **more: lambda tx: attendance.correct(tx, what, who, by, **more)  # noqa: E731
    assert refused(store, set_right(own, reason="我来了"), Forbidden) == "attendance_own"
    stranger = Hand("路人", 10**6, frozenset())
    assert refused(store, set_right(stranger, reason="x"), Forbidden) == "activity_keeper"
    assert refused(store, set_right(KEEPER, reason="  "), Invalid) == "missing"
    wild = {"came_at": what.starts_at - timedelta(days=1), "reason": "x"}
    assert refused(store, set_right(KEEPER, **wild), Invalid) == "attendance_times"


# -- time


def test_who_did_not_check_out_is_counted_when_it_is_over(store: Store, clock: FrozenClock) -> None:
    """Half of the points, thanks to everybody who came, once; a second sweep does nothing."""
    what = store.run(activity)
    who = store.run(lambda tx: joined(tx, what))
    store.run(lambda tx: attendance.check_in(tx, what, who, proof(tx, what), tx.now))
    clock.at = what.ends_at + timedelta(minutes=61)
    for _ in range(2):
        sweep(store)
    assert store.look(lambda tx: ledger.balance(tx, who)) == 10
    assert store.look(lambda tx: tx.get(Activity, what.id)).state == "over"
    assert len(messages(store, "activity_thanks")) == 1
    go = lambda tx: attendance.check_out(tx, what, who, proof(tx, what), tx.now)  # noqa: E731
    assert refused(store, go) == "left_already"


def test_lists_of_long_ago_are_dropped_and_the_ledger_stays(store: Store, clock: FrozenClock) -> None:
    """Two years later nobody knows any more who came; the points are still there, and all is sound."""
    what = store.run(lambda tx: activity(tx, begins=-HOUR))
    who = store.run(lambda tx: joined(tx, what))
    store.run(lambda tx: attendance.correct(tx, what, who, KEEPER, reason="没带手机"))
    clock.at += timedelta(days=700)
    sweep(store)
    assert len(store.look(lambda tx: stored.attendances(tx, what.id))) == 1
    clock.at += timedelta(days=31)
    sweep(store)
    assert store.look(lambda tx: (stored.attendances(tx, what.id), stored.sign_ups(tx, what.id))) == ([], [])
    assert store.look(lambda tx: ledger.balance(tx, who)) == 20
    assert store.look(soundness.problems) == []


def test_reminders_come_once_and_follow_another_time(store: Store, clock: FrozenClock) -> None:
    """A day and two hours before; what was moved is reminded by its new time only; what is off not at all."""
    what = store.run(lambda tx: activity(tx, begins=timedelta(days=3)))
    store.run(lambda tx: joined(tx, what))
    moved = {"starts_at": what.starts_at + timedelta(days=2), "ends_at": what.ends_at + timedelta(days=2)}
    store.run(lambda tx: activities.edit(tx, what, moved, KEEPER))
    assert len(messages(store, "activity_moved")) == 1
    clock.at = what.starts_at - HOUR
    sweep(store)
    assert messages(store, "activity_reminder") == []
    for before in (timedelta(hours=23), timedelta(hours=1)):
        clock.at = moved["starts_at"] - before
        sweep(store)
    assert len(messages(store, "activity_reminder")) == 2
    off = store.run(lambda tx: activity(tx, begins=timedelta(days=3)))
    store.run(lambda tx: joined(tx, off))
    store.run(lambda tx: activities.cancel(tx, off, "下雨", KEEPER))
    clock.at = off.starts_at - HOUR
    sweep(store)
    assert len(messages(store, "activity_reminder")) == 2
    assert len(messages(store, "activity_cancelled")) == 1


# -- who may


def test_who_publishes_and_what_cannot_be(store: Store) -> None:
    """A team plans and waits for the community; times, numbers and points that cannot be are refused."""
    here, there = store.run(lambda tx: (rows.community(tx).id, rows.community(tx, "别处").id))
    team, secretary = Hand("义工队", 1, frozenset()), Hand("书记", 2, frozenset({here}))
    now = store.clock.now()
    wanted = Plan("读书会", now + HOUR, now + 2 * HOUR, community_id=here)
    store.run(rows.person)
    make = lambda plan, by: lambda tx: activities.plan(tx, plan, by, publish=True)  # noqa: E731
    assert refused(store, make(wanted, team), Forbidden) == "activity_publish"
    elsewhere = Plan("读书会", now + HOUR, now + 2 * HOUR, community_id=there)
    assert refused(store, make(elsewhere, secretary), Forbidden) == "activity_publish"
    for plan, code in (
        (Plan("x", now, now), "activity_times"),
        (Plan("x", now, now + timedelta(days=9)), "activity_long"),
        (Plan("x", now, now + HOUR, capacity=0), "number"),
        (Plan("x", now, now + HOUR, points=-1), "activity_points"),
        (Plan("x", now, now + HOUR, points=10**6), "activity_points"),
        (Plan(" ", now, now + HOUR), "missing"),
    ):
        assert refused(store, make(plan, KEEPER), Invalid) == code


def test_what_is_over_already_is_not_planned(store: Store) -> None:
    """Neither planned in the past nor moved there; what is over may still get another note."""
    now = store.clock.now()
    past = Plan("早操", now - 2 * HOUR, now - HOUR)
    assert refused(store, lambda tx: activities.plan(tx, past, KEEPER, publish=True), Invalid) == "activity_gone"
    what = store.run(lambda tx: activity(tx, begins=HOUR))
    back = {"starts_at": past.starts_at, "ends_at": past.ends_at}
    assert refused(store, lambda tx: activities.edit(tx, what, back, KEEPER), Invalid) == "activity_gone"
