# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Which neighbouring pieces say one thing: everything does, unless both sides are clear and say different things."""

import re
from dataclasses import replace

from redprop_bot.understand import apart, hands, lists, visits
from redprop_bot.understand.apart import ASKED, CLEAR, SAYS, TALE
from redprop_bot.understand.entities import STAFF, Entities
from redprop_bot.understand.features import ADDRESS, ESTATE, ORDER
from redprop_bot.understand.judge import Judge, Verdict
from redprop_bot.understand.segment import Segment
from redprop_bot.understand.slots.party import PartyWords
from redprop_bot.understand.slots.place import PlaceWords
from redprop_bot.understand.split import Piece, Splitter, with_substance
from redprop_bot.understand.unsaid import without_denied

_MAX_SEGMENTS = 6
_MAX_PIECES = 40
_MEMORY = 160  # characters of a growing segment that are weighed again
_WISHED = re.compile(r"建议|提议|希望以后|意见")
_BREATHS = 5  # pieces: what is told in more goes on about one thing
_MAY_PART = re.compile(  # without any of these no comma parts anything, and the pieces need not be weighed
    r"谢|夸|赞|表扬|签|打卡|积分|到岗|报名|参加|名额|留个|算我|来不了|去不了|退|取消|撤|不用|免费|捐|送|闲置|义务|帮忙|我会|我能|我可以|我出|[好亮通热]了|[好亮通]咯|满意|辛苦|态度|骂"
)
_TRAILS = re.compile(rf"^[^{ORDER}]{{1,200}}[,，。 ]{ORDER}{{1,24}}[。.!！ ]{{0,2}}$")
_COMMAND = 4  # characters of a verb alone, which stands before what it is done to
_ONE_BREATH = 48  # characters: signs of danger farther apart than that are of two matters
_SMALL_TALK = frozenset({"greeting", "unknown", "help"})


class Grouper:
    """Cuts a message into segments and judges each."""

    def __init__(self, splitter: Splitter, judge: Judge, parties: PartyWords, places: PlaceWords) -> None:
        self._splitter = splitter
        self._judge = judge
        self._parties = parties
        self._places = places

    def segments(self, found: Entities, role: str, *, explain: bool = False) -> list[Segment]:
        """The things said, in order; never empty."""
        text = found.masked
        if role == "secretary":
            told = self._visit(text, explain=explain) or self._resolutions(text, explain=explain)
            if told:
                return told
        listed = self._listed(text, role, explain=explain) if role != "provider" else []
        return listed or self._said(text, role, explain=explain)

    def _said(self, text: str, role: str, *, explain: bool, told: bool = False) -> list[Segment]:
        """What is said in running text; with `told` it is handed on, and a new speaker may bring a new matter."""
        whole = Segment(0, len(text), self._judge.weigh(text, role, explain=explain))
        pieces = with_substance(text, self._splitter.pieces(text)[:_MAX_PIECES])
        pieces = [replace(p, cue=apart.cue(p, text[p.start : p.end], role, told=told)) for p in pieces]
        plain = role not in STAFF and all(piece.cue in ("", "soft") for piece in pieces)
        flowing = plain and (len(text) > TALE or not (_MAY_PART.search(text) or ORDER in text))
        if len(pieces) < 2 or flowing:
            two = self._two_matters(text, role, pieces, explain=explain) if len(text) <= TALE else []
            return two if two and not _danger_lost(whole, two) else [whole]
        parts = self._parts(text, role, pieces, explain=explain)
        parts = apart.without_nagging([p for p in parts if p.verdict.intent not in _SMALL_TALK] or parts, role)
        parts = [half for part in parts for half in self._halves(text, role, part, pieces, explain=explain)]
        several, parts = len(parts), apart.settled(self._unite(text, apart.without_abuse(text, parts)), pieces)
        if len(parts) == 1 and several > 1 and parts[0].verdict.clear > whole.verdict.clear:
            # Each piece by itself says the same, and more clearly.
            whole = replace(whole, verdict=parts[0].verdict)
        if len(parts) < 2 or len(parts) > _MAX_SEGMENTS or _danger_lost(whole, parts):
            return [self._with_alarm(whole, parts)]
        return parts

    def _two_matters(self, text: str, role: str, pieces: list[Piece], *, explain: bool) -> list[Segment]:
        """A comma between two reports, when each names a thing of its own and neither leaves a doubt."""
        if role in STAFF or not 2 <= len(pieces) <= _BREATHS:
            return []
        meant = without_denied(text)  # 不是电梯坏了，是门禁坏了 names one thing
        named = [self._judge.things(meant[p.start : p.end]) for p in pieces]
        for i in range(1, len(pieces)):
            before, after = frozenset().union(*named[:i]), frozenset().union(*named[i:])
            told = min(p.end - p.start for p in pieces[i - 1 : i + 1]) > SAYS or all(
                ADDRESS in text[p.start : p.end] for p in pieces[i - 1 : i + 1]
            )  # 3栋没水，5栋没电
            said = text[pieces[i].start : pieces[i].end]
            same = apart.only_asks(said) or apart.carries_on(said) or said.startswith("把")
            if not (told and before and after) or before & after or not named[i] or same:
                continue
            parts = [
                Segment(a, b, self._judge.weigh(text[a:b], role, explain=explain))
                for a, b in ((pieces[0].start, pieces[i - 1].end), (pieces[i].start, pieces[-1].end))
            ]
            one, other = (p.verdict for p in parts)
            sure = (
                min(one.clear, other.clear, one.category_share, other.category_share)
                > CLEAR["hard" if _housed(said) and _housed(text[pieces[0].start :]) else "breath"]
            )
            if sure and one.intent == other.intent == "demand.report" and one.category != other.category:
                return parts
        return []

    def _halves(self, text: str, role: str, part: Segment, pieces: list[Piece], *, explain: bool) -> list[Segment]:
        """Two matters that a comma keeps together inside one part of a longer message."""
        if part.verdict.intent != "demand.report" or part.end - part.start > TALE:
            return [part]
        inside = [piece for piece in pieces if part.start <= piece.start and piece.end <= part.end]
        two = self._two_matters(text, role, inside, explain=explain)
        return two if two and not _danger_lost(part, two) else [part]

    def _listed(self, text: str, role: str, *, explain: bool) -> list[Segment]:
        """A list that is counted off: a thing said for each number, and what was told before the list was opened."""
        found = lists.items(text)
        if not found:
            return []
        head = text[: found[0].start]
        wished = "建议" if _WISHED.search(head) else ""
        parts = []
        for item in found:
            said = self._judge.weigh(wished + text[item.start : item.said], role, explain=explain)
            if said.intent not in _SMALL_TALK:
                parts.append(Segment(item.start, item.end, said, found[0].start))
        cut = max(head.rfind(stop) for stop in "。！!；;")
        if cut > SAYS and parts:
            before = self._judge.weigh(head[:cut], role, explain=explain)
            if (
                before.intent not in _SMALL_TALK
                and before.clear >= CLEAR["hard"]
                and before.label != parts[0].verdict.label
            ):
                parts.insert(0, Segment(0, cut, before))
        return parts if len(parts) > 1 else []

    def _visit(self, text: str, *, explain: bool) -> list[Segment]:
        """A visit and what the people visited asked for: the log first, then each demand as its own."""
        visit = visits.went(text)
        if visit is None:
            return []
        start = visits.log_end(text, visit)
        asked: list[Segment] = []
        if not visits.nothing_asked(text[start:]):
            heard = visits.as_told(text[start:])
            parts = self._listed(heard, "resident", explain=explain) or self._said(
                heard, "resident", explain=explain, told=True
            )
            asked = [
                replace(p, start=p.start + start, end=p.end + start, head=start)
                for p in parts
                if p.verdict.intent in ASKED
            ]
        if not asked and not visits.certain(visit, text[start:]):
            return []
        log = self._judge.weigh(text[:start], "secretary", explain=explain)
        verdict = replace(log, intent="visit.log", category=None, urgency=None, category_share=1.0)
        return [Segment(0, start if asked else len(text), verdict), *asked]

    def _resolutions(self, text: str, *, explain: bool) -> list[Segment]:
        """What a meeting gave to several hands, one for each."""
        starts = hands.resolved(text, self._parties)
        if not starts:
            return []
        whole = self._judge.weigh(text, "secretary", explain=explain)
        if whole.intent in ("meeting.schedule", "meeting.query", "order.list"):
            return []
        verdict = replace(whole, intent="meeting.resolve", category=None, urgency=None, category_share=1.0)
        return [Segment(a, b, verdict) for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]

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
            bare = ORDER not in text[start:end] and len(text[start:end].strip()) <= _COMMAND
            numbered = ORDER in text[piece.start : piece.end] and (role in STAFF or ORDER in text[start:end])
            numbered = numbered and not bare  # 提级 12号单，资金不够: the number is of that verb
            numbered = numbered and not _TRAILS.search(text)  # 灯换了，先算进度吧，61: of all that was said
            cue = "word" if numbered else piece.cue
            tale = cue == "hard" and len(text) > TALE and role not in STAFF
            before = SAYS if apart.in_short(text[start:end]) else end - start
            short = min(apart.stretch(pieces, i) - piece.start, before) < SAYS and cue == "soft"
            if cue == "soft" and (short or role in STAFF or len(text) > TALE):
                end, current = piece.end, None
                continue
            current = current or self._judge.weigh(text[max(start, end - _MEMORY) : end], role, explain=explain)
            verdict = self._judge.weigh(text[piece.start : apart.stretch(pieces, i)], role, explain=explain)
            said = text[start:end], text[piece.start : apart.stretch(pieces, i)]
            turned = apart.changes(current, verdict) or apart.turns(
                current, verdict, text[piece.start : piece.end]
            )
            clear = CLEAR["also" if turned else "tale" if tale else cue]
            differ = apart.differ(current, verdict, clear) and (
                (cue != "soft" and not tale) or apart.in_one_breath(current, verdict)
            )
            differ = differ and not (
                piece.cue in ("soft", "hard") and role not in STAFF and apart.carries_on(said[1])
            )
            differ = differ and not apart.leads_to(piece.cue, current, verdict, *said, staff=role in STAFF)
            if role not in STAFF:
                differ = (differ or apart.opens(current, verdict)) and not apart.comes_to(
                    piece.cue, current, verdict
                )
            if differ or self._elsewhere("soft" if tale else cue, current, verdict, *said):
                done.append(Segment(start, end, current))
                start, end, current = piece.start, piece.end, None
                continue
            end, current = piece.end, None
        current = self._judge.weigh(text[max(start, end - _MEMORY) : end], role, explain=explain)
        done.append(Segment(start, end, current))
        return done

    def _elsewhere(self, cue: str, one: Verdict, other: Verdict, left: str, right: str) -> bool:
        """The same said of another place, or given to another hand, is another act."""
        if one.label != other.label or cue == "soft":
            return False
        if one.intent == "order.dispatch":
            return hands.given_apart(left, right, self._parties)
        if one.intent not in ("demand.report", "suggestion") or min(one.clear, other.clear) < CLEAR["hard"]:
            return False
        return self._told_where(left) and self._told_where(right)

    def _told_where(self, said: str) -> bool:
        return ADDRESS in said or self._places.find(said) is not None

    def _unite(self, text: str, parts: list[Segment]) -> list[Segment]:
        """Neighbours that mean the same become one, unless each is told of a place or a hand of its own."""
        out: list[Segment] = []
        for part in parts:
            last = out[-1] if out else None
            if last is None or last.verdict.label != part.verdict.label:
                out.append(part)
                continue
            said = text[last.start : last.end], text[part.start : part.end]
            if self._elsewhere("hard", last.verdict, part.verdict, *said):
                out.append(part)
            else:
                out[-1] = replace(last, end=part.end)
        return out


def _housed(said: str) -> bool:
    """Whether it begins with an address of its own."""
    return said.strip()[:1] in (ADDRESS, ESTATE)


def _danger_lost(whole: Segment, parts: list[Segment]) -> bool:
    """Whether a danger is told by the whole and by none of its parts: 路一下陷进去，一辆三轮连人下去了."""
    dangers = [part.verdict.urgency == "emergency" for part in (whole, *parts)]
    return (
        dangers[0]
        and whole.verdict.alarm is not None
        and whole.end - whole.start <= _ONE_BREATH
        and not any(dangers[1:])
    )
