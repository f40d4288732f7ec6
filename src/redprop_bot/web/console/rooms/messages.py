"""`/console/messages`: what was sent, what waits, what failed and why; what failed can be sent once more."""

import re
from typing import Any, Final
from urllib.parse import urlencode

from redprop_bot.errors import Conflict, NotFound
from redprop_bot.notify.covering import phoneless
from redprop_bot.registry.people import RESIDENT_NAME
from redprop_bot.store import events, listing, mailing, outgoing
from redprop_bot.store.mailing import STATES
from redprop_bot.store.tables import Outbox
from redprop_bot.web.api import sight
from redprop_bot.web.console import slips
from redprop_bot.web.console.room import KEEPERS, Answer, Desk, Goto, Page, Room, Way, whole

PATH: Final = "/console/messages"
SIZE: Final = 30
_NAMES: Final = {
    "dead": "没送到",
    "waiting": "等对方开口",
    "pending": "排着队",
    "claimed": "正在发",
    "merged": "和别的一起发",
    "sent": "送到了",
}
_TONES: Final = {"dead": "red", "waiting": "amber", "sent": "green"}
_REASONS: Final = (
    ("45015", "超过 48 小时没有互动，微信不让发"),
    ("45047", "微信允许的条数用完了"),
    ("43101", "对方没有订阅这类通知"),
    ("43004", "对方没有关注公众号"),
    ("40003", "找不到这个人"),
    ("81013", "企业微信里没有这个人"),
    (outgoing.SILENT, "对方一直没有再开口"),
    (outgoing.CROWDED, "刚给这个人发了好几条，等一会儿接着发"),
    ("40058", "卡片太久了或者已经换过，改不了，不耽误办事"),
    ("45009", "今天的次数用完了，明天再发"),
    ("60020", "本机的地址不在企业微信的可信 IP 里，请告诉管理员"),
    ("errcode=None", "平台没有应答"),
)
_CODE: Final = re.compile(r"errcode=(\d+)")


def listed(desk: Desk) -> Answer:
    """A page, of one state or of all."""
    state = desk.query.get("state", "")
    state = state if state in STATES else ""
    rows = mailing.page(
        desk.tx,
        sight.scope(desk.viewer).communities,
        state or None,
        unseen=desk.viewer.unseen,
        before_id=desk.below,
        limit=SIZE + 1,
    )
    onward = ""
    if len(rows) > SIZE:
        onward = f"{PATH}?{urlencode({'state': state, 'below': rows[SIZE - 1].id})}"
    numbers = listing.numbers(desk.tx, [row.demand_id for row in rows if row.demand_id is not None])
    whole = desk.viewer.community_id is None
    tabs = [{"state": "", "name": "全部", "count": ""}] + [
        {
            "state": one,
            "name": _NAMES[one],
            "count": _count(desk, one) if whole and one in ("dead", "waiting") else "",
        }
        for one in STATES
    ]
    values = {"rows": [_row(desk, row, numbers) for row in rows[:SIZE]], "tabs": tabs, "state": state}
    return Page("messages/list.html", values | {"onward": onward})


def _count(desk: Desk, state: str) -> str:
    number = mailing.count(desk.tx, state)
    return f"{number}+" if number >= mailing.MANY else str(number)


def _row(desk: Desk, row: Outbox, numbers: dict[int, str]) -> dict[str, Any]:
    person = desk.register.people.get(row.person_id or 0)
    return {
        "id": row.id,
        "to": (person.name if person else None) or RESIDENT_NAME,
        "channel": "企业微信" if row.channel == "work" else "公众号",
        "text": _text(desk, row),
        "state": _NAMES.get(row.state, row.state),
        "tone": _TONES.get(row.state, ""),
        "why": _why(row.error) if row.state != "sent" else "",
        "at": slips.day(desk, row.sent_at or row.created_at),
        "attempts": row.attempts,
        "no": numbers.get(row.demand_id or 0, ""),
        "again": row.state == "dead",
    }


def _text(desk: Desk, row: Outbox) -> str:
    payload = row.payload
    text = (
        payload.get("text")
        or payload.get("head")
        or "\n".join(part for part in (payload.get("title"), payload.get("desc")) if part)
    )
    return str(text) if desk.viewer.role != "street" else phoneless(str(text))


def _why(error: str | None) -> str:
    """The reason in plain words where we know it, else the number that the platform gave it."""
    if not error:
        return ""
    known = next((words for mark, words in _REASONS if mark in error), None)
    code = _CODE.search(error)
    return known or (f"平台没有收，代码 {code[1]}，请把代码告诉管理员" if code else error)


def resend(desk: Desk) -> Answer:
    """Send once more what did not arrive."""
    key = whole(desk.path["id"])
    row = mailing.message(desk.tx, key) if key is not None else None
    if row is None or desk.viewer.community_id not in (None, row.community_id):
        raise NotFound
    if row.demand_id in desk.viewer.unseen:
        raise NotFound
    if not mailing.again(desk.tx, row.id or 0):
        raise Conflict("not_dead", field="id")
    events.note(
        desk.tx, "message", row.id or 0, "resent", by=desk.viewer.name, data={}, community_id=row.community_id
    )
    return Goto(f"{PATH}?state=dead", "resent")


ROOM: Final = Room(
    "messages",
    "消息",
    PATH,
    (Way("GET", PATH, listed), Way("POST", f"{PATH}/{{id}}/again", resend, back=listed)),
    roles=KEEPERS,
    group="3管理",
    key="m",
)
