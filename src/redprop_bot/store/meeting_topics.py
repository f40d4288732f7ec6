"""Statements about what may stand on an agenda: proposed topics, tabled orders, suggestions."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import or_, select, update

from redprop_bot.rules.flow import OPEN, Stage
from redprop_bot.store.tables import Demand, Meeting, Topic, Voice
from redprop_bot.store.tx import Tx, table_of

_topic, _voice, _d, _m = table_of(Topic), table_of(Voice), table_of(Demand), table_of(Meeting)

# -- topics


def topics(tx: Tx, meeting_id: int) -> list[Topic]:
    """What was proposed for a meeting, the most wanted first."""
    return tx.list(Topic, _topic.c.meeting_id == meeting_id, order=(_topic.c.voices.desc(), _topic.c.id))


def topics_of(tx: Tx, ids: Collection[int]) -> dict[int, list[Topic]]:
    """The same for many meetings."""
    found: dict[int, list[Topic]] = {}
    here = _topic.c.meeting_id.in_(sorted(ids))
    for topic in tx.list(Topic, here, order=(_topic.c.voices.desc(), _topic.c.id)) if ids else []:
        found.setdefault(topic.meeting_id or 0, []).append(topic)
    return found


def _home(community_id: int | None) -> Any:
    return _topic.c.community_id.is_(None) if community_id is None else _topic.c.community_id == community_id


def waiting_topics(tx: Tx, community_id: int | None) -> list[Topic]:
    """What was proposed and has no meeting yet."""
    return tx.list(Topic, _topic.c.meeting_id.is_(None), _home(community_id), order=_topic.c.id)


def adopt(tx: Tx, community_id: int | None, meeting_id: int) -> int:
    """What waited there is for this meeting, and what a meeting should have talked about that never took place.

    Returns how many.
    """
    never = select(_m.c.id).where(
        _m.c.ends_at < tx.now, _m.c.begun_at.is_(None), _m.c.approved_at.is_(None), _m.c.id != meeting_id
    )
    waits = or_(_topic.c.meeting_id.is_(None), _topic.c.meeting_id.in_(never))
    return tx.execute(update(_topic).where(waits, _home(community_id)).values(meeting_id=meeting_id))


def let_wait(tx: Tx, meeting_id: int) -> int:
    """What was for this meeting waits for another."""
    return tx.execute(update(_topic).where(_topic.c.meeting_id == meeting_id).values(meeting_id=None))


# -- what stands on an agenda


def tabled(tx: Tx, communities: Sequence[int] | None, *, limit: int = 500) -> list[Demand]:
    """Orders that wait for a meeting, oldest first; None: of all communities and of none."""
    where: list[Any] = [_d.c.stage == Stage.TABLED.value]
    if communities is not None:
        where.append(_d.c.community_id.in_(list(communities)))
    return tx.list(Demand, *where, order=_d.c.id, limit=limit)


def suggestions(tx: Tx, communities: Sequence[int] | None, *, voices: int, limit: int = 100) -> list[Demand]:
    """Open suggestions that so many people stand behind, the most wanted first."""
    where: list[Any] = [
        _d.c.intent == "suggestion",
        _d.c.stage.in_(sorted(OPEN - {Stage.TABLED, Stage.DONE})),
        _d.c.supporters >= voices - 1,
    ]
    if communities is not None:
        where.append(_d.c.community_id.in_(list(communities)))
    return tx.list(Demand, *where, order=(_d.c.supporters.desc(), _d.c.id), limit=limit)


# -- who is forgotten


def wanted_by(tx: Tx, ids: Collection[int]) -> dict[int, list[int]]:
    """Keys of those who proposed or wanted each of these topics, the first first."""
    found: dict[int, list[int]] = {}
    for voice in tx.list(Voice, _voice.c.topic_id.in_(sorted(ids)), order=_voice.c.id) if ids else []:
        found.setdefault(voice.topic_id, []).append(voice.person_id)
    return found


def let_go(tx: Tx, meeting_id: int) -> None:
    """Nobody need know any more who proposed or wanted what this meeting has talked about: they were told."""
    here = select(_topic.c.id).where(_topic.c.meeting_id == meeting_id)
    tx.execute(_voice.delete().where(_voice.c.topic_id.in_(here)))
    tx.execute(update(_topic).where(_topic.c.meeting_id == meeting_id).values(by_id=None))


def forget(tx: Tx, person_id: int) -> list[Topic]:
    """Nobody knows any more who proposed or wanted a topic; gives the topics, whose words are the caller's."""
    mine = tx.list(Topic, _topic.c.by_id == person_id)
    tx.execute(update(_topic).where(_topic.c.by_id == person_id).values(by_id=None))
    tx.execute(_voice.delete().where(_voice.c.person_id == person_id))
    return mine
