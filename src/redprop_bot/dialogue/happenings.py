"""Platform events and messages without words: follow, scan, position, click, picture, voice."""

from math import asin, cos, radians, sin, sqrt

from redprop_bot.dialogue import cards, reporting, residents
from redprop_bot.dialogue.turn import Turn
from redprop_bot.ports import Channel, Kind
from redprop_bot.store.tables import Estate, Person
from redprop_bot.understand.acts import Act as Heard

NEAR_KM = 1.5


def event(turn: Turn) -> None:
    """An event that is handled; others never come here."""
    name = turn.inbound.event
    if name in ("subscribe", "scan"):
        _arrived(turn)
    elif name == "unsubscribe":
        _following(turn, following=False)
    elif name == "template_card_event":
        cards.tapped(turn)
    elif name == "location":
        _near(turn, ask=False)
    elif name == "enter_agent":
        return
    elif name == "click":
        turn.say("help.resident" if turn.inbound.channel == Channel.OA else "help.staff")


def _following(turn: Turn, *, following: bool) -> None:
    assert turn.speaker.person.id is not None
    turn.tx.update(Person, turn.speaker.person.id, following=following)


def _arrived(turn: Turn) -> None:
    """Followed, or scanned a code: a scene names an estate, perhaps with building and unit."""
    if turn.inbound.event == "subscribe":
        _following(turn, following=True)
    estate, building, unit = _scene(turn, turn.inbound.event_key)
    if estate is None:
        turn.say("welcome.plain")
        return
    reporting.learn(turn, estate)
    person = turn.speaker.person
    if building and person.id is not None and turn.speaker.role in ("resident", "member"):
        turn.tx.update(Person, person.id, building=building, unit=unit)
    turn.say("welcome.estate", estate=estate.name)


def _scene(turn: Turn, scene: str) -> tuple[Estate | None, str | None, str | None]:
    """`estate:桂花园`, `estate:桂花园/3/2`, or the bare name, or an estate's key."""
    name, *rest = scene.removeprefix("estate:").split("/")
    estate = turn.register.estate(name)
    if estate is None and name.removeprefix("e").isdecimal():
        estate = turn.register.estates.get(int(name.removeprefix("e")))
    return estate, *[*rest, None, None][:2]  # type: ignore[return-value]


def location(turn: Turn) -> None:
    """A position that was sent: the nearest estate, and the answer to "where?" when that was asked."""
    _near(turn, ask=True)


def _near(turn: Turn, *, ask: bool) -> None:
    here = turn.inbound.latitude, turn.inbound.longitude
    if here[0] is None or here[1] is None:
        return
    distances = [
        (_km(here[0], here[1], e.lat, e.lng), e)
        for e in turn.register.estates.values()
        if e.lat is not None and e.lng is not None
    ]
    nearest = min(distances, key=lambda pair: pair[0], default=None)
    if nearest is None or nearest[0] > NEAR_KM:
        if ask:
            turn.say("ask.estate_by_words")
        return
    estate = nearest[1]
    if turn.session.asked_kind() == "place":
        reporting.learn(turn, estate)
        residents.placed(turn, Heard("demand.supplement", slots={"estate": estate.name}))
    elif ask:
        reporting.learn(turn, estate)
        turn.say("welcome.estate", estate=estate.name)


def _km(lat1: float, lng1: float, lat2: float, lng2: float) -> float:
    """Great-circle distance in kilometres."""
    a1, b1, a2, b2 = map(radians, (lat1, lng1, lat2, lng2))
    h = sin((a2 - a1) / 2) ** 2 + cos(a1) * cos(a2) * sin((b2 - b1) / 2) ** 2
    return 2 * 6371 * asin(sqrt(h))


def wordless(turn: Turn) -> None:
    """A message whose content is not words."""
    kind = turn.inbound.kind
    if kind in (Kind.IMAGE, Kind.VIDEO):
        residents.picture(turn)
    elif kind == Kind.LOCATION:
        location(turn)
    elif kind == Kind.VOICE:
        turn.say("ask.voice_in_words")
    elif kind == Kind.LINK:
        turn.say("ask.link_in_words")
