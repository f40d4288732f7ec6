"""Which of several orders a resident means: 第二个 of what was listed, 都, 除了电梯, 1和2, 水管满意灯不满意.

One act about several orders becomes one act for each, with its number: what is done with it is done as ever.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from redprop_bot.dialogue import finding, hearing, naming, residents
from redprop_bot.dialogue.turn import Turn
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.understand.numerals import to_int

_ACTS: Final = {
    "demand.withdraw": Act.WITHDRAW,
    "demand.urge": Act.URGE,
    "feedback.satisfied": Act.RATE,
    "feedback.unsatisfied": Act.RATE,
}
_NTH: Final = re.compile(
    r"第(?P<n>[1-9一二三四五六七八九])(?:个|件|条|单|项)(?!单元|月|星期|礼拜|小时)|(?P<last>最后)[那一]?[个件条单项]"
)
_NO_WORK: Final = r"(?:不用|不要|不需要|不修|别|撤|取消|作废|算了)"
_GOOD: Final = r"(?:已经|都|很|挺|蛮|非常|修|弄|办|处理|搞|解决|收拾){0,3}(?:好|满意|解决|可以|没问题|不错)"
_BAD: Final = r"(?:没有?(?:给?(?:修|弄|办|搞|处理))?好|没修|没解决|不满意|不行|还?没好)"
_STILL_BAD: Final = re.compile(r"没有?[修弄搞办]?[好通亮动完]|还是?[漏堵坏不没]|又[漏堵坏不]|不[亮通行动转热好]")
_EACH: Final = r"(?<![傅人家])(?:都|全部?|统统|一起)(?:已经|也|先|给我|帮我|可以|就|还){0,2}"
_ALL: Final = {
    "demand.withdraw": re.compile(_EACH + _NO_WORK),
    "demand.urge": re.compile(r"[两俩三四五几][个件单]都|都(?:给我|帮我|要)?催|都(?:快点|快些|抓紧)"),
    "feedback.satisfied": re.compile(_EACH + _GOOD),
    "feedback.unsatisfied": re.compile(_EACH + _BAD),
}
"""What is said of all of them; 都三天了 and 人都不来 count days and people."""
_BUT: Final = re.compile(
    r"除了?(?P<but>[^,，。；;]{1,10}?)(?:的|以外|之外|外|[,，]|(?=都)|(?=其[他它余])|(?=别的)|(?=剩下))"
    r"|(?P<kept>[^。；;]{1,16}?)[,，。 ]?(?:其[他它余]|别的|剩下)的?(?:[那几两三]{0,2}[个件单])?的?"
    r"(?:就|也|都|全){0,2}(?=不用|不要|别|撤|取消)"
)
_EMPTY: Final = re.compile(
    r"[两俩三四五几0-9个件单些这那我你们家的了吧就也刚才报上面之前前所有全部,，。 事情题问单子啊把说反映]"
)
_CLAUSE: Final = re.compile(r"[,，。；;、！!\s]+")
_NOUN: Final = re.compile(
    r"(?:那个?|这个?|我家)?(?P<what>[^好不没修还又已都]{1,5}?)(?:的|那个|那件)?(?:也|都|已经)?(?=好|满意|不|没|修|还|又)"
)
_ANSWERS_ALL: Final = re.compile(
    r"(?:那|就|是|这)?(?:(?P<n>[两俩三四五])[个件单样]|全部?|所有的?)?(?:都|全部?|一起)?"
    r"(?:(?:是|要|给我|帮我)?(?P<verb>不用|不要|不需要|撤销?|取消|催|查)(?:修|来|弄|管|掉|一下)?)?[了吧啊的呀]{0,2}"
)
_HOW_MANY: Final = re.compile(r"([两俩二三四五])[个件单样]")
_MEANS_ALL: Final = re.compile(r"都|全|所有|一起|[两俩三四五几]")
_JOINED: Final = re.compile(r"[和跟与、,， 还有及就是的要选吧啊]")


def each(turn: Turn, acts: Sequence[Heard]) -> list[Heard]:
    """One act for each order that is meant; acts about one, or about what nobody can tell, stay as they are.

    What must not be guessed is asked: then nothing is left to do.
    """
    if not acts or turn.speaker.role not in ("resident", "member"):
        return list(acts)
    rated = _rated(turn, acts)
    return rated if rated is not None else [one for act in acts for one in spread(turn, act)]


def spread(turn: Turn, heard: Heard) -> list[Heard]:
    """An act as one for each of the orders it means."""
    act, text = _ACTS.get(heard.intent), heard.text or turn.inbound.text
    numbers = [n for n in str(heard.slots.get("order") or "").split(",") if n]
    if act is None or len(numbers) == 1:
        if act is None and heard.intent == "progress.query" and not numbers:
            return _with(heard, _pointed(turn, text)) or [heard]
        return [heard]
    if numbers:
        return [_about(heard, number) for number in numbers]
    able = finding.able(turn, act, residents.mine(turn))
    if act == Act.RATE:
        able = [demand for demand in able if demand.stage == Stage.DONE]
    if len(able) < 2 and not _BUT.search(text):
        return _with(heard, _pointed(turn, text)) or [heard]
    but = _BUT.search(text) if heard.intent == "demand.withdraw" else None
    if but is not None:
        return _others(turn, heard, able, but["but"] or but["kept"])
    if pointed := _pointed(turn, text):
        return _with(heard, pointed)
    if _NTH.search(text) and not turn.reader.things(text) and act in (Act.WITHDRAW, Act.RATE):
        return _ask(turn, heard, act, able)  # the second of what? nothing was listed
    meant = _all(turn, heard, able, text)
    if meant and act != Act.URGE and not _counts(text, len(meant)):
        return _ask(turn, heard, act, able)
    return _with(heard, [demand.no for demand in meant]) or [heard]


def chosen(options: list[str], text: str, intent: str) -> str | None:
    """What answers "which one?" beside a number: 电梯, 都撤了, 第一个和第三个. None when it is none of them."""
    every = _ANSWERS_ALL.fullmatch(text)
    if every and _MEANS_ALL.search(text) and _counts(text, len(options)):
        return ",".join(options) if not every["verb"] or _verb_of(every["verb"]) == intent else None
    nth = [_position(match, len(options)) for match in _NTH.finditer(text)]
    if len(nth) > 1 and not _JOINED.sub("", _NTH.sub("", text)):
        return ",".join(options[n - 1] for n in nth if n <= len(options)) or None
    return None


def points(turn: Turn) -> bool:
    """Whether a message says which of those it means that were just listed: it is no more of the last one."""
    text = turn.inbound.text.strip()
    listed, every = turn.session.just_listed(), _ANSWERS_ALL.fullmatch(text)
    return bool(_pointed(turn, text) or (listed and every and every["verb"] and _MEANS_ALL.search(text)))


def _counts(text: str, number: int) -> bool:
    """Whether 两个都 speaks of as many as there are."""
    said = _HOW_MANY.search(text)
    return said is None or {"俩": 2}.get(said[1], to_int(said[1])) == number


def _verb_of(verb: str) -> str:
    asks = {"催": "demand.urge", "查": "progress.query"}
    return asks.get(verb, "demand.withdraw")


def _about(heard: Heard, no: str) -> Heard:
    return replace(heard, slots={**heard.slots, "order": no})


def _with(heard: Heard, nos: Sequence[str]) -> list[Heard]:
    return [_about(heard, no) for no in nos]


def _position(match: re.Match[str], count: int) -> int:
    return count if match["last"] else to_int(match["n"]) or 0


def _pointed(turn: Turn, text: str) -> list[str]:
    """第二个, 第一件和第三件: the orders that stand there in the list that was shown last."""
    listed = turn.session.just_listed()
    places = [_position(match, len(listed)) for match in _NTH.finditer(text)]
    if not listed or not places or max(places) > len(listed):
        return []
    found = [listed[place - 1] for place in dict.fromkeys(places)]
    kinds = turn.reader.things(text)
    shown = {d.category for no in listed if (d := demands.by_no(turn.tx, no)) is not None}
    if kinds & shown and any((d := demands.by_no(turn.tx, no)) is None or d.category not in kinds for no in found):
        return []  # 第二个电梯 is a lift, and no place in a list
    return found


def _ask(turn: Turn, heard: Heard, act: Act, able: list[Demand]) -> list[Heard]:
    if all(said.key != "ask.which" for said in turn.said):
        finding.ask_which(turn, heard, act, able)
    return []


def _all(turn: Turn, heard: Heard, able: list[Demand], text: str) -> list[Demand]:
    """都不用修了, 电梯和水管都好了: all of them, or all of what is named; none when of something else."""
    match = _ALL[heard.intent].search(text)
    if match is None or any(naming.of_another(text, demand) for demand in able):
        return []
    fitting = finding.described(turn, heard, able)
    if fitting is not None:
        return fitting
    before = _CLAUSE.split(text[: match.start()])[-1]
    kinds = turn.reader.things(before)
    return [] if _EMPTY.sub("", before) and not all(d.category in kinds for d in able) else able


def _others(turn: Turn, heard: Heard, able: list[Demand], but: str) -> list[Heard]:
    """除了电梯都不用修了: the others; it is asked when nobody can tell what is to stay."""
    named = [d for no in _pointed(turn, but) if (d := demands.by_no(turn.tx, no)) is not None]
    kept = named or finding.left_out(turn, heard) or finding.of_thing(turn, but, able)
    nos = {demand.no for demand in kept}
    others = [demand for demand in able if demand.no not in nos]
    if not nos and able:
        return _ask(turn, heard, _ACTS[heard.intent], able)
    if not nos:
        return [heard]
    turn.say("done.left_out", nos="、".join(sorted(nos)))
    return _with(heard, [demand.no for demand in others])


def _rated(turn: Turn, acts: Sequence[Heard]) -> list[Heard] | None:
    """水管满意，灯不满意: each clause rates the order that it names. None when it is not said so."""
    parts = [part for part in _CLAUSE.split(turn.inbound.text) if part]
    if len(parts) < 2 or not all(act.intent.startswith("feedback.") for act in acts):
        return None
    able = finding.able(turn, Act.RATE, residents.mine(turn))
    able = [demand for demand in able if demand.stage == Stage.DONE]
    if len(able) < 2:
        return None
    if sum(len(_NTH.findall(part)) for part in parts) > 1 and not turn.session.just_listed():
        return _ask(turn, acts[0], Act.RATE, able)
    rated: dict[str, Heard] = {}
    for part in parts:
        nos = [no for no in _pointed(turn, part) if no in {d.no for d in able}]
        noun = _NOUN.match(part)
        nos = nos or [d.no for d in (finding.of_thing(turn, noun["what"], able) if noun else [])]
        said = hearing.read(turn, asked="rating", text=part)[0]
        if not said.intent.startswith("feedback.") and _STILL_BAD.search(part):
            said = replace(said, intent="feedback.unsatisfied", category=None, urgency=None, slots={})
        if len(nos) != 1 or nos[0] in rated or not said.intent.startswith("feedback."):
            continue
        rated[nos[0]] = replace(_about(said, nos[0]), text=part)
    return list(rated.values()) if len(rated) > 1 else None
