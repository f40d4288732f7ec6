# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Which neighbouring pieces say one thing: everything does, unless both sides are clear and say different things."""

import re
from dataclasses import dataclass, replace

from redprop_bot.understand.entities import Entities
from redprop_bot.understand.features import ORDER
from redprop_bot.understand.judge import Judge, Verdict
from redprop_bot.understand.split import Piece, Splitter, with_substance

_MAX_SEGMENTS = 6
_MAX_PIECES = 40
_MEMORY = 160  # characters of a growing segment that are weighed again
_CLEAR = {"word": 0.42, "hard": 0.75, "soft": 0.92, "also": 0.6, "tale": 0.97}
_ALSO = re.compile(
    r"^.{1,10}也(?:全|都|老|一直|有|是)?(?:坏|不|没|停|漏|堵|裂|断|掉|破|乱|满|灭|脏|臭|松|倒|烂|卡)"
)
_ADDS = re.compile(r"还有.{0,4}")
_STAFF = frozenset({"provider", "secretary"})
_VISIT = re.compile(
    r"走访|入户|上门(?:访|看|探|慰问)|家访|探望|慰问|三访三问|(?:跑|走|敲|串|问)了.{1,4}[户家]|从.{1,8}家?(?:屋头|家里?)?出来|去看了|家里?坐了|扫楼|下户|民情"
)
_TELLS = re.compile(
    r"[,，。;；:：! ]?(?:反映|反应|诉求[:：是]?|提出|嫌|说起|都说|她说|他说|说是|说|讲|提到|念叨|想要|想|要求|希望|盼着|缺|问)"
)
_NOTHING_ASKED = re.compile(
    r"^.{0,6}(?:都?挺?好|没(?:啥|什么|别的)?(?:事|要求|诉求|问题)|一切(?:正常|都?好)|无诉求|平安|身体(?:还好|硬朗|不错)).{0,12}$"
)
_ASKED = frozenset({"demand.report", "wish", "suggestion", "complaint", "mediation"})
_ABUSE = re.compile(
    r"吃(?:干饭|白饭|闲饭)|(?:干|做)(?:什么|啥|嘛)(?:吃|用)?的|饭桶|废物|摆设|死(?:哪|绝|光)|良心|养你们|白拿钱|光收钱|收钱不|没一个好|不干人事|混日子"
)
_SCOLDING = 16  # characters: who has more to say about them complains
_TALE = 90  # characters: a longer tale wanders and means one thing, unless 另外 says otherwise
_SAYS = 6  # characters: shorter pieces say nothing by themselves
_ASIDE = frozenset(  # said on the way to something else, and nothing that something else is about
    {
        "praise", "feedback.satisfied", "checkin", "activity.signup", "activity.cancel", "demand.withdraw", "resource.offer",
        "service.offer",
    }
)  # fmt: skip
_MAY_PART = re.compile(  # without any of these no comma parts anything, and the pieces need not be weighed
    r"谢|夸|赞|表扬|签|打卡|到岗|报名|参加|名额|留个|算我|来不了|去不了|退|取消|撤|不用|免费|捐|送|闲置|义务|帮忙|我会|我能|我可以|我出|[好亮通热]了|[好亮通]咯|满意|辛苦"
)
_SMALL_TALK = frozenset({"greeting", "unknown", "help"})


@dataclass(frozen=True, slots=True)
class Segment:
    """One thing said: characters `start` up to `end`, and what it means."""

    start: int
    end: int
    verdict: Verdict


class Grouper:
    """Cuts a message into segments and judges each."""

    def __init__(self, splitter: Splitter, judge: Judge) -> None:
        self._splitter = splitter
        self._judge = judge

    def segments(self, found: Entities, role: str, *, explain: bool = False) -> list[Segment]:
        """The things said, in order; never empty."""
        text = found.masked
        if role == "secretary" and _VISIT.search(text):
            told = self._visit(text, explain=explain)
            if told:
                return told
        whole = Segment(0, len(text), self._judge.weigh(text, role, explain=explain))
        pieces = with_substance(text, self._splitter.pieces(text)[:_MAX_PIECES])
        pieces = [replace(p, cue=_cue(p, text[p.start : p.end])) for p in pieces]
        flowing = role not in _STAFF and all(piece.cue in ("", "soft") for piece in pieces)
        if len(pieces) < 2 or (flowing and (len(text) > _TALE or not _MAY_PART.search(text))):
            return [whole]
        parts = self._parts(text, role, pieces, explain=explain)
        parts = [p for p in parts if p.verdict.intent not in _SMALL_TALK] or parts
        several, parts = len(parts), _unite(_without_abuse(text, parts))
        if len(parts) == 1 and several > 1 and parts[0].verdict.clear > whole.verdict.clear:
            # Each piece by itself says the same, and more clearly.
            whole = replace(whole, verdict=parts[0].verdict)
        if len(parts) < 2 or len(parts) > _MAX_SEGMENTS:
            return [self._with_alarm(whole, parts)]
        return parts

    def _visit(self, text: str, *, explain: bool) -> list[Segment]:
        """A visit and what the people visited asked for: the log first, then each demand as its own."""
        pieces = self._splitter.pieces(text)[:_MAX_PIECES]
        cut = _TELLS.search(text)
        start = cut.end() if cut else (pieces[1].start if len(pieces) > 1 else len(text))
        if len(text) - start < 4 or _NOTHING_ASKED.search(text[start:]):
            return []
        asked = self.segments_of(text, start, "resident", explain=explain)
        asked = [part for part in asked if part.verdict.intent in _ASKED]
        if not asked:
            return []
        log = self._judge.weigh(text[:start], "secretary", explain=explain)
        verdict = replace(log, intent="visit.log", category=None, urgency=None, category_share=1.0)
        return [Segment(0, start, verdict), *asked]

    def segments_of(self, text: str, start: int, role: str, *, explain: bool) -> list[Segment]:
        """The things said from `start` on, by somebody else than the speaker."""
        tail = Entities(text[start:])
        return [
            replace(p, start=p.start + start, end=p.end + start)
            for p in self.segments(tail, role, explain=explain)
        ]

    def _with_alarm(self, whole: Segment, parts: list[Segment]) -> Segment:
        """Danger in one piece is danger in the message."""
        if whole.verdict.urgency == "emergency":
            return whole
        for part in parts:
            if part.verdict.alarm is not None and part.verdict.urgency == "emergency":
                return replace(part, start=whole.start, end=whole.end)
        return whole

    def _parts(self, text: str, role: str, pieces: list[Piece], *, explain: bool) -> list[Segment]:
        """Join pieces from the left; open a new segment where both sides are clear and differ."""
        done: list[Segment] = []
        start, end = pieces[0].start, pieces[0].end
        current: Verdict | None = None
        for i, piece in enumerate(pieces[1:], 1):
            cue = "word" if role in _STAFF and ORDER in text[piece.start : piece.end] else piece.cue
            clear = _CLEAR["tale" if cue == "hard" and len(text) > _TALE and role not in _STAFF else cue]
            short = min(piece.end - piece.start, end - start) < _SAYS
            if cue == "soft" and (short or role in _STAFF or len(text) > _TALE):
                end, current = piece.end, None
                continue
            current = current or self._judge.weigh(text[max(start, end - _MEMORY) : end], role, explain=explain)
            verdict = self._judge.weigh(text[piece.start : _stretch(pieces, i)], role, explain=explain)
            if _differ(current, verdict, clear) and (cue != "soft" or _apart(current, verdict)):
                done.append(Segment(start, end, current))
                start, end, current = piece.start, piece.end, None
                continue
            end, current = piece.end, None
        current = self._judge.weigh(text[max(start, end - _MEMORY) : end], role, explain=explain)
        done.append(Segment(start, end, current))
        return done


def _cue(piece: Piece, said: str) -> str:
    """也坏了 opens like 另外; 还有孩子 alone only adds to what was said."""
    if piece.cue == "soft" and _ALSO.search(said):
        return "also"
    if piece.cue == "word" and _ADDS.fullmatch(said):
        return "soft"
    return piece.cue


def _stretch(pieces: list[Piece], i: int) -> int:
    """To the end of the sentence that begins with piece `i`."""
    end = pieces[i].end
    for piece in pieces[i + 1 :]:
        if piece.cue in ("hard", "word", "also"):
            break
        end = piece.end
    return end


def _differ(left: Verdict, right: Verdict, clear: float) -> bool:
    if min(left.clear, right.clear) < clear:
        return False
    if left.label == right.label or (left.intent in _ASKED and right.intent == "demand.supplement"):
        return False
    if left.category is not None and left.category == right.category and clear > _CLEAR["word"]:
        return False  # told, then complained of: one matter, unless 另外 says that it is another
    if left.intent == right.intent:
        return min(left.category_share, right.category_share) >= clear
    return True


def _apart(left: Verdict, right: Verdict) -> bool:
    """A comma parts only what nobody says in one breath: 签到 and a fault, thanks and a new request."""
    return left.intent != right.intent and (
        (left.intent in _ASIDE and right.intent in _ASIDE | _ASKED)
        or (right.intent in _ASIDE and left.intent in _ASKED)
    )


def _without_abuse(text: str, parts: list[Segment]) -> list[Segment]:
    """物业都是吃干饭的！电梯坏了没人管: what is scolded about is the lift; the scolding is no complaint of its own."""
    out: list[Segment] = []
    for i, part in enumerate(parts):
        said = text[part.start : part.end].strip()
        scolds = part.verdict.label == ("complaint", "other") and len(said) <= _SCOLDING and _ABUSE.search(said)
        told = any(other.verdict.intent == "demand.report" for other in parts[max(i - 1, 0) : i + 2])
        if not (scolds and told):
            out.append(part)
    return out


def _unite(parts: list[Segment]) -> list[Segment]:
    """Neighbours that mean the same become one."""
    out: list[Segment] = []
    for part in parts:
        if out and out[-1].verdict.label == part.verdict.label:
            out[-1] = replace(out[-1], end=part.end)
        else:
            out.append(part)
    return out
