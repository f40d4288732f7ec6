"""Judging template cards as WeCom does: required fields, types and limits of `message/send`."""

import re
from collections.abc import Mapping
from typing import Any

from redprop_bot.simulated.server import ApiError, need

_TASK_ID = re.compile(r"[0-9A-Za-z_@-]{1,128}")
_INVALID = 40058  # the platform's code for a parameter out of its limits


def judge(card: Mapping[str, Any]) -> None:
    """Raise the platform's error for a card it would not show."""
    kind = need(card, "card_type", str, _INVALID)
    if kind not in {"text_notice", "button_interaction"}:
        raise ApiError(_INVALID, f"card_type {kind}")
    if not card.get("sub_title_text"):
        need(need(card, "main_title", dict, _INVALID), "title", str, _INVALID)
    _rows(card)
    if kind == "button_interaction":
        _buttons(card)
    elif need(card, "card_action", dict, _INVALID).get("type") not in {1, 2}:
        raise ApiError(_INVALID, "card_action.type of a text_notice is 1 or 2")
    action = card.get("card_action")
    if action and action.get("type") == 1:
        need(action, "url", str, _INVALID)


def _rows(card: Mapping[str, Any]) -> None:
    rows = card.get("horizontal_content_list", [])
    if len(rows) > 6:
        raise ApiError(_INVALID, "horizontal_content_list has more than 6 items")
    for row in rows:
        need(row, "keyname", str, _INVALID)


def _buttons(card: Mapping[str, Any]) -> None:
    if not _TASK_ID.fullmatch(need(card, "task_id", str, _INVALID)):
        raise ApiError(_INVALID, "task_id has other characters than 0-9 A-Z a-z _ - @ or more than 128")
    buttons = need(card, "button_list", list, _INVALID)
    if len(buttons) > 6:
        raise ApiError(_INVALID, "button_list has more than 6 items")
    for button in buttons:
        if len(need(button, "text", str, _INVALID)) > 10:
            raise ApiError(_INVALID, "button text is longer than 10 characters")
        if len(need(button, "key", str, _INVALID).encode()) > 1024:
            raise ApiError(_INVALID, "button key is longer than 1024 bytes")
        if button.get("style", 1) not in {1, 2, 3, 4}:
            raise ApiError(_INVALID, "button style is 1 to 4")
    if len({button["key"] for button in buttons}) != len(buttons):
        raise ApiError(_INVALID, "button keys are not unique")
