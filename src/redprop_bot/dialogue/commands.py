"""Short commands for what has no natural sentence: granting days, assigning, pausing, correcting, answering tasks.

They are strict: a message that begins with one of these words and fits its form is a command, anything else is
read as language. `help` lists them.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from redprop_bot.dialogue import correcting, finding, offers, pause_words, providers, secretaries, stuck, tasks
from redprop_bot.dialogue.pause_words import END as _END
from redprop_bot.dialogue.pause_words import NO as _NO
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Conflict, Forbidden, Invalid, Refused
from redprop_bot.loop import extend as extending
from redprop_bot.loop.acts import perform
from redprop_bot.loop.tasks import open_task
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.rules.roles import Capacity
from redprop_bot.store.tables import Demand, Person
from redprop_bot.understand.acts import Act as Heard

_DATE = re.compile(r"(?:(?P<y>20\d\d)[-年/])?(?P<m>\d{1,2})[-月/](?P<d>\d{1,2})[日号]?")


def run(turn: Turn) -> bool:
    """Do the command that the message is. Returns whether it was one."""
    text = turn.inbound.text.strip()
    if turn.speaker.role not in ("secretary", "provider") or len(text) > turn.tx.content.limits.text_length:
        return False
    for pattern, command in _COMMANDS:
        if match := pattern.fullmatch(text):
            try:
                if command(turn, match.groupdict()) is False:
                    continue
            except Refused as refusal:
                turn.refuse(refusal)
            return True
    return False


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


def _grant(turn: Turn, said: dict[str, str | None]) -> None:
    days = said.get("days")
    _do(turn, _asked_for(turn, said), Act.GRANT, "done.grant", days=int(days) if days else None)


def _refuse(turn: Turn, said: dict[str, str | None]) -> None:
    demand = _one(turn, _asked_for(turn, said))
    done = turn.attempt(lambda: extending.refuse(turn.tx, demand, turn.actor))
    if done is not None:
        turn.say("done.refuse", **turn.about(done))


def decide(turn: Turn, number: str | None, days: str | None, *, no: bool) -> None:
    """Answer a request for more days, said in a word; of several it is told which there are."""
    try:
        (_refuse if no else _grant)(turn, {"no": number, "days": days})
    except Refused as refusal:
        turn.refuse(refusal)


def _assign(turn: Turn, said: dict[str, str | None]) -> None:
    _do(turn, said["no"] or "", Act.ASSIGN, "done.assign", person=said["person"])


def _pause(turn: Turn, said: dict[str, str | None]) -> bool | None:
    if _of_a_unit(turn):
        return False
    words = said["until"] or said["span"] or ""
    until = day_of(turn, words) or pause_words.until(words, turn.tx.now, turn.tx.content.zone)
    if until is None and _DATE.fullmatch(words):
        raise Invalid("until", field="until")  # 11月31日
    if until is None:
        turn.say("form.pause")
        return None
    _do(turn, said["no"] or "", Act.PAUSE, "done.pause", reason=said["reason"], until=until)
    return None


def _of_a_unit(turn: Turn) -> bool:
    """Whether 暂停 is said by a unit: of its work, not of the order's clocks."""
    return turn.speaker.role != "secretary" and "挂账" not in turn.inbound.text


def day_of(turn: Turn, said: str) -> datetime | None:
    """A date as written, at the end of its working day; without a year, the next such date."""
    match = _DATE.fullmatch(said)
    if match is None:
        return None
    zone = turn.tx.content.zone
    today = turn.tx.now.astimezone(zone)
    try:
        day = datetime(int(match["y"] or today.year), int(match["m"]), int(match["d"]), 18, tzinfo=zone)
        if match["y"] is None and day < today - timedelta(days=1):
            day = day.replace(year=day.year + 1)
    except ValueError:
        return None
    return day


def _resume(turn: Turn, said: dict[str, str | None]) -> None:
    _do(turn, said["no"] or "", Act.RESUME, "done.resume")


def _go_on(turn: Turn, said: dict[str, str | None]) -> bool | None:
    """恢复, 继续办: of an order that is put off; of any other they say something else."""
    if turn.speaker.role != "secretary":
        return False
    if not any(demand.stage == Stage.SUSPENDED for demand in finding.by_number(turn, said["no"] or "")):
        return False
    _resume(turn, said)
    return True


def _correct(turn: Turn, said: dict[str, str | None]) -> None:
    _put_right(turn, said, correcting.values(turn, said.get("field") or "急缓", (said["value"] or "").strip()))


def _put_right(turn: Turn, said: dict[str, str | None], given: dict[str, Any]) -> None:
    demand = _one(turn, said["no"] or "")
    for name in ("building", "unit", "room", "place"):
        if given.get(name) == "" and getattr(demand, name) is None:
            del given[name]
    _do(turn, demand.no, Act.CORRECT, "done.correct", **given)


def _set_right(turn: Turn, said: dict[str, str | None]) -> bool:
    """In plain words only of a secretary: where it is, from somebody on the way, is read like any other words."""
    if turn.speaker.role != "secretary":
        return False
    _correct(turn, said)
    return True


def _slip(turn: Turn, said: dict[str, str | None]) -> bool:
    """1号不是电梯，是楼道灯: of a secretary, where it tells what it is or where."""
    if turn.speaker.role != "secretary":
        return False
    given = correcting.told_by(turn, _one(turn, said["no"] or ""), (said["value"] or "").strip())
    if given:
        _put_right(turn, said, given)
    return bool(given)


def _put_off(turn: Turn, said: dict[str, str | None]) -> bool:
    """1号先挂着吧: until when, and why, is not said; nothing happens yet."""
    if turn.speaker.role != "secretary" or _TILL.search(turn.inbound.text):
        return False
    turn.say("ask.drop_how", no=_one(turn, said["no"] or "").no)
    return True


def _not_given_back(turn: Turn, said: dict[str, str | None]) -> bool:
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


def _reopen(turn: Turn, said: dict[str, str | None]) -> None:
    reason = (said["reason"] or "").strip() or turn.inbound.text.strip()[:200]
    _do(turn, said["no"] or "", Act.REOPEN, "done.reopen", reason=reason)


def _answer(turn: Turn, said: dict[str, str | None]) -> None:
    tasks.answer(turn, said["task"] or "", said["text"] or "")


def _hand_back(turn: Turn, said: dict[str, str | None]) -> None:
    tasks.finish(turn, said["task"] or "")


def _publish(turn: Turn, said: dict[str, str | None]) -> None:
    offers.decide(turn, said["offer"] or "", publish=said["not"] is None)


def _ask_first(turn: Turn, said: dict[str, str | None]) -> None:
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


def _complex(turn: Turn, said: dict[str, str | None]) -> None:
    value = said["not"] is None
    _do(turn, said["no"] or "", Act.CORRECT, "done.complex" if value else "done.not_complex", complex=value)


def _contacted(turn: Turn, said: dict[str, str | None]) -> None:
    providers.contacted(turn, _one(turn, said["no"] or ""), turn.inbound.text.strip())


def _form(turn: Turn, said: dict[str, str | None]) -> bool | None:
    """A command in words that nobody can take apart: how it is said, instead of a guess at something else."""
    what = _FORMS[said["word"] or ""]
    if what == "pause" and _of_a_unit(turn):
        return False
    if turn.speaker.role != "secretary":
        raise Forbidden("role", act="pause" if what == "pause" else "grant")
    turn.say(f"form.{what}")
    return None


def _stuck(turn: Turn, _said: dict[str, str | None]) -> None:
    stuck.listing(turn)


def _list(turn: Turn, _said: dict[str, str | None]) -> None:
    secretaries.listing(turn, Heard("order.list"))


_NOT_COUNTED = re.compile(
    r"(?:看一?下|看看|看|查一?下|查询|查)?(?:我们)?(?:社区|街道|小区|本月|上月|这个月|本季度|今年|年度|的)*"
    r"(?P<what>(?:月|年|季度)?考核(?:结果|成绩|得分|情况)?"
    r"|(?:我的)?工作(?:记录|台账)|小区验收情况)(?:是?多少|怎么样|情况|呢)?[?？。]?"
)


def _not_counted(turn: Turn, said: dict[str, str | None]) -> None:
    """Figures that nothing here keeps yet: said so, rather than another figure shown."""
    turn.say("stats.not_kept", what=said["what"])


_YES = r"(?:可以[，,]?)?(?:同意|批准)"
_NOT = r"不(?:同意|批准|准)"
_DAYS = r"(?P<days>\d{1,2})个?(?:工作日|天)"
_FORMS = {
    "挂账": "pause",
    "挂": "pause",
    "暂停": "pause",
    "暂缓": "pause",
    "同意延期": "grant",
    "不同意延期": "refuse",
}

_TILL = re.compile(r"会|\d月|周[一二三四五六日天]|星期|礼拜|明天|后天")
"""Until when it is put off, or till what meeting: that is read as what it says."""
_NOT_BACK = re.compile(
    rf"(?:{_NO}[，,\s]*)?(?:这[个单件])?(?:退单)?"
    r"(?:不同意退?单?|[不别]许退|不准退|不能退|别退|不批准?退?单?|驳回(?:退单)?|退单(?:不同意|不行|不批)"
    r"|还是(?:由|让|请)?(?:你们|他们|[^，,。\s]{2,8}?物业)(?:来|接着|继续|去){0,2}(?:办|修|管|弄|处理|做)?)"
    r"了?吧?(?:[，,。].*)?",
    re.DOTALL,
)
_TASK = r"(?P<task>T\d{8}-\d{4,}|T?\d{1,6})"

_COMMANDS: tuple[tuple[re.Pattern[str], Callable[[Turn, dict[str, str | None]], bool | None]], ...] = (
    (re.compile(r"(?:看|查)?(?:待办|清单|超期)|(?:看看?|查|我的|今天的|有啥|有什么|还有什么)任务[？?]?"), _list),
    (re.compile(rf"{_YES}延期\s*(?:{_DAYS})?{_END}"), _grant),
    (re.compile(rf"{_YES}延期\s*{_NO}\s*(?:{_DAYS})?{_END}"), _grant),
    (re.compile(rf"{_YES}\s*{_NO}\s*(?:的|申请)?延期\s*(?:{_DAYS})?{_END}"), _grant),
    (re.compile(rf"{_NO}[，,\s]*{_YES}延期\s*(?:{_DAYS})?{_END}"), _grant),
    (re.compile(rf"{_NOT}延期\s*(?:{_NO})?{_END}"), _refuse),
    (re.compile(rf"{_NOT}\s*{_NO}\s*(?:的|申请)?延期{_END}"), _refuse),
    (re.compile(rf"{_NO}[，,\s]*{_NOT}延期{_END}"), _refuse),
    *((pattern, _pause) for pattern in pause_words.PAUSE),
    *((pattern, _resume) for pattern in pause_words.RESUME),
    *((pattern, _go_on) for pattern in pause_words.GO_ON),
    (re.compile(rf"{_NO}[，,\s]*重新?办(?:理)?(?:[，,：:\s]+(?P<reason>.+)|{_END})"), _reopen),
    (re.compile(rf"{_NO}[，,\s]*(?P<not>取消|不)?标为复杂{_END}"), _complex),
    (re.compile(rf"指派\s*{_NO}\s*(?:给)?\s*(?P<person>\S{{1,20}})"), _assign),
    (re.compile(r"(?:看|查)?(?:挂账|长期挂账)(?:清单|名单|的事)"), _stuck),
    (re.compile(rf"(?P<not>取消|不)?标为复杂\s*{_NO}"), _complex),
    (re.compile(rf"已联系\s*{_NO}(?:[，,\s]+(?P<note>.+))?"), _contacted),
    (re.compile(rf"恢复\s*{_NO}"), _resume),
    (re.compile(rf"更正\s*{_NO}\s*(?P<field>{'|'.join(correcting.FIELDS)})\s*(?P<value>\S+)"), _correct),
    (re.compile(rf"(?:把|请把|将)?{_NO}{correcting.SAID}"), _set_right),
    (re.compile(rf"(?:把|请把|将)?{_NO}{correcting.URGENCY}"), _set_right),
    (re.compile(rf"(?:把|请把|将)?{_NO}{correcting.SLIP}"), _slip),
    (_NOT_BACK, _not_given_back),
    (re.compile(rf"重办\s*{_NO}\s*(?P<reason>.+)"), _reopen),
    (re.compile(rf"(?P<cancel>取消)?先问再办\s*{_NO}\s*(?:(?P<days>\d{{1,2}})天)?"), _ask_first),
    (re.compile(rf"回复\s*{_TASK}[：:，,\s]+(?P<text>.+)", re.DOTALL), _answer),
    (re.compile(rf"(?:交还|已处理)\s*{_TASK}"), _hand_back),
    (_NOT_COUNTED, _not_counted),
    (re.compile(r"(?P<not>不)?公布\s*(?P<offer>[RS]\d{8}-\d{4,})"), _publish),
    # what begins so and fits no form: told how, because language would guess at something else
    (re.compile(rf"(?:把|将)?{_NO}\s*先?(?P<word>挂账)(?![^，,]*[吗么没?？]|的).*", re.DOTALL), _form),
    (pause_words.UNCLEAR, _form),
    (
        re.compile(
            rf"(?:把|将)?{_NO}[，,\s]*先(?:放|挂|搁|缓|等)(?:着|一?[放挂搁缓等])?吧?(?:[，,。\s].*)?", re.DOTALL
        ),
        _put_off,
    ),
    (re.compile(r"(?P<word>挂账)(?!了?[吗么没?？]|[清名]单|的|有|[几多哪]).*", re.DOTALL), _form),
    (re.compile(rf"(?:{_NO}\s*)?(?P<word>不?同意延期).*", re.DOTALL), _form),
)
