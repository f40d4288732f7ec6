"""Rules of reminders and ladder: which moments they mean, and what a broken file is told."""

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from redprop_bot.content import Content, load_content, roots
from redprop_bot.content.load import packaged_root
from redprop_bot.errors import ContentError
from redprop_bot.rules import reminders
from redprop_bot.rules.deadlines import Duration
from redprop_bot.rules.reminders import Anchor, Recipient, Rule, When
from redprop_bot.rules.spans import ClockName, Time
from redprop_bot.rules.telling import Audience, Weight

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # Wednesday, ten in the morning
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Made:
    """An order, yellow and with a unit unless said otherwise."""

    stage: str = "dispatched"
    intent: str = "demand.report"
    urgency: str | None = "normal"
    estate_id: int | None = 1
    reported_at: datetime = NOW
    created_at: datetime = NOW
    dispatched_at: datetime | None = NOW
    respond_by: datetime | None = NOW + timedelta(days=1)
    contact_by: datetime | None = NOW + timedelta(days=1)
    contacted_at: datetime | None = None
    control_by: datetime | None = None
    controlled_at: datetime | None = None
    begun_at: datetime | None = None
    done_at: datetime | None = None
    due_at: datetime | None = NOW + timedelta(days=7)
    paused_at: datetime | None = None
    paused_until: datetime | None = None
    extension_days: int | None = None
    reworks: int = 0
    transfers: int = 0
    clocked_at: datetime | None = NOW
    due_decided: bool = False


def rule(when: When, **values) -> Rule:
    return Rule(name="r", tell=(Recipient(Audience.HANDLER, "overdue"),), when=when, **values)


@pytest.fixture
def time(content: Content) -> Time:
    return Time(content.deadlines, content.calendar)


def moments(one: Rule, order: Made, time: Time) -> list[datetime]:
    return [o.at for o in reminders.occasions(one, order, time)]


def hours(amount: float) -> Duration:
    return Duration(amount, "h")


def test_the_moments_of_a_clock(time: Time) -> None:
    """Start, share, before, due and after, in calendar and in working time."""
    calendar = When(Anchor.BEFORE, hours(24), counted="calendar")
    assert moments(rule(calendar), Made(), time) == [NOW + timedelta(days=6)]
    assert moments(rule(When(Anchor.DUE)), Made(), time) == [NOW + timedelta(days=7)]
    after = When(Anchor.DUE, Duration(1, "wd"))
    assert moments(rule(after), Made(), time) == [NOW + timedelta(days=8)]
    half = When(Anchor.PERCENT, percent=50)  # five working days: two and a half of them
    assert moments(rule(half), Made(), time) == [datetime(2026, 11, 27, 7, 30, tzinfo=UTC)]
    red = Made(urgency="emergency", respond_by=NOW + timedelta(minutes=15))
    start = rule(When(Anchor.START, Duration(10, "min")), clock=ClockName.SIGN_FOR)
    assert moments(start, red, time) == [NOW + timedelta(minutes=10)]


def test_a_rule_is_repeated_so_often_and_no_more(time: Time) -> None:
    """Every ten minutes, three times; each turn is a firing of its own."""
    red = Made(urgency="emergency", respond_by=NOW + timedelta(minutes=15))
    one = rule(
        When(Anchor.START, Duration(10, "min")), clock=ClockName.SIGN_FOR, every=Duration(10, "min"), times=3
    )
    assert moments(one, red, time) == [NOW + timedelta(minutes=m) for m in (10, 20, 30)]
    assert len({o.key for o in reminders.occasions(one, red, time)}) == 3


def test_a_warning_that_comes_too_late_is_none_but_a_due_moment_is(time: Time) -> None:
    """What the last step has just told is not said again; what was due before the order existed still is due."""
    soon = Made(due_at=NOW + timedelta(hours=3))
    assert moments(rule(When(Anchor.BEFORE, hours(24), counted="calendar")), soon, time) == []
    past = Made(due_at=NOW - timedelta(days=1))
    assert moments(rule(When(Anchor.DUE)), past, time) == [NOW - timedelta(days=1)]


def test_a_clock_that_was_over_before_it_began_has_no_share(time: Time) -> None:
    """Sent on after its term: nothing is counted backwards, nothing is warned of, and the due moment still is due."""
    late = Made(dispatched_at=NOW, reported_at=NOW, begun_at=NOW, reworks=1, due_at=NOW - timedelta(days=3))
    assert moments(rule(When(Anchor.PERCENT, percent=80)), late, time) == []
    assert moments(rule(When(Anchor.DUE)), late, time) == [NOW - timedelta(days=3)]


@pytest.mark.parametrize("stage", ["done", "closed", "suspended", "withdrawn", "merged"])
def test_a_clock_that_stands_still_rings_no_bell(stage: str, time: Time, content: Content) -> None:
    """The twin of every rule: a stage in which the solve clock does not run has none of its moments."""
    rules = tuple(r for r in content.reminders if r.clock not in (ClockName.PAUSE, ClockName.RATING))
    assert reminders.upcoming(rules, Made(stage=stage), time) is None


def test_counts_fire_for_each_number_reached(time: Time) -> None:
    """At two reworks and again at three; not at one, and not while it is on the table."""
    one = replace(rule(When(Anchor.DUE)), reworks=2)
    assert [o.turn for n in range(4) for o in reminders.occasions(one, Made(reworks=n), time)] == [2, 3]
    assert moments(one, Made(reworks=2, stage="tabled"), time) == []


def test_after_a_long_silence_only_the_last_word_of_a_rule_is_said(time: Time) -> None:
    """Six missed turns are one, and no warning is given about a moment that has passed."""
    red = Made(urgency="emergency", respond_by=NOW + timedelta(minutes=15), due_at=NOW + timedelta(days=1))
    start = rule(
        When(Anchor.START, Duration(10, "min")), clock=ClockName.SIGN_FOR, every=Duration(10, "min"), times=6
    )
    warning = replace(rule(When(Anchor.PERCENT, percent=80)), name="w")
    later = NOW + timedelta(days=3)
    due = reminders.matured((start, warning), red, time, now=later)
    assert len(due) == 7
    assert [(o.rule.name, o.turn) for o in reminders.worth_telling(due, later)] == [("r", 5)]


def test_only_danger_and_what_is_urgent_wakes_anybody() -> None:
    """Whatever the data says: not for an ordinary matter, and never a resident."""
    loud = Recipient(Audience.HANDLER, "overdue", weight=Weight.PRESSING)
    assert reminders.weight(loud, Made(urgency="urgent")) == Weight.PRESSING
    assert reminders.weight(loud, Made()) == Weight.PLAIN
    resident = replace(loud, to=Audience.REPORTERS)
    assert reminders.weight(resident, Made(urgency="emergency")) == Weight.PLAIN


def test_the_shipped_rules_are_those_of_the_reference(content: Content) -> None:
    """Red at ten minutes and every ten; orange at a half and four fifths; yellow and blue two days and one before."""
    known = {r.name: r for r in content.reminders}
    red = known["red_sign"]
    assert (red.when.amount, red.every) == (Duration(10, "min"), Duration(10, "min"))
    assert [known[f"orange_solve_{n}"].when.percent for n in ("half", "most")] == [50, 80]
    assert [str(known[f"calm_solve_{n}"].when.amount) for n in ("48h", "24h")] == ["48h", "24h"]
    assert [str(known[n].when.amount) for n in ("overdue", "notice", "climb")] == ["None", "1wd", "5wd"]
    assert (known["climb_reworks"].reworks, known["climb_transfers"].transfers) == (2, 3)


def _with(folder: Path, name: str, text: str) -> list[str]:
    """What is said about a community's own file."""
    path = folder / name
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    with pytest.raises(ContentError) as error:
        load_content(roots(folder), zone=ZONE, address="")
    return [f"{fault.where.removeprefix(str(folder) + '/')}: {fault.what}" for fault in error.value.faults]


def test_all_faults_of_a_rule_file_are_told_with_their_lines(tmp_path: Path) -> None:
    """Misspelt keys, clocks, moments, audiences, messages, buttons and missing halves, all in one go."""
    text = """reminders:
  - name: one
    clock: solv
    when: tomorrow
    tell: [{to: mayor, message: overdue}]
  - name: Two
    clock: solve
    when: due-5x
    every: 10min
    tell: [{to: handler, message: nothing_of_the_kind, buttons: [explode], weight: loud}]
  - name: three
    clock: pause
    when: due
    if: raining
    levels: [green]
    colour: red
    tell: []
  - name: three
    clock: pause
    when: due
    tell: [{to: secretary, message: pause_over}]
  - name: three
    clock: pause
    when: due
    times: 1000
    every: 1h
    tell: [{to: former, message: pause_over}]
surprises: []
"""
    found = _with(tmp_path, "data/reminders/own.yaml", text)
    lines = {fault.split(" ")[0] for fault in found}
    assert lines == {f"data/reminders/own.yaml:{n}" for n in (3, 4, 5, 6, 8, 9, 10, 14, 15, 16, 17, 25, 27, 28)}


def test_a_ladder_that_tables_in_silence_is_refused(tmp_path: Path) -> None:
    """The street, the secretary and the resident know of every tabling; a count is one number; a deed has a reason."""
    text = """steps:
  - name: quiet
    when: due+9wd
    do: escalate
    tell: [{to: street, message: climbed}]
counts:
  - name: both
    reworks: 2
    transfers: 3
    do: notice
    reason: 两样
    tell: [{to: handler, message: notice}]
"""
    found = _with(tmp_path, "data/ladder/own.yaml", text)
    assert any(":4 " in f or (":2" in f and "理由" in f) for f in found)
    assert any("secretary、reporters" in f for f in found)
    assert any(":7" in f and "其中一个" in f for f in found)


def test_a_name_that_stands_in_two_files_is_refused(tmp_path: Path) -> None:
    """It is what is remembered as fired: two rules under one name would silence each other."""
    shutil.copyfile(packaged_root() / "data/ladder/ladder.yaml", tmp_path / "copy.yaml")
    text = (tmp_path / "copy.yaml").read_text("utf-8")
    found = _with(tmp_path, "data/ladder/second.yaml", text)
    assert sum("已在别的文件里" in f for f in found) == 7


def test_a_file_of_the_same_name_replaces_the_shipped_one(tmp_path: Path) -> None:
    """A community that wants none of the shipped reminders writes an empty list."""
    path = tmp_path / "data/reminders/reminders.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("reminders: []\n", "utf-8")
    content = load_content(roots(tmp_path), zone=ZONE, address="")
    assert {r.name for r in content.reminders} == {
        "control_late", "control_street", "overdue", "notice", "climb", "climb_reworks", "climb_transfers"
    }  # fmt: skip


def test_another_zone_or_rule_is_noticed(content: Content) -> None:
    """The mark by which a sweep knows that open orders must be looked at again."""
    assert replace(content, zone=ZoneInfo("Asia/Urumqi")).time_mark != content.time_mark
    assert replace(content, reminders=content.reminders[1:]).time_mark != content.time_mark
    assert replace(content, address="http://elsewhere").time_mark == content.time_mark


def test_without_a_place_the_place_is_asked_for_but_danger_is_decided_on(time: Time) -> None:
    """Nobody is pressed to give to a unit what nobody can find; an emergency waits for no place, nor a return."""
    bell = rule(When(Anchor.DUE), clock=ClockName.DISPATCH)
    asked = Made(stage="new", estate_id=None, dispatched_at=None)
    assert moments(bell, asked, time) == []
    kept = Made(stage="new", dispatched_at=None, due_decided=True)
    assert moments(bell, kept, time) == []  # a meeting left it to the community itself
    assert len(moments(rule(When(Anchor.DUE), clock=ClockName.PLACE), asked, time)) == 1
    assert len(moments(bell, replace(asked, urgency="emergency"), time)) == 1
    assert len(moments(bell, replace(asked, stage="returned"), time)) == 1
