# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Text to acts: the one door of this room.

normalise → take out what can be read by itself → candidate pieces → the judge weighs → neighbours that say one thing are
joined → slots. What was just asked decides first. `read` never raises and always answers.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from redprop_bot.understand import answers, faces
from redprop_bot.understand.acts import Act
from redprop_bot.understand.entities import STAFF, Entities, take_out
from redprop_bot.understand.fill import Filler
from redprop_bot.understand.gazetteer import Gazetteer
from redprop_bot.understand.group import Grouper
from redprop_bot.understand.judge import Judge
from redprop_bot.understand.lexicon import Lexicon
from redprop_bot.understand.normalise import Text, normalise
from redprop_bot.understand.segment import Segment
from redprop_bot.understand.unsaid import without_markup, without_past

_log = logging.getLogger(__name__)
_UNREAD = Act("unknown", confidence=0.0, why=("没有文字",))


class Reader:
    """Reads messages with one lexicon; safe to share between threads, keeps nothing of what it reads."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._judge = Judge(lexicon)
        self._lexicon = lexicon = self._judge.lexicon
        self._grouper = Grouper(lexicon.splitter, self._judge, lexicon.parties, lexicon.places)
        self._filler = Filler(lexicon)

    @property
    def lexicon(self) -> Lexicon:
        """What this reader knows, but for the examples."""
        return self._lexicon

    def things(self, text: str) -> frozenset[str]:
        """The categories of the things that a text names, whatever is said of them."""
        norm = normalise(text, self._lexicon.dialect).norm
        return frozenset(kind.removeprefix("L:") for kind in self._judge.things(norm))

    def read(
        self,
        text: str,
        *,
        role: str = "resident",
        now: datetime,
        gazetteer: Gazetteer,
        estate: str | None = None,  # noqa: ARG002 - a hint kept in the interface; the session adds it, not the text
        asked: str | None = None,
        explain: bool = False,
    ) -> list[Act]:
        """The acts of a message, in the order they were said; at least one."""
        try:
            return self._read(text, role, now, gazetteer, asked, explain=explain)
        except Exception:  # noqa: BLE001 - a message must be answered, whatever is wrong here
            _log.exception("a message could not be read")
            return [Act("unknown", confidence=0.0, why=("读取出错",), text=text[:200])]

    def _read(
        self, text: str, role: str, now: datetime, gazetteer: Gazetteer, asked: str | None, *, explain: bool
    ) -> list[Act]:
        said = normalise(text, self._lexicon.dialect)
        if not said.norm.strip():
            return [_UNREAD]
        spoken = faces.blanked(said.norm)
        thumb = faces.thumb(said.norm) if asked == "rating" else None
        if thumb is not None or not spoken.strip():
            return [_pictured(said.raw, thumb=thumb)]
        repaired = Text(said.raw, self._lexicon.repairer.repair(spoken))
        found = take_out(repaired.norm, role, now, gazetteer)
        if asked is not None:
            act = self._answer(asked, repaired, found)
            if act is not None:
                return [act]
        found = replace(found, masked=without_markup(found.masked))
        if role not in STAFF:
            found = replace(found, masked=without_past(found.masked))
        segments = self._grouper.segments(found, role, explain=explain)
        return self._acts(segments, repaired, found, gazetteer)

    def _answer(self, asked: str, text: Text, found: Entities) -> Act | None:
        slots = self._filler.where(text, found, 0, len(text.norm))
        if found.phones:
            slots.update(found.phones[0].slots)
        return answers.answer(asked, text.norm, text.raw, found, slots)

    def _acts(self, segments: Sequence[Segment], text: Text, found: Entities, gazetteer: Gazetteer) -> list[Act]:
        out = []
        for segment in segments:
            verdict = segment.verdict
            slots = self._filler.slots(
                verdict.intent,
                text,
                found,
                gazetteer,
                segment.start,
                segment.end,
                alone=len(segments) == 1,
                head=segment.head,
                category=verdict.category,
            )
            out.append(
                Act(
                    verdict.intent,
                    verdict.category,
                    verdict.urgency,
                    slots,
                    round(verdict.confidence * verdict.category_share**0.5, 4),
                    verdict.why,
                    text.raw[segment.start : segment.end].strip(),
                )
            )
        return out


def _pictured(raw: str, *, thumb: bool | None) -> Act:
    """Faces and nothing else: an answer to "was it done well?", or small talk."""
    if thumb is None:
        return Act("greeting", confidence=0.9, why=("表情",), text=raw)
    intent = "feedback.satisfied" if thumb else "feedback.unsatisfied"
    return Act(intent, confidence=0.9, why=answers.RATED, text=raw)
