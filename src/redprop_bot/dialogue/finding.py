"""Which demand is meant: by number, by what was said of it, by what is being talked about, or by asking."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from redprop_bot.dialogue import another, naming, talked
from redprop_bot.dialogue.turn import Turn
from redprop_bot.notify import words
from redprop_bot.registry.accused import accused
from redprop_bot.rules import flow
from redprop_bot.rules.flow import OPEN, Act, Stage
from redprop_bot.rules.roles import BYSTANDERS, may
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand, Estate
from redprop_bot.understand.acts import Act as Heard

SHOWN = 5
_FRESH = 600  # seconds
_LOOKED_AT = ((OPEN, 500), ({Stage.CLOSED}, 50))  # what is closed must not crowd out what is open
_FULL = re.compile(r"[DA-Z]\d{8}-\d{4,}")


def reach(turn: Turn) -> list[Demand]:
    """Every recent demand that concerns the speaker, newest first."""
    speaker, found = turn.speaker, list[Demand]()
    if speaker.role == "secretary":
        communities: list[int | None] = [p.community_id for p in speaker.posts if p.community_id]
        if any(p.street_id for p in speaker.posts):
            communities = [*turn.register.communities, None]
        for stages, most in _LOOKED_AT:
            theirs = demands.of_community(turn.tx, communities, stages, limit=most)
            found += [d for d in theirs if turn.person_id not in accused(turn.register, d)]
    for unit in {p.organisation_id for p in speaker.posts if p.organisation_id}:
        for stages, most in _LOOKED_AT:
            found += demands.of_handler(turn.tx, unit, stages, limit=most)
    found += demands.of_reporter(turn.tx, turn.person_id, limit=20)
    found += demands.of_helper(turn.tx, turn.person_id)
    return sorted({d.id: d for d in found}.values(), key=lambda d: -(d.id or 0))


def by_number(turn: Turn, number: str) -> list[Demand]:
    """Demands that a number as said may mean, among those that concern the speaker."""
    if _FULL.fullmatch(number):
        exact = demands.by_no(turn.tx, number)
        return [exact] if exact and concerns(turn, exact) else []
    digits = re.sub(r"\D", "", number)
    if not digits or len(digits) > 8:
        return []
    found = [d for d in demands.by_tail(turn.tx, digits, limit=_SAME_TAIL) if concerns(turn, d)]
    live = [d for d in found if flow.is_open(d.stage)]
    return live or found


_SAME_TAIL = 100  # every day has a number 12, and so have other communities


_NUMBERS = re.compile(r"D\d{8}-\d{4,}|(?<!\d)\d{1,6}(?=号单|号件)")


_BUT = re.compile(r"除了?\s*(D[\d-]{1,14})")
_BUT_WHERE = re.compile(
    r"(?<![清排解消拆扫移去免删])除了?(?:(?P<house>\d{1,3})(?:栋|号楼|幢)|(?P<room>\d{3,4})(?!号))"
)
_BUT_WHAT = re.compile(
    r"除了?(?P<what>[^,，。；;\d]{1,10}?)(?:的?(?:以外|之外|外)|[,，]|(?=的?都)|(?=其[他它余])|(?=别的)|(?=剩下))"
)


_BARE = re.compile(r"(?:单号[是为]?|[（(])?[A-Z]\d{8}-\d{4,}[）)]?(?:号?单子?|这一?[单件])?[，,。：:、\s]*")


def numbers_in(text: str) -> list[str]:
    """Numbers of orders that stand in a text as such."""
    return list(dict.fromkeys(_NUMBERS.findall(text)))


def unnumbered(text: str) -> str:
    """A text without the full numbers of orders in it."""
    return _BARE.sub("", text).strip()


def concerns(turn: Turn, demand: Demand) -> bool:
    """Whether the speaker has anything to do with a demand; others are told that there is none."""
    held = turn.actor.capacities(turn.tx, demand)
    if held - BYSTANDERS:
        return True
    return demand.intent == "demand.report" and flow.can(Act.ASSIST, demand.stage) and may(Act.ASSIST, held)


def meant(
    turn: Turn,
    heard: Heard,
    act: Act,
    *,
    fits: Callable[[Demand], bool] | None = None,
    newest: bool = False,
    fresh: bool = False,
) -> list[Demand]:
    """The demands that an act is about; when it is not clear, asks and returns none.

    `fits` narrows what may be meant when no number was said; `newest` takes the newest instead of asking;
    `fresh` asks when what was talked about last was not reported just now.
    """
    numbers = [n.strip() for n in str(heard.slots.get("order", "")).split(",") if n.strip()]
    if numbers:
        return _numbered(turn, heard, act, numbers)
    likely = known = able(turn, act, fits)
    told = replace(heard, text=another.acted(heard.text, act))
    if but := left_out(turn, heard) if act in another.DECIDES else []:
        likely = known = [d for d in known if d not in but]
        told = replace(told, text=_BUT_WHAT.sub("", told.text))
    if other := _another_stage(turn, told, act, likely, fits):
        return other[:1]
    fitting = described(turn, told, likely)
    spoken = None if but else turn.session.demand
    if fitting is not None:
        likely = fitting
    elif spoken and (not fresh or turn.session.just_reported(_FRESH) == spoken):
        likely = talked.about(turn, heard, act, likely)
    if act is Act.RATE:
        likely = talked.unrated(turn, heard, likely if _tells_apart(turn, told, known) else known, likely)
    if another.is_another(turn, told.text or turn.inbound.text, act, likely):
        ask_which(turn, heard, act, known)
        return []
    if (len(likely) > 1 and not newest) or (likely and _of_another(turn, heard, act, likely[0])):
        ask_which(turn, heard, act, likely)
        return []
    return likely[:1]


def left_out(turn: Turn, heard: Heard) -> list[Demand]:
    """除了3号, 除了电梯: the orders that a sentence about all the others names."""
    said = [n for n in str(heard.slots.get("except") or "").split(",") if n] or _BUT.findall(heard.text)
    if (where := _BUT_WHERE.search(turn.inbound.text)) is not None:
        name = "room" if where["room"] else "building"
        at = where["room"] or where["house"]
        if fits := [d for d in reach(turn) if flow.is_open(d.stage) and getattr(d, name) == at]:
            return fits
    named = None if said else _BUT_WHAT.search(turn.inbound.text)
    if named is not None:
        return of_thing(turn, named["what"], [d for d in reach(turn) if flow.is_open(d.stage)])
    return [demand for number in said for demand in by_number(turn, number)]


def _of_another(turn: Turn, heard: Heard, act: Act, demand: Demand) -> bool:
    """Whether what is taken back or praised may be something else, of which no order is known."""
    text = heard.text or turn.inbound.text
    if act not in (Act.WITHDRAW, Act.RATE) or demand.category in turn.reader.things(text):
        return False
    return naming.of_another(text, demand)


def _tells_apart(turn: Turn, heard: Heard, known: list[Demand]) -> bool:
    """Whether some of them are named by their thing or place; a category is guessed."""
    named = described(turn, replace(heard, category=None), known)
    return named is not None and len(named) < len(known)


def _another_stage(
    turn: Turn, heard: Heard, act: Act, likely: list[Demand], fits: Callable[[Demand], bool] | None
) -> list[Demand]:
    """灯好了, while only the pipe waits for stars: the named order, though its stage does not allow the act."""
    if act not in (Act.WITHDRAW, Act.RATE):
        return []
    known = [d for d in reach(turn) if (d in likely or flow.is_open(d.stage)) and (fits is None or fits(d))]
    named = described(turn, replace(heard, category=None), known)  # a category is guessed: a thing has to be said
    if named is None or len(named) == len(known) or any(d in likely for d in named):
        return []
    return named


def able(turn: Turn, act: Act, fits: Callable[[Demand], bool] | None = None) -> list[Demand]:
    """What concerns the speaker and can be acted on so, newest first."""
    return [d for d in reach(turn) if flow.can(act, d.stage) and (fits is None or fits(d))]


def _numbered(turn: Turn, heard: Heard, act: Act, numbers: list[str]) -> list[Demand]:
    found: list[Demand] = []
    for number in numbers:
        several = [_living(turn, d) for d in by_number(turn, number)] or _of_room(turn, number, act)
        able = [d for d in several if flow.can(act, d.stage)]
        if not several:
            turn.say("error.no_such_order", number=number)
        elif len(able or several) > 1:
            ask_which(turn, heard, act, able or several)
        else:
            found += able or several
    return found


def _living(turn: Turn, demand: Demand) -> Demand:
    """Both numbers stay valid: what is said of an order that was merged is said of the one it lives on in."""
    into = kept(turn, demand)
    if into.id == demand.id or not concerns(turn, into):
        return demand
    turn.say("done.follows", no=demand.no, into=into.no)
    return into


def kept(turn: Turn, demand: Demand) -> Demand:
    """Where an order that was merged lives on; any other is itself."""
    while demand.stage == Stage.MERGED and demand.merged_into_id is not None:
        demand = turn.tx.get(Demand, demand.merged_into_id)
    return demand


def _of_room(turn: Turn, number: str, act: Act) -> list[Demand]:
    """502修好了, where no order has that number: the one in hand of that room."""
    units = {post.organisation_id for post in turn.speaker.posts if post.organisation_id}
    keeps = {post.community_id for post in turn.speaker.posts if post.community_id}
    found = [
        d
        for d in able(turn, act)
        if d.room == number and (d.handler_id in units or (d.community_id in keeps and flow.is_open(d.stage)))
    ]
    return found if len(found) == 1 else []


def described(turn: Turn, heard: Heard, likely: list[Demand]) -> list[Demand] | None:
    """Those that fit the place or category that was said; None when nothing was said that tells them apart."""
    said = [(name, heard.slots[name]) for name in ("building", "unit", "room", "place") if heard.slots.get(name)]
    estate = turn.register.estate(str(heard.slots.get("estate") or ""))
    category = heard.category
    if not said and estate is None and category is None:
        named = of_kind(turn, heard.text, likely)
        worded = naming.called(heard.text, named) if len(likely) > 1 else None
        if worded is not None:
            return worded  # of none of them it can be told: it is asked, and not taken for the last one
        return named if len(named) < len(likely) else None

    def fits(demand: Demand) -> bool:
        if estate is not None and demand.estate_id != estate.id:
            return False
        if category is not None and demand.category != category:
            return False
        return all(
            str(value) in (getattr(demand, name) or demand.text)
            if name == "place"
            else getattr(demand, name) == value
            for name, value in said
        )

    found = [d for d in likely if fits(d)]
    if found:
        of_it = of_kind(turn, heard.text, found) if category is None else found
        return naming.called(heard.text, of_it) or of_it
    # a category is guessed and may be off; another building is another matter
    elsewhere = [d for d in likely if _is_elsewhere(d, estate, said)]
    return [d for d in likely if d not in elsewhere] if elsewhere else None


def of_kind(turn: Turn, text: str, likely: list[Demand]) -> list[Demand]:
    """电梯那个, 301那单: those of the thing or room that is named; all when none is named or fits."""
    if len(likely) < 2:
        return likely
    kinds = turn.reader.things(text)
    found = [d for d in likely if d.category in kinds]
    found = found or [d for d in likely if d.category in another.named(turn, text)] or likely
    found = [d for d in found if d.room and re.search(rf"(?<!\d){d.room}(?!\d)", text)] or found
    return naming.of_thing(text, found)


def of_thing(turn: Turn, what: str, among: list[Demand]) -> list[Demand]:
    """电梯, 灯: those of the kind of thing that is named, or whose report has the word."""
    kinds, word = turn.reader.things(what), what.strip().removeprefix("那个").removesuffix("的")
    of_kind = [d for d in among if d.category in kinds]
    return of_kind or [d for d in among if word and word in d.text]


def _is_elsewhere(demand: Demand, estate: Estate | None, said: list[tuple[str, Any]]) -> bool:
    if estate is not None and demand.estate_id not in (None, estate.id):
        return True
    return any(name in ("building", "unit") and getattr(demand, name) not in (None, value) for name, value in said)


def ask_which(turn: Turn, heard: Heard, act: Act, options: list[Demand]) -> None:
    """Ask which one, with numbers to answer by."""
    shown = options[:SHOWN]
    turn.session.ask(
        "which_order",
        options=[d.no for d in shown],
        act={
            "intent": heard.intent,
            "category": None,
            "urgency": heard.urgency,
            "slots": {k: v for k, v in heard.slots.items() if k != "order"},
            "text": heard.text,
        },
    )
    turn.say("ask.which", lines=listing(turn, shown), act=turn.tx.content.labels.act[act.value])


def listing(turn: Turn, shown: list[Demand], *, numbered: bool = True) -> str:
    """Demands, a line each: number, place, matter, stage."""
    if numbered:
        turn.session.listing([demand.no for demand in shown])
    lines = []
    for position, demand in enumerate(shown, 1):
        place = words.where(turn.register, demand, room=False)
        stage = turn.tx.content.labels.stage[demand.stage]
        head = f"{position}. " if numbered else ""
        lines.append(f"{head}{demand.no} {place} {words.what(turn.tx, demand)} {stage}".replace("  ", " "))
    return "\n".join(lines)
