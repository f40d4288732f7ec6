"""Wordings against the platforms' limits: what is too long before a single slot is filled can never be sent whole.

Only the words themselves are counted here; what slots bring is cut where it is sent.
"""

import string
from collections.abc import Iterator, Mapping
from typing import Final

from redprop_bot.content.shapes import Labels
from redprop_bot.content.yaml import Lines
from redprop_bot.errors import Fault
from redprop_bot.rules.telling import TELLING, Audience

TEXT_BYTES: Final = 2048  # passive replies, customer-service messages, WeCom texts
TITLE, DESC = 36, 160  # characters of a WeCom card
BUTTON: Final = 10  # characters of a button on one
_STAFF: Final = frozenset(
    tell.message
    for rows in TELLING.values()
    for tell in rows
    if tell.buttons and tell.to is not Audience.REPORTERS
)


def of_replies(texts: Mapping[str, str], line_of: Lines, name: str) -> Iterator[Fault]:
    """Faults of the wordings of one file, by dotted key."""
    for key, text in texts.items():
        for what in _wrong(key, text):
            yield Fault(f"{name}:{line_of(tuple(key.split('.')))}", f"“{key}” {what}")


def _wrong(key: str, text: str) -> Iterator[str]:
    words = _words(text)
    if (size := len(words.encode())) > TEXT_BYTES:
        yield f"太长：{size} 字节，一条消息最多 {TEXT_BYTES} 字节（约 {TEXT_BYTES // 3} 个汉字）"
    if key.startswith("tell.") and key.removeprefix("tell.") in _STAFF:
        title, _, rest = words.partition("\n")
        if len(title) > TITLE:
            yield f"第一行是卡片标题，最多 {TITLE} 个字，现在 {len(title)} 个"
        if len(rest) > DESC:
            yield f"卡片正文最多 {DESC} 个字，现在 {len(rest)} 个"


def _words(text: str) -> str:
    return "".join(words for words, _, _, _ in string.Formatter().parse(text))


def of_labels(labels: Labels, line_of: Lines, name: str) -> Iterator[Fault]:
    """Buttons that are too long for a card."""
    for code, words in labels.button.items():
        if not 0 < len(words.strip()) <= BUTTON:
            yield Fault(f"{name}:{line_of(('button', code))}", f"按钮“{words}”应为 1 到 {BUTTON} 个字")
