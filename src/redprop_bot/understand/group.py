# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""The things said in a message: lists, visits and resolutions by their form, running text by its seams (`seams`)."""

import re
from dataclasses import replace

from redprop_bot.understand import alike, apart, hands, lists, seams, visits
from redprop_bot.understand.apart import ASKED
from redprop_bot.understand.entities import STAFF, Entities
from redprop_bot.understand.features import ADDRESS
from redprop_bot.understand.judge import Judge, Verdict
from redprop_bot.understand.segment import Segment
from redprop_bot.understand.slots.party import PartyWords
from redprop_bot.understand.slots.place import PlaceWords
from redprop_bot.understand.split import Piece, Splitter, with_substance

_MAX_SEGMENTS = 6
_MAX_PIECES = 40
_WISHED = re.compile(r"建议|提议|希望以后|意见")
_CLEAR = 0.75  # share of an intent from which a part is clear
_SENSELESS = 0.3  # share of an intent below which a part beside a clear one is no matter of its own
_TALE = 90  # characters: in more, what is asked for drowns in what is told
_SAYS = 6  # characters: less says nothing by itself
_ONE_BREATH = 48  # characters: signs of danger farther apart than that are of two matters
# Share from which a visit is told without its verb, and below which the verb is not believed.
_VISITED, _NO_VISIT = 0.75, 0.15
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
        if listed:
            return listed
        said = self._said(text, role, explain=explain)
        several = [part for told in said for part in alike.apart(text, told, self._places)]
        return several if len(several) <= _MAX_SEGMENTS else said

    def _said(self, text: str, role: str, *, explain: bool, told: bool = False) -> list[Segment]:
        """What is said in running text; with `told` it is handed on, and a new speaker may bring a new matter."""
        whole = Segment(0, len(text), self._judge.weigh(text, role, explain=explain))
        pieces = with_substance(text, self._splitter.pieces(text)[:_MAX_PIECES])
        pieces = apart.joined(text, pieces, role, told=told)
        starts = seams.begun(text, pieces, self._judge.lexicon, role)
        if not starts:
            return [self._of_a_tale(whole, text, role, pieces, explain=explain)]
        spans = zip([0, *starts], [*starts, len(pieces)], strict=True)
        parts = [
            Segment(a, b, self._judge.weigh(text[a:b], role, explain=explain))
            for a, b in ((pieces[first].start, pieces[last - 1].end) for first, last in spans)
        ]
        parts = apart.without_nagging([p for p in parts if p.verdict.intent not in _SMALL_TALK] or parts, role)
        parts = apart.reasoned(parts, pieces, role)
        parts = _with_sense(apart.with_limits(text, parts))
        several = len(parts)
        parts = apart.settled(text, self._unite(text, apart.without_abuse(text, parts)), pieces)
        if len(parts) == 1 and several > 1 and parts[0].verdict.clear > whole.verdict.clear:
            # Each piece by itself says the same, and more clearly.
            whole = replace(whole, verdict=parts[0].verdict)
        if len(parts) < 2 or len(parts) > _MAX_SEGMENTS or _danger_lost(whole, parts):
            return [self._with_alarm(whole, parts)]
        return parts

    def _of_a_tale(self, whole: Segment, text: str, role: str, pieces: list[Piece], *, explain: bool) -> Segment:
        """A long tale that leaves a doubt as a whole is about what its clearest sentence asks for."""
        if role in STAFF or len(text) < _TALE or whole.verdict.clear >= _CLEAR:
            return whole
        opened = [0, *(i for i, piece in enumerate(pieces) if i and piece.cue in ("hard", "word"))]
        ends = [pieces[i - 1].end for i in opened[1:]] + [pieces[-1].end]
        said = [
            (self._judge.weigh(text[pieces[i].start : end], role, explain=explain), pieces[i].start)
            for i, end in zip(opened, ends, strict=True)
        ]
        asked = [told for told in said if told[0].intent in ASKED and told[0].clear >= _CLEAR]
        if not asked:
            return whole
        verdict, start = max(asked, key=lambda told: told[0].clear)
        closing = self._judge.weigh(text[start:], role, explain=explain)  # how urgent is often said at the end
        return replace(whole, verdict=closing if closing.label == verdict.label else verdict)

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
        if cut > _SAYS and parts:
            before = self._judge.weigh(head[:cut], role, explain=explain)
            if (
                before.intent not in _SMALL_TALK
                and before.clear >= _CLEAR
                and before.label != parts[0].verdict.label
            ):
                parts.insert(0, Segment(0, cut, before))
        return parts if len(parts) > 1 else []

    def _visit(self, text: str, *, explain: bool) -> list[Segment]:
        """A visit and what the people visited asked for: the log first, then each demand as its own."""
        visit, share = visits.went(text), self._judge.visit_share(text)
        if share < (_VISITED if visit is None else _NO_VISIT) or (visit is None and visits.by_phone(text)):
            return []
        start = visits.log_end(text, visit) if visit is not None else self._opening(text)
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
        if not asked and (visit is None or not visits.certain(visit, text[start:])):
            return []
        log = self._judge.weigh(text[: start or len(text)], "secretary", explain=explain)
        if not visits.by_name(visit):  # 敲门不应，两天没下楼: nobody was visited, and somebody must look
            urgent = [p.verdict for p in asked if p.verdict.urgency == "emergency"]
            if log.urgency == "emergency" and not urgent:
                return [Segment(0, len(text), log)]
            if urgent and visits.unanswered(text):
                return [Segment(0, len(text), urgent[0])]
        verdict = replace(log, intent="visit.log", category=None, urgency=None, category_share=1.0)
        return [Segment(0, start if start and asked else len(text), verdict), *asked]

    def _opening(self, text: str) -> int:
        """Where the log of a visit that no verb tells ends: behind the first clause, or it is told between the lines."""
        end = visits.clause_end(text)
        return end if self._judge.visit_share(text[:end]) >= _VISITED else 0

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

    def _elsewhere(self, one: Verdict, other: Verdict, left: str, right: str) -> bool:
        """The same said of another place, or given to another hand, is another act."""
        if one.intent == "order.dispatch":
            return hands.given_apart(left, right, self._parties)
        if one.intent not in ("demand.report", "suggestion") or min(one.clear, other.clear) < _CLEAR:
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
            if self._elsewhere(last.verdict, part.verdict, *said):
                out.append(part)
            else:
                out[-1] = replace(last, end=part.end)
        return out


def _with_sense(parts: list[Segment]) -> list[Segment]:
    """Without parts of which nobody could say what they mean, beside one that is clear: they go on with it."""
    if all(part.verdict.clear < _CLEAR for part in parts):
        return parts

    def join(last: Segment, part: Segment) -> Segment | None:
        says = part.verdict.clear >= _SENSELESS or part.verdict.urgency == "emergency"
        return None if says else replace(last, end=part.end)

    return apart.folded(parts, join)


def _danger_lost(whole: Segment, parts: list[Segment]) -> bool:
    """Whether a danger is told by the whole and by none of its parts: 路一下陷进去，一辆三轮连人下去了."""
    dangers = [part.verdict.urgency == "emergency" for part in (whole, *parts)]
    return (
        dangers[0]
        and whole.verdict.alarm is not None
        and whole.end - whole.start <= _ONE_BREATH
        and not any(dangers[1:])
    )
