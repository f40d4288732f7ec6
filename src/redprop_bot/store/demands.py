"""Statements about demands, their history, supporters and helpers."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import bindparam, func, or_, select, text

from redprop_bot.rules.flow import OPEN, Stage
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store import numbers
from redprop_bot.store.media import LEAVING
from redprop_bot.store.prepared import Prepared
from redprop_bot.store.tables import Attachment, Demand, Event, Helper, Supporter
from redprop_bot.store.tables.loop import ACCUSING_ROWS
from redprop_bot.store.tx import Tx, table_of

_d = table_of(Demand)
_e = table_of(Event)
_s = table_of(Supporter)
_h = table_of(Helper)

_BY_NO_PLAIN = select(_d).where(_d.c.no == bindparam("no"))
_BY_NO = Prepared(_BY_NO_PLAIN)
_BY_NO_LOCKED = Prepared(_BY_NO_PLAIN.with_for_update())
_ALIKE_ANYWHERE = (
    select(_d)
    .where(
        _d.c.estate_id == bindparam("estate"),
        _d.c.category == bindparam("category"),
        _d.c.stage.in_(sorted(OPEN - {Stage.DONE})),
        _d.c.intent == "demand.report",
        _d.c.reported_at >= bindparam("since"),
    )
    .order_by(_d.c.id + 0)  # a sum, so that nobody walks all orders of the estate for having them in order
    .limit(20)
)
_ALIKE = Prepared(_ALIKE_ANYWHERE.where(_d.c.building == bindparam("building")))
_ALIKE_AT_ESTATE = Prepared(_ALIKE_ANYWHERE.where(_d.c.building.is_(None)))

ALIKE_LOCK = 0x7271  # beside a hash of the matter: two-part advisory locks are a space of their own
_TURN = Prepared(select(func.pg_advisory_xact_lock(ALIKE_LOCK, func.hashtext(bindparam("matter")))))


def by_no(tx: Tx, no: str, *, lock: bool = False) -> Demand | None:
    """The demand with this number."""
    return cast("Demand | None", tx.first(_BY_NO_LOCKED if lock else _BY_NO, {"no": no}))


def by_keys(tx: Tx, keys: Collection[int]) -> dict[int, Demand]:
    """The demands with these keys, in one go."""
    return {row.id: row for row in tx.list(Demand, _d.c.id.in_(sorted(keys))) if row.id is not None}


def by_tail(tx: Tx, digits: str, *, limit: int = 5) -> list[Demand]:
    """Recent demands whose number ends in these digits (`7` means 0007), open ones and newer ones first."""
    return tx.list(
        Demand,
        _d.c.no.in_(numbers.recent(tx, "D", digits)),
        order=(_d.c.stage.not_in(sorted(OPEN)), _d.c.id.desc()),
        limit=limit,
    )


def of_reporter(tx: Tx, person_id: int, *, limit: int = 10, below: int | None = None) -> list[Demand]:
    """What a resident reported or supports, newest first; below the key `below`."""
    supported = select(_s.c.demand_id).where(_s.c.person_id == person_id)
    return tx.list(
        Demand,
        or_(_d.c.reporter_id == person_id, _d.c.id.in_(supported)),
        *([_d.c.id < below] if below is not None else []),
        order=_d.c.id.desc(),
        limit=limit,
    )


def of_handler(tx: Tx, organisation_id: int, stages: Iterable[str], *, limit: int = 20) -> list[Demand]:
    """What a unit has in these stages, newest first."""
    return tx.list(
        Demand,
        _d.c.handler_id == organisation_id,
        _d.c.stage.in_(sorted(stages)),
        order=_d.c.id.desc(),
        limit=limit,
    )


def of_helper(tx: Tx, person_id: int) -> list[Demand]:
    """Open demands that a person helps with."""
    helped = select(_h.c.demand_id).where(_h.c.person_id == person_id)
    return tx.list(Demand, _d.c.id.in_(helped), _d.c.stage.in_(sorted(OPEN)), order=_d.c.id.desc())


def of_community(
    tx: Tx, community_ids: Iterable[int | None], stages: Iterable[str], *, limit: int = 20
) -> list[Demand]:
    """What communities have in these stages, newest first; None stands for demands without a community."""
    ids = list(community_ids)
    inside: Any = _d.c.community_id.in_([i for i in ids if i is not None])
    if None in ids:
        inside = or_(inside, _d.c.community_id.is_(None))
    return tx.list(Demand, inside, _d.c.stage.in_(sorted(stages)), order=_d.c.id.desc(), limit=limit)


def accusing(tx: Tx, community_id: int | None) -> list[Any]:
    """What is confidential in a community, or in all, and says whom it is about: with what tells who that is."""
    said = (_d.c.id, _d.c.intent, _d.c.party, _d.c.text, _d.c.community_id, _d.c.estate_id, _d.c.reporter_id)
    here = [] if community_id is None else [_d.c.community_id == community_id]
    return list(tx.rows(select(*said).where(text(ACCUSING_ROWS), *here)))


def in_turn(tx: Tx, estate_id: int, category: str) -> None:
    """Wait until no other process takes in a report of this category at this estate, and keep others waiting.

    Of two neighbours at the same moment the second must find what the first reported. SQLite has one writer.
    """
    if tx.connection.dialect.name == "postgresql":
        tx.scalar(_TURN, {"matter": f"{estate_id}:{category}"})


def alike(tx: Tx, *, estate_id: int, category: str, building: str | None, since: datetime) -> list[Demand]:
    """Open reports of the same category at the same building since a moment: candidates for joining."""
    values = {"estate": estate_id, "category": category, "since": since}
    if building is None:
        return cast("list[Demand]", tx.rows(_ALIKE_AT_ESTATE, values))
    return cast("list[Demand]", tx.rows(_ALIKE, values | {"building": building}))


def of_person_since(tx: Tx, person_id: int, since: datetime) -> list[Demand]:
    """Open demands that a person reported since a moment, newest first."""
    return tx.list(
        Demand,
        _d.c.reporter_id == person_id,
        _d.c.created_at >= since,
        _d.c.stage.in_(sorted(OPEN)),
        order=_d.c.id.desc(),
        limit=10,
    )


def of_person_in(tx: Tx, person_id: int, stages: Iterable[str], *, limit: int) -> list[Demand]:
    """What a person reported that stands in these stages, newest first."""
    where = (_d.c.reporter_id == person_id, _d.c.stage.in_(sorted(stages)))
    return tx.list(Demand, *where, order=_d.c.id.desc(), limit=limit)


def add_kept(tx: Tx, demand_id: int, person_id: int | None, files: Iterable[tuple[str, str, int]]) -> None:
    """Pictures that are in our files already; each is its name, its content type and its bytes' count."""
    rows = [
        {
            "demand_id": demand_id,
            "kind": "image",
            "by_id": person_id,
            "at": tx.now,
            "state": "kept",
            "name": name,
            "content_type": content_type,
            "size": size,
        }
        for name, content_type, size in files
    ]
    tx.insert_many(Attachment, rows)


def history(tx: Tx, demand_id: int) -> list[Event]:
    """What happened to a demand, in order."""
    return tx.list(Event, _e.c.subject == "demand", _e.c.subject_id == demand_id, order=_e.c.id)


def last_note(tx: Tx, demand_id: int, name: str) -> str:
    """The words of the last event of this name, or nothing."""
    of_it = (_e.c.subject == "demand", _e.c.subject_id == demand_id, _e.c.name == name)
    return str(tx.scalar(select(_e.c.note).where(*of_it).order_by(_e.c.id.desc()).limit(1)) or "")


def supporters(tx: Tx, demand_id: int) -> list[int]:
    """Keys of those who reported the same thing after the first, in order."""
    return [
        row.person_id
        for row in tx.rows(select(_s.c.person_id).where(_s.c.demand_id == demand_id).order_by(_s.c.id))
    ]


def is_supporter(tx: Tx, demand_id: int, person_id: int) -> bool:
    """Whether a person supports a demand."""
    return tx.find(Supporter, _s.c.demand_id == demand_id, _s.c.person_id == person_id) is not None


def drop_supporter(tx: Tx, demand_id: int, person_id: int) -> None:
    """A supporter is none any more: they have become the reporter."""
    tx.execute(_s.delete().where(_s.c.demand_id == demand_id, _s.c.person_id == person_id))


def set_supporter_rating(tx: Tx, demand_id: int, person_id: int, stars: int, reason: str | None) -> None:
    """Keep a supporter's rating beside the reporter's."""
    tx.execute(
        _s.update()
        .where(_s.c.demand_id == demand_id, _s.c.person_id == person_id)
        .values(stars=stars, rating_reason=reason)
    )


def rating_of(tx: Tx, demand: Demand, person_id: int) -> tuple[int | None, str]:
    """The stars and words that somebody gave, the reporter or one of those after them."""
    if person_id == demand.reporter_id:
        return demand.stars, demand.rating_reason or ""
    of_them = select(_s.c.stars, _s.c.rating_reason).where(
        _s.c.demand_id == demand.id, _s.c.person_id == person_id
    )
    row = next(iter(tx.rows(of_them)), None)
    return (None, "") if row is None else (row.stars, row.rating_reason or "")


def drop_helper(tx: Tx, demand_id: int, person_id: int) -> None:
    """They help with it no more."""
    mine = table_of(Helper)
    tx.execute(mine.delete().where(mine.c.demand_id == demand_id, mine.c.person_id == person_id))


def helpers(tx: Tx, demand_id: int) -> list[Helper]:
    """Who helps beside the lead unit, in order."""
    return tx.list(Helper, _h.c.demand_id == demand_id, order=_h.c.id)


def helped_by(tx: Tx, organisations: Sequence[int]) -> list[Demand]:
    """Open orders beside whose lead unit these units help, the newest first; complaints are not told beside."""
    if not organisations:
        return []
    mine = select(_h.c.demand_id).where(_h.c.organisation_id.in_(organisations))
    open_ones = _d.c.stage.in_(sorted(OPEN)), _d.c.intent.not_in(sorted(CONFIDENTIAL))
    return tx.list(Demand, _d.c.id.in_(mine), *open_ones, order=_d.c.id.desc())


def attachments(tx: Tx, demand_id: int) -> list[Attachment]:
    """Pictures and other media of a demand, in order."""
    table = table_of(Attachment)
    return tx.list(Attachment, table.c.demand_id == demand_id, table.c.state != LEAVING, order=table.c.id)
