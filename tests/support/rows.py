"""Rows for tests of the store, with everything filled in that a test does not care about."""

import itertools
from datetime import timedelta
from typing import Any

from redprop_bot.store import events, finding
from redprop_bot.store.events import Happening
from redprop_bot.store.tables import Community, Demand, Estate, Inbox, Organisation, Outbox, Person, Timer
from redprop_bot.store.tx import Tx

_numbers = itertools.count(1)


def community(tx: Tx, name: str = "梧桐社区") -> Community:
    """A community."""
    return tx.insert(Community, name=name)


def estate(tx: Tx, community_id: int, name: str = "梧桐苑") -> Estate:
    """An estate of a community."""
    return tx.insert(Estate, community_id=community_id, name=name)


def unit(tx: Tx, name: str = "和顺物业") -> Organisation:
    """A property company."""
    return tx.insert(Organisation, name=name, kind="property")


def person(tx: Tx, **values: Any) -> Person:
    """A resident, unless a userid is given."""
    identity = {} if "userid" in values else {"openid": f"o{next(_numbers)}"}
    return tx.insert(Person, **({"created_at": tx.now} | identity | values))


def demand(tx: Tx, **values: Any) -> Demand:
    """A new demand with its number and the event that began it."""
    number = next(_numbers)
    filled = {
        "no": f"D20261125-{number:04d}",
        "intent": "demand.report",
        "text": "路灯不亮",
        "stage": "new",
        "reported_at": tx.now,
        "created_at": tx.now,
        "updated_at": tx.now,
    }
    row = tx.insert(Demand, **(filled | values))
    finding.keep(tx, row)
    happen(tx, row, "ordered", "order")
    return row


def happen(tx: Tx, row: Demand, name: str, act: str, **data: Any) -> None:
    """One more event of a demand."""
    from redprop_bot.rules.flow import Act

    events.append(tx, row, [Happening(name, Act(act), None, "测试", "", data)])


def owed(tx: Tx, **values: Any) -> Outbox:
    """A message that may leave now."""
    filled = {
        "key": f"k{next(_numbers)}",
        "channel": "work",
        "receiver": "limgr",
        "message": "ordered",
        "form": "text",
        "payload": {"text": "新订单"},
        "created_at": tx.now,
        "not_before": tx.now,
    }
    return tx.insert(Outbox, **(filled | values))


def received(tx: Tx, **values: Any) -> Inbox:
    """A message that was received."""
    filled = {
        "channel": "oa",
        "key": f"m{next(_numbers)}",
        "sender": "o1",
        "kind": "text",
        "payload": {"text": "你好"},
        "created_at": tx.now,
        "received_at": tx.now,
        "status": "done",
    }
    return tx.insert(Inbox, **(filled | values))


def timer(tx: Tx, late: timedelta = timedelta(0), **values: Any) -> Timer:
    """Something that has been due for so long."""
    filled = {"key": f"t{next(_numbers)}", "kind": "respond", "due_at": tx.now - late}
    return tx.insert(Timer, **(filled | values))
