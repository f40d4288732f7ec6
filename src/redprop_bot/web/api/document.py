"""The description at `/api/v1/openapi.json`, made from the table of routes and the shapes that check the bodies.

What is written by hand here is only what answers look like; a test holds every answer against it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from redprop_bot.content.codes import CATEGORIES
from redprop_bot.loop.acts import STEPS
from redprop_bot.rules.deadlines import LEVELS
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.web.api.demands import ACT_FIELDS
from redprop_bot.web.api.fields import Field, Shape
from redprop_bot.web.api.routes import Route

Schema = dict[str, Any]

_TYPES: Final[Mapping[str, Schema]] = {
    "text": {"type": "string"},
    "moment": {"type": "string", "format": "date-time"},
    "whole": {"type": "integer"},
    "number": {"type": "number"},
    "yes_no": {"type": "boolean"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "object": {"type": "object"},
}

_TEXT: Final[Schema] = {"type": "string"}
_MAY: Final[Schema] = {"type": ["string", "null"]}
_WHEN: Final[Schema] = {"type": ["string", "null"], "format": "date-time"}
_WHOLE: Final[Schema] = {"type": "integer"}
_MAY_WHOLE: Final[Schema] = {"type": ["integer", "null"]}
_NUMBER: Final[Schema] = {"type": ["number", "null"]}
_YES_NO: Final[Schema] = {"type": "boolean"}
_COUNTS: Final[Schema] = {"type": "object", "additionalProperties": {"type": "integer"}}


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties}


def _maybe(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


_RATE: Final = _object(rate=_NUMBER, count=_WHOLE, of=_WHOLE)

_CALLS: Final = _object(
    called=_WHOLE,
    answered=_WHOLE,
    in_time=_WHOLE,
    claimed=_WHOLE,
    declined=_WHOLE,
    done=_WHOLE,
    done_in_time=_WHOLE,
    tabled=_WHOLE,
    rated=_WHOLE,
    stars=_NUMBER,
)
_WHISTLE: Final = _object(
    id=_WHOLE,
    demand=_TEXT,
    community=_MAY,
    unit=_TEXT,
    kind=_TEXT,
    matter=_TEXT,
    by=_TEXT,
    state=_TEXT,
    called_at=_WHEN,
    answer_by=_WHEN,
    answered_at=_WHEN,
    answered_by=_MAY,
    reason=_MAY,
    climbed_at=_WHEN,
    tabled_at=_WHEN,
    limit_at=_WHEN,
    done_at=_WHEN,
    stars=_MAY_WHOLE,
    rating_reason=_MAY,
    version=_WHOLE,
)

ITEMS: Final[Mapping[str, Schema]] = {
    "Whistle": _WHISTLE,
    "Whistles": _object(demand=_TEXT, items=_list(_WHISTLE)),
    "WhistleFigures": _object(
        quarter=_MAY,
        total=_CALLS,
        units=_list(_object(unit=_TEXT, **_CALLS["properties"])),
    ),
    "Mode": _object(
        no=_TEXT,
        title=_TEXT,
        scope=_TEXT,
        communities=_list(_TEXT),
        estates=_list(_TEXT),
        began_at=_WHEN,
        until=_WHEN,
        by=_TEXT,
        ended_at=_WHEN,
        ended_by=_MAY,
        figures=_COUNTS,
        duty=_list(_object(name=_MAY, part=_TEXT, unit=_MAY, received_at=_WHEN, reminded_at=_WHEN)),
    ),
    "Demand": _object(
        no=_TEXT,
        stage={"type": "string", "enum": [stage.value for stage in Stage]},
        intent=_TEXT,
        category={"type": ["string", "null"], "enum": [*CATEGORIES, None]},
        urgency=_MAY,
        text=_TEXT,
        community=_MAY,
        estate=_MAY,
        building=_MAY,
        unit=_MAY,
        room=_MAY,
        place=_MAY,
        reporter=_maybe(_object(name=_MAY, phone=_MAY, openid=_MAY, userid=_MAY)),
        supporters=_WHOLE,
        reported_at=_WHEN,
        respond_by=_WHEN,
        due_at=_WHEN,
        overdue=_YES_NO,
        level={"type": "string", "enum": list(LEVELS)},
        first_contact_by=_WHEN,
        contacted_at=_WHEN,
        return_until=_WHEN,
        complex=_YES_NO,
        stuck=_YES_NO,
        handler=_MAY,
        assignee=_MAY,
        helpers=_list(_TEXT),
        responsibility=_maybe(_object(id=_WHOLE, row=_TEXT)),
        escalated_to=_MAY,
        rating=_maybe(_object(stars=_WHOLE, reason=_MAY)),
        attachments=_list(_object(kind=_TEXT, url=_MAY, at=_WHEN)),
        events=_list(_object(at=_WHEN, act=_TEXT, by=_TEXT, note=_TEXT)),
        dispatches=_WHOLE,
        transfers=_WHOLE,
        reworks=_WHOLE,
        extension_days=_MAY_WHOLE,
        paused_until=_WHEN,
        done_at=_WHEN,
        closed_at=_WHEN,
        close_reason=_MAY,
        merged_into=_MAY,
        updated_at=_WHEN,
        version=_WHOLE,
        outcome={"type": "string", "enum": ["created", "joined", "repeated"], "description": "of POST only"},
    ),
    "Offer": _object(
        no=_TEXT,
        title=_TEXT,
        kind=_TEXT,
        community=_MAY,
        estate=_MAY,
        place=_MAY,
        owner=_MAY,
        hours=_MAY,
        status=_TEXT,
        note=_TEXT,
        created_at=_WHEN,
        updated_at=_WHEN,
        version=_WHOLE,
    ),
    "Responsibility": _object(
        id=_WHOLE,
        category=_TEXT,
        estate=_MAY,
        unit=_TEXT,
        match=_list(_TEXT),
        respond_hours=_NUMBER,
        resolve_hours=_NUMBER,
        active=_YES_NO,
        version=_WHOLE,
    ),
    "Organisation": _object(
        id=_WHOLE,
        name=_TEXT,
        kind=_TEXT,
        party=_TEXT,
        estate=_MAY,
        seats=_MAY_WHOLE,
        party_seats=_MAY_WHOLE,
        active=_YES_NO,
        staff=_list(_object(name=_MAY, duty=_TEXT, on_duty=_YES_NO)),
        version=_WHOLE,
    ),
    "Rating": _object(
        no=_TEXT,
        stars=_MAY_WHOLE,
        reason=_MAY,
        supporters=_list(_object(stars=_WHOLE, reason=_MAY)),
        at=_WHEN,
        category=_MAY,
        community=_MAY,
        estate=_MAY,
        handler=_MAY,
    ),
    "Stats": _object(
        **{"from": _WHEN},
        to=_WHEN,
        community=_MAY,
        total=_WHOLE,
        overdue=_WHOLE,
        stage=_COUNTS,
        intent=_COUNTS,
        category=_COUNTS,
        urgency=_COUNTS,
        closing=_COUNTS,
        rates=_object(response=_RATE, solved=_RATE, satisfied=_RATE),
    ),
    "Me": _object(id=_WHOLE, role=_TEXT, name=_TEXT, community=_MAY, organisation=_MAY, calendar=_MAY),
    "Error": _object(error=_object(code=_TEXT, message=_TEXT, field=_TEXT)),
}

_REFUSALS: Final = {
    "400": "the body is not a JSON object",
    "401": "no valid token",
    "403": "the role does not allow it; nothing has changed",
    "404": "no such thing, or none that this token may see",
    "409": "stage, version or a twin do not allow it; nothing has changed",
    "413": "the body is too big",
    "422": "a field is missing or wrong; `field` names it",
}
_READING: Final = ("401", "404", "422")


def document(base: str, routes: Sequence[Route]) -> Schema:
    """The OpenAPI 3.1 document of these routes."""
    paths: dict[str, Schema] = {}
    for route in routes:
        paths.setdefault(base + route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "红色物业机器人", "version": "1", "description": "时间一律为带时区的 ISO 8601。"},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": dict(ITEMS) | {"Act": _acts()},
        },
    }


def _operation(route: Route) -> Schema:
    item: Schema = {"$ref": f"#/components/schemas/{route.item}"}
    if route.listed:
        item = _object(items=_list(item), next=_MAY)
    found: Schema = {
        "operationId": route.name,
        "summary": route.summary,
        "parameters": _parameters(route),
        "responses": {str(route.status): _answer("fine", item)}
        | {
            status: _answer(why, {"$ref": "#/components/schemas/Error"})
            for status, why in _REFUSALS.items()
            if not route.reads or status in _READING
        },
    }
    if route.body is not None:
        schema = {"$ref": "#/components/schemas/Act"} if route.path.endswith("/acts") else _shape(route.body)
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return found


def _answer(why: str, schema: Schema) -> Schema:
    return {"description": why, "content": {"application/json": {"schema": schema}}}


def _parameters(route: Route) -> list[Schema]:
    found: list[Schema] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", route.path)
    ]
    found += [
        {"name": name, "in": "query", "description": note, "schema": {"type": "string"}}
        for name, note in route.query.items()
    ]
    if not route.reads:
        note = "the same key on the same request repeats the first answer for a day; on another one it is 422"
        found.append(
            {"name": "Idempotency-Key", "in": "header", "description": note, "schema": {"type": "string"}}
        )
    return found


def _shape(shape: Shape) -> Schema:
    needed = [name for name, field in shape.items() if field.required]
    return {
        "type": "object",
        "properties": {name: _field(field) for name, field in shape.items()},
        "additionalProperties": False,
    } | ({"required": needed} if needed else {})


def _field(field: Field) -> Schema:
    schema = dict(_TYPES[field.kind])
    if field.inner is not None:
        schema = _shape(field.inner)
    if field.nullable:
        schema["type"] = [schema["type"], "null"]
    if field.note:
        schema["description"] = field.note
    if field.one_of:
        schema["enum"] = list(field.one_of)
    if field.kind in ("text", "moment"):
        schema["maxLength"] = field.longest
    for name, value in (("minimum", field.least), ("maximum", field.most)):
        if value is not None:
            schema[name] = value
    return schema


def _acts() -> Schema:
    """One alternative an act, in the order of the loop."""

    def alternative(act: Act) -> Schema:
        verb: Schema = {"type": "string", "const": act.value}
        shape = _shape(ACT_FIELDS[act])
        return shape | {
            "title": act.value,
            "properties": {"act": verb, **shape["properties"]},
            "required": ["act", *shape.get("required", [])],
        }

    return {"oneOf": [alternative(act) for act in STEPS]}
