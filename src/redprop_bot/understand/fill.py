# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Give each act its slots: what stands in its own piece first, then what the whole message says for all of it."""

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta

from redprop_bot.understand.entities import Entities
from redprop_bot.understand.gazetteer import Gazetteer
from redprop_bot.understand.lexicon import Lexicon
from redprop_bot.understand.normalise import Text
from redprop_bot.understand.slots import amounts, orders, reason, scope
from redprop_bot.understand.slots.span import Span
from redprop_bot.understand.slots.when import Moment

_NO_SLOTS = frozenset({"unknown", "greeting", "human", "help"})
_NO_PLACE = frozenset(
    {"privacy", "points.query", "points.redeem", "member.register", "report.stats", "order.list", "praise"}
)
_LATE = frozenset({"order.progress", "order.accept", "activity.cancel", "suggestion", "demand.urge", "unknown"})
_TOPIC = frozenset({"consult", "notice.query", "activity.query", "meeting.query", "feedback.satisfied"})
_NO_TIME = frozenset({"suggestion", "privacy"})
_TALE = 100  # characters; from here on days and hours tell how it came to it
_NAMED_DAY = re.compile(r"[今昨前明后]|大前|[0-9一二三四五六七八九十]{1,3}月|20[0-9]{2}")
_BARE_DAY = re.compile(r"[0-9一二三四五六七八九十]{1,3}[号日]")
_AGAIN = re.compile(r"[^,，。]{0,3}(?:再|回访|复查)")
_BARE_WEEKDAY = re.compile(r"(?:周|星期|礼拜)")
_ONE_DAY = re.compile(r"[昨今前][天日]|月[0-9一二三四五六七八九十]{1,3}[号日]")  # 昨天的日报; 这个月的 is no day
_OF_MATTERS = frozenset({"demand.report", "complaint", "mediation", "feedback.unsatisfied"})
# What happens again and again has an hour and no day.
_OFTEN = re.compile(
    r"天天|每[天日晚周次逢]|总是|老是|老爱|一到|次次|回回|经常|常常|从来|准[点时]|整点|高峰|最堵|上下班|放学都|都得?等到|早[^,，。]{1,4}晚[^,，。]{1,4}[点半]|就(?:开始?|摆|亮|灭|关)(?![^。]*到现在)"
)
_STANDS = frozenset(  # somebody is there, something is broken there or takes place there
    {
        "demand.report", "demand.supplement", "demand.urge", "checkin", "activity.signup", "visit.log", "meeting.schedule",
        "meeting.resolve", "order.progress", "order.fulfil", "order.accept", "order.dispatch", "order.assist", "resource.offer",
    }
)  # fmt: skip
_PARTY = frozenset({"order.dispatch", "order.escalate", "meeting.resolve", "complaint", "mediation"})
_DAYS = frozenset({"order.extend", "order.dispatch", "order.escalate", "meeting.resolve"})
_ORDERS = frozenset(
    {
        "order.accept", "order.return", "order.progress", "order.fulfil", "order.extend", "order.dispatch", "order.escalate",
        "order.merge", "order.close", "order.assist", "order.list", "progress.query", "demand.urge", "demand.withdraw",
        "demand.supplement", "feedback.satisfied", "feedback.unsatisfied", "meeting.resolve",
    }
)  # fmt: skip
_MOVED_TO = re.compile(r"(?:改|挪|推迟?|延期?|移|提前|顺延|调整?)[^,，。;；]{0,2}[到至]$")
_AWAY = re.compile(r"[^,，。;；]{0,5}(?:不在|没人|没空|没时间|不得空|不方便)")
# Of several orders that are named, those that the act is about.
_MEANT = {"demand.withdraw": orders.withdrawn, "order.return": orders.sent_back}
# What is asked beside a report is not of the reporter's building; the estate stays: it tells whose secretary is meant.
_OF_NO_HOUSE = frozenset(
    {
        "activity.query",
        "meeting.query",
        "notice.query",
        "praise",
        "service.offer",
        "resource.offer",
        "points.query",
        "consult",
        "activity.signup",
        "activity.cancel",
    }
)
# What may be of an address that is only told with the next matter; 签到了。另外6栋外墙在掉 was signed in elsewhere.
_ADDRESS_BEHIND = frozenset(
    {
        "demand.report",
        "demand.supplement",
        "demand.urge",
        "feedback.unsatisfied",
        "mediation",
        "suggestion",
        "wish",
    }
)
_SERVES = re.compile(
    r"(?:食堂|驿站|中心|超市|卫生站|服务站|停车场|菜市?场|办公室|居委会|活动室|阅览室|棋牌室|助餐点)$"
)
_STILL = re.compile(r"到现在|至今|到这会儿?|还没停")


@dataclass(frozen=True, slots=True)
class Filler:
    """Reads the slots of one act from its piece and from the message."""

    lexicon: Lexicon

    def slots(  # noqa: PLR0917 - the parts of one message, always passed together
        self,
        intent: str,
        text: Text,
        found: Entities,
        gazetteer: Gazetteer,
        start: int,
        end: int,
        *,
        alone: bool,
        head: int = 0,
        category: str | None = None,
    ) -> dict[str, str | int]:
        """All slots of an act whose piece runs from `start` to `end`; `head` as in `Segment`."""
        if intent in _NO_SLOTS:  # who wants to be called back says where
            return dict(found.phones[0].slots) if intent == "human" and found.phones else {}
        out: dict[str, str | int] = {}
        out.update(self._located(intent, text, found, start, end, alone=alone, head=head))
        if intent in _NO_PLACE or (intent == "mediation" and "room" in out):  # who names the flat has said where
            out.pop("place", None)
        if found.phones:
            out.update(found.phones[0].slots)
        moments = [m for m in found.moments if start <= m.start < end]
        often = category == "noise" or _OFTEN.search(found.masked)
        if intent in _OF_MATTERS and often and not _STILL.search(found.masked):
            moments = [m for m in moments if not m.alone]  # 五点就开始叫 happens every day
        if intent == "visit.log":  # 周六再去 is still to come
            moments = [m for m in moments if not _AGAIN.match(text.norm, m.end)]
            moments = [m for m in moments if found.day and m.day <= found.day] or moments
        if found.day and (intent in _OF_MATTERS or intent == "visit.log"):
            moments = [_gone(moment, text.norm, found.day, told=intent == "visit.log") for moment in moments]
        if intent in _OF_MATTERS and len(text.norm) > _TALE:
            moments = [m for m in moments if not m.alone and _NAMED_DAY.match(text.norm, m.start)]
        if intent == "meeting.resolve":  # 九点以后不许跳 is what was decided, not until when
            moments = [m for m in moments if not m.alone]
        if intent == "report.stats" and not _ONE_DAY.search(text.norm[start:end]):
            moments = []
        if moments and intent not in _NO_TIME:
            moments = _meant(moments, found.masked)
            if intent == "meeting.schedule" and found.day:
                moments = [_coming(moment, text.norm, found.day) for moment in moments]
            clocked = [m for m in moments if m.minute is not None and m.day == moments[0].day]
            asked = [m for m in moments if m.day >= found.day] if found.day and intent == "order.extend" else []
            out["time"] = (asked[-1:] or clocked or moments)[0].text()
        elif found.today and not found.moments and (alone or intent == "visit.log") and intent not in _NO_TIME:
            out["time"] = found.today
        numbered = found.orders if intent in _ORDERS else found.named
        if numbered:
            spans = found.within(numbered, start, end) or (numbered if alone else [])
            chosen = _MEANT[intent](found.masked, spans) if intent in _MEANT else []
            out.update(orders.join(chosen or orders.dealt_with(found.masked, spans, intent), intent))
        if intent == "order.merge":
            kept = orders.kept_by_place(text.norm[start:end], str(out.get("order", "")))
            if kept:
                out.setdefault("into", kept)
        self._rest(intent, text, found, gazetteer, start, end, out)
        return out

    def _located(
        self, intent: str, text: Text, found: Entities, start: int, end: int, *, alone: bool, head: int
    ) -> dict[str, str | int]:
        """Where the matter of one act is: what its own piece says, and what holds for it of what stands elsewhere."""
        out = self.where(text, found, start, end, topic=intent in _TOPIC)
        place, said = str(out.get("place", "")), found.masked[start:end]
        if place and intent not in _STANDS and self.lexicon.places.indoors(found.masked[start:end]):
            del out["place"]
            place = ""
        if place and intent == "suggestion" and self.lexicon.places.spoken_of(said):
            del out["place"]
            place = ""
        if alone:
            return out
        own = found.within(found.addresses, start, end)
        for name in ("building", "unit", "room"):
            out.pop(name, None)
        if own:
            out.update(scope.completed(_merge(own), found.addresses, start))
        elif intent == "visit.log":
            out.update(_merge(scope.closing(found.addresses, found.masked)))
        elif (
            intent not in _OF_NO_HOUSE
            and not (place and scope.POINTS.search(said) is None)
            and not scope.moved_on(found.estates, start, end)
        ):
            out.update(_merge(scope.around(found.addresses, start, head, behind=intent in _ADDRESS_BEHIND)))
        if not place and scope.POINTS.search(said):
            before = self.lexicon.places.find(found.masked[:start])
            if before:
                out["place"] = text.raw[before[0] : before[1]]
        return out

    def where(
        self, text: Text, found: Entities, start: int, end: int, *, topic: bool = False
    ) -> dict[str, str | int]:
        """Estate, address and place; a facility that is the `topic` of a question is no place."""
        out: dict[str, str | int] = {}
        for spans in (found.estates, found.addresses):
            own = found.within(spans, start, end)
            out.update(_merge(own or spans))
        place = self.lexicon.places.find(found.masked[start:end], topic=topic)
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
        said = self._party(intent, masked, gazetteer.find_party(piece)) if found.role != "provider" else None
        if said is None and found.role == "secretary" and intent not in _PARTY:
            said = self.lexicon.parties.given(masked, gazetteer.find_party(piece), plainly=True)
        if said is None and intent == "mediation":  # who it is against was told before the settling was asked for
            said = self._party(intent, found.masked, gazetteer.find_party(text.norm))
        if said and intent == "complaint" and gazetteer.find_party(piece) == said:
            said = self.lexicon.parties.whole(masked, said)
        if said is None and intent == "complaint" and _SERVES.search(str(out.get("place", ""))):
            said = str(out.pop("place"))  # 食堂, 驿站: who is complained of, not where
        if said:
            at = found.masked.find(said)
            out["party"] = text.raw[at : at + len(said)] if at >= 0 else said
            if str(out.get("place", "")) in said:
                out.pop("place", None)  # 居委会 is complained of, nobody stands there
        purpose = intent
        if found.role == "provider" and intent in _LATE and amounts.LATER.search(masked):
            purpose = "order.extend"  # whatever else it is, time is asked for
        why = reason.find(purpose, masked, raw)
        if why:
            out["reason"] = why
        if purpose in _DAYS or (purpose == "order.accept" and "工作日" in masked):
            count = amounts.days(masked) if purpose == "order.extend" else amounts.limit(masked)
            if count:
                out["days"] = count
        if intent.startswith("feedback."):
            count = amounts.stars(piece)
            if count:
                out["stars"] = count

    def _party(self, intent: str, masked: str, known: str | None) -> str | None:
        """Who is given the order, called in or blamed; `known` is an organisation of the roster that is named."""
        parties = self.lexicon.parties
        if intent == "order.dispatch":
            return parties.receiver(masked, known)
        if intent == "order.escalate":
            return parties.called(masked) or parties.given(masked, known, plainly=True)
        if intent == "meeting.resolve":
            return parties.doing(masked, known) or parties.given(masked, known) or parties.blamed(masked, known)
        if intent in ("complaint", "mediation"):
            return parties.blamed(masked, known, quarrel=intent == "mediation")
        return None


def _meant(moments: list[Moment], masked: str) -> list[Moment]:
    """Of several moments: what a date is moved to; not when nobody is at home."""
    to = [m for m in moments if _MOVED_TO.search(masked[: m.start])]
    return to or [m for m in moments if not _AWAY.match(masked, m.end)] or moments


def _merge(spans: list[Span]) -> dict[str, str | int]:
    """The first address, completed by parts that only a later one names."""
    out: dict[str, str | int] = {}
    for span in spans:
        if not out.keys() & span.slots.keys():
            out.update(span.slots)
    return out


def _coming(moment: Moment, said: str, today: date) -> Moment:
    """15号 of who calls a meeting is a day that comes: where it is over, the next month's."""
    if moment.day < today and _BARE_DAY.match(said, moment.start):
        return _in_month_of(moment, moment.day.replace(day=1) + timedelta(days=32))
    return moment


def _in_month_of(moment: Moment, other: date) -> Moment:
    """The same number of day in the month of another; where there is none, as it was said."""
    with suppress(ValueError):
        return replace(moment, day=other.replace(day=moment.day.day))
    return moment


def _gone(moment: Moment, said: str, today: date, *, told: bool) -> Moment:
    """从2号开始没水, and of a visit that is `told` any day: it is over; where it is to come, the one before is meant."""
    if moment.day <= today:
        return moment
    if told and _BARE_WEEKDAY.match(said, moment.start):
        return replace(moment, day=moment.day - timedelta(days=7))
    since = said[moment.start - 1 : moment.start] in ("从", "自")
    if (told or since) and _BARE_DAY.match(said, moment.start):
        return _in_month_of(moment, moment.day.replace(day=1) - timedelta(days=1))
    return moment
