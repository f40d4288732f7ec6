"""What of a row of the register becomes different, in the words of the workbook: column, before, after."""

from collections.abc import Mapping
from typing import Any, Final, cast

from redprop_bot.registry.roster import Words
from redprop_bot.registry.sheets import SHEETS, choices
from redprop_bot.store.tables import Community, Estate, Organisation, Street
from redprop_bot.store.tx import Tx

Difference = tuple[str, str, str]
"""What it is called, what it was, what it becomes."""

_SHEET_OF: Final = {
    "street": "street",
    "community": "communities",
    "estate": "estates",
    "building": "buildings",
    "organisation": "organisations",
    "person": "staff",
    "post": "staff",
    "member": "members",
    "responsibility": "responsibilities",
}
_KEYS: Final = {
    "property_name": "property",
    "estate_id": "estate",
    "unit_id": "unit",
    "community_id": "community",
    "street_id": "street",
}
_NAMED: Final = {"estate_id": Estate, "unit_id": Organisation, "community_id": Community, "street_id": Street}
_OWN: Final = {"active": "在用", "left_at": "离开"}
"""Columns that no sheet has."""


def told(tx: Tx, table: str, old: Any, values: Mapping[str, Any]) -> list[Difference]:
    """The different values of a row."""
    return [_one(tx, table, column, getattr(old, column), value) for column, value in values.items()]


def _one(tx: Tx, table: str, column: str, before: Any, after: Any) -> Difference:
    key = _KEYS.get(column, column)
    sheet = next(one for one in SHEETS if one.key == _SHEET_OF[table])
    known = next((one for one in sheet.columns if one.key == key), None)
    picks = "category" if column == "trades" else known.choices if known is not None else ""
    words = (
        choices(picks, Words.of(tx.content.labels, tx.content.workers.posts)) if picks and picks != "yes" else {}
    )
    title = known.title if known is not None else _OWN.get(column, column)
    return title, _said(tx, column, before, words), _said(tx, column, after, words)


def _said(tx: Tx, column: str, value: Any, words: Mapping[str, str]) -> str:
    if value is None or value in ("", []):
        return "（空）"
    if column in _NAMED:
        return str(tx.get(cast("Any", _NAMED[column]), value).name)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(words.get(one, str(one)) for one in value)
    if isinstance(value, float):
        return f"{value:g}"
    return words.get(str(value), str(value))
