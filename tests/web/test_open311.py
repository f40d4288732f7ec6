"""GeoReport v2 from outside: both formats, nothing private without a key, reporting with one."""

from xml.etree import ElementTree as ET

import pytest

BASE = "/open311/v2"


async def _get(house, path, **headers):
    answer = await house.client.get(f"{BASE}{path}", headers=headers)
    return answer.status, await (answer.json() if answer.content_type == "application/json" else answer.text())


async def test_discovery_and_services_in_both_formats(small_house):
    """The same in JSON and XML; the suffix goes before what is accepted."""
    status, found = await _get(small_house, "/discovery.json")
    assert (status, found["endpoints"][0]["url"].endswith(BASE)) == (200, True)
    assert found["endpoints"][0]["formats"] == ["application/json", "text/xml"]
    _, services = await _get(small_house, "/services.json")
    _, text = await _get(small_house, "/services.xml", Accept="application/json")
    root = ET.fromstring(text)
    assert (root.tag, [s.find("service_code").text for s in root]) == (
        "services",
        [service["service_code"] for service in services],
    )
    assert ET.fromstring((await _get(small_house, "/discovery", Accept="text/xml"))[1]).tag == "discovery"


async def test_a_request_is_reported_and_followed(house):
    """Posted as a form with a key; found by number, by code, by status; closed when it is closed."""
    token = house.token("clerk")
    form = {
        "api_key": token,
        "service_code": "elevator",
        "address_string": "海棠苑3栋2单元",
        "description": "电梯坏了，电话13811112222",
    }
    answer = await house.client.post(f"{BASE}/requests.json", data=form)
    assert answer.status == 201
    [made] = await answer.json()
    no = made["service_request_id"]
    for query in (f"/requests/{no}.json", "/requests.json?service_code=elevator", "/requests.json?status=open"):
        _, [item] = await _get(house, query)
        assert (item["service_request_id"], item["status"], item["address"]) == (no, "open", "海棠苑3栋"), query
        assert (item["service_code"], item["agency_responsible"]) == ("elevator", "春晖物业")
    assert await _get(house, "/requests.json?status=closed") == (200, [])
    assert await _get(house, "/requests.json?service_code=noise") == (200, [])
    await house.act(house.token("admin"), no, "close", reason="solved")
    _, text = await _get(house, f"/requests/{no}.xml")
    assert ET.fromstring(text).find("request/status").text == "closed"


async def test_a_bearer_is_a_key_as_well_and_the_notice_is_words(small_house):
    """As the API takes it; what a gateway puts into the same header keeps nobody from reading."""
    form = {
        "service_code": "elevator",
        "address_string": "海棠苑3栋2单元",
        "description": "电梯坏了",
        "api_key": "",
    }
    with_token = {"Authorization": f"Bearer {small_house.token('clerk')}"}
    answer = await small_house.client.post(f"{BASE}/requests.json", data=form, headers=with_token)
    [made] = await answer.json()
    assert answer.status == 201, made
    assert made["service_request_id"] in made["service_notice"]
    assert made["service_notice"].endswith("前办好。")
    path = f"/requests/{made['service_request_id']}.json"
    assert "电梯坏了" in (await _get(small_house, path, **with_token))[1][0]["description"]
    assert (await _get(small_house, path, Authorization="Basic eDp5"))[0] == 200
    assert (await _get(small_house, path, Authorization="Bearer wrong"))[0] == 403


async def test_without_a_key_nobody_reads_what_a_resident_wrote(house):
    """Words come only with the key of a token that sees the demand, and never with a phone number."""
    item = await house.report(house.token("admin"), "海棠苑3栋2单元1804电梯坏了，打13811112222")
    path = f"/requests/{item['no']}.json"
    _, [public] = await _get(house, path)
    assert public["description"] == "电梯"
    _, [seen] = await _get(house, f"{path}?api_key={house.token('secretary', community='海棠社区')}")
    assert seen["description"].startswith("海棠苑3栋2单元1804电梯坏了")
    _, [other] = await _get(house, f"{path}?api_key={house.token('secretary', community='银杏社区')}")
    assert other["description"] == "电梯"
    assert "13811112222" not in str((public, seen, other))
    assert "1804" not in str((public, other))


@pytest.mark.parametrize("no", ["D20200101-0001", "nothing", "d-1", "没有", "x" * 200])
async def test_a_number_that_is_not_there_is_an_error_of_the_standard(small_house, no):
    """404 with code and description, whatever stands in the place of the number."""
    status, [error] = await _get(small_house, f"/requests/{no}.json")
    assert (status, error["code"]) == (404, 404)
    answer = await small_house.client.get(f"{BASE}/requests/{no}.xml")
    assert (answer.status, "<code>404</code>" in await answer.text()) == (404, True)


async def test_complaints_are_nobodys(small_house):
    """Neither by number nor on the list, with a key or without."""
    admin = small_house.token("admin")
    item = await small_house.report(admin, "我要投诉物业", intent="complaint", estate="海棠苑")
    assert (await _get(small_house, f"/requests/{item['no']}.json"))[0] == 404
    assert await _get(small_house, f"/requests.json?api_key={admin}") == (200, [])


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"api_key": ""}, 403),
        ({"api_key": "rp_wrong"}, 403),
        ({"service_code": ""}, 400),
        ({"service_code": "magic"}, 400),
        ({"address_string": ""}, 400),
        ({"address_string": "", "lat": "nan", "long": "1"}, 400),
        ({"address_string": "", "lat": "x", "long": "1"}, 400),
        ({"description": "长" * 3000}, 400),
        ({"description": "a\0b"}, 400),
    ],
)
async def test_a_wrong_report_is_an_error_of_the_standard(small_house, change, status):
    """400 or 403 with code and description, and nothing is made."""
    form = {
        "api_key": small_house.token("clerk"),
        "service_code": "elevator",
        "address_string": "海棠苑",
        "description": "电梯坏了",
    }
    answer = await small_house.client.post(f"{BASE}/requests.json", data=form | change)
    [error] = await answer.json()
    assert (answer.status, error["code"]) == (status, status)
    assert error["description"]
    answer = await small_house.client.post(f"{BASE}/requests.xml", data=form | change)
    assert ET.fromstring(await answer.text()).find("error/code").text == str(status)
    assert (await small_house.api("GET", "/demands", small_house.token("admin")))[1]["items"] == []


@pytest.mark.parametrize("query", ["status=maybe", "start_date=x", "end_date=2026-99-01", "api_key=no"])
async def test_a_wrong_question_is_an_error_of_the_standard(small_house, query):
    """Never an empty list that looks like an answer."""
    status, [error] = await _get(small_house, f"/requests.json?{query}")
    assert status in (400, 403)
    assert error["code"] == status


@pytest.mark.parametrize(
    "kind",
    ["multipart/form-data", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded; charset=nope"],
)
async def test_what_is_no_form_is_400_in_the_form_of_the_standard(small_house, kind):
    """Without a boundary, with a broken part, in a charset that there is not: nobody's fault but the sender's."""
    answer = await small_house.client.post(
        f"{BASE}/requests.json", data=b"--x\r\nbroken", headers={"Content-Type": kind}
    )
    assert answer.status in (400, 403)
    assert (await answer.json())[0]["code"] == answer.status
