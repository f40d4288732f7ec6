# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Give each act its slots: what stands in its own piece first, then what the whole message says for all of it."""

from dataclasses import dataclass

from redprop_bot.understand.entities import Entities
from redprop_bot.understand.gazetteer import Gazetteer
from redprop_bot.understand.lexicon import Lexicon
from redprop_bot.understand.normalise import Text
from redprop_bot.understand.slots import amounts, orders, reason
from redprop_bot.understand.slots.span import Span

_NO_SLOTS = frozenset({"unknown", "greeting", "human", "help"})
_NO_PLACE = frozenset(
    {"privacy", "points.query", "points.redeem", "member.register", "report.stats", "order.list", "praise"}
)
_NO_TIME = frozenset({"suggestion", "report.stats", "privacy", "order.list"})
_BLAME = frozenset({"complaint", "mediation"})
_ORDERS = frozenset(
    {
        "order.accept", "order.return", "order.progress", "order.fulfil", "order.extend", "order.dispatch", "order.escalate",
        "order.merge", "order.close", "order.assist", "order.list", "progress.query", "demand.urge", "demand.withdraw",
        "demand.supplement", "feedback.satisfied", "feedback.unsatisfied", "meeting.resolve",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filler:
    """Reads the slots of one act from its piece and from the message."""

    lexicon: Lexicon

    def slots(  # noqa: PLR0917 - the parts of one message, always passed together
        self, intent: str, text: Text, found: Entities, gazetteer: Gazetteer, start: int, end: int, *, alone: bool
    ) -> dict[str, str | int]:
        """All slots of an act whose piece runs from `start` to `end`."""
        if intent in _NO_SLOTS:
            return {}
        out: dict[str, str | int] = {}
        out.update(self.where(text, found, start, end))
        if intent in _NO_PLACE:
            out.pop("place", None)
        if found.phones:
            out.update(found.phones[0].slots)
        moments = [m for m in found.moments if start <= m.start < end]
        if moments and intent not in _NO_TIME:
            clocked = [m for m in moments if m.minute is not None and m.day == moments[0].day]
            out["time"] = (clocked or moments)[0].text()
        if intent in _ORDERS:
            spans = found.within(found.orders, start, end) or (found.orders if alone else [])
            out.update(orders.join(spans, merging=intent == "order.merge"))
        self._rest(intent, text, found, gazetteer, start, end, out)
        return out

    def where(self, text: Text, found: Entities, start: int, end: int) -> dict[str, str | int]:
        """Estate, address and place."""
        out: dict[str, str | int] = {}
        for spans in (found.estates, found.addresses):
            own = found.within(spans, start, end)
            out.update(_merge(own or spans))
        place = self.lexicon.places.find(found.masked[start:end])
        if place:
            out["place"] = text.raw[start + place[0] : start + place[1]]
        return out

    def _rest(  # noqa: PLR0917 - the parts of one message, always passed together
        self,
        intent: str,
        text: Text,
        found: Entities,
        gazetteer: Gazetteer,
        start: int,
        end: int,
        out: dict[str, str | int],
    ) -> None:
        piece, masked, raw = text.norm[start:end], found.masked[start:end], text.raw[start:end]
        if intent == "order.dispatch":
            said = self.lexicon.parties.receiver(masked, gazetteer.find_party(piece))
            if said:
                out["party"] = said
        elif intent in _BLAME or intent in ("order.escalate", "meeting.resolve"):
            said = self.lexicon.parties.blamed(masked, gazetteer.find_party(piece))
            if said:
                at = masked.find(said)
                out["party"] = raw[at : at + len(said)] if at >= 0 else said
        why = reason.find(intent, masked, raw)
        if why:
            out["reason"] = why
        if intent in ("order.extend", "order.dispatch"):
            count = amounts.days(masked)
            if count:
                out["days"] = count
        if intent.startswith("feedback."):
            count = amounts.stars(piece)
            if count:
                out["stars"] = count


def _merge(spans: list[Span]) -> dict[str, str | int]:
    """The first address, completed by parts that only a later one names."""
    out: dict[str, str | int] = {}
    for span in spans:
        if not out.keys() & span.slots.keys():
            out.update(span.slots)
    return out
