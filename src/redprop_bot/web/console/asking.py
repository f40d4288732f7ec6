"""Rooms ask the handlers of the API: what lists hold, who may edit them and how is decided there, once."""

from collections.abc import Callable, Mapping
from typing import Any

from redprop_bot.errors import Invalid
from redprop_bot.store import editions
from redprop_bot.store.tables import Edition
from redprop_bot.web.api.calls import Call, Reply
from redprop_bot.web.api.fields import Field, Shape
from redprop_bot.web.api.routes import Route
from redprop_bot.web.api.table import ROUTES
from redprop_bot.web.console import slips
from redprop_bot.web.console.room import Desk


def route(method: str, path: str) -> Route:
    """The route of the API."""
    return next(one for one in ROUTES if one.method == method and one.path == path)


def handler(method: str, path: str) -> Callable[[Call], Reply]:
    """What it does."""
    return route(method, path).handler


def sent(desk: Desk, shape: Shape, *, needed: str = "") -> dict[str, Any]:
    """The fields of a form as a body of this shape: one that was left empty clears, all but the `needed` one."""
    if needed and not desk.field(needed):
        raise Invalid("missing", field=needed)
    return {name: _value(desk.field(name), field) for name, field in shape.items() if name in desk.body}


def _value(text: str, field: Field) -> Any:
    if not text and field.kind != "texts":
        # To the API an empty text is one that was not given; a blank one is given, and empty.
        return None if field.nullable or field.required or field.one_of or field.kind != "text" else " "
    if field.kind == "texts":
        return [
            word
            for word in text.replace("，", "、").replace(",", "、").replace("\n", "、").split("、")
            if word.strip()
        ]
    if field.kind == "yes_no":
        return text == "true"
    if field.kind in ("whole", "number"):
        return _number(text, whole=field.kind == "whole")
    return text


def _number(text: str, *, whole: bool) -> Any:
    try:
        return int(text) if whole else float(text)
    except ValueError:
        return text  # the handler says what is wrong with it


def history(
    desk: Desk, kind: str, subject: object, names: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """The versions of one thing, the newest first, each with what is different from the one below.

    `names` are those of its fields that are called otherwise elsewhere.
    """
    found = editions.versions(desk.tx, kind, subject)
    return [
        _version(desk, one, found[n + 1] if n + 1 < len(found) else None, names or {})
        for n, one in enumerate(found)
    ]


def _version(desk: Desk, one: Edition, below: Edition | None, own: Mapping[str, str]) -> dict[str, Any]:
    names = {**desk.content.labels.field, **own}
    changes = [
        (names.get(name, name), shown(below.data.get(name)) if below else "", shown(value))
        for name, value in one.data.items()
        if name not in _UNTOLD and (below is None or below.data.get(name) != value) and (below or value)
    ]
    return {
        "version": one.version,
        "at": slips.day(desk, one.at),
        "by": one.by_name or "（原来的）",
        "changes": changes,
        "whole": below is None,
    }


_UNTOLD = frozenset({"version", "id", "no", "created_at", "updated_at"})


def shown(value: Any) -> str:
    """A value of an item in words."""
    if value is None or (isinstance(value, str | list) and not value):
        return "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(shown(one) for one in value)
    if isinstance(value, str) and value.startswith(("https://", "http://")):
        return "（有）"  # an address is to be followed, not to be read
    if isinstance(value, Mapping):
        return "，".join(f"{name} {shown(one)}" for name, one in value.items())
    return f"{value:g}" if isinstance(value, float) else str(value)
