"""WeCom template cards from an Outbound's payload, every field inside the platform's limits.

With buttons it is a `button_interaction`, without them a `text_notice` that opens its address; without an
address too it is no card at all, because the platform wants one: then it is said as text. What a card says is
decided elsewhere.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from redprop_bot.channels.texts import PASSIVE_BYTES, cut_bytes, cut_chars, harmless

_TASK_ID = re.compile(r"[0-9A-Za-z_@-]{1,128}")
_ROWS, _BUTTONS = 6, 6
_TITLE, _DESC, _NAME, _VALUE, _QUOTE, _BUTTON = 36, 160, 10, 60, 200, 10  # characters
_KEY_BYTES = 1024


def fitting(payload: Mapping[str, Any]) -> str:
    """What is wrong with the payload in a way that cannot be cut to fit; empty when nothing is."""
    buttons = payload.get("buttons") or ()
    if buttons and not _TASK_ID.fullmatch(str(payload.get("task_id", ""))):
        return "task_id: 1-128 of 0-9 A-Z a-z _ - @"
    if len(buttons) > _BUTTONS:
        return f"more than {_BUTTONS} buttons"
    if not all(_line(button["text"], _BUTTON) for button in buttons):
        return "a button without a text"
    if any(len(str(button["key"]).encode()) > _KEY_BYTES for button in buttons):
        return f"button key above {_KEY_BYTES} bytes"
    return ""


def message(payload: Mapping[str, Any]) -> dict[str, Any]:
    """`msgtype` and its object, for message/send."""
    if not payload.get("buttons") and not payload.get("url"):
        return {"msgtype": "text", "text": {"content": as_text(payload)}}
    return {"msgtype": "template_card", "template_card": template_card(payload)}


def template_card(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The card; absent fields are left out, since the platform rejects empty ones."""
    buttons = payload.get("buttons") or ()
    url = payload.get("url")
    card: dict[str, Any] = {
        "card_type": "button_interaction" if buttons else "text_notice",
        "main_title": {"title": _line(payload.get("title"), _TITLE) or "通知"},
        "sub_title_text": _text(payload.get("desc"), _DESC),
        "quote_area": _quote(payload.get("quote")),
        "horizontal_content_list": [_row(row) for row in list(payload.get("rows") or ())[:_ROWS]],
        "card_action": {"type": 1, "url": url} if url else None,
        "task_id": payload.get("task_id"),
        "button_list": [_button(button) for button in buttons],
    }
    return {name: value for name, value in card.items() if value}


def as_text(payload: Mapping[str, Any]) -> str:
    """The same content for where no card can be shown."""
    rows = [f"{name}：{value}" for name, value in payload.get("rows") or ()]
    parts = [payload.get("title"), payload.get("desc"), *rows, payload.get("quote")]
    return cut_bytes(harmless("\n".join(str(part) for part in parts if part)), PASSIVE_BYTES)


def _row(row: Sequence[Any]) -> dict[str, Any]:
    name, value = row
    return {"keyname": _line(name, _NAME) or "—", "value": _line(value, _VALUE) or "—"}


def _button(button: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "text": _line(button["text"], _BUTTON),
        "style": int(button.get("style") or 1),
        "key": str(button["key"]),
    }


def _quote(text: Any) -> dict[str, Any] | None:
    return {"type": 0, "quote_text": _text(text, _QUOTE)} if text else None


def _line(text: Any, limit: int) -> str:
    return cut_chars(harmless(str(text or "")), limit)


def _text(text: Any, limit: int) -> str:
    whole = harmless(str(text or "")).strip()
    return whole if len(whole) <= limit else whole[: limit - 1] + "…"
