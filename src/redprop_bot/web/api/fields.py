"""What a request may carry: shapes of bodies and queries, one description for the check and for the document.

Everything wrong is `Invalid` with the field's name. Nothing is looked up here.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from redprop_bot.errors import Invalid

Kind = Literal["text", "whole", "number", "yes_no", "moment", "texts", "object", "objects"]

LONGEST: Final = 1000
YEARS: Final = range(2000, 2101)
"""Years of which people may speak; others are a slip."""
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `one_of` lists the values that may be; `code` is the error when it is none of them.

    nullable: null clears it. longest: characters of a text, members of a list. inner: the shape of an
    object, or of each of a list of objects.
    """

    kind: Kind
    note: str = ""
    required: bool = False
    nullable: bool = False
    one_of: tuple[str, ...] = ()
    code: str = "choice"
    longest: int = LONGEST
    least: float | None = None
    most: float | None = None
    inner: "Mapping[str, Field] | None" = None


Shape = Mapping[str, Field]


def read(given: Mapping[str, Any], shape: Shape, *, within: str = "") -> dict[str, Any]:
    """The values of a body, checked; fields that are not there are not there, moments are text still."""
    for name in given:
        if name not in shape:
            raise Invalid("unknown_field", field=within + name[:64])
    values: dict[str, Any] = {}
    for name, field in shape.items():
        value = given.get(name)
        if value is None or value == "":
            if field.required:
                raise Invalid("missing", field=within + name)
            if name in given and field.nullable:
                values[name] = None
            continue
        values[name] = _READ[field.kind](value, field, within + name)
    return values


def _text(value: Any, field: Field, name: str) -> str:
    if not isinstance(value, str):
        raise Invalid("type", field=name)
    text = value.strip()
    if not text and field.required:
        raise Invalid("missing", field=name)
    if len(text) > field.longest:
        raise Invalid("too_long", field=name, limit=field.longest)
    if field.one_of and text not in field.one_of:
        raise Invalid(field.code, field=name, name=text[:64])
    return text


def _whole(value: Any, field: Field, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Invalid("type", field=name)
    _bounded(value, field, name)
    return value


def _number(value: Any, field: Field, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Invalid("type", field=name)
    _bounded(value, field, name)
    return float(value)


def _bounded(value: float, field: Field, name: str) -> None:
    least = -(2**53) if field.least is None else field.least
    most = 2**53 if field.most is None else field.most
    if not least <= value <= most:
        raise Invalid("number", field=name)


def _yes_no(value: Any, _field: Field, name: str) -> bool:
    if not isinstance(value, bool):
        raise Invalid("type", field=name)
    return value


def _texts(value: Any, field: Field, name: str) -> list[str]:
    if not isinstance(value, list):
        raise Invalid("type", field=name)
    if len(value) > field.longest:
        raise Invalid("too_long", field=name, limit=field.longest)
    return [_text(item, Field("text", required=True, longest=512), name) for item in value]


def _object(value: Any, field: Field, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Invalid("type", field=name)
    return read(value, field.inner or {}, within=f"{name}.")


def _objects(value: Any, field: Field, name: str) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise Invalid("type", field=name)
    if len(value) > field.longest:
        raise Invalid("too_long", field=name, limit=field.longest)
    return [_object(one, field, f"{name}.{n}") for n, one in enumerate(value)]


_READ: Final[Mapping[Kind, Callable[[Any, Field, str], Any]]] = {
    "text": _text,
    "moment": _text,
    "whole": _whole,
    "number": _number,
    "yes_no": _yes_no,
    "texts": _texts,
    "object": _object,
    "objects": _objects,
}


# -- values that need more than their type


def moment(text: str, name: str, zone: ZoneInfo, *, at: time = time(0), days: int = 0) -> datetime:
    """A moment in ISO 8601; without an offset it is local. A bare date is that day `at` a time, `days` later."""
    try:
        if _DATE.fullmatch(text):
            found = datetime.combine(datetime.fromisoformat(text) + timedelta(days=days), at, tzinfo=zone)
        else:
            found = datetime.fromisoformat(text.replace(" ", "T"))
    except (ValueError, OverflowError):
        raise Invalid("moment", field=name) from None
    if found.year not in YEARS:
        raise Invalid("moment", field=name)
    return found if found.tzinfo else found.replace(tzinfo=zone)


def day(text: str, name: str, *, code: str = "day") -> date:
    """A day, as 2026-12-10, of a year that calendars have. Raises Invalid with this code."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Invalid(code, field=name) from None
    if found.year not in YEARS:
        raise Invalid(code, field=name)
    return found


def timed(text: str, name: str, zone: ZoneInfo) -> datetime:
    """The same of what people come to: a bare date says no hour, and nobody is called for midnight."""
    if _DATE.fullmatch(text):
        raise Invalid("hour", field=name)
    return moment(text, name, zone)


def yes_no(text: str, name: str) -> bool:
    """`true` or `false` of a query."""
    if text not in ("true", "false"):
        raise Invalid("choice", field=name)
    return text == "true"
