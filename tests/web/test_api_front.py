"""What every call of the API has in common: tokens, forms of errors, headers, and that nothing breaks it."""

import json
import re
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redprop_bot.errors import Invalid, NotFound
from redprop_bot.store.tables import ApiToken
from redprop_bot.web import access
from redprop_bot.web.api.table import ROUTES
from redprop_bot.web.app import make_app
from redprop_bot.web.serving import calling, listening


def _path(route):
    path = route.path.replace("{no}", "D20261125-0001").replace("{id}", "1").replace("{estate}", "海棠苑")
    return re.sub(r"{\w+}", "1", path.replace("{userid}", "weidy"))


# -- tokens


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
async def test_every_route_wants_a_token(small_house, route):
    """Without, with a wrong, and with a revoked token: 401 before anything else is looked at."""
    revoked = small_house.token("admin")
    small_house.office.store.run(lambda tx: access.revoke(tx, access.listed(tx)[-1].id))
    for token in (None, "rp_wrong", revoked, "", "x" * 500):
        status, answer = await small_house.api(
            route.method, _path(route), token, b"{" if not route.reads else None
        )
        assert (status, answer["error"]["code"]) == (401, "unauthorised")


async def test_a_token_is_kept_as_a_digest_only(small_house):
    """What is stored does not let anybody in."""
    token = small_house.token("admin")
    rows = small_house.office.store.look(lambda tx: tx.list(ApiToken))
    assert token not in str(rows)
    assert (await small_house.api("GET", "/me", rows[0].digest))[0] == 401
    assert (await small_house.api("GET", "/me", f"rp_{rows[0].digest}"))[0] == 401
    assert (await small_house.api("GET", "/me", token))[0] == 200


@pytest.mark.parametrize(
    ("role", "limits", "field"),
    [
        ("boss", {}, "role"),
        ("provider", {}, "organisation"),
        ("admin", {"organisation": "春晖物业"}, "organisation"),
        ("provider", {"organisation": "没有这家"}, "organisation"),
        ("clerk", {"community": "没有这个社区"}, "community"),
    ],
)
def test_a_token_that_cannot_be_is_not_made(small_house, role, limits, field):
    """The field is named, nothing is stored."""
    store = small_house.office.store
    with pytest.raises(Invalid) as refusal:
        store.run(lambda tx: access.create(tx, role, **limits))
    assert refusal.value.field == field
    assert store.look(access.listed) == []


def test_tokens_are_listed_and_revoked(small_house):
    """The list shows role and limits, never the token; revoking twice is no fault, revoking nothing is."""
    store = small_house.office.store
    token = small_house.token("provider", organisation="春晖物业", community="海棠社区")
    [info] = store.look(access.listed)
    assert (info.role, info.community, info.organisation) == ("provider", "海棠社区", "春晖物业")
    assert info.revoked_at is None
    assert token not in str(info)
    assert store.run(lambda tx: access.revoke(tx, info.id)) is True
    assert store.run(lambda tx: access.revoke(tx, info.id)) is False
    with pytest.raises(NotFound):
        store.run(lambda tx: access.revoke(tx, 999))


# -- bodies and addresses


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"null", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"text":"a","text":"b"}', 400),
        (b'{"text":NaN}', 400),
        (b'{"text":1e999}', 400),
        (b'{"text":' + b"9" * 5000 + b"}", 400),
        (b'{"text":"\\u0000"}', 400),
        (b'{"text":"\\ud800"}', 400),
        (b'{"\\ud800":1}', 400),
        (b'{"a":' * 200 + b"1" + b"}" * 200, 400),
        (b'{"text":' + b"[" * 30000 + b"]" * 30000 + b"}", 400),
        (b'{"text":"' + b"x" * 70000 + b'"}', 413),
    ],
    ids=lambda value: str(value)[:24],
)
async def test_a_body_that_is_not_ours_is_refused(small_house, body, status):
    """400 or 413 with a sentence; nothing is made."""
    admin = small_house.token("admin")
    got, answer = await small_house.api("POST", "/demands", admin, body)
    assert (got, answer["error"]["code"]) == (status, "bad_json" if status == 400 else "too_big")
    assert answer["error"]["message"]
    assert (await small_house.api("GET", "/demands", admin))[1]["items"] == []


async def test_a_number_that_no_database_keeps_names_its_field(small_house):
    """422 like any other number that cannot be."""
    admin = small_house.token("admin")
    got, answer = await small_house.api("POST", "/goods", admin, b'{"title":"soap","points":%d}' % 10**25)
    assert (got, answer["error"]["code"], answer["error"]["field"]) == (422, "number", "points")


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/meeting", "/demands/", "/demands/x/y/z"],
)
async def test_what_is_not_built_is_not_there(small_house, path):
    """404 in the form of every error."""
    status, answer = await small_house.api("GET", path, small_house.token("admin"))
    assert (status, answer["error"]["code"]) == (404, "not_found")


async def test_a_wrong_method_says_which_are_right(small_house):
    """405 as JSON, with Allow."""
    answer = await small_house.client.delete("/api/v1/demands")
    assert (answer.status, (await answer.json())["error"]["code"]) == (405, "method")
    assert set(answer.headers["Allow"].split(",")) >= {"GET", "POST"}


async def test_answers_are_kept_by_nobody_and_open_to_no_other_site(small_house):
    """no-store, nosniff, no CORS: for answers and for errors alike."""
    token = small_house.token("admin")
    for path, status in (("/api/v1/me", 200), ("/api/v1/nothing", 404), ("/api/v1/openapi.json", 200)):
        headers = {"Authorization": f"Bearer {token}", "Origin": "https://evil.example"}
        answer = await small_house.client.get(path, headers=headers)
        assert answer.status == status
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert answer.headers["Content-Type"].startswith("application/json")


async def test_what_nobody_foresaw_is_500_with_a_reference_and_no_detail(small_house, caplog):
    """The reference is in the log with the reason; the answer has the reference only."""
    small_house.office.store.listeners.append(_breaks)
    status, answer = await small_house.api(
        "POST", "/demands", small_house.token("admin"), {"text": "海棠苑灯不亮"}
    )
    assert (status, answer["error"]["code"]) == (500, "internal")
    assert "disk on fire" not in str(answer)
    reference = next(word for word in answer["error"]["message"].split() if word.startswith("E"))
    assert reference.rstrip("，")[:9] in caplog.text
    assert "disk on fire" in caplog.text


def _breaks(_tx, _event, _demand):
    raise OSError("disk on fire")


async def test_no_token_and_no_query_reaches_the_log(small_house, caplog):
    """The access log knows routes, not addresses."""
    caplog.set_level("DEBUG")
    token = small_house.token("admin")
    async with listening(make_app(small_house.office), "127.0.0.1", 0) as port, calling() as session:
        base = f"http://127.0.0.1:{port}"
        headers = {"Authorization": f"Bearer {token}"}
        assert (await session.get(f"{base}/api/v1/demands?q=keep-me-out", headers=headers)).status == 200
        await session.get(f"{base}/wechat/oa?signature=keep-me-out&timestamp=1&nonce=2")
        huge = {"Authorization": f"Bearer keep-me-out{'x' * 9000}"}
        assert (await session.get(f"{base}/api/v1/me", headers=huge)).status == 400
    assert "GET /api/v1/demands 200" in caplog.text
    assert "keep-me-out" not in caplog.text
    assert token not in caplog.text


# -- anything at all

_LEAF = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.text(string.digits)
_JSON = st.recursive(
    _LEAF, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)
_NAMES = sorted(
    {name for route in ROUTES for name in (route.body or {})} | {"to", "days", "until", "stars", "media"}
)
_BODIES = st.dictionaries(st.sampled_from(_NAMES), _JSON | st.sampled_from(["2026-12-01", "春晖物业", "海棠苑"]))
_WRITING = [route for route in ROUTES if not route.reads]
_VERBS = st.sampled_from(["accept", "dispatch", "pause", "correct", "merge", "fulfil", "close", "rate", "extend"])


async def test_no_body_breaks_the_api(small_house):
    """Whatever JSON is sent where, the answer is one of ours: never 5xx, always a code and a sentence."""
    admin = small_house.token("admin")
    await small_house.report(admin)
    loop_calls = []

    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(_WRITING), _BODIES, st.none() | _VERBS)
    def collect(route, body, verb):
        loop_calls.append((route, body if verb is None else body | {"act": verb}))

    collect()
    for route, body in loop_calls:
        status, answer = await small_house.api(route.method, _path(route), admin, json.dumps(body).encode())
        assert status < 500, (route.name, body, answer)
        if status >= 400:
            assert set(answer["error"]) <= {"code", "message", "field"}
            assert answer["error"]["message"]
    assert (await small_house.api("GET", "/demands", admin))[0] == 200


async def test_no_query_breaks_the_api(small_house):
    """Filters take anything and answer 200 or 422; what the path names need not be there.

    Workers' sheets are not for whoever keeps the machine: the list is asked for with the street's token, and the sheet
    of one is shown to nobody, whatever the query says.
    """
    admin, street = small_house.token("admin"), small_house.token("street")
    values = [
        "",
        "a",
        "'",
        "%",
        "\\",
        "%00",
        "%F0%9F%98%80",
        "%ed%a0%80",
        "-1",
        "1",
        "null",
        "[]",
        "a" * 300,
        "%25",
    ]
    for route in ROUTES:
        for name in route.query if route.reads else ():
            for value in values:
                token = street if route.name == "get_workers" else admin
                status, answer = await small_house.api("GET", f"{_path(route)}?{name}={value}", token)
                allowed = (200, 422, 404) if "{" in route.path else (200, 422)
                if route.name == "get_workers_id":
                    allowed = (403, 422)
                assert status in allowed, (route.name, name, value, answer)
