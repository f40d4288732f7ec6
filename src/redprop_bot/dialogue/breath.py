"""Words that belong to what the same person has just reported: more of it in the next line.

People write in lines: 电梯坏了 / 3栋2单元 / 老人下不去. Every line is answered at once; those that
follow within `merge_seconds`, or before the place is known, join the order that the first one made. A danger,
another matter or another place is never folded in.
"""

import re
from collections.abc import Sequence

from redprop_bot.dialogue import (
    alarms,
    misconduct,
    rating,
    reporting,
    residents,
    several,
    slips,
    spots,
    whereabouts,
)
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop import arrange, placing, speak
from redprop_bot.loop.joining import words_alike
from redprop_bot.loop.report import Report
from redprop_bot.registry.accused import overseers
from redprop_bot.rules import flow
from redprop_bot.rules.bigrams import tokens
from redprop_bot.rules.flow import RUNNING, Act
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.understand.answers import ONLY_PLACE

_MATTER = r"(?:一?[个件]|点|些)?(?:事儿?|事情|问题|情况|意见|建议)"
_ANNOUNCES = re.compile(
    r"(?:[您你]好|在吗|社区|同志|[,，。! ！]){0,4}(?:"
    r"(?:我们?|俺|咱)?(?:这里|这边)?[还再]?(?:要|想|来|得|需要)?(?:再|重新)?(?:投诉|报修|报事|举报|反映|提|(?<=重新)报)一?下?"
    rf"(?:{_MATTER})?|(?:我们?|俺|咱)(?:这里|这边)?有{_MATTER}(?:[要想](?:反映|说|提|报)一?下?)?"
    rf"|有{_MATTER}[要想](?:反映|说|提|报)一?下?)[啊呀哦]?[,，。.!！~ ]*"
)
_ALARM_SECONDS = 6 * 3600
_CONFIDED_SECONDS = 3600
_OF_WHOM = re.compile(r"她|他(?!们)")
"""Of somebody who has been spoken of."""
_MORE = frozenset({"unknown", "feedback.unsatisfied"})
_UNSURE = 0.4  # a report that is less sure than this is a piece of the one before rather than a matter of its own
_UNSURE_LINE, _LINE = 0.65, 10  # likewise a short line without a place
_UNSURE_PLACE = 0.67  # and one that says where, when that was asked
_SURE = 0.7
_ASKING = re.compile(
    r"还?(?:想|要|需要|麻烦|请)+|[找请]个?人|上门|帮我?忙?|一下|[借个把台]|谁|能|我家|家里|老人|有没有"
)
_WANTS = re.compile(r"[找请]个?人|想借|借个|谁能|能不能")
_PLACE = ("estate", "building", "unit", "room", "place")


def safe(turn: Turn, heard: Sequence[Heard]) -> bool:
    """没事了，是烧糊了锅 / 人还没出来 / 报警了: how it stands with an alarm. Returns whether it was that."""
    demand, text = slips.last(turn, _ALARM_SECONDS), turn.inbound.text.strip()
    if demand is None or demand.urgency != "emergency":
        return False
    if alarms.passed_on(turn, demand, text):
        return True  # for those on their way, who still have to look; it is no new alarm and no end
    if any(act.urgency == "emergency" for act in heard) and not alarms.is_safe(text, demand.text):
        return alarms.waits(turn, demand, text, heard)
    if alarms.goes_on(turn, demand, text):
        return True
    if not (alarms.is_safe(text, demand.text) and flow.can(Act.WITHDRAW, demand.stage)):
        return False
    residents.withdraw(turn, Heard("demand.withdraw", slots={"order": demand.no}, text=turn.inbound.text))
    return True


def another_matter(turn: Turn, plain: Sequence[Heard]) -> bool:
    """Whether a message that names a place, when that was asked for, tells of something else there.

    `plain` is the message read as if nothing had been asked.
    """
    asked = turn.session.asked or {}
    found = [demands.by_no(turn.tx, no) for no in asked.get("nos", [])]
    if (turn.session.report or {}).get("vague"):  # nobody knows yet what the matter is: 金鹿苑1栋门口，垃圾没人收
        return any(act.urgency == "emergency" or (_is_clear(act) and spots.tells(act.text)) for act in plain)
    waiting = {(demand.intent, demand.category) for demand in found if demand is not None}
    other = [act for act in plain if _is_clear(act) and (act.intent, act.category) not in waiting]
    other = [act for act in other if len(plain) > 1 or not _says_where(turn, act)]
    return any(act.category != "other" or act.urgency == "emergency" for act in other)


def joins(turn: Turn, heard: Sequence[Heard]) -> bool:
    """Add to the last report what belongs to it. Returns whether this message did."""
    if _confided(turn, heard):
        return True
    asked = turn.session.asked or {}
    waits = asked.get("kind") == "place" and bool(turn.session.report)
    demand = slips.last(turn, 12 * 3600 if waits else turn.tx.content.limits.merge_seconds)
    if demand is None or demand.stage not in RUNNING or (waits and demand.no not in asked.get("nos", [])):
        return False
    if heard[0].intent == "feedback.unsatisfied" and rating.may_rate(turn):
        return False  # 没修好, of what was called done
    if waits and not any(_is_clear(act) for act in heard) and whereabouts.asks(turn.inbound.text, heard[0]):
        return False
    bare = None if any(_is_clear(act) for act in heard) else slips.place_said(turn)
    said = bare or (heard[0] if len(heard) == 1 and _belongs(turn, heard[0], demand) else None)
    if said is None:
        return False
    if _elsewhere(turn, said, demand):
        return (
            said.why == ONLY_PLACE
            and bool((turn.session.report or {}).get("supposed"))
            and slips.move(turn, demand, said)
        )
    report = reporting.report_of(turn, said, about=demand)
    what = report.category if _says_what(turn, said, demand) else None
    words = whereabouts.beside_place(turn, said) if bare else None
    done = turn.attempt(lambda: _add(turn, demand, report, beside=words, what=what))
    if done is None:
        return True
    if what is not None:
        turn.session.report = {**(turn.session.report or {}), "vague": False}
    turn.session.demand = done.no
    key = "done.placed" if done.handler_id is not None and demand.handler_id is None else "done.supplement"
    turn.say(key, **turn.about(done))
    if done.estate_id is not None and demand.estate_id is None:
        whereabouts.answered(turn, said, but=done.no)
    return True


def _confided(turn: Turn, heard: Sequence[Heard]) -> bool:
    """三天没扫了, after a complaint of who sweeps: it goes where the complaint went, and never to the accused."""
    text = turn.inbound.text.strip()
    of_them = _OF_WHOM.search(text) is not None
    demand = slips.last(turn, _CONFIDED_SECONDS if of_them else turn.tx.content.limits.merge_seconds)
    if demand is None or demand.intent not in CONFIDENTIAL or demand.stage not in RUNNING:
        return False
    if misconduct.of_who_reads(turn, overseers(turn.register, demand)):
        return True
    if not all(_of_complaint(turn, act, demand, of_them=of_them) for act in heard):
        return False
    slots = {name: value for act in heard for name, value in act.slots.items()}
    report = reporting.report_of(turn, Heard(demand.intent, slots=slots, text=text), about=demand)
    done = turn.attempt(lambda: _add(turn, demand, report))
    if done is not None:
        turn.session.demand = done.no
        turn.say("done.supplement" if done.released else "done.confided", **turn.about(done))
    return True


def _of_complaint(turn: Turn, said: Heard, demand: Demand, *, of_them: bool) -> bool:
    """Whether a line may be more of a complaint: the lamp that is out is a matter of its own."""
    if said.intent not in ("demand.report", "suggestion") or said.urgency == "emergency":
        return False
    estate = turn.register.estate(str(said.slots.get("estate") or ""))
    if estate is not None and demand.estate_id not in (None, estate.id):
        return False
    if of_them and _OF_WHOM.match(said.text.strip() or turn.inbound.text.strip()):
        return True
    kinds = turn.reader.things(said.text or turn.inbound.text)
    clear = said.category in kinds if kinds else said.confidence >= _UNSURE_LINE
    return not _elsewhere(turn, said, demand) and (said.category == demand.category or not clear)


def place_first(turn: Turn, heard: Sequence[Heard]) -> bool:
    """槐荫里3栋2单元, and nothing else: keep it for the words that follow, and ask for them."""
    if turn.speaker.role not in ("resident", "member") or turn.session.asked_kind() == "place":
        return False
    if any(act.confidence >= _SURE and act.intent in reporting.INTENTS for act in heard):
        return False  # it tells of something: it need not be read once more as a place
    said = slips.place_said(turn)
    if said is None or said.why != ONLY_PLACE:
        return False
    turn.session.ask("matter", slots={name: said.slots[name] for name in _PLACE if said.slots.get(name)})
    turn.say("ask.matter")
    return True


def announced(turn: Turn) -> bool:
    """我要报修, 想反映个情况, and nothing else: ask what it is instead of opening an order that says nothing."""
    said = turn.inbound.text.strip()
    if turn.speaker.role not in ("resident", "member") or not _ANNOUNCES.fullmatch(said):
        return False
    turn.say("ask.what")  # what was asked before stays asked: an order may still wait for its place
    return True


def _aside(said: Heard, demand: Demand) -> bool:
    """信号不好, of somebody who still has to say where the danger is: no matter of its own."""
    unfound = demand.urgency == "emergency" and demand.estate_id is None
    return unfound and said.category == "other" and said.confidence < _SURE


def _says_what(turn: Turn, said: Heard, demand: Demand) -> bool:
    """那个我家厨房 / 水管漏了: only now is it said what the matter is, and nobody has it yet."""
    vague = bool((turn.session.report or {}).get("vague"))
    return vague and demand.estate_id is None and said.intent == demand.intent and _is_clear(said)


def _add(
    turn: Turn, demand: Demand, report: Report, *, beside: str | None = None, what: str | None = None
) -> Demand:
    """`beside`: what a place is said with, when it is one; that is told with the place."""
    tells = report.estate_id is not None and demand.estate_id is None
    tells = tells or bool(placing.missing(turn.tx, demand, turn.actor, report))
    if tells and beside is not None:
        return placing.place(turn.tx, demand, turn.actor, report, words=beside)
    named = {"category": what, "urgency": report.urgency} if what else {}
    graver = report.urgency == "urgent" and report.category == demand.category
    graver = demand.intent == "demand.report" and (graver or residents.worse(report.text))
    demand = speak.tell_on(turn.tx, demand, turn.actor, text=report.text, named=named)
    demand = placing.place(turn.tx, demand, turn.actor, report) if tells else demand
    return arrange.worsened(turn.tx, demand, turn.actor) if graver and not what else demand


def _says_where(turn: Turn, said: Heard) -> bool:
    """槐荫里2号楼后面，昨天开始的, 金鹿苑2栋电梯口: the place that was asked for, and no trouble with it."""
    estate = said.slots.get("estate") or turn.speaker.person.estate_id
    if not estate or not (said.slots.get("building") or said.slots.get("place")) or said.urgency == "emergency":
        return False
    text = turn.inbound.text
    unsure = said.confidence < _UNSURE_PLACE and not turn.reader.things(text)
    return unsure or (said.intent == "demand.report" and spots.only(text))


def _is_clear(said: Heard) -> bool:
    """Whether it stands by itself: then it is not just the place of something else."""
    return said.urgency == "emergency" or (said.intent in reporting.INTENTS and said.confidence >= _UNSURE)


def _belongs(turn: Turn, said: Heard, demand: Demand) -> bool:
    text = turn.inbound.text.strip()
    if several.points(turn):
        return False
    if said.intent in _MORE or (said.intent not in reporting.INTENTS and said.confidence < _UNSURE):
        return len(text) > 1 and any(char.isalnum() for char in text)
    if said.intent != demand.intent or said.urgency == "emergency" or words_alike(said.text, demand.text):
        return False  # alarms, and the same words again, have rules of their own
    if _says_what(turn, said, demand) or _aside(said, demand):
        return True
    if demand.estate_id is None and turn.session.asked_kind() == "place" and _says_where(turn, said):
        return True
    line = len(text) <= _LINE and not any(
        said.slots.get(name) not in (None, getattr(demand, name, None)) for name in _PLACE
    )
    alike = said.category in (demand.category, None) and said.category != "other"  # which is no kind
    if said.category == "convenience":  # a wheelchair, a haircut: a kind of anything
        alike = bool(_words(said.text) & _words(demand.text))
        if not alike and _WANTS.search(said.text):
            return False
    return alike or said.confidence < (_UNSURE_LINE if line else _UNSURE)


def _words(text: str) -> set[str]:
    return set(tokens(_ASKING.sub(" ", text)).pairs)


def _elsewhere(turn: Turn, said: Heard, demand: Demand) -> bool:
    """Whether another place is named: that is another matter, or a slip that does not say so."""
    estate = turn.register.estate(str(said.slots.get("estate") or ""))
    if estate is not None and demand.estate_id not in (None, estate.id):
        return True
    return any(
        getattr(demand, name) is not None and said.slots.get(name) not in (None, getattr(demand, name))
        for name in ("building", "unit", "place")
    )
