"""What was read as a meeting and is none: nothing is called, moved or cancelled, and how it is done is told.

A notice to all residents cannot be sent from the chat: that is told before language makes an order of it.
"""

import re
from typing import Final

from redprop_bot.dialogue import finding, hearing, meeting_words, more_days, secretaries
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop.acts import perform
from redprop_bot.rules.flow import Act
from redprop_bot.understand.acts import Act as Heard

_LEAD: Final = r"(?:请|帮我?|替我|麻烦|再|应急|紧急|临时|温馨|在?群里|[，,：:\s])*"
_ALL: Final = r"(?:全体|所有|各位|大家|\S{0,10}?(?:居民|业主|住户|群众|街坊|邻居))(?:们|朋友)?"
_NOTICE: Final = re.compile(
    rf"{_LEAD}(?:(?:给|向|对|跟){_ALL}\s*)?(?:发(?![现生觉])布?|群发|贴|张贴|推送)(?:一?[个条份下则])?(?:[^，,。：:]{{0,6}})(?:通知|公告|广播|消息|提醒)"
    rf"|{_LEAD}(?:群发|广播|通知|公告|提醒)(?:一下|一声)?(?:{_ALL}|[：:，,])"
)
_TASKS: Final = re.compile(r"任务|待办")
_SHORT: Final = 200


def announced(turn: Turn, text: str) -> bool:
    """发个通知：明天停水 of a secretary: where notices are put up; returns whether it was one."""
    if len(text) > _SHORT or _NOTICE.match(text) is None or finding.numbers_in(text):
        return False
    if hearing.alarming(hearing.read(turn)):
        return False
    _where(turn)
    return True


def _where(turn: Turn) -> None:
    turn.say("meeting.no_broadcast", link=f"{turn.tx.content.address}/console/board")


def said(turn: Turn, heard: Heard, text: str, *, changes: bool) -> None:
    """Say what was not done; what is meant for an order is done where it waits for that."""
    numbers = finding.numbers_in(text)
    if numbers:
        _order(turn, heard, numbers[0], changes=changes)
    elif meeting_words.for_later(text) and not changes:
        turn.say("meeting.for_later")
    elif changes and "措施" in text:
        turn.say("meeting.measure_due")
    elif changes and "项目" in text:
        turn.say("meeting.project_due", link=f"{turn.tx.content.address}/console/projects")
    elif _NOTICE.match(text):
        _where(turn)
    elif meeting_words.is_gathering(text) and not changes:
        turn.say("activity.how")
    elif _TASKS.search(text):
        secretaries.listing(turn, heard)
    else:
        turn.say("meeting.not_changed" if changes else "meeting.not_called")


def _order(turn: Turn, heard: Heard, number: str, *, changes: bool) -> None:
    """Another term of an order: granted where its unit has asked for more days, else told how."""
    ours = secretaries.of_mine(turn)
    found = [demand for demand in finding.by_number(turn, number) if ours(demand)]
    if len(found) != 1:
        turn.say("error.no_such_order", number=number)
        return
    demand = found[0]
    days = more_days.days_said(turn, heard, demand) if changes and demand.extension_days else None
    if days is None:
        key = "meeting.order_due" if changes else "meeting.order_kept"
        turn.say(key, no=demand.no, tail=str(int(demand.no.rsplit("-", 1)[-1])))
        return
    done = turn.attempt(lambda: perform(turn.tx, demand, Act.GRANT, turn.actor, {"days": days}))
    if done is not None:
        turn.session.demand = done.no
        turn.say("done.grant", **turn.about(done))
