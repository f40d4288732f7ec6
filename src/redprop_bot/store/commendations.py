"""Statements about 评选表彰: titles of a year, who stands for them, the ballots and what they come to."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select, update

from redprop_bot.rules.commendation import LIVE, Stand
from redprop_bot.store.tables import Commendation, CommendationBallot, CommendationCandidate, Inbox, Person
from redprop_bot.store.tx import Tx, table_of

SUBJECT = "commendation"
_c, _who, _b = table_of(Commendation), table_of(CommendationCandidate), table_of(CommendationBallot)
_person, _in = table_of(Person), table_of(Inbox)


def one(tx: Tx, key: int) -> Commendation | None:
    """The one with this key."""
    return tx.find(Commendation, _c.c.id == key)


def page(
    tx: Tx,
    *,
    communities: Sequence[int] | None,
    award: str | None = None,
    states: Sequence[str] = (),
    before_id: int | None = None,
    limit: int,
) -> list[Commendation]:
    """Those of these communities (None: all), the newest first."""
    where: list[Any] = [] if communities is None else [_c.c.community_id.in_(list(communities))]
    where += [_c.c.award == award] if award is not None else []
    where += [_c.c.state.in_(list(states))] if states else []
    where += [_c.c.id < before_id] if before_id is not None else []
    return tx.list(Commendation, *where, order=_c.c.id.desc(), limit=limit)


def over(tx: Tx, communities: Sequence[int] | None, *, limit: int) -> list[Commendation]:
    """Those of these communities (None: all) whose vote is over and whose result waits for a word."""
    where: list[Any] = [_c.c.state == "voting", _c.c.ends_at <= tx.now]
    if communities is not None:
        where.append(_c.c.community_id.in_(list(communities)))
    return tx.list(Commendation, *where, order=_c.c.id, limit=limit)


# -- who stands


def candidates(tx: Tx, key: int) -> list[CommendationCandidate]:
    """All that were named, by their numbers on the ballot, then as they came."""
    found = tx.list(CommendationCandidate, _who.c.commendation_id == key, order=_who.c.id)
    return sorted(found, key=lambda one: (one.number is None, one.number or 0, one.id or 0))


def candidate(tx: Tx, commendation_id: int, key: int) -> CommendationCandidate | None:
    """One of them, by key."""
    return tx.find(CommendationCandidate, _who.c.commendation_id == commendation_id, _who.c.id == key)


def of_person(tx: Tx, person_id: int) -> list[tuple[CommendationCandidate, Commendation]]:
    """Where somebody stands or is asked to, in what is not over; the newest first."""
    found = tx.list(CommendationCandidate, _who.c.person_id == person_id, order=_who.c.id.desc())
    both = [(one, tx.get(Commendation, one.commendation_id)) for one in found]
    return [(one, home) for one, home in both if home.state in LIVE]


# -- ballots


def ballot(tx: Tx, commendation_id: int, person_id: int) -> CommendationBallot | None:
    """What somebody chose."""
    return tx.find(CommendationBallot, _b.c.commendation_id == commendation_id, _b.c.person_id == person_id)


def drop_ballot(tx: Tx, row: CommendationBallot) -> None:
    """They have not voted, after all."""
    tx.execute(_b.delete().where(_b.c.id == row.id))


def counted(tx: Tx, commendation_id: int) -> tuple[dict[int, int], int]:
    """Votes by number, and how many people voted; of two rows of one person that were joined one counts."""
    own = _b.join(_person, _person.c.id == _b.c.person_id)
    rows = tx.rows(
        select(_b.c.choices)
        .select_from(own)
        .where(_b.c.commendation_id == commendation_id, _person.c.merged_into_id.is_(None))
    )
    votes = Counter(number for row in rows for number in row.choices)
    return dict(votes), len(rows)


def voted(tx: Tx, commendation_id: int) -> int:
    """How many people voted, of joined rows one; without reading what they chose."""
    own = _b.join(_person, _person.c.id == _b.c.person_id)
    where = (_b.c.commendation_id == commendation_id, _person.c.merged_into_id.is_(None))
    return int(tx.scalar(select(func.count()).select_from(own).where(*where)) or 0)


def letters(commendation_id: int) -> str:
    """The mark of messages in which people voted by chat: for whom stands in their words and in the answer."""
    return f"ballot:{commendation_id}"


def empty_ballots(tx: Tx, commendation_id: int) -> None:
    """That somebody voted stays, for whom does not: neither in the ballot nor in what they wrote to vote."""
    said = _in.c.reference == letters(commendation_id)
    tx.execute(update(_in).where(said).values(payload={}, reply=""))
    tx.execute(update(_b).where(_b.c.commendation_id == commendation_id).values(choices=[]))


# -- being forgotten


def forget(tx: Tx, person_id: int) -> None:
    """Their vote is taken back where one still runs; where they stood, nobody stands by name."""
    live = select(_c.c.id).where(_c.c.state.in_([state.value for state in LIVE]))
    running = select(_c.c.id).where(_c.c.state == "voting", _c.c.ends_at > tx.now)
    tx.execute(delete(_b).where(_b.c.person_id == person_id, _b.c.commendation_id.in_(running)))
    gone = {"name": "", "unit": "", "about": "", "note": "", "by_name": "", "shown": False}
    stands = _who.c.person_id == person_id
    tx.execute(
        update(_who).where(stands, _who.c.commendation_id.in_(live)).values(state=Stand.DECLINED.value, **gone)
    )
    tx.execute(update(_who).where(stands).values(**gone))
