"""Telling people of an activity: who has a place, who waits, who organises it; wording under `tell.activity_*`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from redprop_bot.notify import outbox
from redprop_bot.registry.register import register
from redprop_bot.rules import quiet
from redprop_bot.rules.telling import Weight
from redprop_bot.store import activities, people
from redprop_bot.store.tables import Activity, Person
from redprop_bot.store.tx import Tx

_DAYS = "一二三四五六日"
_BEFORE_IT = frozenset({"activity_cancelled", "activity_moved", "activity_moved_up"})
"""What is of use only before it begins: it does not wait for a morning that comes too late."""


def when(tx: Tx, starts: datetime, ends: datetime) -> str:
    """`11月28日（周六）9:00到11:00` as people there say it; with the year where it is not this one."""
    first, last = starts.astimezone(tx.content.zone), ends.astimezone(tx.content.zone)
    year = "" if first.year == tx.now.astimezone(tx.content.zone).year else f"{first.year}年"
    day = f"{year}{first.month}月{first.day}日（周{_DAYS[first.weekday()]}）"
    until = "" if first.date() == last.date() else f"{last.month}月{last.day}日"
    return f"{day}{first.hour}:{first.minute:02d}到{until}{last.hour}:{last.minute:02d}"


def slots(tx: Tx, activity: Activity) -> dict[str, Any]:
    """What every message about an activity may say."""
    return {
        "no": activity.no,
        "title": activity.title,
        "kind": tx.content.activities.kind_name(activity.kind),
        "when": when(tx, activity.starts_at, activity.ends_at),
        "place": activity.place or register(tx).community_name(activity.community_id) or "地点另行通知",
        "organiser": _by_whom(tx, activity),
        "points": str(activity.points) if activity.points is not None else "",
        "link": page(tx, activity.no),
    }


def _by_whom(tx: Tx, activity: Activity) -> str:
    """The unit that organises it, or the community: pages and replies name no person."""
    reg = register(tx)
    unit = reg.organisations.get(activity.organisation_id or 0)
    return unit.name if unit else reg.community_name(activity.community_id) or "街道"


def page(tx: Tx, no: str) -> str:
    """The address of an activity's phone page."""
    return f"{tx.content.address}/m/activities/{no}"


def everybody(tx: Tx, activity: Activity, message: str, *, mark: str, **more: Any) -> None:
    """Tell who has a place or waits, each once per `mark`."""
    rows = activities.sign_ups(tx, activity.id or 0)
    ids = {row.person_id for row in rows}
    known = people.named(tx, ids)
    some(tx, activity, [known[i] for i in ids if i in known], message, mark=mark, **more)


def some(
    tx: Tx,
    activity: Activity,
    persons: Iterable[Person],
    message: str,
    *,
    mark: str,
    before: datetime | None = None,
    **more: Any,
) -> None:
    """Tell these people; `before` is when they would go there, by default when it begins."""
    text = tx.content.replies.say(f"tell.{message}", **slots(tx, activity), **more)
    key = f"{activity.no}:{message}:{mark}" if mark else f"{activity.no}:{message}"
    draft = outbox.Draft(
        key=key,
        message=message,
        text=text,
        weight=_weight(tx, message, before or activity.starts_at),
        link=page(tx, activity.no),
        subject="activity",
        subject_id=activity.id,
    )
    outbox.queue(tx, [(person, draft) for person in persons])


def morning(tx: Tx, at: datetime) -> datetime:
    """When something plain that is said at this moment leaves."""
    limits = tx.content.limits
    return quiet.not_before(at, Weight.PLAIN, tx.content.zone, limits.quiet_from, limits.quiet_until)


def _weight(tx: Tx, message: str, before: datetime) -> Weight:
    late = message in _BEFORE_IT and morning(tx, tx.now) >= before
    return Weight.ANSWER if late else Weight.PLAIN


def organiser(
    tx: Tx, activity: Activity, message: str, *, but: int | None = None, mark: str = "", **more: Any
) -> None:
    """Tell who organises it, unless they did it themselves (`but`)."""
    if activity.organiser_id is None or activity.organiser_id == but:
        return
    known = people.named(tx, {activity.organiser_id})
    some(tx, activity, known.values(), message, mark=mark, **more)


def ask_secretary(tx: Tx, activity: Activity, *, by: int | None) -> None:
    """Ask who keeps the community whether a planned activity may be published; never who planned it (`by`)."""
    labels, said = tx.content.labels, slots(tx, activity)
    draft = outbox.Draft(
        key=f"{activity.no}:plan",
        message="activity_plan",
        text=tx.content.replies.say("tell.activity_plan", **said),
        rows=(
            ("编号", activity.no),
            ("时间", said["when"]),
            ("地点", said["place"]),
            ("来自", activity.organiser),
        ),
        quote=activity.note[:200],
        buttons=tuple((f"{key}:{activity.no}", labels.button[key]) for key in ("publish", "decline")),
        link=f"{tx.content.address}/console",
        subject="activity",
        subject_id=activity.id,
    )
    told = register(tx).secretaries(activity.community_id)
    outbox.queue(tx, [(person, draft) for person in told if person.id != by])
