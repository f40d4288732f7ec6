"""Two at the same moment: on PostgreSQL two processes, on SQLite one writer after the other. One of them is refused."""

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.council.conftest import chair_in, person
from tests.support import rows

from redprop_bot.council import attending, convening, minutes, resolving, voting
from redprop_bot.council.resolving import Decision
from redprop_bot.errors import Conflict, Refused
from redprop_bot.loop import arrange
from redprop_bot.loop.actor import RULE
from redprop_bot.store import meetings
from redprop_bot.store.tables import Ballot, Meeting, Resolution, Seat
from redprop_bot.store.worker import Store

START = datetime(2026, 12, 16, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def other(town, open_store):
    """Another process on the same database."""
    url = town.store.engine.url.render_as_string(hide_password=False)
    return open_store(url)


def _at_once(*jobs):
    """Run them together; what each was refused with, None where it was done."""
    found: list[str | None] = [None] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def go(n, job):
        gate.wait()
        try:
            job()
        except Refused as refusal:
            found[n] = refusal.code

    threads = [threading.Thread(target=go, args=(n, job)) for n, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _chair(town):
    return town.look(lambda tx: chair_in(tx, "qinsj"))


def _both(town, other: Store, job):
    return _at_once(lambda: town.store.run(job), lambda: other.run(job))


def test_the_same_meeting_is_called_once(town, other):
    """Of two who call it the second is told of the first."""
    chair = _chair(town)
    wish = convening.Wish("joint", None, START, once=True)
    assert sorted(map(str, _both(town, other, lambda tx: convening.call(tx, chair, wish)))) == [
        "None",
        "meeting_twice",
    ]
    assert len(town.look(lambda tx: tx.list(Meeting))) == 1


def test_a_seat_votes_once(town, other):
    """Two taps of one person, on two phones: one ballot."""
    chair = _chair(town)
    meeting = town.call(chair, START)
    town.clock.at = START - timedelta(hours=1)
    for userid in ("qinsj", "fangjl", "yaowg"):
        town.run(lambda tx, u=userid: attending.arrive(tx, meeting, person(tx, u)))
    vote = town.run(lambda tx: voting.ask(tx, meeting, chair, text="建不建"))
    give = lambda tx: voting.give(tx, meeting, person(tx, "fangjl"), vote, "yes")  # noqa: E731
    assert sorted(map(str, _both(town, other, give))) == ["None", "voted"]
    assert len(town.look(lambda tx: tx.list(Ballot))) == 1


def test_a_deputy_is_somebodys_once(town, other):
    """Two members want the same deputy: one of them hears that they are taken."""
    meeting = town.call(_chair(town), START)

    def sends(store, userid):
        store.run(lambda tx: attending.answer(tx, meeting, person(tx, userid), "deputy", deputy="老丁"))

    found = _at_once(lambda: sends(town.store, "fangjl"), lambda: sends(other, "wangjl"))
    assert sorted(map(str, found)) == ["None", "deputy_taken"]
    assert len(town.look(lambda tx: [s for s in tx.list(Seat) if s.for_id is not None])) == 1


def test_a_matter_is_decided_once_a_meeting(town, other):
    """Two decisions about one order: one resolution, one dispatch."""
    chair = _chair(town)
    home = town.look(lambda tx: next(iter(chair_in(tx, "qinsj").communities or [1])))

    def tabled(tx):
        return arrange.escalate(tx, rows.demand(tx, community_id=home, category="elevator"), RULE, reason="没钱")

    demand = town.run(tabled)
    meeting = town.call(chair, START)
    decide = lambda tx: resolving.resolve(tx, meeting, chair, Decision("修", [demand.no], "万和物业"))  # noqa: E731
    assert sorted(map(str, _both(town, other, decide))) == ["None", "decided_already"]
    assert len(town.look(lambda tx: tx.list(Resolution))) == 1


def test_minutes_are_approved_once_and_nothing_is_decided_after(town, other):
    """Whichever is first: an approval and a decision at once leave either a decision in the minutes or none at all."""
    chair = _chair(town)
    meeting = town.call(chair, START)
    town.clock.at = START
    town.run(lambda tx: minutes.draft(tx, meeting, chair))
    decide = lambda: town.store.run(  # noqa: E731
        lambda tx: resolving.resolve(tx, meeting, chair, Decision("修门禁", handler="万和物业"))
    )
    found = _at_once(decide, lambda: other.run(lambda tx: minutes.approve(tx, meeting, chair)))
    now = town.look(lambda tx: tx.get(Meeting, meeting.id))
    assert now.approved_at is not None
    written = [s["lines"] for s in now.minutes["sections"] if s["head"] == "议定事项"]
    decided = town.look(lambda tx: meetings.resolutions(tx, [meeting.id]).get(meeting.id, []))
    assert (found[0] is None, len(written), len(decided)) in ((True, 1, 1), (False, 0, 0))
    assert found[0] in (None, "minutes_frozen")
    with pytest.raises(Conflict):
        town.run(lambda tx: minutes.approve(tx, meeting, chair))
