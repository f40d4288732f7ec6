# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Whether two neighbouring pieces say two things: what the words between them and the two verdicts tell.

Nothing is weighed here; `group` walks over the pieces and asks.
"""

import re
from dataclasses import replace

from redprop_bot.understand import visits
from redprop_bot.understand.features import ORDER
from redprop_bot.understand.judge import Verdict
from redprop_bot.understand.segment import Segment
from redprop_bot.understand.split import Piece

CLEAR = {"word": 0.42, "hard": 0.75, "soft": 0.92, "also": 0.6, "tale": 0.9, "breath": 0.95}
_ALSO = re.compile(
    r"^.{1,6}还(?:堆|坏|漏|堵|黑|裂|有.{1,4}[没不])|^.{1,10}也(?:全|都|老|一直|有|是)?(?:坏|不|没|停|漏|堵|裂|断|掉|破|乱|满|灭|脏|臭|松|倒|烂|卡|.不[上开动了来灵])"
)
_AS_ONE = re.compile(r"(?:一件|一回|一个|同样的?)事[^,，。]{0,3}$|(?:两[遍回次]|重复了?|重了)$")
_COUNTS = re.compile(r"^(?:[一二三四五]是|其[一二三四五]|[①②③④⑤])")
_TRIED = re.compile(  # what was done about it in vain: 换了灯泡也不亮, 找了几回也没人管
    r"^[^,，。]{0,4}(?:[换找打说讲劝催喊叫报修试敲倒通擦按拧关]|重启|反映|投诉|联系)(?:也|(?:[了过完几他她一两半好多]|物业|电话|城管)[^,，。的]{0,8}也)"
)
_SEEN = re.compile(  # and on the way something else was seen
    r"^[ ,，]*[^,，。]{0,4}(?:巡|路过|现场|顺[便路手]|回来|下楼|出来|进门|时候?|期间)[^,，。]{0,6}(?:发现|看[见到]|瞧见|碰[见到])"
)
_NOTICED = re.compile(r"^[ ,，]*(?:发现|看[见到]|瞧见)")
_CARRIES_ON = re.compile(  # what comes of it, not what else there is
    r"^[ ,，]*(?:[弄搞闹害吵熏震逼][得的]|导致|造成|结果|所以|因此|于是|这下|连(?!续|着)|.{1,8}[也都]跟着)"
)
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
_IN_SHORT = re.compile(r"签到|签退|打卡|到岗|积分")
_ERRANDS = frozenset({"points", "activity", "meeting", "notice"})  # none of them is the reason for another
_SCOLDING = 16  # characters: who has more to say about them complains
TALE = 90  # characters: a longer tale wanders and means one thing, unless 另外 says otherwise
SAYS = 6  # characters: shorter pieces say nothing by themselves
_ASIDE = frozenset(  # said on the way to something else, and nothing that something else is about
    {
        "praise", "feedback.satisfied", "checkin", "activity.signup", "activity.cancel", "demand.withdraw", "resource.offer",
        "service.offer",
    }
)  # fmt: skip
_REASONED = frozenset({"order.extend", "order.return", "order.merge", "order.close", "order.escalate"})
_REASONS = frozenset(
    {"order.progress", "order.extend", "order.return", "demand.report", "demand.supplement", "complaint"}
)
_DONE_WITH = frozenset({"demand.withdraw", "feedback.satisfied", "praise", "activity.cancel"})
_ENDS = frozenset(  # what a tale of some trouble comes to: said after it, it is what the whole is about
    {"feedback.satisfied", "feedback.unsatisfied", "demand.withdraw", "demand.urge", "suggestion", "notice.query"}
)
_FIRST = {"feedback.satisfied": (0.97, 0.6), "consult": (0.97, 0.9)}
"""What is said before a new matter, and how clear it and the report after it must be: 灯亮了，谢谢，就是门还关不上."""
_BUT = re.compile(r"[ ,，]*(?:但是?|可是?|不过|就是|倒是|反而)")
_ANGRY = frozenset(
    {"demand.urge", "feedback.unsatisfied", "praise"}
)  # and then of the people: a complaint of its own


def cue(piece: Piece, said: str, role: str, *, told: bool) -> str:
    """也坏了 opens like 另外; 还有孩子 alone only adds to what was said; units count off reasons."""
    if role == "provider" and _COUNTS.match(said) and ORDER not in said:
        return "soft"
    if told and piece.cue in ("soft", "hard") and visits.another_speaks(said):
        return "word"
    if piece.cue == "soft" and _ALSO.search(said) and not _TRIED.search(said):
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


def opens(left: Verdict, right: Verdict) -> bool:
    """Thanks, or a question, and then something that is to be done."""
    first, then = _FIRST.get(left.intent, (2.0, 2.0))
    return right.intent == "demand.report" and left.clear >= first and right.clear >= then


def comes_to(cue: str, left: Verdict, right: Verdict) -> bool:
    """洗衣房渗水好久了。师傅换了管子，现在不渗了，谢谢: told, then rated; 另外 would open a matter of its own."""
    return cue != "word" and left.intent == "demand.report" and right.intent in _ENDS


def stretch(pieces: list[Piece], i: int) -> int:
    """To the end of the sentence that begins with piece `i`."""
    end = pieces[i].end
    for piece in pieces[i + 1 :]:
        if piece.cue in ("hard", "word", "also"):
            break
        end = piece.end
    return end


def differ(left: Verdict, right: Verdict, clear: float) -> bool:
    """Whether both sides are clear and say different things."""
    if min(left.clear, right.clear) < clear:
        return False
    if left.label == right.label or (left.intent in ASKED and right.intent == "demand.supplement"):
        return False
    if left.category is not None and left.category == right.category and clear > CLEAR["word"]:
        return False  # told, then complained of: one matter, unless 另外 says that it is another
    if left.intent == right.intent:
        return min(left.category_share, right.category_share) >= clear
    return True


def in_one_breath(left: Verdict, right: Verdict) -> bool:
    """What a comma parts, because nobody means one thing by it: 签到 and a fault, thanks and a new request."""
    errands = left.intent.partition(".")[0], right.intent.partition(".")[0]
    return left.intent != right.intent and (
        (errands[0] != errands[1] and _ERRANDS.issuperset(errands))
        or (left.intent in _ASIDE and right.intent in _ASIDE | ASKED)
        or (right.intent in _ASIDE and left.intent in ASKED)
        or (left.intent in _ANGRY and right.intent == "complaint")
    )


def leads_to(cue: str, left: Verdict, right: Verdict, before: str, after: str, *, staff: bool) -> bool:
    """Whether the left side only says why: 钢材没到，29号单推到月底; 1082和1083是一件事，撤掉1083."""
    if not staff:
        return ORDER in after and _AS_ONE.search(before) is not None
    said_why = cue == "soft" and ORDER not in before
    return said_why and right.intent in _REASONED and left.intent in _REASONS


def changes(left: Verdict, right: Verdict) -> bool:
    """One course given up for another: 周四的去不了，换到周五."""
    return (left.intent, right.intent) == ("activity.cancel", "activity.signup")


def turns(left: Verdict, right: Verdict, said: str) -> bool:
    """那个不用来了，但是马桶堵了: one thing is done with, another begins."""
    return left.intent in _DONE_WITH and right.intent in ASKED and _BUT.match(said) is not None


def in_short(said: str) -> bool:
    """签到, 查下积分: short, and yet all that is to be said about it."""
    return _IN_SHORT.search(said) is not None


def only_asks(said: str) -> bool:
    """得查查监控, 麻烦派人: what is to be done about it, no second matter."""
    return _ASKS.match(said) is not None


def carries_on(said: str) -> bool:
    """弄得满楼是味, 连电梯都停了: what comes of it, no second matter."""
    return _CARRIES_ON.match(said) is not None


def settled(parts: list[Segment], pieces: list[Piece]) -> list[Segment]:
    """A quarrel is told, then somebody is asked to settle it: one mediation, about what was told; 另外 keeps them apart."""
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
        else:
            out.append(part)
    return out


def without_nagging(parts: list[Segment], role: str) -> list[Segment]:
    """别催了，早接了: what a unit says to being urged is no urging of its own."""
    told = role == "provider" and any(part.verdict.intent.startswith("order.") for part in parts)
    return [p for p in parts if not (told and p.verdict.intent == "demand.urge")]


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
