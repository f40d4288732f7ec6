"""评选表彰: one person one vote, what it comes to, and the result once the secretary has confirmed it.

A ballot is a row with a unique key of title and person, changed until the end; it is read by nobody but the count.
With the result it is emptied: that somebody voted stays, for whom does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from redprop_bot.appraise import commendation_telling as telling
from redprop_bot.appraise.commendation import held, must_lead, noted
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.errors import Conflict, Forbidden, Invalid
from redprop_bot.notify import words
from redprop_bot.registry.people import Speaker, home_community
from redprop_bot.registry.register import Register, register
from redprop_bot.rules import commendation as rules
from redprop_bot.rules.commendation import Placed, Stand, State
from redprop_bot.store import commendations
from redprop_bot.store.tables import Commendation, CommendationBallot, CommendationCandidate
from redprop_bot.store.tx import Tx


def votes_in(reg: Register, speaker: Speaker) -> int | None:
    """The community in which somebody votes: where they live, hold a post or are registered; None: not known.

    Where somebody only works for a unit is not where they live, even if there is no other community.
    """
    own = next((post.community_id for post in speaker.posts if post.community_id is not None), None)
    if own is not None:
        return own
    if speaker.person.estate_id is None and (
        speaker.member is None or any(p.organisation_id for p in speaker.posts)
    ):
        return None
    return home_community(reg, speaker)


def must_be_of(tx: Tx, row: Commendation, speaker: Speaker) -> None:
    """Refuse, in a friendly way, who is not of the community, and ask where they live where that is not known."""
    home = votes_in(register(tx), speaker)
    if home is None:
        raise Forbidden("commendation_no_home")
    if home != row.community_id:
        raise Forbidden("commendation_elsewhere", community=register(tx).community_name(row.community_id))


def on_ballot(tx: Tx, row: Commendation) -> list[CommendationCandidate]:
    """Who can be voted for, by number; who took their word back since is there no more."""
    found = commendations.candidates(tx, row.id or 0)
    return [one for one in found if one.number is not None and one.state == Stand.AGREED]


def runs(tx: Tx, row: Commendation) -> bool:
    """Whether votes are taken now."""
    if row.state != State.VOTING or row.starts_at is None or row.ends_at is None:
        return False
    return row.starts_at <= tx.now < row.ends_at


def is_over(tx: Tx, row: Commendation) -> bool:
    """Whether no vote is taken any more, and one was."""
    return row.state == State.CONFIRMED or (
        row.state == State.VOTING and row.ends_at is not None and row.ends_at <= tx.now
    )


def vote(tx: Tx, row: Commendation, speaker: Speaker, choices: Sequence[int]) -> bool:
    """Give or change one's vote; returns whether it was changed. Raises Forbidden, Conflict, Invalid.

    Forbidden: not of the community, or where they live is not known. Conflict: not begun, over.
    """
    row = held(tx, row)
    must_be_of(tx, row, speaker)
    zone = tx.content.zone
    if row.state == State.VOTING and row.starts_at is not None and tx.now < row.starts_at:
        raise Conflict("commendation_early", date=words.day(row.starts_at, tx.now, zone))
    if not runs(tx, row):
        raise Conflict("commendation_closed", title=row.title)
    known = {one.number or 0 for one in on_ballot(tx, row)}
    chosen = sorted(set(choices))
    if not chosen:
        raise Invalid("commendation_none", field="choices")
    numbers = "、".join(str(number) for number in sorted(known))  # who took their word back leaves a gap
    if strange := [number for number in chosen if number not in known]:
        raise Invalid("commendation_number", field="choices", number=str(strange[0]), numbers=numbers)
    if len(chosen) > row.votes:
        raise Invalid("commendation_many", field="choices", most=str(row.votes), number=str(len(chosen)))
    assert speaker.person.id is not None
    before = commendations.ballot(tx, row.id or 0, speaker.person.id)
    if before is not None:
        tx.update(CommendationBallot, before.id, choices=chosen, at=tx.now)
        return True
    values = {"commendation_id": row.id, "person_id": speaker.person.id, "choices": chosen, "at": tx.now}
    tx.insert(CommendationBallot, **values)
    return False


def voted(tx: Tx, row: Commendation, speaker: Speaker) -> bool:
    """Whether somebody has voted where votes are still taken."""
    return runs(tx, row) and commendations.ballot(tx, row.id or 0, speaker.person.id or 0) is not None


def retracted(tx: Tx, row: Commendation, speaker: Speaker) -> None:
    """Take one's vote back, as long as votes are taken. Raises Conflict (over)."""
    row = held(tx, row)
    if not runs(tx, row):
        raise Conflict("commendation_closed", title=row.title)
    given = commendations.ballot(tx, row.id or 0, speaker.person.id or 0)
    if given is not None:
        commendations.drop_ballot(tx, given)


@dataclass(frozen=True, slots=True)
class Count:
    """What a vote comes to: how many people voted, and who stands where; `hidden` while it is not told."""

    people: int
    placed: Sequence[Placed]
    hidden: bool


def count(tx: Tx, row: Commendation) -> Count:
    """The count as it may be told now to people of the community. How many voted is told at any time."""
    people = commendations.voted(tx, row.id or 0)
    told = is_over(tx, row) or (row.counts == "during" and row.state == State.VOTING)
    return Count(people, _placed(tx, row) if told else (), not told)


def _placed(tx: Tx, row: Commendation) -> list[Placed]:
    stand = on_ballot(tx, row)
    if row.state == State.CONFIRMED:
        return rules.result({one.number or 0: one.votes or 0 for one in stand}, row.winners)
    votes, _people = commendations.counted(tx, row.id or 0)
    return rules.result({one.number or 0: votes.get(one.number or 0, 0) for one in stand}, row.winners)


def confirmed(tx: Tx, row: Commendation, who: Reviewer) -> Commendation:
    """The result stands: kept by candidate, told, on the board; the ballots are emptied.

    Raises Forbidden, Conflict (not over yet, confirmed, nobody voted).
    """
    row = held(tx, row)
    must_lead(tx, row, who)
    if row.state == State.GATHERING:
        raise Conflict("commendation_no_vote", title=row.title)
    if row.state != State.VOTING:
        raise Conflict("commendation_over", title=row.title)
    if not is_over(tx, row):
        assert row.ends_at is not None
        raise Conflict("commendation_running", date=words.day(row.ends_at, tx.now, tx.content.zone))
    placed = {one.number: one for one in _placed(tx, row)}
    if not any(one.wins for one in placed.values()):
        raise Conflict("commendation_empty", title=row.title)
    for one in on_ballot(tx, row):
        found = placed[one.number or 0]
        tx.update(CommendationCandidate, one.id, votes=found.votes, wins=found.wins)
    commendations.empty_ballots(tx, row.id or 0)
    now = tx.update(
        Commendation,
        row.id,
        state=State.CONFIRMED.value,
        confirmed_by=who.name,
        confirmed_at=tx.now,
        updated_at=tx.now,
    )
    noted(tx, now, "commendation_confirmed", who)
    telling.decided(tx, now, on_ballot(tx, row), but=who.person_id)
    return now
