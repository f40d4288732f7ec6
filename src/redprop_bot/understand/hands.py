# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Several hands given work in one message: 物业补灭火器，业委会公示账目 is a resolution each, 88给绿化，89给物业 an order each."""

import re

from redprop_bot.understand.features import ORDER
from redprop_bot.understand.numerals import to_int
from redprop_bot.understand.slots.party import PartyWords

_RESOLVED = re.compile(
    r"(?:会|会上|会议|联席)[^,，。:：;；]{0,8}?(?:定了?|决定|议定|通过|明确|决议|敲定|拍板|商定|说好)[^,，。:：;；]{0,4}?[:：,，]?|(?:^|(?<=[,，。 ]))[^,，。]{0,3}定了(?:下来)?[两三四五六几][件条项个样桩]事?[:：,，]?|决议[:：]?|议定(?:[两三四五六几][件条项个样桩]事?)?[:：,，]?|交办[:：]?|散会[^:：。]{0,8}[:：]"
)
_CLAUSE = re.compile(r"[,，。;；\n]+\s*|(?<=[。;；:：])|(?<![\s.．、)）:：])[ \n]+(?=由|[1-6][、.．)）])")
_OPENS = re.compile(
    r"(?:[一二三四五]是|[①②③④⑤]|[1-6一二三四五六][、.．)）]|再?由|请|让|责成|交给?|同时|另外|并且?|还有)?[ :：]?"
)
_HANDS_ON = re.compile(r"再?由|归(?!档)|交(?:给|由|(?![流通费钱付接警易换谈代待际友往叉]))|请|责成")
_UNLISTED = re.compile(r"由(?!于)[^,，。:：;；]{2,12}.*[;；。]")
_HELPS = re.compile(r"(?:配合|协助|协办|帮忙)$")  # who stands beside the hand
_ANNOUNCED = re.compile(r"(?P<n>[两三四五六])[件条项个样桩]事?[:：,，]?$")
_LISTED = (re.compile(r"[^;；。\n]+"), re.compile(r"[^,，;；。\n]+"))  # the coarser first
_GIVEN = re.compile(f"{ORDER}号?单?(?:就|都)?(?:派给?|转给?|交给?|给|归)(?P<n>[^\\W\\d_]{{2,6}})(?=[,，。;； ]|$)")
_SOMEBODY = re.compile(r"由(?![于此我他她它你])[^\W\d_]{2,6}")
_WHAT = 2  # characters before a verb of handing: what is handed on
_DEED = 3  # characters behind a name: a deed, not the end of a list of names


def resolved(text: str, parties: PartyWords) -> list[int]:
    """Where each hand's part of a resolution begins; empty unless there are two."""
    opening = _RESOLVED.search(text)
    if opening is None:
        return []
    starts = []
    first = len(text) - len(text[opening.end() :].lstrip())  # 会议决定： and a list below it
    ends = [cut.end() for cut in _CLAUSE.finditer(text, first)]
    for at in dict.fromkeys([first, *ends]):
        opened = _OPENS.match(text, at)
        named = parties.named(text, opened.end() if opened else at)
        stop = _CLAUSE.search(text, named) if named else None
        end = stop.start() if stop else len(text)
        does = named is not None and end - named >= _DEED and _HELPS.search(text, named, end) is None
        if does or _handed(text, at, parties):
            starts.append(at)
    counted = _counted(text, opening)
    if len(starts) < max(len(counted), 2):
        return counted
    # What stands before the first hand opens its part, unless it is itself a part, of a hand that no list knows.
    return [0, *starts] if _UNLISTED.search(text, first, starts[0]) else [0, *starts[1:]]


def _counted(text: str, opening: re.Match[str]) -> list[int]:
    """议定三件：…；…；…: as many parts as were announced, whoever they are given to."""
    announced = _ANNOUNCED.search(opening[0])
    if announced is None:
        return []
    for listed in _LISTED:
        parts = [part for part in listed.finditer(text, opening.end()) if part[0].strip()]
        if to_int(announced["n"]) == len(parts):
            return [0, *(part.start() for part in parts[1:])]
    return []


def _handed(text: str, at: int, parties: PartyWords) -> bool:
    """Whether a clause hands its deed to somebody: 车棚由物业拆旧换新, 旧家具交给环卫所."""
    stop = _CLAUSE.search(text, at + 1)
    end = stop.start() if stop else len(text)
    return any(
        verb.start() - at >= _WHAT
        and (parties.named(text, verb.end()) is not None or _SOMEBODY.match(text, verb.start()) is not None)
        for verb in _HANDS_ON.finditer(text, at, end)
    )


def given_apart(left: str, right: str, parties: PartyWords) -> bool:
    """Whether both pieces give an order, to different hands."""
    one = parties.given(left)
    other = parties.given(right, plainly=ORDER not in right)
    if one is None or other is None:  # 1025给安居，1026给和美: names that no list knows
        given, also = _GIVEN.search(left), _GIVEN.search(right)
        return given is not None and also is not None and given["n"] != also["n"]
    return one != other
