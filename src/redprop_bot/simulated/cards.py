"""Judging template cards as WeCom does: required fields, types and limits of `message/send`, all five kinds.

Written apart from what makes the cards, so that one finds the other's mistakes.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from redprop_bot.simulated.server import ApiError, need

KINDS: Final = ("text_notice", "news_notice", "button_interaction", "vote_interaction", "multiple_interaction")
ANSWERED: Final = frozenset(KINDS[2:])
"""Kinds that a member can answer: they get a response_code and need a task_id."""

_TASK_ID = re.compile(r"[0-9A-Za-z_@-]{1,128}")
_INVALID = "bad_parameter"


def judge(card: Mapping[str, Any]) -> None:
    """Raise the platform's error for a card it would not show."""
    kind = need(card, "card_type", str, _INVALID)
    if kind not in KINDS:
        raise ApiError(_INVALID, f"card_type {kind}")
    _heading(card)
    _lists(card)
    _own_fields(card, kind)
    _tapped(card, kind)


def has_code(card: Mapping[str, Any]) -> bool:
    """Whether sending this card gives a response_code."""
    return card["card_type"] in ANSWERED or "action_menu" in card


def keys(card: Mapping[str, Any]) -> dict[str, str]:
    """What can be tapped on the card, key to text."""
    found = [*card.get("button_list", ())]
    found += [card["submit_button"]] if "submit_button" in card else []
    return {button["key"]: button["text"] for button in found if "key" in button}


def questions(card: Mapping[str, Any]) -> dict[str, set[str]]:
    """What can be chosen on the card: the options' ids by question."""
    found = [*card.get("select_list", ())]
    found += [card[name] for name in ("checkbox", "button_selection") if name in card]
    return {one["question_key"]: {option["id"] for option in one["option_list"]} for one in found}


def _heading(card: Mapping[str, Any]) -> None:
    if card["card_type"] == "news_notice" or not card.get("sub_title_text"):
        need(need(card, "main_title", dict, _INVALID), "title", str, _INVALID)


def _lists(card: Mapping[str, Any]) -> None:
    for row in _list(card, "horizontal_content_list", 6):
        need(row, "keyname", str, _INVALID)
        if row.get("type", 0) not in {0, 1, 2, 3}:
            raise ApiError(_INVALID, "horizontal_content_list.type is 0 to 3")
        if row.get("type"):
            need(row, {1: "url", 2: "media_id", 3: "userid"}[row["type"]], str, _INVALID)
    for row in _list(card, "vertical_content_list", 4):
        need(row, "title", str, _INVALID)
    for jump in _list(card, "jump_list", 3):
        need(jump, "title", str, _INVALID)


def _tapped(card: Mapping[str, Any], kind: str) -> None:
    menu = card.get("action_menu")
    for item in _list(menu, "action_list", 3, least=1) if menu is not None else ():
        need(item, "text", str, _INVALID)
        _sized(item, "key", 1024)
    task_id = card.get("task_id", "")
    if (task_id or kind in ANSWERED or menu is not None) and not _TASK_ID.fullmatch(str(task_id)):
        raise ApiError(_INVALID, "task_id has other characters than 0-9 A-Z a-z _ - @ or more than 128")
    action = card.get("card_action")
    if kind in {"text_notice", "news_notice"} and need(card, "card_action", dict, _INVALID).get("type") not in {
        1,
        2,
    }:
        raise ApiError(_INVALID, f"card_action.type of a {kind} is 1 or 2")
    if action and action.get("type"):
        need(action, "url" if action["type"] == 1 else "appid", str, _INVALID)


def _own_fields(card: Mapping[str, Any], kind: str) -> None:
    _OWN[kind](card)


def _picture(card: Mapping[str, Any]) -> None:
    if not card.get("card_image") and not card.get("image_text_area"):
        raise ApiError(_INVALID, "neither card_image nor image_text_area")
    if card.get("card_image"):
        need(card["card_image"], "url", str, _INVALID)
        if not 1.3 <= card["card_image"].get("aspect_ratio", 1.3) <= 2.25:
            raise ApiError(_INVALID, "card_image.aspect_ratio is 1.3 to 2.25")


def _buttons(card: Mapping[str, Any]) -> None:
    buttons = _list(card, "button_list", 6, least=1)
    for button in buttons:
        _short(button, "text")
        if button.get("type", 0) == 1:
            need(button, "url", str, _INVALID)
        else:
            _sized(button, "key", 1024)
        if button.get("style", 1) not in {1, 2, 3, 4}:
            raise ApiError(_INVALID, "button style is 1 to 4")
    named = [button["key"] for button in buttons if "key" in button]
    if len(set(named)) != len(named):
        raise ApiError(_INVALID, "button keys are not unique")
    if "button_selection" in card:
        _question(need(card, "button_selection", dict, _INVALID), 10)


def _vote(card: Mapping[str, Any]) -> None:
    box = need(card, "checkbox", dict, _INVALID)
    _question(box, 20)
    if box.get("mode", 0) not in {0, 1}:
        raise ApiError(_INVALID, "checkbox.mode is 0 or 1")
    _submit(card)


def _multiple(card: Mapping[str, Any]) -> None:
    lists = _list(card, "select_list", 3, least=1)
    for one in lists:
        _question(one, 10)
    if len({one["question_key"] for one in lists}) != len(lists):
        raise ApiError(_INVALID, "question_key is not unique")
    _submit(card)


def _question(one: Mapping[str, Any], most: int) -> None:
    _sized(one, "question_key", 1024)
    options = _list(one, "option_list", most, least=1)
    for option in options:
        _sized(option, "id", 128)
        need(option, "text", str, _INVALID)
    if len({option["id"] for option in options}) != len(options):
        raise ApiError(_INVALID, "option ids are not unique")


def _submit(card: Mapping[str, Any]) -> None:
    button = need(card, "submit_button", dict, _INVALID)
    _short(button, "text")
    _sized(button, "key", 1024)


def _short(item: Mapping[str, Any], name: str) -> None:
    if len(need(item, name, str, _INVALID)) > 10:
        raise ApiError(_INVALID, f"button {name} is longer than 10 characters")


def _sized(item: Mapping[str, Any], name: str, most: int) -> None:
    if len(need(item, name, str, _INVALID).encode()) > most:
        raise ApiError(_INVALID, f"{name} is longer than {most} bytes")


def _list(holder: Mapping[str, Any], name: str, most: int, *, least: int = 0) -> list[Mapping[str, Any]]:
    found = holder.get(name, [])
    if not isinstance(found, list) or not least <= len(found) <= most:
        raise ApiError(_INVALID, f"{name} has {least} to {most} items")
    if not all(isinstance(item, dict) for item in found):
        raise ApiError(_INVALID, f"{name} has other things than objects in it")
    return found


_OWN: Final[Mapping[str, Callable[[Mapping[str, Any]], None]]] = {
    "text_notice": lambda _card: None,
    "news_notice": _picture,
    "button_interaction": _buttons,
    "vote_interaction": _vote,
    "multiple_interaction": _multiple,
}
