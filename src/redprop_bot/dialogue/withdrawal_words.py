"""Whether words that sound like taking a report back do that, only put it off, or want it after all."""

import re
from typing import Final

_DAY: Final = (
    r"(?:[今明后]天|[今明]晚|上午|下午|晚上|早上|中午|周[一二三四五六日末天]|星期|礼拜|改[天日]|过[两几]天|下[周个]|月底)"
    r"(?!.{0,2}[报说发提])"
)
_FIRM: Final = re.compile(
    r"撤(?:单|销|掉|回|了)|取消(?!.{0,2}[今明后周下上])|不(?:用|要|想|必|需要)?再?修了|(?:不用|不要|别)再?[派管]"
    r"|(?<![约说])[好亮通]了|不漏了|自己|找.{0,3}人|邻居|搬"
)
_KEEPS: Final = re.compile(
    rf"急|慢慢|等[着你您吧]|我等|(?<![用要别必])再[来修弄]|{_DAY}|不在家|没空|没人在|[也都就]行|那就(?![不算撤这])"
    r"|还是.{0,6}来|先别|撤错"
)
_NEVER: Final = re.compile(
    r"(?:别|不要|不想|没想|没有要|(?<!要)不|没说要?)撤|谁.{0,4}撤|不[修办管]了(?:是吧|是不|吗|么|嘛|[?？])|为(?:啥|什么|何)不|凭(?:啥|什么)"
    r"|说不[修办管来]了|12345|再不.{0,6}就|(?:要是|如果).{0,3}[不没].{0,4}就|不修就"
)
_OF_PEOPLE: Final = re.compile(r"(?:不用|不要|别|不)转?人工")
_UNDOES: Final = re.compile(
    r"(?:(?:[啊哦哎唉呀]|不好意思|对不起|刚才|刚刚|那个|那单|我|[,，。! ！]){0,5}"
    r"(?:撤错|(?:不小心|误)(?:点了?)?撤|恢复|(?:别|不要|不想|没想)撤|[点按]错|还是要[修来办]|要?重新报)"
    r"(?:一下|一个|这单|[了的吧啊呀掉单来修办,，。！! ])*){1,3}"
)


def puts_off(text: str) -> bool:
    """今天不用来，明天再来; 你们不修就算了; 别撤: the report stays, whoever has it hears the words."""
    return bool(_NEVER.search(text) or (_KEEPS.search(text) and not _FIRM.search(text)))


def speaks_to_a_person(text: str) -> bool:
    """不用人工了: said of the talk, not of a report."""
    return bool(_OF_PEOPLE.search(text))


def undoes(text: str) -> bool:
    """撤错了, 恢复: what was taken back a moment ago is wanted after all."""
    return bool(_UNDOES.fullmatch(text))
