"""Whether a sentence that speaks of dispatching an order dispatches it, and to whom where it first names another.

先别派给康居物业 sends nobody; 不派康居物业了，改派万和物业 sends the second. What a unit says of an order is news.
"""

import re
from dataclasses import replace
from typing import Final

from redprop_bot.dialogue import secretaries
from redprop_bot.dialogue.turn import Turn
from redprop_bot.rules.intended import clauses
from redprop_bot.understand.acts import Act as Heard

_GIVES: Final = re.compile(r"改?派(?!人|师傅|个|车)(?:发|单|工)?给?|[改转]?[转交]给|给(?!的)")
_BEFORE: Final = re.compile(
    r"(?:[别不勿莫没未]|暂缓|取消|撤[销回]?|等.{1,14}?(?:再|才|了|以?后)|本来|原本|原[来先打]|差点"
    r"|(?:明天|后天|改天|下周.?|下个?月|过[两几]天)(?:[早晚]上|[上下]午)?)"
    r"(?:[要用必能可该应得再先会是想]|应该|可以|着?急着?|打算|准备|考虑|现在|忙着?|[把将]\S{1,8}?[单号])*$"
)
_AFTER: Final = re.compile(r"^(?:错|不了|不成|不出去)")
_DROPPED: Final = re.compile(
    r"(?:后来|最后|现在|还是|就|那就|先|[我想]){0,3}(?:算了|作罢|不派了|没派|先?放着)[吧了啊]?"
)
_NEWS: Final = re.compile(
    r"(?:不[归属]|(?:不(?:肯|愿意?|想|会)?|没有?|拒绝?)(?:接|收|认|管|去|来)|[接办管]不了|不负责).{0,10}$"
)
_INSTEAD: Final = re.compile(r"改|换|而?是|还是|让|由|请|找|归|叫|应")
_PARTS: Final = re.compile(r"(?<=了)(?=改|换|派|转|交|给|由|让)|(?<=\S)(?=改派|换成|改成|而是)")
_WORDS: Final = re.compile(r"(?:派给?|[转交]给|给|换成|改成|而?是|还是|让|由|请|找|归|叫)(?P<who>[^，。\s]{2,12})")


def meant(turn: Turn, heard: Heard) -> Heard | None:
    """The dispatch that a sentence asks for; None where it denies, puts off or tells of one."""
    text = heard.text or turn.inbound.text
    parts = [piece for part in clauses(text) for piece in _PARTS.split(part) if piece]
    dropped = max((n for n, part in enumerate(parts) if _DROPPED.fullmatch(part)), default=-1)
    refused = [n <= dropped or _refused(part) for n, part in enumerate(parts)]
    if not any(refused):
        return heard
    rest = [part for part, no in zip(parts, refused, strict=True) if not no]
    for part in rest:
        bare = part.strip("吧了。") in turn.register.organisation_names
        if (bare or _GIVES.search(part) or _INSTEAD.search(part) or part.endswith("管")) and (
            unit := _unit(turn, heard, part)
        ):
            return replace(heard, slots={**heard.slots, "party": unit})
    return None


def _refused(part: str) -> bool:
    """Whether a clause dispatches nothing, by the last of its verbs; without one, whether it is news of a unit."""
    verbs = [*_GIVES.finditer(part)]
    if not verbs:
        return _NEWS.search(part) is not None
    last = verbs[-1]
    return bool(_BEFORE.search(part[: last.start()]) or _AFTER.match(part[last.end() :]))


def _unit(turn: Turn, heard: Heard, part: str) -> str | None:
    """The unit that a clause names."""
    party = str(heard.slots.get("party") or "")
    if party and party in part:
        return party
    named = sorted(
        (part.index(name), -len(name), name) for name in turn.register.organisation_names if name in part
    )
    if named:
        return named[0][2]
    return next(
        (unit for said in _WORDS.finditer(part) if (unit := secretaries.unit_meant(turn, said["who"]))), None
    )
