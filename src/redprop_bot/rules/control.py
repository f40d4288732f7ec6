"""Whether somebody says that a danger is under control (控制住了), by words of `data/deadlines/`.

Pure: the words are handed in. What is said of it being so is true as little as a question or a denial; when in
doubt the clock runs on, because a reminder too many costs less than one too few.
"""

import re
from collections.abc import Sequence
from typing import Final

_NOT_YET: Final = "没|未|不|别|尚|无法|难以|才能|等|争取|正在|准备|马上就?能?|快要?|即将|预计|尽快"
_DENIED: Final = re.compile(rf"({_NOT_YET})[^，。；、,;！!？?\s]{{0,4}}$")
_ASKED: Final = re.compile(r"^[^，。；,;！!\s]{0,4}(吗|么|没有|没|嘛|[?？])")


def under_control(text: str, words: Sequence[str]) -> bool:
    """Whether one of the words is said, and neither denied, nor asked, nor hoped for."""
    return any(
        not _DENIED.search(text[: found.start()]) and not _ASKED.match(text[found.end() :])
        for word in words
        for found in re.finditer(re.escape(word), text)
    )
