"""The responsibility list (责任清单): who answers for what, where, in what time. A change makes a new version."""

from typing import Any, Final

from redprop_bot.content.codes import CATEGORIES
from redprop_bot.errors import Conflict, Invalid, NotFound
from redprop_bot.registry.register import REVISION, changed
from redprop_bot.store import editions, registers
from redprop_bot.store.tables import Organisation, Responsibility
from redprop_bot.web.api import paging, sight
from redprop_bot.web.api.calls import Call, Reply, key_in
from redprop_bot.web.api.fields import Field, Shape, read
from redprop_bot.web.api.routes import Item, Route

_HOURS: Final = 24 * 366
_CATEGORY: Final = Field("text", required=True, one_of=CATEGORIES, code="category")

_BODY: Final[Shape] = {
    "category": _CATEGORY,
    "estate": Field("text", "every estate when left out", nullable=True, longest=64),
    "unit": Field("text", "full name", required=True, longest=64),
    "match": Field("texts", "words of which the text must hold one", longest=50),
    "respond_hours": Field("number", "the default when left out", nullable=True, least=0.01, most=_HOURS),
    "resolve_hours": Field("number", "the default when left out", nullable=True, least=0.01, most=_HOURS),
}
_CHANGE: Final[Shape] = {
    "version": Field("whole", "as it was read", required=True),
    "category": Field("text", one_of=CATEGORIES, code="category"),
    "estate": _BODY["estate"],
    "unit": Field("text", "full name", longest=64),
    "match": _BODY["match"],
    "respond_hours": _BODY["respond_hours"],
    "resolve_hours": _BODY["resolve_hours"],
    "active": Field("yes_no", "false takes it off the list; orders that cite it keep it"),
}
_FILTERS: Final = {"category": "a category code", "estate": "name or alias", "unit": "full name", **paging.QUERY}


def _item(call: Call, row: Responsibility) -> Item:
    reg = call.register
    return {
        "id": row.id,
        "category": row.category,
        "estate": reg.estates[row.estate_id].name if row.estate_id is not None else None,
        "unit": reg.organisations[row.unit_id].name,
        "match": list(row.match),
        "respond_hours": _hours(row.respond_hours),
        "resolve_hours": _hours(row.resolve_hours),
        "active": row.active,
        "version": row.version,
    }


def _hours(value: float | None) -> float | None:
    """The same before it was stored and after."""
    return None if value is None else float(value)


def _community(call: Call, row: Responsibility) -> int | None:
    return call.register.estates[row.estate_id].community_id if row.estate_id is not None else None


def _sees(call: Call, row: Responsibility) -> bool:
    return call.viewer.community_id is None or _community(call, row) in (None, call.viewer.community_id)


def found(call: Call) -> Reply:
    """A page of the list as it is in force."""
    size, reg = paging.limit(call), call.register
    last = paging.before(call, "responsibilities")
    category, estate, unit = (call.query.get(name) for name in ("category", "estate", "unit"))
    wanted = reg.estate(estate)
    if estate is not None and wanted is None:
        raise Invalid("unknown_estate", field="estate", name=estate)
    rows = [
        row
        for row in sorted(reg.responsibilities, key=lambda row: -(row.id or 0))
        if _sees(call, row)
        and (last is None or (row.id or 0) < last)
        and category in (None, row.category)
        and (wanted is None or row.estate_id in (None, wanted.id))
        and unit in (None, reg.organisations[row.unit_id].name)
    ]
    return paging.page("responsibilities", size, rows[: size + 1], [_item(call, row) for row in rows[:size]])


def one(call: Call) -> Reply:
    """One row, in force or not."""
    return Reply(_item(call, _row(call)))


def _row(call: Call, *, lock: bool = False) -> Responsibility:
    try:
        row = call.tx.get(Responsibility, key_in(call), lock=lock)
    except LookupError:
        raise NotFound from None
    if not _sees(call, row):
        raise NotFound
    return row


def entered(call: Call) -> Reply:
    """A new row."""
    sight.must_act(call.viewer)
    given = _values(call, read(call.body, _BODY))
    registers.hold(call.tx, REVISION)
    _must_be_new(call, given, None)
    row = call.tx.insert(Responsibility, **given)
    sight.must_edit(call.viewer, _community(call, row))
    changed(call.tx)
    return Reply(_kept(call, row), 201)


def edited(call: Call) -> Reply:
    """The next version of a row."""
    sight.must_act(call.viewer)
    registers.hold(call.tx, REVISION)
    row = _row(call, lock=True)
    sight.must_edit(call.viewer, _community(call, row))
    given, before = read(call.body, _CHANGE), _item(call, row)
    if given.pop("version") != row.version:
        raise Conflict("stale", field="version")
    values = _values(call, given)
    after = {name: values.get(name, getattr(row, name)) for name in ("category", "estate_id", "unit_id", "match")}
    if values.get("active", row.active):
        _must_be_new(call, after, row.id)
    result = call.tx.update(Responsibility, row.id, **values, version=row.version + 1)
    sight.must_edit(call.viewer, _community(call, result))
    changed(call.tx)
    return Reply(_kept(call, result, before))


def _kept(call: Call, row: Responsibility, before: Item | None = None) -> Item:
    """The row as it is now, kept as a version."""
    item, where = _item(call, row), _community(call, row)
    by = call.viewer.name
    editions.keep(
        call.tx, "responsibility", row.id, item, by=by, version=row.version, community_id=where, before=before
    )
    return item


def _values(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """Names to keys."""
    reg = call.register
    if "estate" in given:
        name = given.pop("estate")
        estate = reg.estate(name)
        if name is not None and estate is None:
            raise Invalid("unknown_estate", field="estate", name=name)
        given["estate_id"] = estate.id if estate else None
    if "unit" in given:
        given["unit_id"] = _unit(call, given.pop("unit")).id
    return given


def _unit(call: Call, name: str) -> Organisation:
    unit = call.register.organisation_names.get(name)
    if unit is None:
        raise Invalid("unknown_unit", field="unit", name=name)
    return unit


def _must_be_new(call: Call, values: dict[str, Any], but: int | None) -> None:
    for row in call.register.responsibilities:
        same = (row.category, row.estate_id, row.unit_id, sorted(row.match)) == (
            values["category"],
            values.get("estate_id"),
            values["unit_id"],
            sorted(values.get("match") or ()),
        )
        if same and row.id != but:
            raise Conflict("listed_already", field="category")


ROUTES: Final = (
    Route("GET", "/responsibilities", found, "责任清单", "Responsibility", query=_FILTERS, listed=True),
    Route("POST", "/responsibilities", entered, "责任清单：新增一条", "Responsibility", body=_BODY, status=201),
    Route("GET", "/responsibilities/{id}", one, "责任清单：一条", "Responsibility"),
    Route("PATCH", "/responsibilities/{id}", edited, "责任清单：修改", "Responsibility", body=_CHANGE),
)
