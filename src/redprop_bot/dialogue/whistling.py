"""吹哨 in chat, for whoever blows: matter, kind and units found in one sentence; what is missing is asked."""

import re
from dataclasses import replace
from typing import Any, Final

from redprop_bot.dialogue import finding, reporting, secretaries, tasks
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Conflict, Forbidden, Refused
from redprop_bot.loop import whistle
from redprop_bot.loop.order import order
from redprop_bot.notify import outbox, telling, words
from redprop_bot.registry.register import Register
from redprop_bot.rules import flow
from redprop_bot.rules.flow import Act
from redprop_bot.rules.telling import Weight
from redprop_bot.rules.whistle import WhistleState, kind_of
from redprop_bot.store import demands, whistles
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

IS: Final = re.compile(r"吹[个声一下]*哨|(?:报到|到场)[。！!]?$")
_LEAD: Final = re.compile(r"(?:请街道|请|街道|日常|应急|专项|紧急)?吹[个声一下]*哨")
_NUMBER: Final = re.compile(
    r"[给为替]?\s*(?:(?P<full>D\d{8}-\d{4,})|(?<![月\d])(?P<tail>\d{1,6})号(?![楼栋院门]|之?前|以前)单?"
    r"|单号?(?P<bare>\d{1,6})|(?<![\d-])(?P<end>0\d{3,5})(?!\d)单?)"
)
_CALL: Final = re.compile(
    r"(?:请|叫|喊|让|通知|呼叫)(?P<units>[^。；;：:!！?？]{2,80}?)"
    r"(?:都|马上|立即|立刻|尽快|现在|一起|速)*(?:到场|报到|来人|过来|参加|处理|牵头|联合|协助|支援|去|来|到)(?:看看|看一?下|一趟)?"
)
_CALLED: Final = re.compile(
    r"(?:请|叫|喊|让|通知|呼叫)(?P<units>[^。；;：:!！?？]{2,80})[。！!]?$"
)  # with no word of coming
_INVITES: Final = re.compile(
    r"[\s，,；;。]*(?:并|再|也|还|同时|赶紧)?(?:请|叫|喊|让|通知|呼叫)(?!.*(?:派给|派单|转给|转派|交给|改派))"
)
_PART: Final = r"(?:早上|上午|中午|下午|傍晚|晚上)"
_HOUR: Final = r"(?:\d{1,2}[点时:：](?:半|\d{1,2}分?)?)"
_WHEN: Final = re.compile(  # by when they should come is no name of a unit
    rf"(?:(?:(?:20\d\d年)?\d{{1,2}}月\d{{1,2}}[日号]?|\d{{1,2}}[日号]|今天|今晚|明天|明早|明晚|后天|[本这下]?(?:周|星期)[一二三四五六日天])"
    rf"(?:之?前|以前)?{_PART}?{_HOUR}?|{_PART}{_HOUR}?|{_HOUR})(?:之?前|以前)?"
)
_JOINED: Final = re.compile(r"[、，,和跟与及]|以及|还有")
_LEAST: Final = 4  # characters that may be a matter

_ANY: Final = tuple(WhistleState)
_UNSURE: Final = frozenset({"unknown", "greeting", "help"})


def escalate(turn: Turn, heard: Heard) -> None:
    """提级 or 吹哨: the sentence says which."""
    text = heard.text or turn.inbound.text
    if IS.search(text) or IS.search(turn.inbound.text):
        blow(turn, text if IS.search(text) else turn.inbound.text, number=str(heard.slots.get("order") or ""))
    else:
        secretaries.escalate(turn, heard)


def joined(turn: Turn, acts: list[Heard]) -> list[Heard]:
    """0001吹哨，请供电所来 read as two: whom a whistle calls belongs to it, and nobody is given the order."""
    if turn.speaker.role != "secretary":
        return acts
    out: list[Heard] = []
    for act in acts:
        last = out[-1] if out else None
        called = act.intent == "order.dispatch" and not act.slots.get("order") and _INVITES.match(act.text)
        if called and last is not None and last.intent == "order.escalate" and IS.search(last.text):
            out[-1] = replace(last, text=f"{last.text}，{act.text}")
        else:
            out.append(act)
    return out


def run(turn: Turn) -> bool:
    """Take a sentence that begins with 吹哨; returns whether it was one."""
    text = turn.inbound.text.strip()
    if turn.speaker.role == "resident" or _LEAD.match(text) is None:
        return False
    if turn.speaker.role != "secretary":
        turn.say("error.not_your_post", what=turn.tx.content.replies.say("whistle.name"))
        return True
    blow(turn, text[: turn.tx.content.limits.text_length])
    return True


def blow(turn: Turn, text: str, *, number: str = "") -> None:
    """Find out what about and who is called, then call them; what is missing is asked."""
    turn.session.asked = None
    if number.startswith("D") or not number:
        said = _NUMBER.search(text)
        number = number or (next(filter(None, said.groups())) if said else "")
    units, strange, matter, when = _parties(turn, text)
    demand = _demand(turn, text, matter, number)
    if demand is None:
        return
    kind = kind_of(text, demand.urgency, turn.tx.content.whistle.terms)
    reason = "，".join(filter(None, (matter, when)))
    if strange or not units:
        ask_units(turn, demand, kind=kind, reason=reason, known=units, strange=strange)
        return
    call(turn, demand, units, kind=kind, reason=reason)


def call(turn: Turn, demand: Demand, units: list[str], *, kind: str, reason: str) -> bool:
    """Blow, and say who was called and by when they must answer; returns whether it was done."""
    done = turn.attempt(
        lambda: whistle.blow(turn.tx, demand, turn.actor, units=units, kind=kind, reason=reason[:500] or None)
    )
    if done is None:
        return False
    turn.session.demand = done.no
    turn.session.asked = None
    one = whistles.of_demand(turn.tx, done.id or 0)[-1]
    zone, now = turn.tx.content.zone, turn.tx.now
    turn.say(
        "whistle.blown",
        no=done.no,
        units="、".join(units),
        kind=turn.tx.content.whistle.kinds[kind].name,
        answer=words.day(one.answer_by, now, zone),
        limit=words.day(one.limit_at, now, zone),
    )
    return True


# -- who is called


def _parties(turn: Turn, text: str) -> tuple[list[str], list[str], str, str]:
    """Units that were named, names that no unit has, the matter that is left, and when they should come."""
    reg, found, strange, when = turn.register, list[str](), list[str](), list[str]()
    rest = _LEAD.sub("", text)
    for match in list(_CALL.finditer(rest)):
        when += _WHEN.findall(match["units"])
        for name, unit in _each(turn, _WHEN.sub("", match["units"])):
            (found if unit else strange).append(unit or name)
    rest = _CALL.sub("", rest)
    if called := _CALLED.search(rest):
        meant = [unit for _name, unit in _each(turn, called["units"])]
        if all(meant):
            found += [unit for unit in meant if unit]
            rest = rest[: called.start()]
    for name in _named(reg, rest):
        rest = rest.replace(name, "")
        found.append(name)
    rest = _NUMBER.sub("", rest)
    rest = re.sub(r"^[\s，,。、:：；;]+|[\s，,。、:：；;]+$", "", rest)
    return list(dict.fromkeys(found)), list(dict.fromkeys(strange)), rest, "".join(f"{at}到场" for at in when)


def _each(turn: Turn, text: str) -> list[tuple[str, str | None]]:
    """Names that are joined in a text, each with the unit it means; a full name is not taken apart (万和物业)."""
    full = _named(turn.register, text)
    for name in full:
        text = text.replace(name, "、")
    parts = [part.strip() for part in _JOINED.split(text)]
    return [(name, name) for name in full] + [(p, secretaries.unit_meant(turn, p)) for p in parts if p]


def _named(reg: Register, text: str) -> list[str]:
    return [name for name in sorted(reg.organisation_names, key=len, reverse=True) if name in text]


def ask_units(turn: Turn, demand: Demand, *, kind: str, reason: str, known: list[str], strange: list[str]) -> None:
    """Nobody was named, or somebody unknown: likely units, on a card and by number. Nothing is called yet."""
    likely = [unit for unit in telling.candidates(turn.tx, demand) if unit.name not in known]
    names = [unit.name for unit in likely]
    turn.session.demand = demand.no
    turn.session.ask("whistle_units", no=demand.no, options=names, whistle=kind, reason=reason[:500], known=known)
    draft = outbox.Draft(
        key=f"{demand.no}:blow:{turn.inbound.key}"[:150],
        message="whistle_units",
        text=turn.tx.content.replies.say("tell.whistle_units", no=demand.no, what=words.what(turn.tx, demand)),
        weight=Weight.ANSWER,
        buttons=tuple((f"blow:{demand.no}:{unit.id}", unit.name[:10]) for unit in likely),
        subject="whistle",
        subject_id=demand.id,
    )
    if likely:
        outbox.queue(turn.tx, [(turn.speaker.person, draft)], demand)
    lines = "\n".join(f"{n}. {name}" for n, name in enumerate(names, 1))
    key = "whistle.unknown_units" if strange else "whistle.ask_units"
    turn.say(key, no=demand.no, strange="、".join(strange), known="、".join(known), lines=lines)


def units_answered(turn: Turn, asked: dict[str, Any], text: str) -> bool:
    """Numbers or names after the question who is to be called; returns whether it was an answer."""
    options = [str(name) for name in asked.get("options", [])]
    if re.fullmatch(r"[1-9](?:[、，,\s和]*[1-9])*", text):
        chosen = [options[int(n) - 1] for n in re.findall(r"[1-9]", text) if int(n) <= len(options)]
    else:
        parts = _each(turn, text)
        chosen = [unit for _name, unit in parts if unit]
        if len(chosen) < len(parts):
            return False
    demand = demands.by_no(turn.tx, str(asked["no"]))
    if not chosen or demand is None:
        return False
    units = list(dict.fromkeys([*asked.get("known", []), *chosen]))
    call(turn, demand, units, kind=str(asked["whistle"]), reason=str(asked["reason"]))
    return True


# -- what about


def _demand(turn: Turn, text: str, matter: str, number: str) -> Demand | None:
    """The demand that a whistle is about; a new matter is entered; what stays unclear is asked."""
    try:
        if number:
            return _numbered(turn, number)
    except Refused as refusal:
        turn.refuse(refusal)
        return None
    likely = [d for d in finding.reach(turn) if flow.is_open(d.stage) and secretaries.of_mine(turn)(d)]
    said = _matter(turn, matter)
    talked = next((d for d in likely if d.no == turn.session.demand), None)
    if said is None:
        if talked is not None:
            return talked
        if not likely:
            turn.say("whistle.which")
            return None
        finding.ask_which(turn, Heard("order.escalate", slots={}, text=text), Act.ESCALATE, likely)
        return None
    fitting = finding.described(turn, said, likely) or []
    exact = [d for d in fitting if said.category in (None, d.category)]
    if talked in exact:
        return talked
    if len(exact) == 1:
        return exact[0]
    if len(exact) > 1:
        finding.ask_which(turn, Heard("order.escalate", slots={}, text=text), Act.ESCALATE, exact)
        return None
    return _entered(turn, said, matter)


def _numbered(turn: Turn, number: str) -> Demand:
    found = finding.by_number(turn, number)
    if not found:
        raise Forbidden("no_such_order", number=number)
    if len(found) > 1:
        raise Conflict("which_number", number=number, numbers="、".join(d.no for d in found[: finding.SHOWN]))
    return found[0]


def _matter(turn: Turn, matter: str) -> Heard | None:
    """What is left of the sentence, read as a report; None when it says nothing of a matter."""
    if len(matter) < _LEAST:
        return None
    heard = turn.reader.read(
        matter,
        role="resident",
        now=turn.inbound.created_at.astimezone(turn.tx.content.zone),
        gazetteer=turn.register.gazetteer,
        estate=None,
        asked=None,
    )
    report = next((act for act in heard if act.intent in reporting.INTENTS), None)
    if report is None and all(act.intent in _UNSURE for act in heard):
        report = Heard("demand.report", "other", "normal", dict(heard[0].slots) if heard else {}, text=matter)
    if report is None:
        return None
    return replace(report, intent="demand.report", urgency=report.urgency or "normal")


def _entered(turn: Turn, said: Heard, matter: str) -> Demand:
    """A matter that nobody has reported yet."""
    draft = replace(
        reporting.report_of(turn, said), text=matter, party=None, community_id=tasks.community_of(turn)
    )
    made = order(turn.tx, turn.actor, draft, reporter_id=turn.person_id)
    turn.session.reported(made.demand.no)
    return made.demand


def to_rate(turn: Turn, number: str | None, name: str, *, surely: bool) -> list[Demand] | None:
    """The orders of which a whistle may be meant that gets stars: of this number, else the last of the unit's.

    None when there is no number and no unit is called so, or none so called was ever whistled for where that is
    not said `surely`: then it was not about a whistle. Stars alone are of the whistle that waits for them.
    """
    if number:
        return finding.by_number(turn, number)
    known = turn.register.organisations
    units = [key for key, unit in known.items() if (len(name) > 1 or not name) and name in unit.name]
    if not units or (not name and turn.session.asked is not None):
        return None
    ours = secretaries.of_mine(turn)
    calls = [(call, turn.tx.get(Demand, call.demand_id)) for call in whistles.waiting_for(turn.tx, units, _ANY)]
    calls = [(call, demand) for call, demand in calls if ours(demand)]
    done = [demand for call, demand in calls if call.state == WhistleState.DONE and call.stars is None]
    if not done and not (surely or (calls and name)):
        return None
    return done[:1]
