"""The answer to what was asked; what clearly is something else is left to language, and the question with it."""

import re
from collections.abc import Callable
from typing import Any, Final

from redprop_bot.dialogue import (
    booked,
    commending,
    doubted,
    emergencies,
    enrolling,
    gatherings,
    handing,
    hearing,
    kept,
    leading,
    measures,
    meeting_asked,
    more_days,
    nearby,
    notices,
    organising,
    pointing,
    providers,
    secretaries,
    several,
    shopping,
    whereabouts,
    whistled,
    whose,
    wishing,
)
from redprop_bot.dialogue.outcomes import OUTCOMES
from redprop_bot.dialogue.turn import Turn
from redprop_bot.rules.intended import Said, comes, how
from redprop_bot.understand.acts import Act as Heard

_NEVER_MIND = {
    "算了",
    "取消",
    "不用了",
    "不退了",
    "不延了",
    "先不退",
    "先不延",
    "没事了",
    "算了不延了",
    "算了不退了",
    "不退",
    "不用退了",
}
_REASONS: Final = {
    "reason": "order.return",
    "extend_reason": "order.extend",
    "whistle_reason": "",
    "mode_title": "",
}
"""Questions that a sentence of any kind answers, and what the sentence would be read as when it does."""
_GOES_AFTER_ALL: Final = re.compile(
    r"(?:算了|哦|那|好吧|行吧|原来[^，,。]{1,10}|是这家|[，,。 ]){1,4}(?:还是)?(?:我|我们)(?:就|还是|先|自己"
    r"|马上|这就)*(?:去|来|接|办|修|弄)(?:看看?|一?下|吧|了|一趟){0,3}[。]?"
    r"|(?:哎呀?|不好意思|[，,。 ])*(?:点|按|选|发|搞|弄)错了[，,。 ]?(?:不好意思|抱歉|对不起)?(?:是)?(?:我"
    r"|我们)?(?:接|来|办|去)?的?"
    r"|(?:撤回|撤销|取消)退单"
)
"""算了我去吧, while it is asked why an order is returned: it is not."""
_ASKS_OF_IT: Final = re.compile(
    r"(?:几点|什么时候|几号|哪天)?(?:到期|截止)|怎么退|(?:D?\d{1,4}|这单)?(?:是)?(?:什么|啥)(?:情况|问题|事)"
    r"|在哪[里儿]?|哪[一]?[家户栋]的?"
)
_TAKEN_BACK: Final = re.compile(
    r"(?:我|刚才|不好意思|对不起|哎呀|[，,\s])*(?:[点按选发搞弄]错了?|手滑了?|误点了?"
    r"|(?:我?再?(?:看看|想想|问问(?:经理|书记)?|等等)[，,\s]*)?(?:先别|先不|不是?[要想]?|别)(?:退|延|转"
    r"|用)(?:单|期|应急)?(?:了|吧|的)?)"
    r"[了啊哈。，,\s]*"
)
_TODAY_AFTER_ALL: Final = re.compile(
    r"算了[，,。 ]?(?:今天|马上|下午|晚上|等下)[^，,。]{0,4}(?:能|就能|可以)?(?:修|弄|搞|办)?(?:好|完"
    r"|到)[^，,。]{0,3}"
)
_AND_THEN: Final = re.compile(
    r"^(?:先?不(?:用|要|需要|必)?|不是[要想]?|别)(?:退|延)(?:单|期)?(?:了|吧|的)?[，,。；;\s]+(?P<rest>\S.*)",
    re.DOTALL,
)
_DONE_BY_OTHERS: Final = re.compile(r"别人|人家|有人|自己|业主|居民|等|才|要|需|没|缺|难")
_NOT_YET: Final = re.compile(
    r"(?:好的?|嗯+|行|收到|知道了|[，,\s])*(?:等一?下|等等|稍等|等会儿?|等我)?[，,\s]*"
    r"(?:我?先?再?去?(?:问|看|想|查|核实)(?:问|看|想|查|一下|下)*)?(?:再说|再回|了|哈|啊|吧|[。，,\s])*"
)
_ALIKE: Final = re.compile(r"重复|重了|一样|同一|一回事|一件事|一码事")
_ASKS: Final = re.compile(r"[?？]|[吗么呢]$|(?:怎么样|咋样|多少|几点|是谁|哪里|在哪)了?$")
_KNOWS_NOT: Final = re.compile(r"找不[到着]|不知道|不清楚|说不清|没[说写]|联系不上")
_ASKING: Final = frozenset({"progress.query", "order.list", "consult", "report.stats", "help", "human"})
_SURE: Final = 0.6


def run(turn: Turn, hear: Callable[[Turn, list[Heard]], None]) -> bool:
    """Take the answer; returns whether the message is settled. `hear` does what is said instead of it."""
    asked = turn.session.asked
    if not asked:
        return False
    text = turn.inbound.text.strip().rstrip("。.！!")
    kind = asked["kind"]
    if (text in _NEVER_MIND or (kind in _REASONS and _TAKEN_BACK.fullmatch(text))) and kind != "place":
        turn.session.asked = None
        turn.say("ask.dropped")
        return True
    if kind in _REASONS and (back := _AND_THEN.match(text)):  # 不延了，已经修好了
        turn.session.asked = None
        hear(turn, hearing.read(turn, text=back["rest"]))
        return True
    if kind == "reason" and _GOES_AFTER_ALL.fullmatch(text):
        turn.session.asked = None
        turn.say("ask.dropped")
        return True
    if kind in _REASONS and _ASKS_OF_IT.fullmatch(text):
        hear(turn, hearing.read(turn))
        return True
    if kind == "extend_reason" and (_is_done(text) or _TODAY_AFTER_ALL.fullmatch(text)):
        turn.session.asked = None
        hear(turn, hearing.read(turn, text=text.removeprefix("算了").lstrip("，,。 ")))
        return True
    if kind == "reason" and comes(text):
        turn.session.asked = None
        slots: dict[str, str | int] = {"order": ",".join(str(no) for no in asked.get("nos", []))}
        return doubted.noted(turn, Heard("order.progress", slots=slots, text=text))
    if kind == "place" and asked.get("offer") and whereabouts.agreed(turn, text):
        return True
    if kind == "place" and (whereabouts.pointed_out(turn, asked, text) or whereabouts.lost(turn)):
        return True
    free = kind in _REASONS or kind in (enrolling.ASKED, kept.WHY) or kind.startswith("meeting_")
    plain = hearing.read(turn) if free else []
    if hearing.alarming(plain):
        hear(turn, plain)  # anything is a reason, but this
        return True
    chosen = pointing.option(asked, text)
    if kind in _REASONS and chosen is None:
        if _NOT_YET.fullmatch(text):
            turn.say("ask.no_hurry")
            return True
        if any(_elsewhere(asked, act, text) for act in plain):
            return _left(turn, kind, plain, hear)
    if kind == "reason":
        return _reason(turn, text, chosen)
    if kind == "mode_title":
        return emergencies.title_answered(turn, asked, text)
    if kind == "extend_reason":
        return _extension(turn, text)
    return _chosen(turn, asked, text, chosen)


def _is_done(text: str) -> bool:
    """刚才修好了, while it is asked why more days are needed: then they are not."""
    return how("order.fulfil", text) is Said.MEANT and not _DONE_BY_OTHERS.search(text)


def _left(turn: Turn, kind: str, plain: list[Heard], hear: Callable[[Turn, list[Heard]], None]) -> bool:
    """Somebody asked why speaks of something else: that is done."""
    done = any(act.intent in ("order.accept", "order.fulfil") and not act.slots.get("order") for act in plain)
    if kind == "mode_title" or done:
        turn.session.asked = None  # a whole community is not called up, no order given back, by what comes later
    hear(turn, plain)
    return True


def _elsewhere(asked: dict[str, Any], act: Heard, text: str) -> bool:
    """Whether an act is another matter than the answer to why."""
    kind, numbers = str(asked["kind"]), str(act.slots.get("order") or "").split(",")
    if act.intent in _ASKING and not _KNOWS_NOT.search(text) and (act.confidence >= _SURE or _ASKS.search(text)):
        return True
    if act.intent == "greeting":
        return act.confidence >= _SURE
    if kind == "mode_title" and act.intent.split(".")[0] in ("order", "meeting", "visit"):
        return act.confidence >= _SURE
    if not act.intent.startswith("order.") or _ALIKE.search(text):
        return False
    if numbers == [""]:
        does = act.intent in ("order.accept", "order.fulfil") and act.confidence >= _SURE
        return does and how(act.intent, text) is Said.MEANT and not _DONE_BY_OTHERS.search(text)
    nos = [str(no) for no in asked.get("nos", [asked.get("no")])]
    own = all(any(no.endswith(number.zfill(4)) for no in nos) for number in numbers)
    return act.intent != _REASONS[kind] or not own


def _chosen(turn: Turn, asked: dict[str, Any], text: str, chosen: str | None) -> bool:
    """The one of several that was meant, or the words that a room of its own asked for."""
    kind = asked["kind"]
    if kind.startswith("meeting_"):
        return meeting_asked.answered(turn, asked, text, chosen)
    if kind.startswith("whistle_"):
        return whistled.answered(turn, asked, text, chosen)
    if kind.startswith("shop_"):
        return shopping.answered(turn, asked, chosen, text)
    if kind.startswith("wish_"):
        return wishing.answered(turn, asked, chosen, text)
    if kind == "mediator":
        return leading.answered(turn, asked, chosen)
    if kind == "which_measure":
        return measures.answered(turn, asked, chosen)
    if kind.startswith("booking_"):
        return booked.answered(turn, asked, text, chosen)
    if kind in ("near", "whose"):
        return nearby.answered(turn, text) if kind == "near" else whose.answered(turn, text)
    if kind == commending.ASKED:
        return commending.answered(turn, text)
    if kind == notices.ASKED:
        return notices.answered(turn)
    if kind == enrolling.ASKED:
        return enrolling.answered(turn, asked, text)
    if kind == kept.WHY:
        return organising.reasoned(turn, asked, text)
    if kind in (kept.WHICH, gatherings.WHICH):
        room = organising.answered if kind == kept.WHICH else gatherings.answered
        return room(turn, asked, chosen)
    if kind == doubted.ASKED:
        return doubted.answered(turn, asked, text, chosen)
    if kind == "which_order":
        return _which(turn, asked, text, chosen)
    if kind == "unit" and chosen is not None:
        turn.session.asked = None
        secretaries.dispatch(turn, Heard("order.dispatch", slots={"order": asked["no"], "party": chosen}))
        return True
    return False


def _which(turn: Turn, asked: dict[str, Any], text: str, chosen: str | None) -> bool:
    said = several.chosen(asked["options"], text, asked["act"]["intent"])
    chosen = chosen or said or pointing.described(turn, asked["options"], text)
    if chosen is None:
        heard = hearing.read(turn, asked="which_order")[0]
        if heard.why != ("答:单号",):
            return False
        chosen = pointing.tails(asked["options"], text, str(heard.slots["order"]))
    turn.session.asked = None
    act = asked["act"]
    slots = {**act["slots"], "order": chosen}
    meant = Heard(act["intent"], act["category"], act["urgency"], slots, text=act["text"])
    if handing.run(turn, [meant]):
        return True
    for one in several.spread(turn, meant):
        OUTCOMES[one.intent](turn, one)
    return True


def _reason(turn: Turn, text: str, chosen: str | None) -> bool:
    """Why is it returned? Anything said now that is not another matter."""
    asked = turn.session.asked or {}
    heard = [] if chosen else hearing.read(turn, asked="reason")
    if chosen:
        reason = providers.chosen_reason(turn, chosen)
    else:
        reason = next((str(a.slots["reason"]) for a in heard if a.slots.get("reason")), text)
    for no in asked.get("nos", []):
        providers.give_back(turn, Heard("order.return", slots={"order": no, "reason": reason}))
    turn.session.asked = None  # refused or not: what is said next is no reason
    return True


def _extension(turn: Turn, text: str) -> bool:
    asked = turn.session.asked or {}
    slots: dict[str, str | int] = {"order": str(asked["no"]), "reason": text, "days": int(asked["days"])}
    more_days.extend(turn, Heard("order.extend", slots=slots))
    return True
