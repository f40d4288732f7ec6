"""派谁去做什么: whether a sentence of a secretary sends somebody, and which unit it names. Pure.

What was done, what others say, what is only thought of, denied or asked sends nobody.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from redprop_bot.rules.intended import clauses

_VERB: Final = r"(?:请|让|叫|喊|派|找|安排|通知|告诉|联系|麻烦)(?:一下)?"
_SENDS: Final = re.compile(r"[让叫派请找]|通知|安排|联系")
_AT_START: Final = re.compile(rf"^{_VERB}(?:人|师傅)?(?:[去来](?!年))?")
_TO_WHOM: Final = re.compile(rf"(?:^|[，,。；;：:\s])(?:快|赶紧|先)?{_VERB}")
_DOES: Final = re.compile(r"把\S{1,20}[了好掉完净]|[去来到]|一下|装|换|修|清|查|加强")
_ASKS: Final = re.compile(r"[?？]|[吗么呢没][。！! ]*$|有没有|是不是|要不要|该不该")
_TOLD: Final = re.compile(
    r"(?:昨[天晚]|前[天晚]|上(?:周|个?月|次|回)|之前|早[就上]|刚[才刚]?|当时|那天)[^，,。]{0,12}[让叫派请找]\S*了"
    r"|(?:已经?|早就)[^，,。]{0,4}(?:[让叫派请找]|通知|安排)|没有?(?:[让叫派请找]|通知|安排)|(?:不用|不必|别|甭|先不)[^，,。]{0,3}(?:[让叫派请找]|通知|安排)"
    r"|本来|原来?[想打]|打算|想着|考虑|如果|要是|万一|假如|说[要是会好]|答应|承诺|(?:居民|业主|他们?|大家)们?(?:要求|希望|想|说|问)"
)
_TURNS: Final = re.compile(r"改派|改由|转[派给]|换成|换[给由]|现在|还是|那就|就[派让叫]")


def is_told(text: str) -> bool:
    """昨天让万和物业去看了, 没让他们去, 本来想派人: nobody is sent by it."""
    parts = clauses(text)
    sending = [part for part in parts if _SENDS.search(part)] or parts
    return all(_TOLD.search(part) for part in sending)


def turns(text: str) -> bool:
    """本来想派万和，现在改派康居: what is told turns into something to do."""
    return _TURNS.search(text) is not None


def asks(text: str) -> bool:
    """Whether it is a question."""
    return _ASKS.search(text) is not None


def does(text: str) -> bool:
    """Whether something is to be done: 把…清了, 去看看, 换一下."""
    return _DOES.search(text) is not None


def bare(text: str) -> str:
    """Without 让, 请 and 派人 at its beginning."""
    return _AT_START.sub("", text)


def sent(text: str, names: Iterable[str]) -> str | None:
    """The name behind a verb of sending, in full or by its first two characters where only one unit begins so."""
    behind = [text[verb.end() :] for verb in _TO_WHOM.finditer(text)]
    known = sorted(names, key=len, reverse=True) if behind else []
    heads = Counter(name[:2] for name in known)
    short = [name for name in known if heads[name[:2]] == 1]
    full = (name for name in known if any(rest.startswith(name) for rest in behind))
    return next(full, None) or next((n for n in short if any(rest.startswith(n[:2]) for rest in behind)), None)
