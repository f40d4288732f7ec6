"""What a sentence names that no order is of: 路灯不归我们 is no word about the lift, and the lift stays as it is.

Only whole things tell (`names` in `data/limits/joining.yaml`), and only where a clause begins with them: units
speak of parts, of reasons and of other offices when they tell of their own order.
"""

import re
from collections.abc import Sequence
from typing import Final

from redprop_bot.dialogue.turn import Turn
from redprop_bot.rules.flow import Act
from redprop_bot.rules.intended import clauses
from redprop_bot.store.tables import Demand

_ANY_CLAUSE: Final = {Act.WITHDRAW, Act.RETURN, Act.CLOSE, Act.ESCALATE, Act.DISPATCH}
_FIRST_CLAUSE: Final = {Act.RATE, Act.ACCEPT, Act.FULFIL}
"""What follows may be done besides: 修好了，垃圾也带走了."""
DECIDES: Final = _ANY_CLAUSE | _FIRST_CLAUSE
"""Acts after which an order stands elsewhere; a note beside one of them does no harm."""
_PARTED: Final = {Act.DISPATCH, Act.RETURN, Act.ACCEPT}
_LEFT: Final = re.compile(r"先(?:别|不|放)|别动|不用动|不要动|照旧|不变")
_GIVES: Final = re.compile(r"派(?!人|师傅)|给|改成|换成|改由|交由|归|负责")
_POLITE: Final = re.compile(r"(?:谢谢|多谢|感谢|辛苦|您?好的?|你好|收到|师傅|[您你]|了|啊|呀|啦|们){1,6}")
_OTHERWISE: Final = re.compile(r"[是属归找等因由和跟像比陪没]|联系|通知|[我咱俺]们?$")
"""Before a name: it is a reason, or somebody else."""
_WORK: Final = re.compile(r"[换修装拆加]")
"""Before a name, of what was done: 换了个灯 is how something was mended."""
_BESIDE: Final = re.compile(r"[队站所房间口里厅井泡管罩线箱]|公司|部门|师傅|维保|中心|集团|局|科|办")
"""Behind a name: it is an office, a place or a part."""
_BEFORE: Final = 8
_COMMON: Final = frozenset("门口道下上")
"""Signs that tell nothing of a thing."""


def acted(text: str, act: Act) -> str:
    """A sentence without the clauses that leave something as it is: 灯派给城管，电梯先别动."""
    parts = clauses(text)
    if act not in _PARTED or len(parts) < 2:
        return text
    meant = [part for part in parts if not _LEFT.search(part)] or parts
    if act is Act.DISPATCH:
        meant = [part for part in meant if _GIVES.search(part)] or meant
    return text if len(meant) == len(parts) else "，".join(meant)


def named(turn: Turn, text: str) -> frozenset[str]:
    """The categories of the whole things that a text names, the names of places and units apart."""
    plain = _unplaced(turn, text)
    names = turn.tx.content.joining.names
    return frozenset(category for category, words in names.items() if any(word in plain for word in words))


def is_another(turn: Turn, text: str, act: Act, likely: Sequence[Demand]) -> bool:
    """Whether an act is said of a thing that none of the likely orders is of."""
    if act not in DECIDES or not likely:
        return False
    parts = [part for part in clauses(_unplaced(turn, text)) if not _POLITE.fullmatch(part)]
    said = [name for part in (parts if act in _ANY_CLAUSE else parts[:1]) if (name := _topic(turn, part, act))]
    if not said:
        return False
    kinds, things = turn.reader.things(text) | named(turn, text), named(turn, "，".join(said))
    signs = set("".join(said)) - _COMMON
    return not any(
        demand.category in kinds or signs & set(demand.text) or things & turn.reader.things(demand.text)
        for demand in likely
    )


def _topic(turn: Turn, part: str, act: Act) -> str:
    """The whole thing that a clause begins with; anywhere in words that give an order away. Empty when none is."""
    names = [word for words in turn.tx.content.joining.names.values() for word in words if word in part]
    name = min(names, key=lambda word: (part.index(word), -len(word)), default="")
    before, _, behind = part.partition(name) if name else ("", "", "")
    if _OTHERWISE.search(before) or _BESIDE.match(behind) or (act in _FIRST_CLAUSE and _WORK.search(before)):
        return ""
    return name if len(before) <= _BEFORE or act is Act.DISPATCH else ""


def _unplaced(turn: Turn, text: str) -> str:
    """A text without the names of estates and units, some of which are called after things."""
    for name in sorted({*turn.register.estate_names, *turn.register.organisation_names}, key=len, reverse=True):
        text = text.replace(name, "")
    return text
