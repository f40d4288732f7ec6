"""4栋的也停了, straight after a lift that stopped: the same trouble at another place, though not said of what."""

import re
from dataclasses import replace
from typing import Final

from redprop_bot.dialogue.turn import Turn
from redprop_bot.store import demands
from redprop_bot.understand.acts import Act as Heard

_SECONDS: Final = 600
_ALSO: Final = re.compile(
    r"(?:还有|那个?|[,，、。 ]){0,4}[^,，。]{1,14}?的?(?:也|同样)(?:都|是|就|给|跟着){0,2}"
    r"(?P<how>[^,，。]{1,8}?)[了啦呢着]{0,2}[。.！!~]{0,3}"
)
_ANYTHING: Final = re.compile(r"坏|一样|这样|那样|同样|不行|出问题|故障|(?:不能|没法|没得)用|用不了|不好[使用]")
"""Said of whatever it is; any other trouble has to be the one that was told of before."""
_PLACE: Final = ("estate", "building", "unit", "room", "place")


def of_the_last(turn: Turn, heard: Heard) -> Heard:
    """A report that names a place and nothing else is of what was reported just before; others stay as is."""
    said = _ALSO.fullmatch((heard.text or turn.inbound.text).strip())
    if said is None or heard.intent != "demand.report" or heard.urgency == "emergency":
        return heard
    if not any(heard.slots.get(name) for name in _PLACE) or turn.reader.things(said[0]):
        return heard
    no = turn.session.just_reported(_SECONDS)
    last = demands.by_no(turn.tx, no) if no else None
    if last is None or last.intent != "demand.report" or last.urgency == "emergency":
        return heard  # of a danger nobody says no more than that
    if not _ANYTHING.match(said["how"]) and said["how"] not in last.text:
        return heard
    return replace(heard, category=last.category, urgency=last.urgency)
