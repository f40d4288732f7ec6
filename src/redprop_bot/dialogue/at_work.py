"""我来处理, 已通知维保单位, 准了: what staff say at their work, which language takes for a report.

Of a unit that has an order in hand, a weak guess at a report, a complaint or an offer without a place is how that
order stands; a secretary whom one unit asks for more days answers it in a word, and the community's people say how
it is on the spot. Dangers go their way.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from redprop_bot.dialogue import (
    doubted,
    finding,
    on_the_spot,
    order_steps,
    ordered,
    providers,
    reporting,
    secretaries,
)
from redprop_bot.dialogue.turn import Turn
from redprop_bot.rules.flow import AT_WORK, Act, Stage
from redprop_bot.rules.intended import comes
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

_WEAK: Final = 0.5
_UNSURE: Final = 0.65
_GUESSED: Final = frozenset({*reporting.INTENTS, "service.offer", "resource.offer"})
_WHERE: Final = ("building", "unit", "room", "place")
_PLACE: Final = ("estate", *_WHERE)
_FINE: Final = re.compile(
    r"正常|没坏|没问题|没毛病|没有?人应|没发现|没有?(?:困人|人被?困)|误报|没漏|不同意|不(?:肯|让|愿意?)[^，,]{0,3}[敲砸拆进弄修开]"
)
_NEARLY: Final = re.compile(
    r"(?:差一?点|险些)[^，,。]{0,6}(?:电|摔|砸|烫).{0,8}(?:断[了]?电|拉闸|拉了闸|关了|没事)"
)
_ELSEWHERE: Final = re.compile(r"路边|马路|路上|广场|门口|外面|对面|隔壁|花园|停车场|大门")
_OWNER: Final = re.compile(
    r"(?:业主|住户|户主|家属|租户|房东|人家)[^，,]{0,3}(?:不[同肯让愿想要在给]|说|要|没|还|嫌|催|同意)"
)
_WORSE: Final = re.compile(
    r"味|血|烟|火|独居|老人|几天|[两二三四五]天|喊|救|哼|电(?!话)|麻|倒|晕|摔|伤|12\d|11\d|漏|气|病|疼|不动"
)
_ACCUSES: Final = re.compile(r"投诉|举报|骂|打人|动手|态度|威胁")
_DAYS: Final = r"(?P<days>\d{1,2})个?(?:工作日|天)"
_BUT: Final = re.compile(
    r"(?<=[意准批以行好的吧])[，,。 ]+(?:但是?|不过|可)?(?:记得|尽快|抓紧|务必)?"
    r"(?:[周明后今本下][^，,。]{0,4}|到时|一定)?(?:必须|一定要?|要)?(?:修好|弄好|办好|完成|抓紧|尽快)[^，,。只先\d]{0,4}$"
)
"""可以，但是周五必须修好: the answer, and what is said besides."""
_AGREES: Final = re.compile(
    r"(?:(?P<no>D\d{8}-\d{4,}|\d{1,6})号?单?[，,\s]*)?(?P<not>不)?(?:同意|批准|准|批|可以|行|(?i:ok))(?:了|的|吧)?"
    rf"(?:[^，,。不]{{1,8}}的)?(?:延期?|申请)?(?:{_DAYS})?[了吧。.!！]?"
)


def run(turn: Turn, heard: Sequence[Heard]) -> bool:
    """Take such words for what they are; returns whether they were."""
    if turn.speaker.role == "secretary":
        return _agreed(turn) or ordered.run(turn, heard) or on_the_spot.run(turn, heard)
    if turn.speaker.role != "provider" or not heard or not all(_weak(turn, act) for act in heard):
        return False
    kinds = turn.reader.things(turn.inbound.text)
    held = providers.held(turn, *AT_WORK)
    theirs = any(act.urgency == "emergency" or _OWNER.match(act.text) for act in heard)
    if not held or (not theirs and kinds and not any(demand.category in kinds for demand in held)):
        return False  # another thing than what they have in hand: a report
    slots = heard[0].slots
    return doubted.noted(turn, Heard("order.progress", slots=slots, text=turn.inbound.text.strip()))


def _weak(turn: Turn, act: Heard) -> bool:
    text = act.text or turn.inbound.text
    if any(act.slots.get(name) for name in _PLACE):
        return False
    if act.urgency == "emergency":
        return _NEARLY.search(text) is not None or (doubted.nobody_home(text) and not _WORSE.search(text))
    if act.intent == "complaint" and _ACCUSES.search(text):
        return False  # the reporter is the last to be told
    if act.intent in _GUESSED and _OWNER.match(text):
        return True
    if act.intent in _GUESSED:
        return act.confidence < _WEAK or (act.confidence < _UNSURE and _FINE.search(text) is not None)
    return not act.intent.startswith("order.") and act.confidence < _WEAK and comes(text)


def on_the_job(turn: Turn, heard: Sequence[Heard]) -> list[Heard]:
    """A danger that a worker calls in without a place is where they work: at the one order in hand."""
    if turn.speaker.role != "provider":
        return list(heard)
    held = [demand for demand in providers.held(turn, Stage.ACCEPTED) if demand.estate_id is not None]
    here = [d for d in held if d.no == turn.session.demand] or [d for d in held if _is_theirs(turn, d)]
    elsewhere = _ELSEWHERE.search(turn.inbound.text) is not None
    there = _of_order(turn, here[0]) if len(here) == 1 and not elsewhere else _of_company(turn)
    if not there:
        return list(heard)
    return [
        act
        if act.urgency != "emergency" or act.slots.get("estate") or (here and any(map(act.slots.get, _PLACE)))
        else replace(act, slots={**there, **act.slots})
        for act in heard
    ]


def _of_order(turn: Turn, demand: Demand) -> dict[str, str]:
    there = {name: str(value) for name in _WHERE if (value := getattr(demand, name))}
    return {**there, "estate": turn.register.estates[demand.estate_id or 0].name}


def _of_company(turn: Turn) -> dict[str, str]:
    """The estate that a company looks after, where it is one: its people are at no other."""
    units = {post.organisation_id for post in turn.speaker.posts if post.organisation_id}
    names = {turn.register.organisations[unit].name for unit in units}
    kept = [estate.name for estate in turn.register.estates.values() if estate.property_name in names]
    return {"estate": kept[0]} if len(kept) == 1 else {}


def _is_theirs(turn: Turn, demand: Demand) -> bool:
    """Whether the speaker was given an order, or took it: a colleague is at another place."""
    return demand.assignee_id == turn.person_id if demand.assignee_id is not None else providers.took(turn, demand)


def _agreed(turn: Turn) -> bool:
    """同意, 准了, 不行, where one unit waits for an answer to its request for more days."""
    text = turn.inbound.text.strip()
    said = _AGREES.fullmatch(_BUT.sub("", text)) or _AGREES.fullmatch(text)
    if said is None or turn.session.asked:
        return False
    ours = secretaries.of_mine(turn)
    waiting = [d for d in finding.able(turn, Act.GRANT) if d.extension_days and ours(d)]
    if said["no"]:
        named = {d.no for d in finding.by_number(turn, said["no"])}
        waiting = [demand for demand in waiting if demand.no in named]
    if not waiting:
        return False
    order_steps.decide(
        turn, said["no"] or (waiting[0].no if len(waiting) == 1 else None), said["days"], no=bool(said["not"])
    )
    return True
