# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""What words at the seam of two pieces are known to open or to carry on, and which parts of a message are one matter.

Nothing is weighed here: `seams` asks what the words tell, `group` what the parts come to.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from redprop_bot.understand import visits
from redprop_bot.understand.features import ORDER
from redprop_bot.understand.segment import Segment
from redprop_bot.understand.split import Piece

_ALSO = re.compile(
    r"^.{1,6}还(?:堆|坏|漏|堵|黑|裂|有.{1,4}[没不])|^.{1,10}也(?:全|都|老|一直|有|是)?(?:坏|不|没|停|漏|堵|裂|断|掉|破|乱|满|灭|脏|臭|松|倒|烂|卡|.不[上开动了来灵])"
)
_COUNTS = re.compile(r"^(?:[一二三四五]是|其[一二三四五]|[①②③④⑤])")
_TRIED = re.compile(  # what was done about it in vain: 换了灯泡也不亮, 找了几回也没人管
    r"^[^,，。]{0,4}(?:[换找打说讲劝催喊叫报修试敲倒通擦按拧关]|重启|反映|投诉|联系)(?:也|(?:[了过完几他她一两半好多]|物业|电话|城管)[^,，。的]{0,8}也)"
)
_SEEN = re.compile(  # and on the way something else was seen
    r"^[ ,，]*[^,，。]{0,4}(?:巡|路过|现场|顺[便路手]|回来|下楼|出来|进门|时候?|期间)[^,，。]{0,6}(?:发现|看[见到]|瞧见|碰[见到])"
)
_NOTICED = re.compile(r"^[ ,，]*(?:发现|看[见到]|瞧见)")
_CARRIES_ON = re.compile(  # what comes of it, not what else there is
    r"^[ ,，]*(?:[弄搞闹害吵熏震逼][得的]|导致|造成|结果|所以|因此|于是|这下|连(?!续|着)|赶着|急着|(?:要是|如果)?再(?:不|这|拖)|要是不|(?:要)?不然|否则|万一|搞不好|怕(?!是)|.{1,8}[也都]跟着)"
)
_NOT = re.compile(r"(?<!是)不是(?!吗|么|个)[^,，。;；!！?？]{0,24}[,， ]{0,2}$")
_INSTEAD = re.compile(r"[ ,，]*(?:而|就|其实)?是(?!不是|否|谁|什么|啥)")
_ASKS = re.compile(
    r"[ ,，]*(?:[您你咱]们?|社区|物业|师傅|居委会?)?(?:今天|明天|再)?(?:有没有|能|得|要|请|麻烦|可以|快|求|希望|帮|给)"
)
_THEN = re.compile(
    r"[ ,，]*(?:然后|再|接着|完了|随后)(?:(?:一起|都)?(?:派|转派?|改派|交)给|[帮给]我|催|把|[看查](?:看|查|一下|下)|[出拉列](?:个|份|张|一))"
)
_ADDS = re.compile(r"还有(?!一?[件桩])(?!.*[不没坏满破漏堵断]).{0,4}")
ASKED = frozenset({"demand.report", "wish", "suggestion", "complaint", "mediation"})
_ABUSE = re.compile(
    r"吃(?:干饭|白饭|闲饭)|(?:干|做)(?:什么|啥|嘛)(?:吃|用)?的|饭桶|废物|摆设|死(?:哪|绝|光)|良心|养你们|白拿钱|光收钱|收钱不|没一个好|不干人事|混日子"
)
_SCOLDING = 16  # characters: who has more to say about them complains
_BUT = re.compile(r"[ ,，]*(?:但是?|可是?|不过|就是|倒是|反而)")
_EARLIER = re.compile(r"至于|上一?[次回]|之前|前[些几]|刚才?报|另")
_LIMIT = re.compile(
    rf"[ ,，]*(?:要求|务必|必须|请|让他们)?(?:限|[^,，。;；{ORDER}]{{1,8}}(?:内|之?前))[^,，。;；{ORDER}]{{0,8}}(?:办|完|结|处理|弄好|修好)"
)
WHISTLE = "order.escalate"
_REWARD = re.compile(r"嘉奖|表彰|表扬|奖励|发(?:个|点)?奖|[涨加](?:点)?(?:工资|鸡腿)")
_MENDED = frozenset({"feedback.satisfied", "demand.withdraw"})


def joined(text: str, pieces: list[Piece], role: str, *, told: bool = False) -> list[Piece]:
    """The pieces with what their words tell of how they are joined on; with `told`, of what others said."""
    return [replace(p, cue=_cue(p, text[p.start : p.end], role, told=told)) for p in pieces]


def _cue(piece: Piece, said: str, role: str, *, told: bool) -> str:
    """也坏了 opens like 另外; 还有孩子 alone only adds to what was said; units count off reasons."""
    if role == "provider" and _COUNTS.match(said) and ORDER not in said:
        return "soft"
    if told and piece.cue in ("soft", "hard") and visits.another_speaks(said):
        return "word"
    if piece.cue == "soft" and also(said):
        return "also"
    if role == "secretary" and piece.cue == "soft" and _THEN.match(said):
        return "word"
    if piece.cue == "soft" and (
        (role != "resident" and _SEEN.search(said)) or (role == "member" and _NOTICED.search(said))
    ):
        return "hard"
    if piece.cue == "word" and _ADDS.fullmatch(said):
        return "soft"
    return piece.cue


def also(said: str) -> bool:
    """楼道灯也不亮: the same trouble with another thing."""
    return _ALSO.search(said) is not None and _TRIED.search(said) is None


def objects(said: str) -> bool:
    """不过, 就是: a turn."""
    return _BUT.match(said) is not None


def only_asks(said: str) -> bool:
    """得查查监控, 麻烦派人: what is to be done about it, no second matter."""
    return _ASKS.match(said) is not None


def corrects(before: str, said: str) -> bool:
    """不是电梯坏了，是门禁: what is meant instead, no second matter."""
    return _INSTEAD.match(said) is not None and _NOT.search(before) is not None


def carries_on(said: str) -> bool:
    """弄得满楼是味, 再不修老人要摔: what comes of it or may come, no second matter."""
    return _CARRIES_ON.match(said) is not None


def settled(text: str, parts: list[Segment], pieces: list[Piece]) -> list[Segment]:
    """A quarrel is told, then somebody is asked to settle it; a fault is told, then that it is mended: one matter each.

    另外 keeps them apart, and what is said of an earlier report is not of this one.
    """
    opened = {piece.start for piece in pieces if piece.cue == "word"}
    out: list[Segment] = []
    for part in parts:
        last = out[-1] if out else None
        told = last is not None and last.verdict.intent in ("demand.report", "complaint")
        if last is not None and told and part.verdict.intent == "mediation" and part.start not in opened:
            verdict = replace(
                part.verdict, category=last.verdict.category, category_share=last.verdict.category_share
            )
            out[-1] = Segment(last.start, part.end, verdict, last.head)
        elif last is not None and part.verdict.intent == "suggestion" and _rewarded(last, part, text):
            out[-1] = replace(last, end=part.end)
        elif last is not None and part.start not in opened and _mended(last, part, text):
            out[-1] = replace(part, start=last.start, head=last.head)
        else:
            out.append(part)
    return out


def _rewarded(last: Segment, part: Segment, text: str) -> bool:
    """丁师傅大年初一来修的，请予以嘉奖."""
    return last.verdict.intent == "praise" and _REWARD.search(text, part.start, part.end) is not None


def _mended(last: Segment, part: Segment, text: str) -> bool:
    """洗衣房渗水好久了。师傅换了管子，现在不渗了."""
    if last.verdict.intent != "demand.report" or part.verdict.intent not in _MENDED:
        return False
    return _EARLIER.search(text, part.start, part.end) is None


def reasoned(parts: list[Segment], pieces: list[Piece], role: str) -> list[Segment]:
    """吹哨请住建来，外墙砖掉了三块: what is blown the whistle for is why, no demand of its own; 另外 keeps it apart."""
    if role != "secretary" or all(part.verdict.intent != WHISTLE for part in parts):
        return parts
    opened = {piece.start for piece in pieces if piece.cue == "word"}

    def join(last: Segment, part: Segment) -> Segment | None:
        if part.start in opened or not _why(last, part):
            return None
        whistle = last if last.verdict.intent == WHISTLE else part
        return replace(whistle, start=last.start, end=part.end)

    return folded(parts, join)


def with_limits(text: str, parts: list[Segment]) -> list[Segment]:
    """派给和美，限三个工作日办结: until when it is to be done, no closing."""

    def join(last: Segment, part: Segment) -> Segment | None:
        limit = part.verdict.intent == "order.close" and _LIMIT.match(text, part.start, part.end)
        given = last.verdict.intent in ("order.dispatch", WHISTLE)
        return replace(last, end=part.end) if given and limit else None

    return folded(parts, join)


def folded(parts: Iterable[Segment], join: Callable[[Segment, Segment], Segment | None]) -> list[Segment]:
    """Neighbours made one where `join` makes one of the last and the next; None keeps them apart."""
    out: list[Segment] = []
    for part in parts:
        one = join(out[-1], part) if out else None
        if one is None:
            out.append(part)
        else:
            out[-1] = one
    return out


def _why(one: Segment, other: Segment) -> bool:
    """Whether one of two neighbours blows the whistle and the other tells of a trouble."""
    return {one.verdict.intent, other.verdict.intent} in [
        {WHISTLE, told} for told in ("demand.report", "complaint")
    ]


def without_nagging(parts: list[Segment], role: str) -> list[Segment]:
    """别催了，早接了; 办好了，保安道过歉: what a unit says to being urged or blamed is neither of its own."""
    told = role == "provider" and any(part.verdict.intent.startswith("order.") for part in parts)
    return [p for p in parts if not (told and p.verdict.intent in ("demand.urge", "complaint"))]


def without_abuse(text: str, parts: list[Segment]) -> list[Segment]:
    """物业都是吃干饭的！电梯坏了没人管: what is scolded about is the lift; the scolding is no complaint of its own."""
    out: list[Segment] = []
    for i, part in enumerate(parts):
        said = text[part.start : part.end].strip()
        scolds = part.verdict.label == ("complaint", "other") and len(said) <= _SCOLDING and _ABUSE.search(said)
        told = any(other.verdict.intent == "demand.report" for other in parts[max(i - 1, 0) : i + 2])
        if not (scolds and told):
            out.append(part)
    return out
