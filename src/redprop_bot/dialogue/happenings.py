"""Platform events and messages without words: follow, scan, position, click, picture, voice."""

from redprop_bot.dialogue import (
    attending,
    cards,
    finding,
    meeting_guests,
    nearby,
    pictures,
    progress_asked,
    reporting,
    whereabouts,
)
from redprop_bot.dialogue.outcomes import OUTCOMES
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop.actor import speaking
from redprop_bot.notify import links
from redprop_bot.ports import Channel, Kind
from redprop_bot.registry.checking import building_no
from redprop_bot.registry.near import nearest
from redprop_bot.rules.roles import BYSTANDERS, CONFIDENTIAL
from redprop_bot.store import demands, messages
from redprop_bot.store.tables import Estate, Person
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.understand.slots.doors import bare

NEAR_KM = 1.5


def event(turn: Turn) -> None:
    """An event that is handled; others never come here."""
    name = turn.inbound.event
    if name in ("subscribe", "scan"):
        _arrived(turn)
    elif name == "unsubscribe":
        _left(turn)
    elif name == "template_card_event":
        cards.tapped(turn)
    elif name == "location":
        _near(turn, ask=False)
    elif name == "click":
        _clicked(turn)


def _following(turn: Turn, *, following: bool) -> None:
    assert turn.speaker.person.id is not None
    turn.tx.update(Person, turn.speaker.person.id, following=following)


def _left(turn: Turn) -> None:
    """They do not follow any more: what is still owed to them here is not sent, now or when they come back."""
    if turn.inbound.channel != Channel.OA:
        return  # a member who may not use the app now; the directory says who has left
    _following(turn, following=False)
    messages.unowed(turn.tx, turn.inbound.channel.value, turn.inbound.sender, "not following")


def _clicked(turn: Turn) -> None:
    """A menu button; one that is not in `data/menus` shows how to talk here."""
    click = turn.tx.content.clicks.clicks.get(turn.inbound.event_key.strip().lower())
    if click is None:
        turn.say("help.resident" if turn.inbound.channel == Channel.OA else "help.staff")
    elif click.reply is not None:
        turn.say(click.reply)
    elif click.intent is not None:
        OUTCOMES[click.intent](turn, Heard(click.intent))


def _arrived(turn: Turn) -> None:
    """Followed, or scanned a code: its scene names an estate, perhaps with building and unit, or opens a thing."""
    if turn.inbound.event == "subscribe" and turn.inbound.channel == Channel.OA:
        _following(turn, following=True)
    opens, rest = turn.tx.content.scenes.read(turn.inbound.event_key)
    if opens == "order" and _order_scene(turn, rest):
        return
    if opens == "activity":
        attending.scanned(turn, rest)
        return
    if opens == "meeting" and meeting_guests.scanned(turn, rest):
        return
    if opens == "meeting":
        turn.say(f"scene.{opens}")
        return
    estate, building, unit = _scene(turn, rest) if opens == "estate" else (None, None, None)
    if estate is None:
        turn.say("welcome.plain")
        return
    reporting.learn(turn, estate)
    person = turn.speaker.person
    if building and person.id is not None and turn.speaker.role in ("resident", "member"):
        turn.tx.update(Person, person.id, building=building[:16], unit=unit[:16] if unit else None)
    turn.say("welcome.estate", estate=estate.name)


def _order_scene(turn: Turn, no: str) -> bool:
    """The code on an order: to those whom it concerns all of it, to passers-by what its public page says."""
    demand = demands.by_no(turn.tx, no)
    if demand is None:
        return False
    if speaking(turn.speaker).capacities(turn.tx, demand) - BYSTANDERS and finding.by_number(turn, no):
        progress_asked.answer(turn, Heard("progress.query", slots={"order": no}))
        return True
    if demand.intent in CONFIDENTIAL:
        return False  # whoever has the number learns nothing by it, not even that it exists
    stage = turn.tx.content.labels.stage[demand.stage]
    turn.say("scene.order", no=no, stage=stage, link=links.order_page(turn.tx.content.address, no))
    return True


def _scene(turn: Turn, scene: str) -> tuple[Estate | None, str | None, str | None]:
    """`桂花园`, `桂花园/3/2`, or an estate's key: `7`, `e7`, `estate_7`.

    Codes are printed from every kind of list (３, 三号楼): building and unit are kept as messages are read.
    """
    name, building, unit = (part.strip() for part in (*scene.split("/"), "", "")[:3])
    estate = turn.register.estate(name)
    key = name.removeprefix("estate_").removeprefix("e")
    if estate is None and key.isascii() and key.isdecimal() and len(key) < 10:
        estate = turn.register.estates.get(int(key))
    return estate, building_no(building) or None, bare("unit", unit) or None


def location(turn: Turn) -> None:
    """A position that was sent: a check-in, the answer to "where?" when one was asked, else the nearest estate."""
    if not attending.by_place(turn):
        _near(turn, ask=True)


def _near(turn: Turn, *, ask: bool) -> None:
    here = turn.inbound.latitude, turn.inbound.longitude
    if here[0] is None or here[1] is None:
        return
    at = here[0], here[1]
    estate = nearest(turn.register, at, NEAR_KM)
    if turn.session.asked_kind() == "near":
        sort = str((turn.session.asked or {}).get("sort") or "") or None
        turn.session.asked = None
        nearby.listed(turn, at, estate, sort)
        return
    if estate is None:
        if ask:
            turn.say("ask.estate_by_words")
        return
    if turn.session.asked_kind() == "place":
        reporting.learn(turn, estate)
        whereabouts.placed(turn, Heard("demand.supplement", slots={"estate": estate.name}))
    elif ask:
        reporting.learn(turn, estate)
        turn.say("welcome.estate", estate=estate.name)
        nearby.listed(turn, at, estate, None, quiet=True)


def wordless(turn: Turn) -> None:
    """A message whose content is not words."""
    kind = turn.inbound.kind
    if kind in (Kind.IMAGE, Kind.VIDEO):
        pictures.picture(turn)
    elif kind == Kind.LOCATION:
        location(turn)
    elif kind == Kind.VOICE:
        pictures.unheard(turn)
    elif kind == Kind.LINK:
        turn.say("ask.link_in_words")
