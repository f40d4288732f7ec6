"""`/console`: what needs me, the most urgent first, with one click for what can be done with one click."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from redprop_bot.dialogue import tasks as tasking
from redprop_bot.errors import NotFound
from redprop_bot.notify.covering import phoneless
from redprop_bot.rules.flow import Stage
from redprop_bot.store import lists, pressing
from redprop_bot.store.tables import Demand, Resource, Service, Task
from redprop_bot.web.api import sight
from redprop_bot.web.console import asking, slips
from redprop_bot.web.console.room import KEEPERS, Answer, Desk, Goto, Page, Room, Way
from redprop_bot.web.console.slips import Slip

SHOWN: Final = 12
"""So many of a kind; the rest is behind a link."""

Found = list[Demand]


@dataclass(frozen=True, slots=True)
class Pile:
    """Things of one kind that wait. `quick` is the act of the one click; `more` where the rest is."""

    title: str
    tone: str
    slips: Sequence[Slip]
    quick: str = ""
    more: str = ""
    units: Sequence[Sequence[str]] = ()

    @property
    def rows(self) -> list[tuple[Slip, Sequence[str]]]:
        """Each slip with the units that it might go to."""
        return [(slip, self.units[n] if self.units else ()) for n, slip in enumerate(self.slips[:SHOWN])]

    @property
    def goes_on(self) -> bool:
        """Whether there are more than are shown."""
        return len(self.slips) > SHOWN


def today(desk: Desk) -> Answer:
    """The page."""
    piles = [pile for pile in _piles(desk) if pile.slips]
    values: dict[str, Any] = {"piles": piles, "tasks": [], "offers": [], "units": slips.all_units(desk)}
    if desk.viewer.role in KEEPERS:
        values |= {"tasks": _tasks(desk), "offers": _offers(desk)}
    return Page("today/today.html", values | {"day": _day(desk)})


def _day(desk: Desk) -> str:
    here = desk.tx.now.astimezone(desk.content.zone)
    return f"{here.month}月{here.day}日 星期{'一二三四五六日'[here.weekday()]}"


def _piles(desk: Desk) -> list[Pile]:
    return _of_unit(desk) if desk.viewer.role == "provider" else _of_community(desk)


def _of_community(desk: Desk) -> list[Pile]:
    tx, scope, limit = desk.tx, sight.scope(desk.viewer), SHOWN + 1
    seen: set[str] = set()

    def once(found: Found) -> list[Slip]:
        fresh = [demand for demand in found if demand.no not in seen]
        seen.update(demand.no for demand in fresh)
        return slips.slips(desk, fresh, acts=True)

    def pile(title: str, tone: str, found: Found, quick: str = "", more: str = "") -> Pile:
        return Pile(title, tone, once(found), quick, more)

    def placed(title: str, tone: str, found: Found, more: str) -> Pile:
        fresh = [demand for demand in found if demand.no not in seen]
        made = once(found)
        return Pile(title, tone, made, "dispatch", more, [slips.units(desk, d)[:6] for d in fresh])

    return [
        pile("险情", "red", pressing.alarms(tx, scope, limit=limit), more="?urgency=emergency"),
        placed(
            "退回来的，要重新派",
            "amber",
            pressing.in_stage(tx, scope, Stage.RETURNED, limit=limit),
            "?stage=returned",
        ),
        placed("还没派出去", "amber", pressing.in_stage(tx, scope, Stage.NEW, limit=limit), "?stage=new"),
        pile("要延期，等您答复", "amber", _asked(desk, limit), "grant"),
        pile("超期了", "red", pressing.overdue(tx, scope, limit=limit), "urge", "/late"),
        pile("挂账到日子了", "amber", pressing.to_look_at(tx, scope, limit=limit), "resume", "?stuck=true"),
        pile("今天到期", "", pressing.due_until(tx, scope, _midnight(desk), limit=limit), "urge"),
    ]


def _asked(desk: Desk, limit: int) -> Found:
    return pressing.asked_for_time(desk.tx, sight.scope(desk.viewer), limit=limit)


def _of_unit(desk: Desk) -> list[Pile]:
    tx, scope, limit = desk.tx, sight.scope(desk.viewer), SHOWN + 1
    seen: set[str] = set()

    def pile(title: str, tone: str, found: Found, quick: str = "", more: str = "") -> Pile:
        fresh = [demand for demand in found if demand.no not in seen]
        seen.update(demand.no for demand in fresh)
        return Pile(title, tone, slips.slips(desk, fresh, acts=True), quick, more)

    return [
        pile("险情", "red", pressing.alarms(tx, scope, limit=limit), "accept"),
        pile(
            "等您接单",
            "amber",
            pressing.in_stage(tx, scope, Stage.DISPATCHED, limit=limit),
            "accept",
            "?stage=dispatched",
        ),
        pile("超期了", "red", pressing.overdue(tx, scope, limit=limit), "fulfil", "/late"),
        pile("今天到期", "", pressing.due_until(tx, scope, _midnight(desk), limit=limit), "fulfil"),
        pile("正在办", "", pressing.in_stage(tx, scope, Stage.ACCEPTED, limit=limit), "fulfil", "?stage=accepted"),
    ]


def _midnight(desk: Desk) -> datetime:
    zone = desk.content.zone
    return datetime.combine(desk.tx.now.astimezone(zone).date() + timedelta(days=1), time(0), tzinfo=zone)


# -- what is no demand


def _homes(desk: Desk) -> list[int | None]:
    if desk.viewer.community_id is not None:
        return [desk.viewer.community_id] if desk.register.street_staff else [desk.viewer.community_id, None]
    return [*desk.register.communities, None]


def _tasks(desk: Desk) -> list[dict[str, str]]:
    labels, whole = desk.content.labels.intent, desk.viewer.role in ("admin", "secretary")
    return [
        {
            "no": task.no,
            "kind": labels.get(task.kind, "请打个电话" if task.kind == "phone" else "请看一看"),
            "text": task.text if whole else phoneless(task.text),
            "asker": "yes" if task.person_id is not None else "",
            "at": slips.day(desk, task.created_at),
        }
        for task in lists.open_tasks(desk.tx, _homes(desk), limit=30)
    ]


def _offers(desk: Desk) -> list[dict[str, str]]:
    communities = None if desk.viewer.community_id is None else [desk.viewer.community_id]
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
