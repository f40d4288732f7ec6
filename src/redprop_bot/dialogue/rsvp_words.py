"""What somebody invited says of coming, and somebody on duty of being there, in their own words.

Pure. Only while an invitation or a call-out waits is any of it meant: 收到，马上到 may be of an order as well.
"""

import re
from dataclasses import dataclass
from typing import Final

from redprop_bot.rules.meetings import Answer

_NO: Final = r"\s*(?P<no>M\d{8}-\d{4,})?"
_END: Final = r"(?:的|了|啊|哈|呀|哦|谢谢|[，,。.！!~\s])*"
_NOD: Final = r"(?:收到|已收到|好的?|好嘞|行|嗯+|知道了?|晓得了|明白了?|没问题|可以|谢谢|感谢|了|[，,。.！!~\s])*"
_WILL: Final = r"(?:我们?)?(?:到时候?|届时|那天|一定|肯定|尽量|会|要|能|可以|准时|按时|来)*"
_ATTEND: Final = re.compile(rf"{_NOD}{_WILL}(?:参加|出席|参会|到会|与会|赴会|[来去]?开会)(?:会议)?{_NO}{_END}")
_COMES: Final = re.compile(
    rf"{_NOD}(?:我们?)?(?:(?:一定|肯定|会|能)?(?:准时|按时)[到来去]|[能会][来去到])(?:场)?{_END}"
)
_GOES: Final = re.compile(
    rf"{_NOD}(?:(?:这个|联席)?会议?[，,\s]*)?{_WILL}(?:我们?)?{_WILL}[去来到](?!了)(?:吧|开会)?{_END}"
)
_WHY: Final = (
    r"(?:我们?|那天|当天|那个?时间|到时候?|这次|临时|家里|单位|刚好|正好|确实|实在|真的|不好意思|抱歉|对不起|今[天晚]|明[天晚]|后天"
    r"|下?(?:周|星期)[一二三四五六日天]|\d{1,2}月\d{1,2}[日号]|\d{1,2}[日号]|[上下]午|[，,\s]|有(?:点|别的|其他|急)*[事会](?:情|儿)?|要?出差|要?值班|要?住院"
    r"|在外地?|身体不舒服|生病了?|走不开|可能|恐怕|就)*"
)
_NOT: Final = r"(?:去|来|到|参加|出席)不了|(?:不能|没法|无法)(?:去|来|到|参加|出席)|不(?:去|来|参加)"
_DECLINE: Final = re.compile(
    rf"{_NOD}(?P<why>{_WHY})(?:{_NOT})(?:会|会议|开会)?(?:了|啦)?[，,。\s]*"
    rf"(?:(?:我?让|请|由|派|叫|换)(?P<who>[^，,。\s]{{1,8}}?)(?:(?:代我?|替我?)?(?:去|来|参加|出席|开会)|[代替]我?一?下?)(?:吧|了|可以吗|行吗)?)?{_END}"
)
_LEAVE: Final = re.compile(
    rf"{_NOD}(?P<why>{_WHY})(?:想|得|要)?(?:[跟向](?:您|你们|书记|社区))?请[个一]?(?:次|天|下)?假{_END}"
)
_HERE: Final = re.compile(
    rf"(?P<nod>{_NOD})(?:我们?)?(?:(?:已经?|都|全部?|全员|人员|马上|立即|立刻|现在|正在|这就|就|可以|能|[，,\s])*"
    rf"(?:(?P<post>[到在上]岗|[到就]位|值守|待命|集结)|[到来去]|出发|赶[到来去]|过[来去]|赶过[来去])(?:中|途中|现场)?)*{_END}"
)
_SAYS: Final = re.compile(r"收到")


@dataclass(frozen=True, slots=True)
class Rsvp:
    """An answer to an invitation. `plain`: in words that are of nothing else; `bare`: in words of anything."""

    said: Answer
    no: str | None = None
    who: str | None = None
    plain: bool = True
    bare: bool = False


def coming(text: str) -> Rsvp | None:
    """收到，准时参加; 那天有事去不了，让小刘去. None where it is no such answer."""
    if match := _ATTEND.fullmatch(text):
        return Rsvp(Answer.ATTEND, match["no"])
    if _COMES.fullmatch(text):
        return Rsvp(Answer.ATTEND, plain=False)
    if _GOES.fullmatch(text):
        return Rsvp(Answer.ATTEND, plain=False, bare=True)
    if (match := _DECLINE.fullmatch(text)) and (match["why"].strip("，, ") or match["who"]):
        return Rsvp(Answer.DECLINE, who=match["who"], plain=False)
    if (match := _LEAVE.fullmatch(text)) and match["why"].strip("，, "):
        return Rsvp(Answer.DECLINE, plain=False)
    return None


def received(text: str) -> bool:
    """收到, 收到，马上到, 我已经到岗了."""
    match = _HERE.fullmatch(text)
    return match is not None and bool(_SAYS.search(match["nod"]) or match["post"])


def at_post(text: str) -> bool:
    """收到，已到岗: said of no order."""
    match = _HERE.fullmatch(text)
    return match is not None and match["post"] is not None
