"""Statements about 考评: rounds, ballots, results of a company."""

from collections.abc import Sequence
from typing import Any

from redprop_bot.rules.grades import RESULTS
from redprop_bot.store import events
from redprop_bot.store.tables import Appraisal, AppraisalBallot, Event
from redprop_bot.store.tx import Tx, among, table_of

SUBJECT = "appraisal"
_a, _b = table_of(Appraisal), table_of(AppraisalBallot)


def one(tx: Tx, key: int) -> Appraisal | None:
    """The round with this key."""
    return tx.find(Appraisal, _a.c.id == key)


def held(tx: Tx, key: int) -> Appraisal:
    """The round as it is now; nobody else changes it before this job ends."""
    return tx.get(Appraisal, key, lock=True)


def page(
    tx: Tx,
    *,
    communities: Sequence[int] | None,
    organisation_id: int | None = None,
    sheet: str | None = None,
    period: str | None = None,
    states: Sequence[str] = (),
    before_id: int | None = None,
    limit: int,
) -> list[Appraisal]:
    """Rounds of these communities (None: all), the newest first."""
    where: list[Any] = [] if communities is None else [_a.c.community_id.in_(list(communities))]
    for column, value in ((_a.c.organisation_id, organisation_id), (_a.c.sheet, sheet), (_a.c.period, period)):
        if value is not None:
            where.append(column == value)
    if states:
        where.append(_a.c.state.in_([str(state) for state in states]))
    if before_id is not None:
        where.append(_a.c.id < before_id)
    return tx.list(Appraisal, *where, order=_a.c.id.desc(), limit=limit)


def ballots(tx: Tx, keys: Sequence[int]) -> dict[int, list[AppraisalBallot]]:
    """The ballots of these rounds, by round."""
    found: dict[int, list[AppraisalBallot]] = {key: [] for key in keys}
    if keys:
        for row in tx.list(AppraisalBallot, among(_b.c.appraisal_id, list(keys)), order=_b.c.id):
            found[row.appraisal_id].append(row)
    return found


def ballot(tx: Tx, appraisal_id: int, party: str, scorer: str) -> AppraisalBallot | None:
    """The one of this voice."""
    where = (_b.c.appraisal_id == appraisal_id, _b.c.party == party, _b.c.scorer == scorer)
    return tx.find(AppraisalBallot, *where)


def results(
    tx: Tx, organisation_id: int, periods: Sequence[str], *, community_id: int | None = None
) -> list[Appraisal]:
    """Rounds of a company with a result for one of these periods, in the order in which they were opened."""
    where: list[Any] = [
        _a.c.organisation_id == organisation_id,
        _a.c.period.in_(list(periods)),
        _a.c.state.in_([state.value for state in RESULTS]),
    ]
    if community_id is not None:
        where.append(_a.c.community_id == community_id)
    return tx.list(Appraisal, *where, order=_a.c.id)


def history(tx: Tx, key: int) -> list[Event]:
    """What happened to a round, oldest first."""
    return events.of(tx, SUBJECT, key)
