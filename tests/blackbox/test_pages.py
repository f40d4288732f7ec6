"""Pages and probes: health, metrics, the public board, tracking pages, Open311, calendar; headers of every answer."""

import re
import xml.etree.ElementTree as ET

import pytest
from tests.blackbox.conftest import Town
from tests.blackbox.service import Answer


def page_is_guarded(answer: Answer) -> None:
    assert answer.headers["content-type"].startswith("text/html")
    policy = answer.headers["content-security-policy"]
    scripts = next((part for part in policy.split(";") if part.strip().startswith("script-src")), "") or next(
        part for part in policy.split(";") if part.strip().startswith("default-src")
    )
    assert "unsafe" not in scripts
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"]
    assert "frame-ancestors" in policy or answer.headers["x-frame-options"]


@pytest.fixture(scope="module")
def number(town: Town) -> str:
    """A report that says more about a person than the public may know."""
    who = town.resident("oPageResident00000001")
    return who.reports(f"{town.stairs()}1603室电梯坏了，我叫王大锤，电话13712345678 <b>急</b>")


def test_probes(town: Town):
    """Liveness, readiness and metrics; the metrics are Prometheus text."""
    assert town.service.call("GET", "/healthz").status == 200
    assert town.service.call("GET", "/readyz").status == 200
    got = town.service.call("GET", "/metrics")
    assert got.status == 200
    assert re.search(r"^# (HELP|TYPE) ", got.text, re.MULTILINE)
    assert town.service.call("GET", "/demo").status == 404, "only in demo mode"


def test_the_board(town: Town, number: str):
    """By name and by id the same page; no persons, no phones, no rooms; markup stays text; unknown ones are 404."""
    got = town.service.call("GET", "/board/梧桐社区")
    assert got.status == 200
    page_is_guarded(got)
    for private in ("王大锤", "13712345678", "1603", "oPageResident", "<b>急"):
        assert private not in got.text, private
    assert town.service.call("GET", "/board/1").status == 200
    missing = town.service.call("GET", "/board/没有的社区")
    assert missing.status == 404
    page_is_guarded(missing)


def test_the_tracking_page(town: Town, number: str):
    """The address that the resident got opens; without its key nothing of the person is on it."""
    reply = town.resident("oPageResident00000001").says(f"{number} 怎么样了")
    path = re.search(r"http://[^/]+(/m/orders/\S+)", reply)
    assert path, reply
    link, _, query = path[1].partition("?")
    got = town.service.call("GET", link, query=dict(pair.split("=", 1) for pair in query.split("&")))
    assert got.status == 200
    page_is_guarded(got)
    assert number in got.text
    assert "<b>急" not in got.text
    for key in ({}, {"k": "AAAA"}):
        closed = town.service.call("GET", link, query=key)
        for private in ("王大锤", "13712345678", "1603", "1单元", "oPageResident"):
            assert private not in closed.text, private


def test_addresses_lead_to_the_running_service(town: Town, number: str):
    """Without `REDPROP_PUBLIC_URL` the links in messages name the port that is served."""
    reply = town.resident("oPageResident00000001").says(f"{number} 怎么样了")
    assert f"{town.service.url}/m/orders/" in reply


def test_open311(town: Town, number: str):
    """GeoReport v2 in JSON and XML."""
    services = town.service.call("GET", "/open311/v2/services.json")
    assert services.status == 200
    assert {"service_code", "service_name"} <= set(services.json[0])
    assert ET.fromstring(town.service.call("GET", "/open311/v2/services.xml").body).tag == "services"
    assert town.service.call("GET", "/open311/v2/discovery.json").status == 200
    for path in ("/open311/v2/requests.json", f"/open311/v2/requests/{number}.json"):
        got = town.service.call("GET", path)
        if got.status == 200:
            for private in ("王大锤", "13712345678", "1603"):
                assert private not in got.text, (path, private)


def test_calendar_of_nobody(town: Town):
    """A wrong calendar token is 404."""
    assert town.service.call("GET", "/calendar/nonsense.ics").status == 404


def test_api_answers_are_not_kept(town: Town):
    """API answers are `no-store` and open to no other origin."""
    got = town.service.call(
        "GET",
        "/api/v1/me",
        headers={"Authorization": f"Bearer {town.api().token}", "Origin": "http://evil.example"},
    )
    assert got.status == 200
    assert got.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in got.headers
