"""A menu of ours in a platform's words, and what a platform says of its menu, brought to one form to be compared.

What the menu holds is data; putting it there is `OfficialAccountApi.create_menu` and `WorkApi.create_menu`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from redprop_bot.content.menus import Button, Menu

_FIELDS: Final = ("key", "url", "appid", "pagepath", "media_id", "article_id")


@dataclass(frozen=True, slots=True)
class Entry:
    """One button in a flat menu: names from the top, its type (empty for a parent), what it sends or opens."""

    path: tuple[str, ...]
    type: str = ""
    value: str = ""


def wire(menu: Menu, address: str) -> list[dict[str, Any]]:
    """The buttons as both platforms take them; pages of ours get their address."""
    return [
        {"name": b.name, "sub_button": [_button(sub, address) for sub in b.buttons]}
        if b.buttons is not None
        else _button(b, address)
        for b in menu.buttons
    ]


def _button(button: Button, address: str) -> dict[str, Any]:
    given = button.given()
    if given.get("url", "").startswith("/"):
        given["url"] = address + given["url"]
    return {"type": button.type, "name": button.name, **given}


def flat(buttons: Sequence[Any], above: tuple[str, ...] = ()) -> list[Entry]:
    """Buttons in a platform's words, sent or answered, one after the other; what is no button is left out."""
    return list(_flat(buttons, above))


def _flat(buttons: Sequence[Any], above: tuple[str, ...]) -> Iterator[Entry]:
    for button in buttons:
        if not isinstance(button, Mapping):
            continue
        path = (*above, str(button.get("name", "")))
        below = button.get("sub_button")
        if isinstance(below, Mapping):  # so it is nested by get_current_selfmenu_info
            below = below.get("list")
        if isinstance(below, Sequence) and not isinstance(below, str) and below:
            yield Entry(path)
            yield from _flat(below, path)
        else:
            value = " ".join(str(button[name]) for name in _FIELDS if button.get(name))
            yield Entry(path, str(button.get("type", "")), value)
