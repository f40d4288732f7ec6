"""The five kinds of WeCom template cards: makers, and the check of any card against the platform's limits.

    notice                 text_notice            reads, opens an address
    picture_notice         news_notice            the same with a picture
    buttons                button_interaction     up to six buttons, perhaps a choice beside them
    vote                   vote_interaction       one or several of up to twenty options, and a button
    choices                multiple_interaction   up to three lists to choose from, and a button

A card is a plain mapping in the platform's words. The makers fill in what a kind needs; `extra` takes what all may
have (source, quote_area, horizontal_content_list, vertical_content_list, jump_list, action_menu, card_action …).
`wrong` says what is wrong with a card, whoever made it. `cards` makes the ones that staff get every day.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Card = Mapping[str, Any]

KINDS: Final = ("text_notice", "news_notice", "button_interaction", "vote_interaction", "multiple_interaction")
INTERACTIVE: Final = frozenset(KINDS[2:])

_TASK_ID = re.compile(r"[0-9A-Za-z_@-]{1,128}")
_BUTTONS, _CHOICES, _VOTES, _LISTS, _ROWS, _VERTICAL, _JUMPS, _ACTIONS = 6, 10, 20, 3, 6, 4, 3, 3
_KEY_BYTES, _ID_BYTES, _BUTTON_CHARS = 1024, 128, 10


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose: `id` comes back in the event."""

    id: str
    text: str
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A list to choose one option from; `key` comes back in the event."""

    key: str
    title: str
    options: Sequence[Option]
    selected: str = ""


def notice(title: str, url: str, *, desc: str = "", sub_title: str = "", **extra: Any) -> dict[str, Any]:
    """A `text_notice`: a tap opens the address."""
    return _card("text_notice", title, desc, sub_title_text=sub_title, card_action=_opens(url), **extra)


def picture_notice(
    title: str, url: str, picture: str, *, desc: str = "", ratio: float = 1.3, **extra: Any
) -> dict[str, Any]:
    """A `news_notice`; the picture's ratio of width to height is between 1.3 and 2.25."""
    image = {"url": picture, "aspect_ratio": ratio}
    return _card("news_notice", title, desc, card_image=image, card_action=_opens(url), **extra)


def buttons(
    title: str, task_id: str, keys: Sequence[tuple[str, str]], *, choice: Choice | None = None, **extra: Any
) -> dict[str, Any]:
    """A `button_interaction` with (key, text) buttons, the first of them the main one."""
    listed = [{"text": text, "style": 1 if n == 0 else 2, "key": key} for n, (key, text) in enumerate(keys)]
    selection = _choice(choice) if choice else None
    return _card(
        "button_interaction", title, task_id=task_id, button_list=listed, button_selection=selection, **extra
    )


def vote(
    title: str,
    task_id: str,
    key: str,
    options: Sequence[Option],
    *,
    several: bool = False,
    submit: tuple[str, str],
    **extra: Any,
) -> dict[str, Any]:
    """A `vote_interaction`: one or `several` options; `submit` is (key, text) of its button."""
    listed = [{"id": o.id, "text": o.text, "is_checked": o.checked} for o in options]
    box = {"question_key": key, "mode": int(several), "option_list": listed}
    return _card("vote_interaction", title, task_id=task_id, checkbox=box, submit_button=_submit(submit), **extra)


def choices(
    title: str, task_id: str, lists: Sequence[Choice], *, submit: tuple[str, str], **extra: Any
) -> dict[str, Any]:
    """A `multiple_interaction`: one option of each list."""
    listed = [_choice(one) for one in lists]
    return _card(
        "multiple_interaction", title, task_id=task_id, select_list=listed, submit_button=_submit(submit), **extra
    )


def _card(kind: str, title: str, desc: str = "", **fields: Any) -> dict[str, Any]:
    head = {"title": title, "desc": desc}
    made = {"card_type": kind, "main_title": {name: said for name, said in head.items() if said}, **fields}
    return {name: value for name, value in made.items() if value not in ("", None, [], {})}


def _opens(url: str) -> dict[str, Any]:
    return {"type": 1, "url": url}


def _choice(choice: Choice) -> dict[str, Any]:
    made = {
        "question_key": choice.key,
        "title": choice.title,
        "selected_id": choice.selected,
        "option_list": [{"id": o.id, "text": o.text} for o in choice.options],
    }
    return {name: value for name, value in made.items() if value}


def _submit(button: tuple[str, str]) -> dict[str, Any]:
    return {"key": button[0], "text": button[1]}


# -- the check


def wrong(card: Card) -> str:
    """What the platform would not take; empty when nothing is."""
    kind = card.get("card_type")
    if kind not in KINDS:
        return "card_type"
    checks: tuple[Callable[[Card], str], ...] = (_title, _task, _rows, _jumps, _menu, _action, _PARTS[str(kind)])
    return next((found for check in checks if (found := _tried(check, card))), "")


def _tried(check: Callable[[Card], str], card: Card) -> str:
    try:
        return check(card)
    except (AttributeError, TypeError, KeyError, ValueError):
        return f"a field of the wrong type ({check.__name__.strip('_')})"


def _title(card: Card) -> str:
    title = card.get("main_title", {}).get("title") or (
        card["card_type"] != "news_notice" and card.get("sub_title_text")
    )
    return "" if title else "main_title"


def _task(card: Card) -> str:
    task_id = card.get("task_id", "")
    needed = card["card_type"] in INTERACTIVE or "action_menu" in card
    if (needed or task_id) and not _TASK_ID.fullmatch(task_id):
        return "task_id: 1-128 of 0-9 A-Z a-z _ - @"
    return ""


def _rows(card: Card) -> str:
    rows, vertical = card.get("horizontal_content_list", ()), card.get("vertical_content_list", ())
    if len(rows) > _ROWS or not all(row.get("keyname") for row in rows):
        return f"horizontal_content_list: at most {_ROWS}, each with a keyname"
    for row in rows:
        wanted = {1: "url", 2: "media_id", 3: "userid"}.get(row.get("type", 0))
        if wanted and not row.get(wanted):
            return f"horizontal_content_list: no {wanted}"
    if len(vertical) > _VERTICAL or not all(row.get("title") for row in vertical):
        return f"vertical_content_list: at most {_VERTICAL}, each with a title"
    return ""


def _jumps(card: Card) -> str:
    jumps = card.get("jump_list", ())
    return (
        "" if len(jumps) <= _JUMPS and all(jump.get("title") for jump in jumps) else f"jump_list: at most {_JUMPS}"
    )


def _menu(card: Card) -> str:
    if "action_menu" not in card:
        return ""
    listed = card["action_menu"].get("action_list", ())
    fits = 1 <= len(listed) <= _ACTIONS and all(item.get("text") and _key(item) for item in listed)
    return "" if fits else f"action_menu: 1 to {_ACTIONS} actions with text and key"


def _action(card: Card) -> str:
    action = card.get("card_action")
    if not action:
        return "card_action" if card["card_type"] in ("text_notice", "news_notice") else ""
    wanted = {1: "url", 2: "appid"}.get(action.get("type"))
    if wanted is None:
        # an interactive card may do nothing when it is tapped; a notice may not
        return "card_action: type" if action.get("type") or card["card_type"] not in INTERACTIVE else ""
    return "" if action.get(wanted) else f"card_action: no {wanted}"


def _notice(_card: Card) -> str:
    return ""


def _picture(card: Card) -> str:
    return "" if card.get("card_image", {}).get("url") or card.get("image_text_area") else "card_image"


def _button_list(card: Card) -> str:
    listed = card.get("button_list", ())
    if not 1 <= len(listed) <= _BUTTONS:
        return f"button_list: 1 to {_BUTTONS}"
    for button in listed:
        if not 0 < len(button["text"].strip()) <= _BUTTON_CHARS:
            return f"button_list: a text of 1 to {_BUTTON_CHARS} characters"
        if button.get("type", 0) == 1:
            if not button.get("url"):
                return "button_list: no url"
        elif not _key(button):
            return f"button_list: a key of 1 to {_KEY_BYTES} bytes"
        if button.get("style", 1) not in (1, 2, 3, 4):
            return "button_list: style is 1 to 4"
    keys = [button["key"] for button in listed if button.get("key")]
    if len(set(keys)) != len(keys):
        return "button_list: a key twice"
    return _select(card["button_selection"], "button_selection") if "button_selection" in card else ""


def _vote(card: Card) -> str:
    box = card.get("checkbox", {})
    if not _key(box, "question_key") or box.get("mode", 0) not in (0, 1):
        return "checkbox: question_key, mode 0 or 1"
    return _options(box.get("option_list", ()), _VOTES, "checkbox") or _submitted(card)


def _multiple(card: Card) -> str:
    lists = card.get("select_list", ())
    if not 1 <= len(lists) <= _LISTS:
        return f"select_list: 1 to {_LISTS}"
    if len({one.get("question_key") for one in lists}) != len(lists):
        return "select_list: a question_key twice"
    return next((found for one in lists if (found := _select(one, "select_list"))), "") or _submitted(card)


def _select(one: Mapping[str, Any], name: str) -> str:
    if not _key(one, "question_key"):
        return f"{name}: question_key"
    listed = one.get("option_list", ())
    if one.get("selected_id") and one["selected_id"] not in {option.get("id") for option in listed}:
        return f"{name}: selected_id is none of its options"
    return _options(listed, _CHOICES, name)


def _options(listed: Sequence[Mapping[str, Any]], most: int, name: str) -> str:
    if not 1 <= len(listed) <= most:
        return f"{name}: 1 to {most} options"
    ids = [option["id"] for option in listed]
    if len(set(ids)) != len(ids):
        return f"{name}: an id twice"
    fits = all(option["text"].strip() and 0 < len(option["id"].encode()) <= _ID_BYTES for option in listed)
    return "" if fits else f"{name}: options have a text and an id of 1 to {_ID_BYTES} bytes"


def _submitted(card: Card) -> str:
    button = card.get("submit_button", {})
    fits = 0 < len(str(button.get("text", "")).strip()) <= _BUTTON_CHARS and _key(button)
    return "" if fits else "submit_button: text and key"


def _key(item: Mapping[str, Any], name: str = "key") -> bool:
    value = item.get(name)
    return isinstance(value, str) and 0 < len(value.encode()) <= _KEY_BYTES


_PARTS: Final[Mapping[str, Callable[[Card], str]]] = {
    "text_notice": _notice,
    "news_notice": _picture,
    "button_interaction": _button_list,
    "vote_interaction": _vote,
    "multiple_interaction": _multiple,
}
