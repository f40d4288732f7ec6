"""The description at `/api/v1/openapi.json`, made from the table of routes and the shapes that check the bodies.

What is written by hand here is only what answers look like; a test holds every answer against it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from redprop_bot.content.codes import CATEGORIES
from redprop_bot.loop.acts import STEPS
from redprop_bot.rules.deadlines import LEVELS
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.web.api import (
    activity_shapes,
    appraisals_document,
    commendations,
    council_document,
    coverage,
    goods,
    helping_document,
    meetings_document,
    opinions,
    partners,
    points,
    rankings,
    readiness_document,
    rectifications,
    sanctions,
    standards_document,
    surveys,
    visits,
    wishes,
    workers,
)
from redprop_bot.web.api.demands import ACT_FIELDS
from redprop_bot.web.api.fields import Field, Shape
from redprop_bot.web.api.routes import Route
from redprop_bot.web.api.schemas import (
    COUNTS,
    MAY,
    MAY_WHOLE,
    NUMBER,
    TEXT,
    WHEN,
    WHOLE,
    YES_NO,
    Schema,
    listed,
    maybe,
    shaped,
)

_TYPES: Final[Mapping[str, Schema]] = {
    "text": {"type": "string"},
    "moment": {"type": "string", "format": "date-time"},
    "whole": {"type": "integer"},
    "number": {"type": "number"},
    "yes_no": {"type": "boolean"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "object": {"type": "object"},
    "objects": {"type": "array"},
}

_RATE: Final = shaped(rate=NUMBER, count=WHOLE, of=WHOLE)

_OFFER: Final[Mapping[str, Schema]] = {
    "no": TEXT,
    "title": TEXT,
    "kind": TEXT,
    "community": MAY,
    "estate": MAY,
    "place": MAY,
    "owner": MAY,
    "hours": MAY,
    "status": TEXT,
    "note": TEXT,
    "created_at": WHEN,
    "updated_at": WHEN,
    "version": WHOLE,
}

ITEMS: Final[Mapping[str, Schema]] = {
    **readiness_document.ITEMS,
    **meetings_document.ITEMS,
    **council_document.ITEMS,
    **points.ITEMS,
    **goods.ITEMS,
    **partners.ITEMS,
    **wishes.ITEMS,
    **visits.ITEMS,
    **surveys.ITEMS,
    **standards_document.ITEMS,
    **opinions.ITEMS,
    **commendations.ITEMS,
    **workers.ITEMS,
    **appraisals_document.ITEMS,
    **rectifications.ITEMS,
    **sanctions.ITEMS,
    **rankings.ITEMS,
    **helping_document.ITEMS,
    **activity_shapes.ITEMS,
    **coverage.ITEMS,
    "Demand": shaped(
        no=TEXT,
        stage={"type": "string", "enum": [stage.value for stage in Stage]},
        intent=TEXT,
        category={"type": ["string", "null"], "enum": [*CATEGORIES, None]},
        urgency=MAY,
        text=TEXT,
        community=MAY,
        estate=MAY,
        building=MAY,
        unit=MAY,
        room=MAY,
        place=MAY,
        reporter=maybe(shaped(name=MAY, phone=MAY, openid=MAY, userid=MAY)),
        supporters=WHOLE,
        reported_at=WHEN,
        respond_by=WHEN,
        due_at=WHEN,
        overdue=YES_NO,
        level={"type": "string", "enum": list(LEVELS)},
        first_contact_by=WHEN,
        contacted_at=WHEN,
        control_by=WHEN,
        controlled_at=WHEN,
        return_until=WHEN,
        complex=YES_NO,
        stuck=YES_NO,
        handler=MAY,
        assignee=MAY,
        helpers=listed(TEXT),
        responsibility=maybe(shaped(id=WHOLE, row=TEXT)),
        caretaking=MAY | {"description": "why a caretaker has it, where no row answers and there is no company"},
        escalated_to=MAY,
        rating=maybe(shaped(stars=WHOLE, reason=MAY)),
        attachments=listed(shaped(kind=TEXT, url=MAY, at=WHEN)),
        events=listed(shaped(at=WHEN, act=TEXT, by=TEXT, note=TEXT)),
        dispatches=WHOLE,
        transfers=WHOLE,
        reworks=WHOLE,
        extension_days=MAY_WHOLE,
        paused_until=WHEN,
        done_at=WHEN,
        closed_at=WHEN,
        close_reason=MAY,
        merged_into=MAY,
        updated_at=WHEN,
        version=WHOLE,
        outcome={"type": "string", "enum": ["created", "joined", "repeated"], "description": "of POST only"},
    ),
    "Offer": shaped(**_OFFER),
    "Resource": shaped(**_OFFER, **helping_document.PLACE),
    "Responsibility": shaped(
        id=WHOLE,
        category=TEXT,
        estate=MAY,
        unit=TEXT,
        match=listed(TEXT),
        respond_hours=NUMBER,
        resolve_hours=NUMBER,
        active=YES_NO,
        version=WHOLE,
    ),
    "Organisation": shaped(
        id=WHOLE,
        name=TEXT,
        kind=TEXT,
        party=TEXT,
        estate=MAY,
        seats=MAY_WHOLE,
        party_seats=MAY_WHOLE,
        party_members=MAY_WHOLE,
        reviewed=MAY,
        active=YES_NO,
        staff=listed(shaped(name=MAY, duty=TEXT, on_duty=YES_NO)),
        version=WHOLE,
    ),
    "Rating": shaped(
        no=TEXT,
        stars=MAY_WHOLE,
        reason=MAY,
        supporters=listed(shaped(stars=WHOLE, reason=MAY)),
        at=WHEN,
        category=MAY,
        community=MAY,
        estate=MAY,
        handler=MAY,
    ),
    "Stats": shaped(
        **{"from": WHEN},
        to=WHEN,
        community=MAY,
        total=WHOLE,
        overdue=WHOLE,
        stage=COUNTS,
        intent=COUNTS,
        category=COUNTS,
        urgency=COUNTS,
        closing=COUNTS,
        rates=shaped(response=_RATE, solved=_RATE, satisfied=_RATE),
    ),
    "Me": shaped(id=WHOLE, role=TEXT, name=TEXT, community=MAY, organisation=MAY, calendar=MAY),
    "Poster": shaped(community=TEXT, estate=TEXT, building=MAY, scene=TEXT, link=TEXT, svg=TEXT),
    "Error": shaped(error=shaped(code=TEXT, message=TEXT, field=TEXT)),
}

_REFUSALS: Final = {
    "400": "the body is not a JSON object",
    "401": "no valid token",
    "403": "the role does not allow it; nothing is told and nothing has changed",
    "404": "no such thing, or none that this token may see",
    "409": "stage, version or a twin do not allow it; nothing has changed",
    "413": "the body is too big",
    "422": "a field is missing or wrong; `field` names it",
}
_READING: Final = ("401", "403", "404", "422")


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
        item = shaped(items=listed(item), next=MAY)
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
        schema = {"$ref": "#/components/schemas/Act"} if route.path == "/demands/{no}/acts" else _shape(route.body)
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
        inner = _shape(field.inner)
        schema = {**schema, "items": inner} if field.kind == "objects" else inner
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
