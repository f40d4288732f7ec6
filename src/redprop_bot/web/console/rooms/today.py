"""`/console`: what needs me, the most urgent first, with one click for what can be done with one click."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from redprop_bot.appraise import survey
from redprop_bot.dialogue import tasks as tasking
from redprop_bot.errors import NotFound
from redprop_bot.notify.covering import phoneless
from redprop_bot.rules.flow import Stage
from redprop_bot.store import activities, lists, pressing, wishes
from redprop_bot.store import demands as rows
from redprop_bot.store.tables import Demand, Resource, Service, Task
from redprop_bot.web.api import points, sight
from redprop_bot.web.console import asking, slips
from redprop_bot.web.console.room import KEEPERS, Answer, Desk, Goto, Page, Room, Way
from redprop_bot.web.console.slips import Slip

SHOWN: Final = 12
"""So many of a kind; the rest is behind a link."""

Find = Callable[[int], list[Demand]]
"""The first so many of a kind."""


@dataclass(frozen=True, slots=True)
class Pile:
    """Things of one kind that wait. `quick` is the act of the one click; `more` where the rest is."""

    title: str
    tone: str
    slips: Sequence[Slip]
    goes_on: bool
    quick: str = ""
    more: str = ""
    units: Sequence[Sequence[str]] = ()

    @property
    def rows(self) -> list[tuple[Slip, Sequence[str]]]:
        """Each slip with the units that it might go to."""
        return [(slip, self.units[n] if self.units else ()) for n, slip in enumerate(self.slips)]


class _Piles:
    """Piles made one after the other: what lies on one is on none below it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen: set[str] = set()

    def pile(self, title: str, tone: str, find: Find, quick: str = "", more: str = "") -> Pile:
        """The next one; what has to be dispatched comes with the units that it might go to."""
        found = find(SHOWN + 1 + len(self._seen))
        fresh = [demand for demand in found if demand.no not in self._seen]
        shown = fresh[:SHOWN]
        self._seen.update(demand.no for demand in shown)
        made = [slips.slip(self._desk, one, acts=True, note=_returned(self._desk, one)) for one in shown]
        units = [slips.units(self._desk, demand)[:6] for demand in shown] if quick == "dispatch" else ()
        return Pile(title, tone, made, len(fresh) > SHOWN, quick, more, units)


def _returned(desk: Desk, demand: Demand) -> str:
    """Who sent a demand back, and why; empty for every other."""
    if demand.stage != Stage.RETURNED:
        return ""
    who = desk.register.organisations[demand.former_id].name if demand.former_id is not None else ""
    reason = rows.last_note(desk.tx, demand.id or 0, "returned")
    return f"{who}退回来的：{sight.readable(desk.tx, desk.viewer, demand, reason) or '没有说为什么'}"


def today(desk: Desk) -> Answer:
    """The page."""
    piles = [pile for pile in _piles(desk) if pile.slips]
    values: dict[str, Any] = {"piles": piles, "tasks": [], "offers": [], "waits": []}
    if desk.viewer.role in KEEPERS:
        values |= {"tasks": _tasks(desk), "offers": _offers(desk), "waits": _waits(desk)}
    return Page("today/today.html", values | {"day": _day(desk)})


def _day(desk: Desk) -> str:
    here = desk.today
    return f"{here.month}月{here.day}日 星期{'一二三四五六日'[here.weekday()]}"


def _piles(desk: Desk) -> list[Pile]:
    return _of_unit(desk) if desk.viewer.role == "provider" else _of_community(desk)


def _of_community(desk: Desk) -> list[Pile]:
    tx, scope, pile = desk.tx, sight.scope(desk.viewer), _Piles(desk).pile
    tonight = _midnight(desk)
    return [
        pile("险情", "red", lambda n: pressing.alarms(tx, scope, limit=n), "urge", "?urgency=emergency"),
        pile(
            "退回来的，要重新派",
            "amber",
            lambda n: pressing.urgent_first(tx, scope, Stage.RETURNED, limit=n),
            "dispatch",
            "?stage=returned",
        ),
        pile(
            "还没派出去",
            "amber",
            lambda n: pressing.urgent_first(tx, scope, Stage.NEW, limit=n),
            "dispatch",
            "?stage=new",
        ),
        pile("要延期，等您答复", "amber", lambda n: pressing.asked_for_time(tx, scope, limit=n), "grant"),
        pile("超期了", "red", lambda n: pressing.overdue(tx, scope, limit=n), "urge", "/late"),
        pile("挂账到日子了", "amber", lambda n: pressing.to_look_at(tx, scope, limit=n), "resume", "?stuck=true"),
        pile("今天到期", "", lambda n: pressing.due_until(tx, scope, tonight, limit=n), "urge"),
    ]


def _of_unit(desk: Desk) -> list[Pile]:
    tx, scope, pile = desk.tx, sight.scope(desk.viewer), _Piles(desk).pile
    tonight = _midnight(desk)
    return [
        pile("险情", "red", lambda n: pressing.alarms(tx, scope, limit=n), "accept"),
        pile(
            "等您接单",
            "amber",
            lambda n: pressing.urgent_first(tx, scope, Stage.DISPATCHED, limit=n),
            "accept",
            "?stage=dispatched",
        ),
        pile("超期了", "red", lambda n: pressing.overdue(tx, scope, limit=n), "fulfil", "/late"),
        pile("今天到期", "", lambda n: pressing.due_until(tx, scope, tonight, limit=n), "fulfil"),
        pile(
            "正在办",
            "",
            lambda n: pressing.urgent_first(tx, scope, Stage.ACCEPTED, limit=n),
            "fulfil",
            "?stage=accepted",
        ),
    ]


def _midnight(desk: Desk) -> datetime:
    return datetime.combine(desk.today + timedelta(days=1), time(0), tzinfo=desk.content.zone)


# -- what is no demand


def _homes(desk: Desk) -> list[int | None]:
    if desk.viewer.community_id is not None:
        return [desk.viewer.community_id] if desk.register.street_staff else [desk.viewer.community_id, None]
    return [*desk.register.communities, None]


def _tasks(desk: Desk) -> list[dict[str, str]]:
    labels, whole = desk.content.labels, desk.viewer.role in ("admin", "secretary")
    return [
        {
            "no": task.no,
            "kind": labels.task_name(task.kind),
            "text": task.text if whole else phoneless(task.text),
            "link": "/console/surveys" if task.kind == survey.TASK else "",
            "asker": "yes" if task.person_id is not None else "",
            "at": slips.day(desk, task.created_at),
        }
        for task in lists.open_tasks(desk.tx, _homes(desk), limit=30)
    ]


def _offers(desk: Desk) -> list[dict[str, str]]:
    communities = sight.scope(desk.viewer).communities
    found: list[dict[str, str]] = []
    models: tuple[tuple[str, Any], ...] = (("资源", Resource), ("服务", Service))
    for kind, model in models:
        page = lists.page(
            desk.tx, model, communities=communities, status="proposed", q=None, before_id=None, limit=20
        )
        found += [
            {
                "no": one.no,
                "kind": kind,
                "title": one.title,
                "owner": one.owner or "",
                "note": one.note,
                "version": str(one.version),
            }
            for one in page
            if desk.viewer.community_id in (None, one.community_id)
        ]
    return found


def _waits(desk: Desk) -> list[tuple[str, str]]:
    """What waits in other rooms for a yes of theirs: a sentence, and where that is."""
    communities, own = sight.scope(desk.viewer).communities, desk.viewer.community_id
    proposed = [
        one
        for one in wishes.page(desk.tx, communities=communities, statuses=["proposed"], limit=2 * SHOWN)
        if own in (None, one.community_id)
    ]
    by_hand = [one for one in points.waiting(desk).body["items"] if one["by"] != desk.viewer.name]
    planned = [
        one for one in activities.planned(desk.tx, communities, limit=2 * SHOWN) if own in (None, one.community_id)
    ]
    found = (
        (planned, "场活动等着公布", "/console/activities"),
        (proposed, "个微心愿等着上墙", "/console/wishes?status=proposed"),
        (by_hand, "笔手工加分等人同意", "/console/points"),
    )
    return [
        (f"{len(rows[:SHOWN])}{'+' if rows[SHOWN:] else ''} {what}", where) for rows, what, where in found if rows
    ]


def settle_task(desk: Desk) -> Answer:
    """A task is answered, or only done."""
    task = _task(desk)
    words = desk.field("text")
    mark = f"console:{desk.seat.sid}:{int(desk.tx.now.timestamp())}"
    if words:
        tasking.reply(desk.tx, task, words[:500], by=desk.viewer.name, mark=mark)
        return Goto("/console", "task_answered")
    tasking.settle(desk.tx, task, by=desk.viewer.name, mark=mark)
    return Goto("/console", "task_done")


def _task(desk: Desk) -> Task:
    no = desk.path["no"]
    found = next((t for t in lists.task_by_tail(desk.tx, no.rpartition("-")[2]) if t.no == no), None)
    if found is None or found.community_id not in _homes(desk):
        raise NotFound
    return found


def decide_offer(desk: Desk) -> Answer:
    """An offer is published, or not; the owner hears of it."""
    no, publish = desk.path["no"], desk.field("publish") == "yes"
    name = {"R": "resources", "S": "services"}.get(no[:1], "")
    if not name:
        raise NotFound
    body = {"version": desk.version, "status": "published" if publish else "refused"}
    asking.handler("PATCH", f"/{name}/{{no}}")(desk.sending(body))
    return Goto("/console", "offer_published" if publish else "offer_declined")


ROOM: Final = Room(
    "today",
    "今天",
    "/console",
    (
        Way("GET", "/console", today),
        Way("POST", "/console/tasks/{no}", settle_task, back=today, roles=KEEPERS),
        Way("POST", "/console/offers/{no}", decide_offer, back=today, roles=KEEPERS),
    ),
    key="t",
)
