"""Short commands for what has no natural sentence: granting days, assigning, pausing, correcting, answering tasks.

They are strict: a message that begins with one of these words and fits its form is a command, anything else is
read as language. `help` lists them.
"""

import re
from collections.abc import Callable

from redprop_bot.dialogue import correcting, finding, offers, order_steps, pause_words, secretaries, stuck, tasks
from redprop_bot.dialogue.pause_words import END as _END
from redprop_bot.dialogue.pause_words import NO as _NO
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Forbidden, Refused
from redprop_bot.rules import flow
from redprop_bot.understand.acts import Act as Heard


def run(turn: Turn) -> bool:
    """Do the command that the message is. Returns whether it was one."""
    text = turn.inbound.text.strip()
    if turn.speaker.role not in ("secretary", "provider") or len(text) > turn.tx.content.limits.text_length:
        return False
    return _done(turn, text) or ((numbered := _numbered(turn, text)) is not None and _done(turn, numbered))


def _done(turn: Turn, text: str) -> bool:
    for pattern, command in _COMMANDS:
        if match := pattern.fullmatch(text):
            try:
                if command(turn, match.groupdict()) is False:
                    continue
            except Refused as refusal:
                turn.refuse(refusal)
            return True
    return False


def _numbered(turn: Turn, text: str) -> str | None:
    """电梯那单先放着 with its number, where one open order alone is of that; 这单 is the one talked about."""
    said = _UNNUMBERED.fullmatch(text) if turn.speaker.role == "secretary" else None
    if said is None:
        return None
    ours = secretaries.of_mine(turn)
    known = [demand for demand in finding.reach(turn) if ours(demand) and flow.is_open(demand.stage)]
    talked = [demand for demand in known if demand.no == turn.session.demand]
    found = finding.of_thing(turn, said["what"], known) if said["what"] else talked
    return f"{found[0].no}{said['rest']}" if len(found) == 1 else None


def _answer(turn: Turn, said: dict[str, str | None]) -> None:
    tasks.answer(turn, said["task"] or "", said["text"] or "")


def _hand_back(turn: Turn, said: dict[str, str | None]) -> None:
    tasks.finish(turn, said["task"] or "")


def _publish(turn: Turn, said: dict[str, str | None]) -> None:
    offers.decide(turn, said["offer"] or "", publish=said["not"] is None)


def _form(turn: Turn, said: dict[str, str | None]) -> bool | None:
    """A command in words that nobody can take apart: how it is said, instead of a guess at something else."""
    what = _FORMS[said["word"] or ""]
    if what == "pause" and order_steps.of_a_unit(turn):
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

_UNNUMBERED = re.compile(
    r"(?:把|将)?(?P<what>[^，,。？?\s\d]{0,6}?)的?[那这]一?(?:个单子?|[个单件])(?P<rest>[^那这]+)"
)
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
    (re.compile(rf"{_YES}延期\s*(?:{_DAYS})?{_END}"), order_steps.grant),
    (re.compile(rf"{_YES}延期\s*{_NO}\s*(?:{_DAYS})?{_END}"), order_steps.grant),
    (re.compile(rf"{_YES}\s*{_NO}\s*(?:的|申请)?延期\s*(?:{_DAYS})?{_END}"), order_steps.grant),
    (re.compile(rf"{_NO}[，,\s]*{_YES}延期\s*(?:{_DAYS})?{_END}"), order_steps.grant),
    (re.compile(rf"{_NOT}延期\s*(?:{_NO})?{_END}"), order_steps.refuse),
    (re.compile(rf"{_NOT}\s*{_NO}\s*(?:的|申请)?延期{_END}"), order_steps.refuse),
    (re.compile(rf"{_NO}[，,\s]*{_NOT}延期{_END}"), order_steps.refuse),
    *((pattern, order_steps.pause) for pattern in pause_words.PAUSE),
    *((pattern, order_steps.resume) for pattern in pause_words.RESUME),
    *((pattern, order_steps.go_on) for pattern in pause_words.GO_ON),
    (re.compile(rf"{_NO}[，,\s]*重新?办(?:理)?(?:[，,：:\s]+(?P<reason>.+)|{_END})"), order_steps.reopen),
    (re.compile(rf"{_NO}[，,\s]*(?P<not>取消|不)?标为复杂{_END}"), order_steps.marked_complex),
    (re.compile(rf"指派\s*{_NO}\s*(?:给)?\s*(?P<person>\S{{1,20}})"), order_steps.assign),
    (re.compile(r"(?:看|查)?(?:挂账|长期挂账)(?:清单|名单|的事)"), _stuck),
    (re.compile(rf"(?P<not>取消|不)?标为复杂\s*{_NO}"), order_steps.marked_complex),
    (re.compile(rf"已联系\s*{_NO}(?:[，,\s]+(?P<note>.+))?"), order_steps.contacted),
    (re.compile(rf"恢复\s*{_NO}"), order_steps.resume),
    (re.compile(rf"更正\s*{_NO}{correcting.FIELD}"), order_steps.correct),
    (re.compile(rf"(?:把|请把|将)?{_NO}{correcting.SAID}"), order_steps.set_right),
    (re.compile(rf"(?:把|请把|将)?{_NO}{correcting.URGENCY}"), order_steps.set_right),
    (re.compile(rf"(?:把|请把|将)?{_NO}{correcting.SLIP}"), order_steps.slip),
    (
        re.compile(
            rf"(?:把|请把|将)?{_NO}{correcting.SLIP}[，,。；;\s]+(?:请|就)?(?P<then>(?:[改转]?派|转|交)给?\S.*)"
        ),
        order_steps.sent_right,
    ),
    (re.compile(rf"(?:取消|撤销?掉?|作废)\s*{_NO}(?:单子?)?{_END}"), order_steps.dropped),
    (_NOT_BACK, order_steps.not_given_back),
    (re.compile(rf"重办\s*{_NO}\s*(?P<reason>.+)"), order_steps.reopen),
    (re.compile(rf"(?P<cancel>取消)?先问再办\s*{_NO}\s*(?:(?P<days>\d{{1,2}})天)?"), order_steps.ask_first),
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
        order_steps.put_off,
    ),
    (re.compile(r"(?P<word>挂账)(?!了?[吗么没?？]|[清名]单|的|有|[几多哪]).*", re.DOTALL), _form),
    (re.compile(rf"(?:{_NO}\s*)?(?P<word>不?同意延期).*", re.DOTALL), _form),
)
