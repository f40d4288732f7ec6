"""The description of the API cannot say anything else than what the API does."""

import re

import pytest

from redprop_bot.web.api import BASE
from redprop_bot.web.api.document import ITEMS, document
from redprop_bot.web.api.table import ROUTES
from redprop_bot.web.app import make_app

TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}


async def test_document_and_router_hold_the_same_routes(small_house):
    """Every route of the router below the base is described, and nothing else is."""
    answer = await small_house.client.get(f"{BASE}/openapi.json")
    described = await answer.json()
    assert described == document(BASE, ROUTES)
    app = make_app(small_house.office)
    routed = {
        (route.method.lower(), route.resource.canonical)
        for route in app.router.routes()
        if route.resource.canonical.startswith(BASE) and route.method != "HEAD"
    } - {("get", f"{BASE}/openapi.json")}
    assert {(m, path) for path, methods in described["paths"].items() for m in methods} == routed


def test_every_reference_leads_somewhere_and_every_name_is_one():
    """No dangling $ref, no operation twice."""
    made = document(BASE, ROUTES)
    for name in re.findall(r"#/components/schemas/(\w+)", str(made)):
        assert name in made["components"]["schemas"]
    names = [operation["operationId"] for methods in made["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("/demands", "Demand"),
        ("/resources", "Resource"),
        ("/services", "Offer"),
        ("/responsibilities", "Responsibility"),
        ("/organisations", "Organisation"),
        ("/ratings", "Rating"),
        ("/stats", "Stats"),
        ("/me", "Me"),
        ("/meetings", "Meeting"),
        ("/meetings/quarters", "MeetingYear"),
    ],
)
async def test_answers_have_the_fields_that_are_described(small_house, path, schema):
    """Each field of each answer is in its schema with a type that fits, and each described field is there."""
    admin = small_house.token("admin")
    item = await small_house.report(admin, phone="13800000009")
    for act in ("accept", "fulfil"):
        await small_house.act(admin, item["no"], act)
    await small_house.act(admin, item["no"], "rate", stars=4)
    for name in ("resources", "services"):
        await small_house.api("POST", f"/{name}", admin, {"title": "活动室"})
    meeting = {"starts_at": "2026-12-16T09:30:00+08:00", "topics": ["停车"], "community": "海棠社区"}
    _, made = await small_house.api("POST", "/meetings", admin, meeting)
    for act, fields in (
        ("resolve", {"text": "修好", "handler": "春晖物业"}),
        ("attend", {"person": "林书记"}),
        ("minutes", {"remarks": "散会"}),
    ):
        await small_house.api("POST", f"/meetings/{made['id']}/acts", admin, {"act": act, **fields})
    _, answer = await small_house.api("GET", path, admin)
    for one in answer.get("items", [answer]):
        _fits(one, ITEMS[schema], schema)
        assert set(one) == set(ITEMS[schema]["properties"]) - {"outcome"}


def _fits(value, schema, where):
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    given = "null" if value is None else TYPES[type(value)]
    assert given in types or (given == "integer" and "number" in types), where
    if isinstance(value, dict):
        assert value or "additionalProperties" in schema
        for name, inner in value.items():
            _fits(
                inner,
                schema["properties"][name] if "properties" in schema else {"type": "integer"},
                f"{where}.{name}",
            )
    for inner in value if isinstance(value, list) else []:
        _fits(inner, schema["items"], f"{where}[]")
