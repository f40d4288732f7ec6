"""表扬: a task for the secretary, so that who is praised hears it from a person. Praise of a trouble is a report.

表扬一下物业，电梯坏了五天都没修 is a report of the lift; 电梯坏了半夜来修 is praise.
"""

import re
from typing import Final

from redprop_bot.dialogue import hearing, misconduct, reporting, residents, tasks, unmended
from redprop_bot.dialogue.turn import Turn
from redprop_bot.rules.intended import clauses
from redprop_bot.understand.acts import Act as Heard

_UNDONE: Final = re.compile(
    r"(?:还|都|也|仍|一直)(?:是)?没(?:有)?(?:修|人[管修来理]|好|弄|解决|处理|动静|见|影|通|亮|换|来(?!得及|过电))"
    r"|(?<!怕)(?<!怕它)[还又](?:停|漏|坏|堵|抖|晃|黑|不(?:亮|动|通|响|转))|没人(?:管|修|理)|越[修弄办]越"
)
_BEFORE: Final = re.compile(
    r"以前|之前|原来|从前|过去|那[时天年]|去年|本来|[才就]?修好|就[来到通好]|马上|立刻|很快"
)
_MENDED: Final = re.compile(
    r"(?<![没不])(?<!没有)(?:[修弄换办]好|解决|[弄修]完)|(?<!不)通了|[就还起]来(?:修|弄|换|通)"
)
_PRAISE: Final = re.compile(r"表扬|夸|锦旗|点赞|好样|真有耐心|真棒|了不起|真行|感谢|谢谢")
_SNEER: Final = re.compile(r"真是?好样|可真[行好会]|真[行会]啊")
_THANKS: Final = re.compile(r"表扬|感谢|谢|点赞|锦旗|夸")


def praise(turn: Turn, heard: Heard) -> None:
    """Pass it on, or take the trouble that it tells of."""
    text = turn.inbound.text.strip()
    if turn.speaker.role not in ("resident", "member"):
        tasks.later(turn, heard)
        return
    if misconduct.takes_money(text):  # 红包, 收了我五十: nobody is thanked for it, and they do not read it
        reporting.report(turn, [Heard("complaint", "other", None, dict(heard.slots), 1.0, text=text)])
        return
    if _SNEER.search(text) and not _THANKS.search(text) and _complains(hearing.read(turn)):
        return  # 真是好样的，保安天天睡觉: what is complained of is taken in beside this, and nobody is thanked
    if not tells_of_trouble(text):
        tasks.later(turn, heard)
        return
    rest = "，".join(clause for clause in clauses(text) if not _PRAISE.search(clause))
    found = hearing.read(turn, text=rest or text)
    reports = [act for act in found if act.intent in reporting.INTENTS]
    if not reports:
        residents.urge(turn, found[0])
    elif len(reports) > 1 or reports[0].urgency == "emergency" or not unmended.say_again(turn, reports[0], rest):
        reporting.report(turn, reports)


def tells_of_trouble(text: str) -> bool:
    """Whether a clause says that something is not mended, now and not before."""
    told = [clause for clause in clauses(text) if _UNDONE.search(clause) and not _BEFORE.search(clause)]
    if not told:
        return False
    since = text.rindex(told[-1]) + [match.end() for match in _UNDONE.finditer(told[-1])][-1]
    return _MENDED.search(text, since) is None  # 没人管，他半夜来修好了


def _complains(heard: list[Heard]) -> bool:
    return any(act.intent == "complaint" for act in heard)
