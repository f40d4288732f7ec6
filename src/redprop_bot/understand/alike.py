# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""The same trouble told of another place: 西门路灯瞎了，中心花园那排也瞎了 are two matters with one meaning.

What is said of the second place leans on the first, so it is not weighed by itself; where it is, is told in `fill`.
"""

import re
from dataclasses import replace

from redprop_bot.understand.features import ADDRESS, ESTATE
from redprop_bot.understand.segment import Segment
from redprop_bot.understand.slots.place import PlaceWords

_HOUSE = f"[{ADDRESS}{ESTATE}]"
_BEGINS = re.compile(rf"[,，。;；、 ]+|(?<=了)(?={_HOUSE})")
_NAME = 24  # characters in which a place is named
_LEADING = re.compile(f"{_HOUSE}+")
_ALSO = re.compile(  # 老人也下不来, 物业也不管: what comes of it
    r"[^,，。;；!！?？]{0,4}(?<![人业安居户主爷妈谁我他她])(?<!孩子)也(?:全|都|一样|同样|照样|老|一直|是)?[^许想请希要得就算罢,，。;；!！?？]"
)


def apart(text: str, told: Segment, places: PlaceWords) -> list[Segment]:
    """A report, cut before each further place of which the same is said; as it is where there is none."""
    if told.verdict.intent != "demand.report":
        return [told]
    starts = [told.start]
    for begins in _BEGINS.finditer(text, told.start, told.end):
        at = begins.end()
        led = _led(text[at : min(told.end, at + _NAME)], places)
        if led and _ALSO.match(text, at + led, told.end) and _somewhere(text[starts[-1] : at], places):
            starts.append(at)
    ends = [*starts[1:], told.end]
    return [replace(told, start=start, end=end) for start, end in zip(starts, ends, strict=True)]


def _led(said: str, places: PlaceWords) -> int:
    """How many characters of an address or a place it begins with."""
    house = _LEADING.match(said)
    if house:
        return house.end()
    found = places.find(said)
    return found[1] if found and found[0] == 0 else 0


def _somewhere(said: str, places: PlaceWords) -> bool:
    return _LEADING.search(said) is not None or places.find(said) is not None
