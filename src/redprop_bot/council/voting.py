"""表决: one seat one vote, given once; a question stands only where enough people are there to answer it."""

from collections.abc import Mapping
from typing import Final

from redprop_bot.council import agenda, telling
from redprop_bot.council.attending import must_have_quorum, principals, seat_in
from redprop_bot.council.chair import Chair, held, led, must_stand
from redprop_bot.council.convening import kind_of
from redprop_bot.errors import Conflict, Invalid, NotFound
from redprop_bot.loop.record import needed
from redprop_bot.rules.meetings import Choice, passes
from redprop_bot.rules.meetings import needed as quorum_of
from redprop_bot.store import meetings
from redprop_bot.store.tables import Ballot, Meeting, Person, Vote
from redprop_bot.store.tx import Tx

TEXT: Final = 200


def ask(tx: Tx, meeting: Meeting, chair: Chair, *, text: str) -> Vote:
    """Put something to the vote; everybody who is there is asked.

    Raises Conflict where the kind has no votes, too few are there, or another question is open.
    """
    meeting = led(tx, meeting, chair)
    if not kind_of(tx, meeting).votes:
        raise Conflict("no_votes_here", kind=kind_of(tx, meeting).name)
    question = needed(text, "text")
    if len(question) > TEXT:
        raise Invalid("too_long", field="text", limit=TEXT)
    must_have_quorum(tx, meeting)
    assert meeting.id is not None
    before = meetings.votes(tx, meeting.id)
    if standing := next((vote for vote in before if vote.state == "open"), None):
        raise Conflict("vote_open", text=standing.text)
    agenda.opened(tx, meeting)
    vote = tx.insert(Vote, meeting_id=meeting.id, number=len(before) + 1, text=question, opened_at=tx.now)
    telling.asked(tx, meeting, vote, meetings.seats(tx, meeting.id))
    return vote


def give(tx: Tx, meeting: Meeting, person: Person, vote: Vote, choice: str) -> Ballot:
    """Somebody's vote. Raises Forbidden (not invited), Conflict (not there, closed, given before)."""
    meeting = held(tx, meeting)
    must_stand(meeting)
    seat = seat_in(tx, meeting, person.id or 0)
    if choice not in list(Choice):
        raise Invalid("vote_choice", field="choice")
    if seat.present_at is None:
        raise Conflict("not_there", no=meeting.no)
    vote = tx.get(Vote, vote.id or 0)
    if vote.state != "open":
        raise Conflict("vote_closed", text=vote.text)
    own = seat.for_id or seat.id
    ballot = tx.insert_new(Ballot, vote_id=vote.id, seat_id=own, choice=choice, at=tx.now)
    if ballot is None:
        raise Conflict("voted", text=vote.text)
    telling.settle_vote(tx, vote, person.id)
    return ballot


def count(tx: Tx, meeting: Meeting, chair: Chair, vote: Vote) -> Vote:
    """Close it. Below the quorum nothing is decided and it stays open. Raises Conflict."""
    meeting = led(tx, meeting, chair)
    vote = tx.get(Vote, vote.id or 0)
    if vote.state != "open":
        raise Conflict("vote_closed", text=vote.text)
    assert meeting.id is not None
    assert vote.id is not None
    found = meetings.counted(tx, vote.id)
    voted = sum(found.values())
    least = quorum_of(len(principals(meetings.seats(tx, meeting.id))), kind_of(tx, meeting).quorum)
    if voted < least:
        raise Conflict("vote_below_quorum", text=vote.text, voted=str(voted), least=str(least))
    return _closed(tx, vote, found, "passed" if passes(found.get(Choice.YES, 0), voted) else "failed")


def withdraw(tx: Tx, meeting: Meeting, chair: Chair, vote: Vote) -> Vote:
    """It was asked by mistake: nobody need answer it, and it decides nothing. Raises Conflict (closed)."""
    led(tx, meeting, chair)
    vote = tx.get(Vote, vote.id or 0)
    if vote.state != "open":
        raise Conflict("vote_closed", text=vote.text)
    return _closed(tx, vote, meetings.counted(tx, vote.id or 0), "withdrawn")


def lapse(tx: Tx, meeting: Meeting) -> None:
    """What is still open when the minutes are approved and too few have answered comes to nothing.

    Raises Conflict where enough have: then it is to be counted first.
    """
    seats = principals(meetings.seats(tx, meeting.id or 0))
    least = quorum_of(len(seats), kind_of(tx, meeting).quorum)
    for vote in meetings.votes(tx, meeting.id or 0):
        if vote.state != "open":
            continue
        found = meetings.counted(tx, vote.id or 0)
        if sum(found.values()) >= least:
            raise Conflict("vote_open", text=vote.text)
        _closed(tx, vote, found, "lapsed")


def _closed(tx: Tx, vote: Vote, found: Mapping[str, int], state: str) -> Vote:
    telling.settle_vote(tx, vote)
    counts = {choice.value: found.get(choice, 0) for choice in Choice}
    return tx.update(Vote, vote.id, state=state, closed_at=tx.now, **counts)


def standing(tx: Tx, meeting: Meeting) -> Vote:
    """The question that is open; raises NotFound."""
    found = [vote for vote in meetings.votes(tx, meeting.id or 0) if vote.state == "open"]
    if not found:
        raise NotFound("no_vote", no=meeting.no)
    return found[-1]


def numbered(tx: Tx, meeting: Meeting, number: int) -> Vote:
    """The so-manieth question of a meeting; raises NotFound."""
    for vote in meetings.votes(tx, meeting.id or 0):
        if vote.number == number:
            return vote
    raise NotFound("no_vote", no=meeting.no)
