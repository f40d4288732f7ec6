"""How people speak of 示范创建: to open one, to hand it in, to decide, to ask how far it is.

The name of the standard and of the estate are taken out first; what is left must be one of a few forms, so that
an ordinary report which happens to hold such a name stays a report.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from redprop_bot.content.standards import Standard, Standards
from redprop_bot.registry.register import Register
from redprop_bot.rules.standards import Outcome
from redprop_bot.store.tables import Estate

LONGEST: Final = 300
_E, _S = "\ue000", "\ue001"  # stand for the estate and the standard; nobody types them
_SPACE: Final = re.compile(r"[\s“”\"「」『』]+")
_END: Final = re.compile(r"[。！!？?，,]+$")
_REASON: Final = re.compile(r"[：:，,。；;]")
_BEGIN: Final = "(?:创建|申报|申请|启动|发起|开展|开)"
_OPEN: Final = re.compile(
    rf"(?:我们?想?要?|请|帮我|现在)?(?:给|为|在)?"
    rf"(?:{_BEGIN}{_E}?的?{_S}|{_E}(?:小区)?(?:想要?|要|准备|开始|可以)?{_BEGIN}{_S})(?:创建|示范创建|小区|验收|标准)?(?:吧|了)?"
)
_DONE: Final = re.compile(r"(完了?)[，,](?=提交|报上去|上报|送审|往上报|交上去)")
_OF: Final = rf"{_E}?(?:小区)?的?{_S}(?:示范创建|创建|申报|验收|评审)?"
_STEP: Final = "(?:哪一?步|哪一?级|哪个环节|哪里|哪儿|哪|什么程度|什么地步)"
_HOW: Final = re.compile(
    rf"(?:看一?下?|查一?下?|看看|查查|问一?下|请问)?(?:我们)?{_OF}"
    rf"(?:现在|目前|走|进行|办|审)?(?:到{_STEP}(?:了|啦)?(?:呢|啊|呀|吗)?"
    rf"|的?(?:进度|进展|审核结果|结果)(?:怎么样|如何|咋样|怎样)?(?:了|啦)?"
    rf"|(?:通过|过|批|审完|审)了?(?:吗|没有|没))"
)
_DECIDE: Final = re.compile(
    rf"{_OF}(?:自查)?(?:完了?)?"
    r"(?:(?P<hand>提交|报上去|上报|送审|往上报|交上去)|(?P<level>\S{0,12}?)(?P<said>不通过|没通过|不同意|退回去?|通过|同意))了?"
)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said. `standard` None: of all of them. `level` as it was said; empty where none was."""

    what: Literal["open", "how", "hand_in", "decide"]
    standard: Standard | None
    estate: Estate | None
    outcome: Outcome = Outcome.PASS
    level: str = ""
    reason: str = ""


def read(text: str, standards: Standards, reg: Register) -> Said | None:
    """What a sentence says of a standard; None where it is about something else."""
    plain = _SPACE.sub("", text)
    if len(plain) > LONGEST:
        return None
    named = standards.spoken_of(plain) if plain else None
    standard, word = named if named is not None else (None, "示范创建")
    if word not in plain:
        return None
    shape = plain.replace(word, _S, 1)
    estate, shape = _estate(shape, reg)
    whole = _END.sub("", shape)
    if standard is not None and _OPEN.fullmatch(whole):
        return Said("open", standard, estate)
    if _HOW.fullmatch(whole):
        return Said("how", standard, estate)
    return _decision(shape, standard, estate) if standard is not None else None


def _decision(shape: str, standard: Standard, estate: Estate | None) -> Said | None:
    head, reason = _DONE.sub(r"\1", shape), ""
    if (cut := _REASON.search(head)) is not None:
        head, reason = head[: cut.start()], _END.sub("", head[cut.end() :])
    found = _DECIDE.fullmatch(head)
    if found is None:
        return None
    reason = reason.replace(_S, standard.title).replace(_E, estate.name if estate is not None else "")
    if found["hand"]:
        return Said("hand_in", standard, estate, reason=reason)
    if found["level"] and not any(one.name.startswith(found["level"]) for one in standard.levels):
        return None
    outcome = Outcome.PASS if found["said"] in ("通过", "同意") else Outcome.RETURN
    return Said("decide", standard, estate, outcome, found["level"] or "", reason)


def _estate(shape: str, reg: Register) -> tuple[Estate | None, str]:
    """The estate that is named, the longest name first."""
    names = sorted((name for name in reg.estate_names if name in shape), key=len)
    if not names:
        return None, shape
    return reg.estate_names[names[-1]], shape.replace(names[-1], _E, 1)
