"""How far something is (到哪一步了, 2栋水管修了没有), for who reported it, keeps a community or works at it.

By number, by what was said of it, else what is being talked about. Nothing here changes an order.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from redprop_bot.dialogue import finding, hearing, secretaries
from redprop_bot.dialogue.turn import Turn
from redprop_bot.notify import words
from redprop_bot.rules import flow
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

_STAFF: Final = ("secretary", "provider")
_DOES: Final = r"(?:[去来到看修换清弄查]|办(?![法理证卡事])|处理|解决(?!办法|方案)|安排|派人|动工|开工)"
_WHETHER: Final = re.compile(
    rf"(?:有没有|是否|可曾)(?:派人|安排人?)?{_DOES}"
    rf"|{_DOES}(?:过|看|修|好|完|掉|走)?了?(?:没有?|吗|么)[啊呀]?[?？。]?$"
)
"""Whether somebody did what they have to: asked, and neither told nor ordered."""
_TAKEN_FOR: Final = frozenset({"visit.log", "demand.report", "suggestion", "consult", "unknown", "demand.urge"})
_LONG: Final = 30
_NEWS: Final = frozenset({"progressed", "tended"})
"""What is told of the work; what residents add is not for everybody."""
_LOOKED_AT: Final = 20
"""So many of the newest are looked at for somebody's name."""


def meant(turn: Turn, heard: Sequence[Heard]) -> list[Heard]:
    """物业有没有去看2栋的水管, 老丁去了没: of a secretary it asks how far it is, whatever it is taken for."""
    text = turn.inbound.text.strip()
    if turn.speaker.role != "secretary" or len(heard) != 1 or heard[0].intent not in _TAKEN_FOR:
        return [*heard]
    if hearing.alarming(heard) or len(text) > _LONG or not _WHETHER.search(text):
        return [*heard]
    return [Heard("progress.query", slots=heard[0].slots, text=text)]


def answer(turn: Turn, heard: Heard) -> None:
    """Say how far it is."""
    numbers = [n for n in str(heard.slots.get("order", "")).split(",") if n]
    found = _numbered(turn, numbers) if numbers else _named(turn, heard)
    if found is None or (numbers and not found):
        return
    if not found:
        turn.say("progress.none_here" if turn.speaker.role in _STAFF else "progress.none")
        return
    live = [d for d in found if flow.is_open(d.stage)] or found[:1]
    if len(live) == 1:
        _one(turn, live[0])
    else:
        _several(turn, heard, live[: finding.SHOWN])


def _numbered(turn: Turn, numbers: Sequence[str]) -> list[Demand]:
    found: list[Demand] = []
    for number in numbers:
        known = finding.by_number(turn, number)
        found += known
        if not known:
            turn.say("error.no_such_order", number=number)
    return found


def _named(turn: Turn, heard: Heard) -> list[Demand] | None:
    """What is asked after without a number; None when the answer was given already."""
    if turn.speaker.role not in _STAFF:
        own = demands.of_reporter(turn.tx, turn.person_id, limit=20)
        return finding.described(turn, heard, own) or own
    known = finding.reach(turn)
    if (said := _by_words(turn, heard, known)) is not None:
        return said
    talked = [d for d in known if d.no == turn.session.demand]
    if talked or not known:
        return talked
    secretaries.listing(turn, heard)
    return None


def _by_words(turn: Turn, heard: Heard, known: list[Demand]) -> list[Demand] | None:
    """Those of the thing, the place or the person that is named; None when nothing of the kind is."""
    named = [person.id for person in turn.register.people.values() if person.name and person.name in heard.text]
    if named:
        return _of_person(turn, known, named)
    kinds = turn.reader.things(heard.text)
    of_kind = [d for d in known if d.category in kinds] if kinds else known
    fitting = finding.described(turn, heard, of_kind)
    if fitting is None:
        return of_kind if kinds else None
    return fitting


def _of_person(turn: Turn, known: Sequence[Demand], people: Sequence[int | None]) -> list[Demand]:
    """Those that they were given or told something of; else those of their unit."""
    live = [d for d in known if flow.is_open(d.stage)][:_LOOKED_AT]
    theirs = [
        d
        for d in live
        if d.assignee_id in people or any(e.by_id in people for e in demands.history(turn.tx, d.id or 0))
    ]
    units = {post.organisation_id for person in people for post in turn.register.posts.get(person or 0, [])}
    return theirs or [d for d in live if d.handler_id is not None and d.handler_id in units]


def _one(turn: Turn, one: Demand) -> None:
    turn.session.demand = one.no
    last = demands.history(turn.tx, one.id or 0)[-1]
    turn.say(
        "progress.staff" if turn.speaker.role in _STAFF else f"progress.{one.stage}",
        last=turn.tx.content.labels.act.get(last.act, last.act),
        at=words.day(last.at, turn.tx.now, turn.tx.content.zone),
        note=_for(turn, one, last.note) if last.name in _NEWS else "",
        into=last.data.get("into", ""),
        **{k: v for k, v in turn.about(one).items() if k not in ("note", "into")},
    )


def _several(turn: Turn, heard: Heard, shown: list[Demand]) -> None:
    again: dict[str, Any] = {
        "intent": heard.intent,
        "category": None,
        "urgency": None,
        "slots": {},
        "text": heard.text,
    }
    turn.session.ask("which_order", options=[d.no for d in shown], act=again)
    key = "progress.list_staff" if turn.speaker.role in _STAFF else "progress.list"
    turn.say(key, lines=finding.listing(turn, shown))


def _for(turn: Turn, demand: Demand, note: str) -> str:
    """What the unit says: whole for who reported it and for staff, without who that is for neighbours."""
    whole = demand.reporter_id == turn.person_id or turn.speaker.role in _STAFF
    return note if whole else words.unnamed(turn.tx, note, demand)
