"""How a row of the register is called before people who are to agree that it is added, changed or withdrawn."""

from typing import Any

from redprop_bot.store.tables import (
    Building,
    Community,
    Estate,
    Member,
    Organisation,
    Person,
    Post,
    Responsibility,
    Street,
)
from redprop_bot.store.tx import Tx


def name_of(tx: Tx, model: type[Any], row: Any) -> str:
    """A few words: who or what it is, and where, as far as the name alone does not say so.

    `row` is one of `model`, or what was read of it.
    """
    if model is Building:
        return f"{_name(tx, Estate, row.estate_id)}{row.no}栋"
    if model is Post:
        owners = ((Organisation, row.organisation_id), (Community, row.community_id), (Street, row.street_id))
        place = next((_name(tx, model, key) for model, key in owners if key is not None), "")
        return f"{_name(tx, Person, row.person_id)}（{place}）"
    if model is Member:
        return _name(tx, Person, row.person_id)
    if model is Responsibility:
        where = _name(tx, Estate, row.estate_id) if row.estate_id is not None else "各小区"
        category = tx.content.labels.category.get(row.category, row.category)
        return f"{where}{category}归{_name(tx, Organisation, row.unit_id)}"
    return str(row.name or getattr(row, "userid", None) or "没写名字的")


def _name(tx: Tx, model: type[Any], key: int | None) -> str:
    return name_of(tx, model, tx.get(model, key)) if key is not None else ""
