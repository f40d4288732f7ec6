"""What a decision is about, without who does it and until when: a unit's name is no part of its matter."""

import re
from typing import Final

from redprop_bot.registry.register import Register

_WHEN: Final = re.compile(
    r"(?:20\d\d年)?\d{1,2}月(?:\d{1,2}[日号]?|底)?(?:之前|以前|前)?|\d+个?(?:工作日|天|周|月)(?:之内|以内|内)"
)
_WHO: Final = re.compile(r"由|牵头|负责|主责|落实")


def bare_matter(reg: Register, text: str) -> str:
    """由万和物业1月31日前修好门禁: 修好门禁."""
    for name in sorted((name for name in reg.organisation_names if name in text), key=len, reverse=True):
        text = text.replace(name, "")
    return _WHO.sub("", _WHEN.sub("", text)).strip(" ，,。")
