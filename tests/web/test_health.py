"""What operation looks at, and the headers that every answer carries."""

import sqlite3

import pytest

from redprop_bot.store.engine import sqlite_path


async def test_a_fresh_house_is_alive_and_ready(house):
    """Both probes are 200 and say nothing about anybody."""
    for path, status in (("/healthz", "alive"), ("/readyz", "ready")):
        answer = await house.client.get(path)
        assert (answer.status, (await answer.json())["status"]) == (200, status)


async def test_without_its_schema_it_is_alive_and_not_ready(small_house, sqlite_url):
    """A database that was never migrated: 503, named, while the process lives."""
    with sqlite3.connect(sqlite_path(sqlite_url)) as database:
        database.execute("DELETE FROM alembic_version")
        database.commit()
    answer = await small_house.client.get("/readyz")
    found = await answer.json()
    assert (answer.status, found["database"], found["schema"], found["content"]) == (503, True, False, True)
    assert (await small_house.client.get("/healthz")).status == 200


async def test_without_its_database_it_is_alive_and_not_ready(house):
    """A database that cannot be reached: 503 without a word why."""
    house.office.store.engine.dispose()
    house.office.store.engine = _Gone()
    answer = await house.client.get("/readyz")
    assert (answer.status, (await answer.json())["database"]) == (503, False)
    assert "secret-password" not in await answer.text()
    assert (await house.client.get("/healthz")).status == 200


class _Gone:
    """An engine whose database is away."""

    def connect(self):
        raise OSError("could not connect to postgresql://u:secret-password@db")

    def dispose(self):
        return None


async def test_figures(house):
    """Messages, acts, outbox, commits and times are there after one report."""
    await house.twin.oa.say("o-xu", "海棠苑3栋2单元电梯坏了")
    await house.client.get("/nowhere/at/all?x=1")
    before = await (await house.client.get("/metrics")).text()
    assert 'redprop_messages_total{channel="oa",outcome="handled"} 1.0' in before
    assert 'redprop_acts_total{act="dispatch"} 1.0' in before
    assert 'redprop_outbox{state="pending"} 2.0' not in before.replace('"pending"} 1.0', "")
    assert 'redprop_outbox{state="dead"} 0.0' in before
    assert 'redprop_request_seconds_count{method="POST",route="/wechat/oa",status="200"} 1.0' in before
    assert 'route="-",status="404"} 1.0' in before
    assert "/nowhere" not in before
    assert "o-xu" not in before
    await house.deliver()
    after = await (await house.client.get("/metrics")).text()
    assert 'redprop_outbox{state="pending"} 0.0' in after
    assert _value(after, "redprop_db_commits_total") > _value(before, "redprop_db_commits_total") > 0


def _value(text, name):
    return next(float(line.split()[1]) for line in text.splitlines() if line.startswith(f"{name} "))


@pytest.mark.parametrize("path", ["/", "/board/海棠社区", "/m/orders/D20200101-0001"])
async def test_pages_carry_their_policy(small_house, path):
    """No foreign or inline script, no frame, no guessing of types, no address told to other sites."""
    answer = await small_house.client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert answer.content_type == "text/html"
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"


async def test_an_error_outside_of_the_api_is_one_sentence(small_house):
    """Plain text in Chinese, with the same headers, and nothing of the framework."""
    answer = await small_house.client.get("/nothing")
    assert (answer.status, answer.content_type) == (404, "text/plain")
    assert await answer.text() == "没有找到，或者不归您看。"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "aiohttp" not in str(answer.headers).lower()


@pytest.mark.parametrize("path", ["/nothing", "/m/orders", "/board", "/m/orders/<b>"])
async def test_who_opens_a_wrong_address_sees_a_page(small_house, path):
    """A browser gets large type, a way on and the numbers for emergencies, not one bare line."""
    accepts = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    answer = await small_house.client.get(path, headers=accepts)
    html = await answer.text()
    assert (answer.status, answer.content_type) == (404, "text/html")
    assert "没有" in html
    assert "119" in html
    assert "<b>" not in html
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
