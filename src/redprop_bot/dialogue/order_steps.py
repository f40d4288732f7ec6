"""What is done with one order that a command names: granted, assigned, put off, set right, dropped, given back.

Each step takes what the form of the command caught; False leaves the sentence to language.
"""

import re
from datetime import timedelta
from typing import Any

from redprop_bot.dialogue import (
    correcting,
    finding,
    hearing,
    pause_words,
    providers,
    residents,
    secretaries,
    written_days,
)
from redprop_bot.dialogue.meetings import ahead
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Conflict, Forbidden, Invalid, Refused
from redprop_bot.loop import extend as extending
from redprop_bot.loop.acts import perform
from redprop_bot.loop.tasks import open_task
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.rules.roles import Capacity
from redprop_bot.store.tables import Demand, Person
from redprop_bot.understand.acts import Act as Heard

_TILL = re.compile(r"会|\d月|周[一二三四五六日天]|星期|礼拜|明天|后天")
"""Until when it is put off, or till what meeting: that is read as what it says."""


def _one(turn: Turn, no: str) -> Demand:
    found = finding.by_number(turn, no)
    if not found:
        raise Forbidden("no_such_order", number=no)
    if len(found) > 1:
        raise Conflict("which_number", number=no, numbers="、".join(d.no for d in found[: finding.SHOWN]))
    into = finding.kept(turn, found[0])
    return into if finding.concerns(turn, into) else found[0]


def _do(turn: Turn, no: str, act: Act, key: str, **fields: Any) -> None:
    demand = _one(turn, no)
    done = turn.attempt(lambda: perform(turn.tx, demand, act, turn.actor, fields))
    if done is not None:
        turn.session.demand = done.no
        turn.say(key, **turn.about(done))


def _asked_for(turn: Turn, said: dict[str, str | None]) -> str:
    """The number that was said; without one, that of the only order for which more days are asked."""
    if number := said.get("no"):
        return number
    waiting = [d for d in finding.able(turn, Act.GRANT) if d.extension_days and secretaries.of_mine(turn)(d)]
    if not waiting:
        raise Invalid("no_extension")
    if len(waiting) > 1:
        numbers = "、".join(d.no for d in waiting[: finding.SHOWN])
        raise Conflict("which_extension", numbers=numbers, tail=waiting[0].no)
    return waiting[0].no


def grant(turn: Turn, said: dict[str, str | None]) -> None:
    """More days, as many as were asked for where none are said."""
    days = said.get("days")
    _do(turn, _asked_for(turn, said), Act.GRANT, "done.grant", days=int(days) if days else None)


def refuse(turn: Turn, said: dict[str, str | None]) -> None:
    """No more days."""
    demand = _one(turn, _asked_for(turn, said))
    done = turn.attempt(lambda: extending.refuse(turn.tx, demand, turn.actor))
    if done is not None:
        turn.say("done.refuse", **turn.about(done))


def decide(turn: Turn, number: str | None, days: str | None, *, no: bool) -> None:
    """Answer a request for more days, said in a word; of several it is told which there are."""
    try:
        (refuse if no else grant)(turn, {"no": number, "days": days})
    except Refused as refusal:
        turn.refuse(refusal)


def assign(turn: Turn, said: dict[str, str | None]) -> None:
    """Whose work it is."""
    _do(turn, said["no"] or "", Act.ASSIGN, "done.assign", person=said["person"])


def pause(turn: Turn, said: dict[str, str | None]) -> bool | None:
    """Put off until a day, for a reason."""
    if of_a_unit(turn):
        return False
    words = said["until"] or said["span"] or ""
    until = written_days.day_of(turn, words) or pause_words.until(words, turn.tx.now, turn.tx.content.zone)
    if until is None and written_days.DATE.fullmatch(words):
        raise Invalid("until", field="until")  # 11月31日
    if until is None:
        turn.say("form.pause")
        return None
    _do(turn, said["no"] or "", Act.PAUSE, "done.pause", reason=said["reason"], until=until)
    return None


def of_a_unit(turn: Turn) -> bool:
    """Whether 暂停 is said by a unit: of its work, not of the order's clocks."""
    return turn.speaker.role != "secretary" and "挂账" not in turn.inbound.text


def resume(turn: Turn, said: dict[str, str | None]) -> None:
    """Its clocks run again."""
    _do(turn, said["no"] or "", Act.RESUME, "done.resume")


def go_on(turn: Turn, said: dict[str, str | None]) -> bool | None:
    """恢复, 继续办: of an order that is put off; of any other they say something else."""
    if turn.speaker.role != "secretary":
        return False
    if not any(demand.stage == Stage.SUSPENDED for demand in finding.by_number(turn, said["no"] or "")):
        return False
    resume(turn, said)
    return True


def correct(turn: Turn, said: dict[str, str | None]) -> None:
    """更正 12 楼栋 5: a field and what it is."""
    _put_right(turn, said, correcting.values(turn, said.get("field") or "急缓", (said["value"] or "").strip()))


def _put_right(turn: Turn, said: dict[str, str | None], given: dict[str, Any]) -> None:
    demand = _one(turn, said["no"] or "")
    for name in ("building", "unit", "room", "place"):
        if given.get(name) == "" and getattr(demand, name) is None:
            del given[name]
    _do(turn, demand.no, Act.CORRECT, "done.correct", **given)


def set_right(turn: Turn, said: dict[str, str | None]) -> bool:
    """In plain words only of a secretary: where it is, from somebody on the way, is read like any other words."""
    if turn.speaker.role != "secretary":
        return False
    correct(turn, said)
    return True


def slip(turn: Turn, said: dict[str, str | None]) -> bool:
    """1号不是电梯，是楼道灯: of a secretary, where it tells what it is or where."""
    if turn.speaker.role != "secretary":
        return False
    given = correcting.told_by(turn, _one(turn, said["no"] or ""), (said["value"] or "").strip())
    if given:
        _put_right(turn, said, given)
    return bool(given)


def put_off(turn: Turn, said: dict[str, str | None]) -> bool:
    """1号先挂着吧: until when, and why, is not said; nothing happens yet."""
    if turn.speaker.role != "secretary" or _TILL.search(turn.inbound.text):
        return False
    turn.say("ask.drop_how", no=_one(turn, said["no"] or "").no)
    return True


def dropped(turn: Turn, said: dict[str, str | None]) -> bool:
    """取消1号: an order, unless a meeting is called that may be on that day."""
    number = said["no"] or ""
    if turn.speaker.role != "secretary" or ahead(turn) or not finding.by_number(turn, number):
        return False
    residents.withdraw(turn, Heard("demand.withdraw", slots={"order": number}, text=turn.inbound.text))
    return True


def sent_right(turn: Turn, said: dict[str, str | None]) -> bool:
    """1号弄错了，是3栋2单元，派给康居物业: put right first, then sent to whom is named."""
    if not slip(turn, said):
        return False
    no = _one(turn, said["no"] or "").no
    heard = hearing.read(turn, text=f"{no}{said['then']}")[0]
    if heard.intent == "order.dispatch":
        secretaries.dispatch(turn, heard)
    return True


def not_given_back(turn: Turn, said: dict[str, str | None]) -> bool:
    """退单不同意，还是万和物业来办: the unit that gave it back has it again."""
    if turn.speaker.role != "secretary":
        return False
    ours = secretaries.of_mine(turn)
    found = [_one(turn, no)] if (no := said["no"]) else finding.able(turn, Act.DISPATCH, ours)
    back = [demand for demand in found if demand.stage == Stage.RETURNED and demand.former_id is not None]
    if not back and "退" in turn.inbound.text:
        turn.say("ask.none_returned")
        return True
    if len(back) != 1:
        return False
    unit = turn.register.organisations[back[0].former_id or 0].name
    _do(turn, back[0].no, Act.DISPATCH, "done.dispatch", to=unit, note=turn.inbound.text.strip()[:200])
    return True


def reopen(turn: Turn, said: dict[str, str | None]) -> None:
    """The unit has it again."""
    reason = (said["reason"] or "").strip() or turn.inbound.text.strip()[:200]
    _do(turn, said["no"] or "", Act.REOPEN, "done.reopen", reason=reason)


def ask_first(turn: Turn, said: dict[str, str | None]) -> None:
    """Look before the reports of one person are dispatched; named by one of their reports, ends by itself."""
    demand = _one(turn, said["no"] or "")
    if demand.reporter_id is None or Capacity.SECRETARY not in turn.actor.capacities(turn.tx, demand):
        raise Forbidden("role", act="先问")
    most = turn.tx.content.limits.ask_first_days
    days = min(int(said["days"] or most), most)
    until = None if said["cancel"] else turn.tx.now + timedelta(days=days)
    turn.tx.update(Person, demand.reporter_id, ask_first_until=until)
    open_task(
        turn.tx,
        "ask_first",
        turn.inbound.text,
        community_id=demand.community_id,
        person_id=demand.reporter_id,
        slots={"by": turn.speaker.name, "until": until.isoformat() if until else None},
        status="done",
    )
    turn.say("done.ask_first_ended" if until is None else "done.ask_first", no=demand.no, days=str(days))


def marked_complex(turn: Turn, said: dict[str, str | None]) -> None:
    """Marked as complex, or not any more."""
    value = said["not"] is None
    _do(turn, said["no"] or "", Act.CORRECT, "done.complex" if value else "done.not_complex", complex=value)


def contacted(turn: Turn, said: dict[str, str | None]) -> None:
    """The resident was called."""
    providers.contacted(turn, _one(turn, said["no"] or ""), turn.inbound.text.strip())
