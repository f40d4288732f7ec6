"""The other side of 吹哨 in chat: units answer by button or words; the whistler rates."""

import re
from collections.abc import Callable
from typing import Any, Final

from redprop_bot.dialogue import finding, providers, whistle_ledger, whistling
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop import whistle
from redprop_bot.notify import words
from redprop_bot.rules.flow import is_open
from redprop_bot.rules.intended import comes
from redprop_bot.rules.whistle import WhistleState
from redprop_bot.store import demands, whistles
from redprop_bot.store.tables import Card, Demand, WhistleCall
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.understand.numerals import to_int

_NO: Final = r"(?P<{0}>D\d{{8}}-\d{{4,}}|\d{{1,6}})号?单?"
_BEFORE, _AFTER = _NO.format("a"), _NO.format("b")
_CLAIM: Final = re.compile(rf"(?:{_BEFORE})?\s*我?们?(?:报到|应哨|认领)了?\s*(?:{_AFTER})?[。！!]?")
_DECLINE: Final = re.compile(
    rf"(?:{_BEFORE})?\s*我?们?(?:报不了到|到不了|来不了|不能报到|应不了哨)\s*(?:{_AFTER})?[，,：:\s]*(?P<why>.*)"
)
_DONE: Final = re.compile(rf"(?:{_BEFORE})?\s*(?:哨办好了?|吹哨的事办好了?)\s*(?:{_AFTER})?[，,：:\s]*(?P<why>.*)")
_GOES: Final = re.compile(rf"(?:{_BEFORE})?\s*吹?哨(?:的事)?进[展度]\s*(?:{_AFTER})?[，,：:\s]*(?P<why>.*)")
_STARS: Final = r"(?P<stars>[1-5一二三四五])颗?[星分](?:[，,。！!\s]+(?P<why>.*)|$)"
_RATE: Final = re.compile(
    rf"(?:(?P<surely>评哨)\s*{_BEFORE}|(?P<to>给))?\s*(?P<unit>\S*?)(?:[那这上][个次回声])?的?(?:吹?哨)?\s*"
    rf"(?:我?[打评给]了?个?)?{_STARS}"
)


def run(turn: Turn) -> bool:
    """Do what a strict sentence about a whistle says; returns whether it was one."""
    text = turn.inbound.text.strip()
    if len(text) > 500:
        return False
    if turn.speaker.role == "secretary":
        if whistle_ledger.run(turn):
            return True
        if match := _RATE.fullmatch(text):
            return _rated(turn, match)
    units = whistle.units_of(turn.tx, turn.actor)
    if not units:
        return False
    for pattern, step in ((_CLAIM, _claim), (_DECLINE, _decline), (_GOES, _report), (_DONE, _done)):
        if match := pattern.fullmatch(text):
            return _answer(turn, units, match["a"] or match["b"] or "", step, _why(match))
    return False


def _why(match: re.Match[str]) -> str:
    return (match.groupdict().get("why") or "").strip()


_Step = Callable[[Turn, Demand, str], None]


def _answer(turn: Turn, units: set[int], number: str, step: _Step, why: str) -> bool:
    """Find the whistle that is meant; False when none waits for the speaker's units: it means something else."""
    waiting = whistles.waiting_for(turn.tx, units)
    if number:
        found = _called_to(turn, units, number)
    else:
        keys = list(dict.fromkeys(call.demand_id for call in waiting))
        found = [turn.tx.get(Demand, key) for key in keys]
        if talked := [d for d in found if d.no == turn.session.demand]:
            found = talked
    if not found and number and step in (_claim, _report) and turn.speaker.role == "provider":
        turn.say("error.not_whistled", no=number)
        return True
    if not found:
        return False
    if len(found) > 1:
        lines = finding.listing(turn, found[: finding.SHOWN])
        turn.session.ask(
            "whistle_which", options=[d.no for d in found[: finding.SHOWN]], step=_NAMES[step], why=why
        )
        turn.say("whistle.which_one", lines=lines)
        return True
    step(turn, found[0], why)
    return True


def _called_to(turn: Turn, units: set[int], number: str) -> list[Demand]:
    """Demands that these units were called to and that a number means; also those that are over by now."""
    calls = whistles.waiting_for(turn.tx, units, list(WhistleState))
    known = [turn.tx.get(Demand, key) for key in dict.fromkeys(call.demand_id for call in calls)]
    tail = f"-{number.zfill(4)}"
    found = [d for d in known if d.no == number or d.no.endswith(tail)]
    return [d for d in found if is_open(d.stage)] or found


def _claim(turn: Turn, demand: Demand, _why: str) -> None:
    done = turn.attempt(lambda: whistle.claim(turn.tx, demand, turn.actor))
    if done is not None:
        _said(turn, done, "whistle.claimed")


def _decline(turn: Turn, demand: Demand, why: str) -> None:
    if not why:
        ask_reason(turn, demand)
        return
    done = turn.attempt(lambda: whistle.decline(turn.tx, demand, turn.actor, reason=why[:500]))
    if done is not None:
        turn.session.asked = None
        _said(turn, done, "whistle.declined", reason=why[:100])


def _done(turn: Turn, demand: Demand, why: str) -> None:
    done = turn.attempt(lambda: whistle.done(turn.tx, demand, turn.actor, note=why[:500] or None))
    if done is not None:
        _said(turn, done, "whistle.done")


def _report(turn: Turn, demand: Demand, why: str) -> None:
    done = turn.attempt(lambda: whistle.report(turn.tx, demand, turn.actor, note=why[:500]))
    if done is not None:
        _said(turn, done, "whistle.reported")


_STEPS: Final[dict[str, _Step]] = {"claim": _claim, "decline": _decline, "report": _report, "done": _done}
_NAMES: Final[dict[_Step, str]] = {step: name for name, step in _STEPS.items()}


def _said(turn: Turn, demand: Demand, key: str, **more: str) -> None:
    turn.session.demand = demand.no
    call = whistle.call_of(turn.tx, demand, whistle.units_of(turn.tx, turn.actor))
    limit = words.day(call.limit_at, turn.tx.now, turn.tx.content.zone) if call else ""
    turn.say(key, limit=limit, **turn.about(demand, contact=True), **more)


def ask_reason(turn: Turn, demand: Demand) -> None:
    """Why can nobody come? The usual reasons by number, or free words."""
    reasons = turn.tx.content.whistle.decline_reasons
    turn.session.ask("whistle_reason", no=demand.no, options=list(reasons))
    lines = "\n".join(f"{n}. {text}" for n, text in enumerate(reasons, 1))
    turn.say("whistle.ask_reason", no=demand.no, lines=lines)


def answered(turn: Turn, asked: dict[str, Any], text: str, option: str | None) -> bool:
    """The answer to a question of this module; returns whether it was one."""
    kind = asked["kind"]
    if kind == "whistle_units":
        return whistling.units_answered(turn, asked, text)
    if kind == "whistle_reason":
        if _CLAIM.fullmatch(text):
            return False  # they come after all
        demand = demands.by_no(turn.tx, str(asked["no"]))
        assert demand is not None
        if option is None and comes(text):
            turn.session.asked = None
            _claim(turn, demand, "")
        else:
            _decline(turn, demand, option or text)
        return True
    if kind == "whistle_which" and option is not None:
        demand = demands.by_no(turn.tx, option)
        assert demand is not None
        turn.session.asked = None
        _STEPS[asked["step"]](turn, demand, str(asked["why"]))
        return True
    return False


def tapped(turn: Turn, card: Card, verb: str, no: str, argument: str) -> bool:
    """A button of a whistle's card; returns whether its matter is settled."""
    demand = demands.by_no(turn.tx, no)
    if demand is None or demand.id != card.demand_id:
        turn.say("error.card_unknown")
        return False
    before = len(turn.said)
    if verb == "blow":
        unit = turn.register.organisations.get(int(argument)) if argument.isdigit() else None
        kind, reason, known = _asked_of(turn, no)
        names = [*known, *([unit.name] if unit and unit.name not in known else [])]
        return whistling.call(turn, demand, names, kind=kind, reason=reason)
    if verb == "cannot":
        ask_reason(turn, demand)
        return False  # the card stays until the reason has come
    if verb == "claim":
        _claim(turn, demand, "")
    elif verb.startswith("star") and card.subject_id is not None:
        _stars(turn, demand, card.subject_id, int(verb.removeprefix("star")), "")
    return len(turn.said) > before and not turn.said[-1].key.startswith("error.")


def _asked_of(turn: Turn, no: str) -> tuple[str, str, list[str]]:
    """What was asked together with the card, if that is still the question."""
    asked = turn.session.asked or {}
    if asked.get("kind") != "whistle_units" or asked.get("no") != no:
        return "routine", "", []
    return str(asked["whistle"]), str(asked["reason"]), [str(name) for name in asked["known"]]


# -- natural words of units: 接单, 退单, 修好了 about an order that another unit leads


def or_else(step: str, otherwise: Callable[[Turn, Heard], None]) -> Callable[[Turn, Heard], None]:
    """The words mean a whistle where one waits for the speaker's unit and it leads no order they could mean."""

    def outcome(turn: Turn, heard: Heard) -> None:
        units = whistle.units_of(turn.tx, turn.actor)
        number = str(heard.slots.get("order") or "")
        if _leads(turn, number, units) or not whistles.waiting_for(turn.tx, units):
            otherwise(turn, heard)
            return
        why = str(heard.slots.get("reason") or "") if step == "decline" else (heard.text or turn.inbound.text)
        if not _answer(turn, units, number, _STEPS[step], why):
            otherwise(turn, heard)

    return outcome


def _leads(turn: Turn, number: str, units: set[int]) -> bool:
    """Whether the words are about an order that one of these units leads."""
    if number:
        return "," in number or any(d.handler_id in units for d in finding.by_number(turn, number))
    own = providers.own(turn)
    return any(own(d) for d in finding.reach(turn))


# -- rating


def _stars(turn: Turn, demand: Demand, call_id: int, stars: int, why: str) -> None:
    done = turn.attempt(
        lambda: whistle.rate(turn.tx, demand, turn.actor, call_id=call_id, stars=stars, reason=why or None)
    )
    if done is not None:
        unit = turn.register.organisations[turn.tx.get(WhistleCall, call_id).organisation_id].name
        turn.say("whistle.rated", no=done.no, unit=unit, stars=str(stars))


def _rated(turn: Turn, match: re.Match[str]) -> bool:
    found = whistling.to_rate(turn, match["a"], match["unit"], surely=bool(match["to"] and match["unit"]))
    if found is None:
        return False  # 给…5星 is said of other things, too
    if len(found) != 1:
        missing = "error.no_such_order" if match["a"] else "whistle.none_to_rate"
        turn.say(missing, number=match["a"], unit=match["unit"])
        return True
    reg = turn.register
    calls = whistles.of_demand(turn.tx, found[0].id or 0)
    calls = [c for c in calls if match["unit"] in reg.organisations[c.organisation_id].name]
    open_ones = [c for c in calls if c.done_at is not None and c.stars is None] or calls
    if len(open_ones) != 1:
        names = "、".join(dict.fromkeys(reg.organisations[c.organisation_id].name for c in open_ones))
        turn.say("whistle.rate_whom" if names else "whistle.nothing_to_rate", no=found[0].no, names=names)
    else:
        _stars(turn, found[0], open_ones[0].id or 0, to_int(match["stars"]) or 0, _why(match))
    return True
