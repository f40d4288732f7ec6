"""Who is in the simulated town, and what they do with an order: the one place where chance is drawn from."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from redprop_bot.content import Content
from redprop_bot.loop import order
from redprop_bot.loop.actor import Actor
from redprop_bot.loop.acts import perform
from redprop_bot.loop.report import Report
from redprop_bot.registry.register import register
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.rules.roles import Capacity
from redprop_bot.store.tables import Demand, Person
from redprop_bot.store.tx import Tx

ESTATES = ("青桐苑", "白露里", "石榴湾", "云水居")
CATEGORIES = ("building", "sanitation", "power", "elevator", "greening", "noise")
ROSTER = (
    """street: {name: 试街道, staff: [{name: 关主任, userid: guanzr, duty: secretary}]}
communities:
  - name: 试社区
    staff: [{name: 甲书记, userid: shuji, duty: secretary}, {name: 小网格, userid: wangge, duty: grid}]
    estates:
"""
    + "".join(f"      - {{name: {name}, households: 600, property: {name}物业}}\n" for name in ESTATES)
    + """organisations:
"""
    + "".join(
        f"  - {{name: {name}物业, kind: property, staff: [{{name: {name}经理, userid: m{n}, duty: manager}},"
        f" {{name: {name}师傅, userid: w{n}, duty: worker}}]}}\n"
        for n, name in enumerate(ESTATES)
    )
    + "responsibilities:\n"
    + "".join(
        f"  - {{category: {category}, estate: {name}, unit: {name}物业}}\n"
        for name in ESTATES
        for category in CATEGORIES[:5]
    )
)  # nobody answers for noise: the secretary decides


def actor(name: str, capacity: Capacity, person_id: int | None = None) -> Actor:
    """Somebody who is this one thing to every demand."""
    return Actor(name, person_id, None, lambda _tx, _demand: {capacity})


UNIT, SECRETARY = actor("单位", Capacity.HANDLER), actor("甲书记", Capacity.SECRETARY)


@dataclass(frozen=True)
class Step:
    """Something that somebody is going to do with an order, whatever it is by then."""

    at: datetime
    no: int  # place in the list of orders
    act: Act
    fields: tuple[tuple[str, object], ...] = ()


class Chance:
    """Draws of one seeded generator, in one order: the same seed makes the same quarter."""

    def __init__(self, seed: int, content: Content) -> None:
        self.random, self.calendar, self.table = random.Random(seed), content.calendar, content.deadlines

    def reports(self, number: int, begin: datetime, days: int) -> list[datetime]:
        """When something is reported: more by day than by night."""
        found = []
        for _ in range(number):
            hour = self.random.choices(range(24), [1] * 7 + [6] * 14 + [2] * 3)[0]
            at = begin + timedelta(days=self.random.randrange(days), hours=hour, minutes=self.random.randrange(60))
            found.append(at)
        return sorted(found)

    def outages(self, begin: datetime, days: int) -> list[tuple[datetime, datetime]]:
        """When the house is dark: a dozen times a quarter, for a minute to three days."""
        found: list[tuple[datetime, datetime]] = []
        for _ in range(max(3, days // 7)):
            start = begin + timedelta(minutes=self.random.randrange(days * 1440))
            length = timedelta(minutes=min(4320, max(1, int(self.random.lognormvariate(4.5, 1.9)))))
            found.append((start, start + length))
        longest = begin + timedelta(days=days // 2, hours=3)
        return [*sorted(found), (longest, longest + timedelta(days=3))]

    def matter(self) -> dict[str, object]:
        """What is reported."""
        intent = self.random.choices(("demand.report", "consult", "suggestion"), (84, 9, 7))[0]
        urgency = self.random.choices(("normal", "urgent", "emergency"), (84, 12, 4))[0]
        category = self.random.choices(CATEGORIES, (25, 25, 18, 12, 12, 8))[0]
        return {
            "intent": intent,
            "urgency": urgency if intent == "demand.report" else "normal",
            "category": category,
            "estate": self.random.choice(ESTATES),
        }

    def waits(self, hours: float) -> timedelta:
        """Some time, about so long."""
        return timedelta(minutes=1 + self.random.expovariate(1 / (hours * 60)))

    def at_work(self, moment: datetime) -> datetime:
        """The moment, or a while after the next opening."""
        opens = self.calendar.next_open(moment)
        return moment if opens == moment else opens + self.waits(0.7)

    def of(self, no: int, demand: Demand, now: datetime) -> list[Step]:
        """What is going to be done with an order in its present state: by those who have it, or by the secretary."""
        if demand.stage in (Stage.NEW, Stage.RETURNED):
            unit = f"{self.random.choice(ESTATES)}物业"
            return [Step(self.at_work(now + self.waits(6)), no, Act.DISPATCH, (("to", unit),))]
        if demand.stage == Stage.DISPATCHED:
            return self._sent(no, demand, now)
        if demand.stage == Stage.DONE:
            return self._rated(no, now)
        if demand.stage == Stage.TABLED:
            at = self.at_work(now + timedelta(days=self.random.randint(4, 20)))
            if self.random.random() < 0.5:
                return [Step(at, no, Act.CLOSE, (("reason", "solved"),))]
            return [Step(at, no, Act.DISPATCH, (("to", f"{self.random.choice(ESTATES)}物业"),))]
        return []

    def _sent(self, no: int, demand: Demand, now: datetime) -> list[Step]:
        pressing = demand.urgency in ("emergency", "urgent")
        when = (lambda at: at) if pressing else self.at_work
        accept = when(now + self.waits(0.3 if pressing else 5))
        if self.random.random() < 0.06 and demand.dispatches < 3:
            return [Step(accept, no, Act.RETURN, (("reason", "不归我们管"),))]
        steps = [] if self.random.random() < 0.1 else [Step(accept, no, Act.ACCEPT)]
        if self.random.random() < 0.6:
            steps.append(Step(when(accept + self.waits(1)), no, Act.PROGRESS, (("note", "说好了时间，控制住了"),)))
        assert demand.due_at is not None
        term = max(demand.due_at - now, timedelta(hours=4))
        share = self.random.choices((0.45, 0.9, 1.3, 2.6, 0.0), (52, 26, 12, 6, 4))[0]
        if not share:
            return steps  # forgotten: only the ladder can help
        done = when(max(accept + timedelta(minutes=5), now + term * share * self.random.uniform(0.7, 1.15)))
        if self.random.random() < 0.08:
            asked = when(accept + term * 0.3)
            days = self.random.randint(1, 5)
            steps.append(Step(asked, no, Act.EXTEND, (("days", days), ("reason", "等配件"))))
            steps.append(Step(self.at_work(asked + self.waits(8)), no, Act.GRANT))
        elif self.random.random() < 0.04:
            until = accept + timedelta(days=self.random.randint(3, 20))
            steps.append(
                Step(
                    self.at_work(accept + self.waits(2)),
                    no,
                    Act.PAUSE,
                    (("reason", "等维修资金"), ("until", until)),
                )
            )
            steps.append(Step(self.at_work(until + self.waits(20)), no, Act.RESUME))
            done = self.at_work(until + timedelta(days=self.random.randint(1, 6)))
        return [*steps, Step(done, no, Act.FULFIL)]

    def _rated(self, no: int, now: datetime) -> list[Step]:
        if self.random.random() < 0.35:
            return []
        stars = self.random.choices((5, 4, 3, 2, 1), (55, 20, 10, 6, 9))[0]
        return [Step(now + self.waits(14), no, Act.RATE, (("stars", stars),))]


def report(tx: Tx, number: int, matter: dict[str, object]) -> Demand:
    """A resident nobody has heard of reports something nobody has reported."""
    estate = register(tx).estate(str(matter["estate"]))
    hears = number % 5 == 0  # the others came by the page, and follow nothing
    person = tx.insert(
        Person, openid=f"o-{number}", created_at=tx.now, following=hears, monthly=hears, estate_id=estate.id
    )
    said = Report(
        f"第{number}件事", tx.now, intent=str(matter["intent"]), category=str(matter["category"]),
        urgency=str(matter["urgency"]), estate_id=estate.id, building=str(number),
    )  # fmt: skip
    return order.order(tx, actor("居民", Capacity.ANYONE), said, reporter_id=person.id, first=True).demand


def do(tx: Tx, demand: Demand, step: Step) -> Demand:
    """One step; raises Refused where the order has gone another way by then."""
    who = {
        Act.DISPATCH: SECRETARY, Act.CLOSE: SECRETARY, Act.GRANT: SECRETARY, Act.PAUSE: SECRETARY, Act.RESUME: SECRETARY,
        Act.RATE: actor("居民", Capacity.REPORTER, demand.reporter_id),
    }.get(step.act, UNIT)  # fmt: skip
    return perform(tx, demand, step.act, who, dict(step.fields))
