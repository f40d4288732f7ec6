"""What `db check` asks of meetings: sentences and the rows that should not be there."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Select, and_, case, func, or_, select

from redprop_bot.store.tables import Ballot, Decided, Meeting, Resolution, Seat, Vote
from redprop_bot.store.tx import Tx, table_of

_m, _seat, _vote, _ballot = table_of(Meeting), table_of(Seat), table_of(Vote), table_of(Ballot)
_r, _dec = table_of(Resolution), table_of(Decided)


def _approved_without(_tx: Tx) -> Select[Any]:
    """Approved minutes were written before, and the meeting was held."""
    wrong = and_(_m.c.approved_at.is_not(None), or_(_m.c.minutes_at.is_(None), _m.c.state != "held"))
    return select(_m.c.no).where(wrong).order_by(_m.c.id)


def _ends_before(_tx: Tx) -> Select[Any]:
    return select(_m.c.no).where(_m.c.ends_at <= _m.c.starts_at).order_by(_m.c.id)


def _miscounted(_tx: Tx) -> Select[Any]:
    """A closed question says what its ballots say."""

    def given(choice: str) -> Any:
        return func.coalesce(func.sum(case((_ballot.c.choice == choice, 1), else_=0)), 0)

    joined = _vote.join(_m, _m.c.id == _vote.c.meeting_id).outerjoin(_ballot, _ballot.c.vote_id == _vote.c.id)
    return (
        select(_m.c.no, _vote.c.number)
        .select_from(joined)
        .where(_vote.c.state != "open")
        .group_by(_m.c.no, _vote.c.id, _vote.c.number, _vote.c.yes, _vote.c.no, _vote.c.abstain)
        .having(or_(given("yes") != _vote.c.yes, given("no") != _vote.c.no, given("abstain") != _vote.c.abstain))
        .order_by(_vote.c.id)
    )


def _voted_elsewhere(_tx: Tx) -> Select[Any]:
    """A ballot is of a seat of the same meeting, and of one that counts."""
    joined = (
        _ballot.join(_vote, _vote.c.id == _ballot.c.vote_id)
        .join(_seat, _seat.c.id == _ballot.c.seat_id)
        .join(_m, _m.c.id == _vote.c.meeting_id)
    )
    wrong = or_(_seat.c.meeting_id != _vote.c.meeting_id, _seat.c.for_id.is_not(None))
    return select(_m.c.no, _vote.c.number).select_from(joined).where(wrong).order_by(_ballot.c.id)


def _nobodys(_tx: Tx) -> Select[Any]:
    """What was assigned has a day and at least one order; what is a measure has that and a day."""
    has_order = select(_dec.c.id).where(_dec.c.resolution_id == _r.c.id).exists()
    lacking = or_(_r.c.due_at.is_(None), ~has_order)
    astray = or_(_r.c.measure_id.is_(None), _r.c.due_at.is_(None), and_(_r.c.handler_id.is_(None), has_order))
    wrong = or_(and_(_r.c.kind == "assigned", lacking), and_(_r.c.kind == "measure", astray))
    joined = _r.join(_m, _m.c.id == _r.c.meeting_id)
    where = wrong, _r.c.undone_at.is_(None)
    return select(_m.c.no, _r.c.number).select_from(joined).where(*where).order_by(_r.c.id)


def _undone_with_orders(_tx: Tx) -> Select[Any]:
    """What was taken back holds no order."""
    joined = _dec.join(_r, _r.c.id == _dec.c.resolution_id).join(_m, _m.c.id == _r.c.meeting_id)
    where = _r.c.undone_at.is_not(None)
    return select(_m.c.no, _r.c.number).select_from(joined).where(where).order_by(_dec.c.id)


def _decided_elsewhere(_tx: Tx) -> Select[Any]:
    joined = _dec.join(_r, _r.c.id == _dec.c.resolution_id).join(_m, _m.c.id == _dec.c.meeting_id)
    wrong = _r.c.meeting_id != _dec.c.meeting_id
    return select(_m.c.no, _r.c.number).select_from(joined).where(wrong).order_by(_dec.c.id)


CHECKS: Final[tuple[tuple[str, Callable[[Tx], Select[Any]]], ...]] = (
    ("会议 {no}：纪要定了稿，却没有写过，或者会没有开", _approved_without),
    ("会议 {no}：结束比开始早", _ends_before),
    ("会议 {no} 第 {number} 件表决：记着的票数和票对不上", _miscounted),
    ("会议 {no} 第 {number} 件表决：有一票不是这场会的人投的", _voted_elsewhere),
    ("会议 {no} 第 {number} 条决议：没有单位、期限或者单子、措施", _nobodys),
    ("会议 {no} 第 {number} 条决议：撤回了，却还连着单子", _undone_with_orders),
    ("会议 {no} 第 {number} 条决议：单子记在了别的会上", _decided_elsewhere),
)
