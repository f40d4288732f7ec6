"""What a step really did, in the words that the conversations are written in."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.golden.facts import Difference, Facts, differences
from tests.golden.script import ZONE

from redprop_bot.content import Content
from redprop_bot.dialogue.turn import Answer
from redprop_bot.registry.register import Register, register
from redprop_bot.store.tables import (
    Activity,
    Booking,
    Card,
    Demand,
    Event,
    Inbox,
    Mediation,
    Meeting,
    Mode,
    Outbox,
    Person,
    Project,
    Resource,
    Service,
    Task,
    Visit,
    Wish,
)
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

TABLES = {
    "timer": "定时", "attachment": "附件", "supporter": "附议", "helper": "帮手", "task": "事项", "precedent": "先例",
    "resource": "资源", "service": "服务", "person": "人", "conversation": "会话", "card": "卡片",
    "correction": "更正",
    "whistle_call": "哨", "emergency_mode": "应急", "mode_duty": "值守", "check_in": "平安", "member": "党员",
    "revision": "名册",
    "project": "项目", "measure": "措施", "milestone": "节点", "budget_line": "预算",
    "meeting": "会议", "meeting_seat": "席位", "meeting_topic": "议题", "meeting_voice": "议题人", "meeting_vote": "表决",
    "meeting_ballot": "票", "resolution": "决议", "resolution_demand": "决议单",
    "wish": "心愿", "visit": "走访", "goods": "货架", "redemption": "兑换", "stock_move": "库存",
    "thanks_card": "感谢卡", "point_entry": "积分", "point_balance": "余额",
    "pairing": "匹配", "pairing_ask": "问人", "respite": "歇着", "booking": "预约", "place": "场地",
    "standard_application": "创建", "standard_item": "条目", "standard_photo": "创建照片", "opinion": "评价意见",
    "appraisal": "考评", "appraisal_ballot": "打分", "worker_event": "考核",
    "commendation": "评选", "commendation_candidate": "候选", "commendation_ballot": "选票",
    "mediation": "调解", "mediation_side": "双方", "mediation_session": "见面",
    "activity": "活动", "activity_photo": "活动照片", "sign_up": "报名", "attendance": "签到", "point_request": "手工积分",
}  # fmt: skip
"""Tables that are not looked at one by one: a step says how many of their rows it touched."""

SUBJECTS = {
    "points": "积分",
    "mode": "应急",
    "meeting": "会议",
    "project": "项目",
    "mediation": "调解",
    "activity": "活动",
    "person": "本人",
    "survey": "电话回访",
    "standard": "创建",
    "opinion": "评价意见",
    "commendation": "评选",
    "appraisal": "考评",
}
"""What events may be about beside a demand: they stand under this name."""

FORMS = {"text": "", "card": " 卡片", "menu": " 菜单", "card_update": ""}


@dataclass
class Actual:
    """The outcome of one step; `strange` are changes that no step may make."""

    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    text: str = ""
    events: dict[str, list[str]] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)
    told: dict[str, list[str]] = field(default_factory=dict)
    held: dict[str, list[str]] = field(default_factory=dict)
    arrived: dict[str, list[str]] = field(default_factory=dict)
    waiting: dict[str, list[str]] = field(default_factory=dict)
    brought: dict[str, list[str]] = field(default_factory=dict)
    overtaken: dict[str, list[str]] = field(default_factory=dict)
    contents: dict[str, str] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)


class Names:
    """How a conversation calls things: D1 for the first demand, 方经理 for fangjl."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.numbers: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        self.people: dict[str, str] = {}

    def learn(self, numbers: list[str]) -> None:
        """Give short names to numbers not seen before, in their order."""
        for no in numbers:
            if no not in self.numbers:
                self._counts[no[0]] += 1
                self.numbers[no] = f"{no[0]}{self._counts[no[0]]}"

    def full(self, short: str) -> str:
        """The number behind a short name."""
        return next(no for no, name in self.numbers.items() if name == short)

    def shorten(self, text: str) -> str:
        """A text with short names."""
        for no, name in self.numbers.items():
            text = text.replace(no, name)
        return text


def numbers(tx: Tx) -> list[str]:
    """All numbers that were given, in their order."""
    return [
        row.no
        for model in (
            Demand,
            Task,
            Resource,
            Service,
            Mode,
            Project,
            Wish,
            Visit,
            Booking,
            Mediation,
            Activity,
            Meeting,
        )
        for row in tx.list(model, order=model.__table__.c.id)
    ]


def waiting(tx: Tx) -> list[Outbox]:
    """What no road is open for, until the receiver says something."""
    return tx.list(Outbox, Outbox.__table__.c.state == "waiting", order=Outbox.__table__.c.id)


def examine(
    store: Store, names: Names, before: Facts, after: Facts, *, answer: Answer | None, sender: str | None
) -> Actual:
    """Everything that differs, in words; what no message may change goes to `strange`."""
    found = differences(before, after)
    return store.look(
        lambda tx: _Examiner(
            tx, names, found=found, before=before, after=after, answer=answer, sender=sender
        ).examine()
    )


class _Examiner:
    def __init__(
        self,
        tx: Tx,
        names: Names,
        *,
        found: dict[str, Difference],
        before: Facts,
        after: Facts,
        answer: Answer | None,
        sender: str | None,
    ) -> None:
        self.tx, self.names, self.found, self.answer, self.sender = tx, names, dict(found), answer, sender
        self.before, self.after = before, after
        self.actual = Actual()
        self.apart: set[str] = set()  # what has a history of its own and is no demand

    def examine(self) -> Actual:
        self.names.learn(numbers(self.tx))
        self._reply()
        self._inbox()
        self._history()
        self._messages()
        self._people()
        self._rest()
        return self.actual

    def _take(self, name: str) -> Difference:
        return self.found.pop(name, Difference())

    def _reply(self) -> None:
        if self.answer is None:
            return
        self.actual.text = self.names.shorten(self.answer.text)
        for said in self.answer.said:
            slots = {k: self.names.shorten(str(v)) for k, v in said.slots.items() if v not in (None, "")}
            self.actual.said.append((said.key, slots))
        if self.answer.failed:
            self.actual.strange.append("处理失败")

    def _inbox(self) -> None:
        inbox = self._take("inbox")
        wanted = 0 if self.answer is None else 1
        letters = [self.tx.get(Inbox, key) for key in inbox.changed]
        strange = [row for row in letters if row.payload or not (row.reference or "").startswith("ballot:")]
        if (len(inbox.added), len(strange), len(inbox.removed)) != (
            wanted,
            0,
            0,
        ):  # votes are emptied with a result
            self.actual.strange.append(f"收件箱变了 {len(inbox)} 行")

    def _history(self) -> None:
        events, demands = self._take("event"), self._take("demand")
        for key in sorted(events.added):
            event = self.tx.get(Event, key)
            if event.subject in SUBJECTS:  # not about one demand
                self.actual.events.setdefault(SUBJECTS[event.subject], []).append(event.name)
                continue
            if event.subject in _APART:
                no = self.names.numbers[self.tx.get(_APART[event.subject], event.subject_id).no]
                self.actual.events.setdefault(no, []).append(event.name)
                self.apart.add(no)
                continue
            no = self.names.numbers[self.tx.get(Demand, event.subject_id).no]
            self.actual.events.setdefault(no, []).append(event.name)
        for key in (*demands.added, *demands.changed):
            demand = self.tx.get(Demand, key)
            short = self.names.numbers[demand.no]
            self.actual.stages[short] = self.names.content.labels.stage[demand.stage]
            if short not in self.actual.events:
                self.actual.strange.append(f"{short} 变了，却没有经过")
        for short in self.actual.events:
            if short not in self.actual.stages and short not in {*SUBJECTS.values(), *self.apart}:
                self.actual.strange.append(f"{short} 有经过，却没有变")
        if events.changed or events.removed or demands.removed:
            self.actual.strange.append("历史被改动")

    def _messages(self) -> None:
        outbox, cards = self._take("outbox"), self._take("card")
        budgets = self._take("budget")  # what may still be sent to whoever did something
        if any(key != self.sender for key in (*budgets.added, *budgets.changed, *budgets.removed)):
            self.actual.strange.append("别人的条数变了")
        new = sorted((self.tx.get(Outbox, key) for key in outbox.added), key=lambda m: m.id or 0)
        for message in new:
            who = self.names.people.get(message.receiver, message.receiver)
            held = message.not_before > message.created_at
            target = self.actual.held if held else self.actual.told
            target.setdefault(who, []).append(message.message + FORMS[message.form])
            text = self.names.shorten(repr(message.payload))
            self.actual.contents[who] = self.actual.contents.get(who, "") + text
            if held and not _next_morning(message.created_at, message.not_before):
                self.actual.strange.append(f"给{who}的 {message.message} 不是等到明早 8 点")
        changed = [self.tx.get(Outbox, key) for key in outbox.changed]
        for message in changed:
            late = self.actual.overtaken if message.state == "overtaken" else self.actual.brought
            if message.state == "overtaken" or message.road in ("passive", "phone"):
                who = self.names.people.get(message.receiver, message.receiver)
                late.setdefault(who, []).append(message.message + FORMS[message.form])
        again = [m for m in changed if m.state == "pending" and m.error]  # it waited; now a window is open
        late = [*self.actual.brought.values(), *self.actual.overtaken.values()]
        if len(changed) != sum(map(len, late)) + len(again) or outbox.removed:
            self.actual.strange.append("待发的消息被改动")
        made = sum(message.form == "card" for message in new)
        updates = {m.key.removeprefix("update:") for m in new if m.form == "card_update"}
        if len(cards.added) != made or cards.removed:
            self.actual.strange.append(f"卡片 {len(cards.added)} 张，消息 {made} 条")
        for key in cards.changed:
            card = self.tx.get(Card, key)
            if card.state == "open" and card.response_code.startswith("tap-"):
                continue  # tapped, not settled yet: the tap's code is the fresher one
            if card.state != "done" or (card.task_id not in updates and self._has_left(card.task_id)):
                self.actual.strange.append(f"卡片 {self.names.shorten(card.task_id)} 变了，却没有更新")

    def _has_left(self, task_id: str) -> bool:
        table = Outbox.__table__
        sent = self.tx.list(Outbox, table.c.form == "card", table.c.state == "sent")
        return any(message.payload["task_id"] == task_id for message in sent)

    def _people(self) -> None:
        """The one who speaks may be seen for the first time; what is remembered of them is told."""
        people, talks = self._take("person"), self._take("conversation")
        known = {row.id: row.openid or row.userid for row in self.tx.list(Person)}
        added = [key for key in people.added if known[key] != self.sender]
        if changed := len(added) + len(people.changed) + len(people.removed):
            self.actual.others["人"] = changed
        others = [key for key in (*talks.added, *talks.changed, *talks.removed) if known[key] != self.sender]
        if others:
            self.actual.others["会话"] = len(others)

    def _rest(self) -> None:
        numbers = self._take("counter")
        if numbers:
            fresh = sum(
                len(self.found.get(t, Difference()).added)
                for t in (
                    "task",
                    "resource",
                    "service",
                    "emergency_mode",
                    "meeting",
                    "project",
                    "wish",
                    "visit",
                    "booking",
                    "mediation",
                    "activity",
                )
            )
            fresh += sum(events[0] in _BIRTHS for events in self.actual.events.values())
            used = sum(
                self._count(self.after, k) - self._count(self.before, k)
                for k in (*numbers.added, *numbers.changed)
            )
            if used != fresh:
                self.actual.strange.append(f"用掉 {used} 个号，多了 {fresh} 件")
        for name in ("reminder", "nudge"):  # what they come to is told or waits: the messages are judged
            self._take(name)
        for name, difference in self.found.items():
            self.actual.others[TABLES.get(name, name)] = len(difference)

    @staticmethod
    def _count(rows: Facts, key: str) -> int:
        row = rows["counter"].get(key)
        return int(row[1]) if row else 0


_APART = {"wish": Wish, "visit": Visit, "retention": Demand}
_BIRTHS = {"ordered", "questioned", "unplaced", "alarmed_unplaced", "complained", "asked_first"}


def _next_morning(created: datetime, leaves: datetime) -> bool:
    local = leaves.astimezone(ZONE)
    return (local.hour, local.minute) == (8, 0) and 0 < (leaves - created).total_seconds() <= 11 * 3600


# -- looking closer


def demand_fields(tx: Tx, names: Names, demand: Demand) -> dict[str, str]:
    """A demand in the words of the conversations."""
    reg: Register = register(tx)
    labels = names.content.labels

    def unit(key: int | None) -> str:
        return reg.organisations[key].name if key else "无"

    def at(value: datetime | None) -> str:
        return f"{value.astimezone(ZONE):%m-%d %H:%M}" if value else "无"

    person = reg.people.get(demand.assignee_id or 0)
    into = tx.get(Demand, demand.merged_into_id).no if demand.merged_into_id else None
    return {
        "阶段": labels.stage[demand.stage],
        "意图": labels.intent[demand.intent],
        "类别": labels.category.get(demand.category or "", "无"),
        "紧急程度": labels.urgency.get(demand.urgency or "", "无"),
        "社区": reg.community_name(demand.community_id) or "无",
        "小区": reg.estates[demand.estate_id].name if demand.estate_id else "无",
        "楼栋": demand.building or "无",
        "单元": demand.unit or "无",
        "室号": demand.room or "无",
        "地点": demand.place or "无",
        "电话": demand.phone or "无",
        "谁办": unit(demand.handler_id),
        "前一家": unit(demand.former_id),
        "指派": (person.name if person else None) or "无",
        "附议": str(demand.supporters),
        "派过": str(demand.dispatches),
        "转过": str(demand.transfers),
        "重办": str(demand.reworks),
        "接单期限": at(demand.respond_by),
        "期限": at(demand.due_at),
        "退单期限": at(demand.return_until),
        "首次联系": at(demand.contacted_at),
        "挂到": at(demand.paused_until),
        "星": str(demand.stars or "无"),
        "办结理由": labels.close_reason.get(demand.close_reason or "", demand.close_reason or "无"),
        "提级到": demand.escalated_to or "无",
        "并入": names.numbers[into] if into else "无",
        "已放": "是" if demand.released else "否",
        "延过": "是" if demand.extended else "否",
    }
