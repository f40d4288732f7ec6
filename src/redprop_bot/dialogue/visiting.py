"""走访 in chat: one message or voice logs the visit, and what people asked for there enters the loop for them.

Whoever was visited is told if they talk with us and no doubt is left who it was; else, and of what others at home
must not read, the grid worker stays in their place, hears what becomes of it and tells them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from redprop_bot.dialogue import (
    alarms,
    asking_where,
    hearing,
    reporting,
    tasks,
    visit_counts,
    visit_mending,
    visit_words,
)
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Refused
from redprop_bot.loop.order import Ordered, order
from redprop_bot.notify import words
from redprop_bot.rules.intended import clauses
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store.tables import Person, Visit, Wish
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.volunteers import visits, wishes

_SURE: Final = 0.5
_PLACE: Final = ("estate", "building", "unit", "room", "phone")
_HEAD: Final = re.compile(
    r"(?:今天|今早|昨天)?(?:上午|下午|晚上)?(?:走访(?:记录|日记)?|入户(?:走访)?|吃茶话事|茶话会|板凳会议?|恳谈会|家访|民情(?:日记|走访)|三访三问|电话访)[：:，,。\s]"
)
_TEA: Final = re.compile(
    r"(?!.{0,20}(?:明天|明晚|后天|下周|下个?月|下星期|打算|准备|想|要|通知|定|[\d一二三四五六七八九十两]点))"
    r"(?!.*(?:请大家|欢迎|可以[来提说]))[^，,。：:；;？?]{0,20}(?:吃茶话事|茶话会)[^，,。：:；;？?]{0,8}[：:，,。；;\s].*"
    r"(?:说|反映|提[了出到议]|建议|希望|念叨|聊[了到起]|诉求)",
    re.DOTALL,
)
"""开吃茶话事 in a sentence that goes on with what people said there: before that it is only planned."""
_NEXT: Final = re.compile(
    r"[，,、]\s*(?=还(?:想|要|说|有)|另外|同时|此外|再就是|建议|希望|想要|想有|要求|反映|[她他]们?说|大家说)|[；;。\n]"
)
_PARTS: Final = re.compile(r"[，,。；;！!：:\n]")
_STILL: Final = re.compile(r"^(?:还|也|又|另外|同时|[她他]们?|说|，|,|\s)+(?=想|要|盼|希望|缺|需)")
_SAYS: Final = re.compile(
    r"^.*?(?:反映|反应|诉求[:：是]?|提出|说起|说是|[她他]们?说|都说|说|讲|提到|念叨)[:：，, ]?"
    r"|^(?:还|另外|同时|此外|再就是)[，,]?(?:说|有)?"
)


def visit(turn: Turn, heard: Heard) -> None:
    """A visit that brought nothing."""
    _log(turn, [heard])


def run(turn: Turn, heard: Sequence[Heard]) -> bool:
    """Take a message as a visit if it is one; returns whether it was."""
    if turn.speaker.role != "secretary":
        return False
    text = turn.inbound.text.strip()
    told = any(act.intent == "visit.log" for act in heard)
    if told and len(heard) == 1 and heard[0].confidence < _SURE and not visit_words.leads(text):
        return False  # 看任务: a guess
    if not told and not _HEAD.match(text) and not _TEA.match(text):
        return False
    alarm = any(act.urgency == "emergency" for act in heard)
    said = visit_words.Said.MADE if alarm else visit_words.how(text)
    if said is visit_words.Said.MADE:
        _log(turn, heard)
    elif reports := [act for act in heard if act.intent in reporting.INTENTS]:
        reporting.report(turn, reports)
    elif said is visit_words.Said.ASKED:
        visit_counts.show(turn, "")
    else:
        turn.say("visit.not_yet")
    return True


def _log(turn: Turn, heard: Sequence[Heard]) -> None:
    text = turn.inbound.text.strip() or heard[0].text
    said = {k: str(v) for act in reversed(heard) for k, v in act.slots.items() if k in _PLACE and v}
    place = _place(turn, said, text)
    resident = visits.resident_of(turn.tx, place, text)
    logged = visits.log(turn.tx, text, place, turn.actor, visited_at=_when(turn, heard), resident=resident)
    ordered, wished = _matters(turn, logged, resident, _asked(turn, text, heard, said))
    nos = [made.demand.no for made in ordered] + [wish.no for wish in wished]
    if nos:
        logged = visits.brought(turn.tx, logged, nos)
    _reply(turn, logged, resident, ordered, wished)


def _place(turn: Turn, said: Mapping[str, str], text: str) -> visits.Place:
    """As it was said; an estate that only the words name; else the one that the worker looks after."""
    reg = turn.register
    named = sorted((name for name in reg.estate_names if name in text), key=len)
    estate = reg.estate(said.get("estate") or (named[-1] if named else None))
    if estate is None:
        own = {name for post in turn.speaker.posts for name in post.estates}
        estate = reg.estate(next(iter(own))) if len(own) == 1 else reg.only_estate
    return visits.Place(
        community_id=estate.community_id if estate else tasks.community_of(turn),
        estate_id=estate.id if estate else None,
        building=said.get("building"),
        unit=said.get("unit"),
        room=said.get("room"),
        phone=said.get("phone"),
    )


def _when(turn: Turn, heard: Sequence[Heard]) -> datetime:
    """The day that was said, else now; nobody has visited tomorrow."""
    said = next(
        (str(act.slots["time"]) for act in heard if act.intent == "visit.log" and act.slots.get("time")), ""
    )
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return turn.inbound.created_at
    if at.tzinfo is None:
        at = at.replace(tzinfo=turn.tx.content.zone)
    same_day = at.date() == turn.inbound.created_at.astimezone(at.tzinfo).date()
    return turn.inbound.created_at if same_day else at


# -- what people asked for


def _asked(turn: Turn, text: str, heard: Sequence[Heard], said: Mapping[str, str]) -> list[Heard]:
    """Each matter with the place of the visit; where words join several, they are taken apart once more."""
    found = [_bare(turn, act) for act in heard if _counts(act) and not _nothing(act)]
    if len(found) < 2 and len(apart := _apart(turn, text)) > len(found):
        found = apart
    found = found or _left(turn, text)
    where = {name: value for name, value in said.items() if name in _PLACE}
    homes = visit_words.homes(text)
    return [replace(act, slots=_at(text, act, where, homes)) for act in found]


def _at(
    text: str, act: Heard, where: Mapping[str, str], homes: Mapping[str, Mapping[str, str]]
) -> dict[str, str | int]:
    """The place of a matter: of several that were visited, the home of the one who told of it."""
    home = homes.get(visit_words.told_by(text, act.text) or "") if len(homes) > 1 else None
    if home is None:
        return {**where, **act.slots}
    elsewhere = ("building", "unit", "room")
    return {k: v for k, v in {**where, **act.slots}.items() if k not in elsewhere} | dict(home)


def _bare(turn: Turn, act: Heard) -> Heard:
    """张大爷，李奶奶身体挺好，张大爷说下水道堵: what was told, where all before it is that they are well."""
    if act.confidence >= _SURE:
        return act
    *before, last = clauses(act.text) or [act.text]
    told = _SAYS.sub("", last, count=1)
    if told == last or not all(visit_words.fine(part) or visit_words.leads(part) for part in before):
        return act
    acts = [one for one in hearing.as_resident(turn, told) if _counts(one) and one.confidence >= _SURE]
    return replace(acts[0], text=told) if len(acts) == 1 else act


def _left(turn: Turn, text: str) -> list[Heard]:
    """What somebody asked for in words that are no matter to the reader: a person decides what it is."""
    words_, asked = visit_words.left(clauses(text))
    if not asked:
        return []
    acts = [act for act in hearing.as_resident(turn, visit_words.spoken(words_)) if _counts(act)]
    if len(acts) == 1:
        return [replace(acts[0], text=words_)]
    return [Heard("demand.report", "other", "normal", text=words_)]


def _counts(act: Heard) -> bool:
    return act.intent in reporting.INTENTS or act.intent == "wish"


def _nothing(act: Heard) -> bool:
    """身体硬朗，没什么困难: where they were and that all is well, which nobody has to do anything about."""
    if act.urgency == "emergency":
        return False
    parts = [part for part in _PARTS.split(act.text) if part.strip()]
    fine = [visit_words.fine(part) for part in parts]
    return any(fine) and all(well or visit_words.leads(p) for well, p in zip(fine, parts, strict=True))


def _apart(turn: Turn, text: str) -> list[Heard]:
    found: list[Heard] = []
    for number, piece in enumerate(_NEXT.split(text)):
        told = _SAYS.sub("", piece.strip(), count=1)
        if number == 0 and told == piece.strip():
            continue  # where they were, and nothing that anybody said
        words_ = told.strip("，,。 ")
        if len(words_) < 4 or visit_words.fine(words_):
            continue
        found += [
            replace(act, text=act.text or words_)
            for act in hearing.as_resident(turn, words_)
            if _counts(act) and act.confidence >= _SURE
        ]
    return found


def _matters(
    turn: Turn, logged: Visit, resident: Person | None, asked: Sequence[Heard]
) -> tuple[list[Ordered], list[Wish]]:
    ordered: list[Ordered] = []
    wished: list[Wish] = []
    for act in asked:
        try:
            with turn.tx.savepoint():
                if act.intent == "wish":
                    wished.append(_wish(turn, logged, resident, act))
                else:
                    ordered.append(_order(turn, logged, resident, act))
        except Refused as refusal:
            turn.refuse(refusal)
    return ordered, wished


def _order(turn: Turn, logged: Visit, resident: Person | None, act: Heard) -> Ordered:
    report = reporting.report_of(turn, act)
    estate_id = logged.estate_id if report.estate_id is None else report.estate_id
    report = replace(
        report,
        text=act.text.strip() or logged.text,
        said=None,
        estate_id=estate_id,
        community_id=logged.community_id,
    )
    theirs = resident is not None and not _guarded(report.intent, report.urgency)
    reporter_id = resident.id if resident is not None and theirs else turn.person_id
    made = order(turn.tx, turn.actor, report, reporter_id=reporter_id)
    turn.session.demand = made.demand.no
    return made


def _guarded(intent: str, urgency: str | None) -> bool:
    """Whether a matter is told to nobody at that home: others read along there, and could take it back."""
    return intent in CONFIDENTIAL or urgency == "emergency"


def _wish(turn: Turn, logged: Visit, resident: Person | None, act: Heard) -> Wish:
    wisher = resident.id if resident is not None else turn.person_id
    said = _STILL.sub("", (act.text or logged.text).strip())
    wished = wishes.Wished(said, wisher, logged.community_id, logged.estate_id, logged.id)
    return wishes.make(turn.tx, wished, turn.actor)


# -- the reply


def _reply(
    turn: Turn, logged: Visit, resident: Person | None, ordered: Sequence[Ordered], wished: Sequence[Wish]
) -> None:
    lines = [reporting.line(turn, made) for made in ordered]
    lines += [turn.tx.content.replies.say("visit.wish", no=w.no, shown=words.quoted(w.shown, 40)) for w in wished]
    shown = "".join(f"\n{n}. {line}" for n, line in enumerate(lines, 1))
    urgent = next((made.demand for made in ordered if made.demand.urgency == "emergency"), None)
    turn.say(
        "visit.logged",
        lead=alarms.alarm_for(turn, urgent) if urgent else "",
        no=logged.no,
        kind=turn.tx.content.visits.name_of(logged.kind),
        place=visit_mending.where(turn, logged),
        households=str(logged.households) if logged.households > 1 else "",
        lines=shown,
    )
    if not lines:
        if visit_words.left(clauses(logged.text))[0]:
            turn.say("visit.no_matter")
        return
    guarded = [m for m in ordered if resident is not None and _guarded(m.demand.intent, m.demand.urgency)]
    plain = [made for made in ordered if made not in guarded]
    if guarded:
        turn.say("visit.guarded", nos="、".join(made.demand.no for made in guarded))
    if plain or wished:
        lines_ = _for_resident(plain, wished)
        told = resident is not None and visits.tell_resident(turn.tx, logged, resident, lines_)
        turn.say("visit.told" if told else "visit.untold")
    asking_where.ask_place(turn, list(ordered))


def _for_resident(ordered: Sequence[Ordered], wished: Sequence[Wish]) -> str:
    told = [f"{made.demand.no} {words.quoted(made.demand.text, 40)}" for made in ordered]
    return "\n".join(told + [f"{wish.no} {words.quoted(wish.text, 40)}" for wish in wished])
