"""Two `serve` processes on one PostgreSQL database take the loop together."""

import concurrent.futures
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from tests.blackbox.conftest import ROSTER
from tests.blackbox.people import NUMBER, Phone, deliver, resident, staff, text_message
from tests.blackbox.platform import Platform
from tests.blackbox.service import Api, House, Service, settings
from tests.blackbox.wire import OA
from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.postgres


@dataclass
class Pair:
    """Two services on one database, one platform, and a token for either."""

    house: House
    platform: Platform
    services: list[Service]
    token: str

    def api(self, turn: int) -> Api:
        return Api(self.services[turn], self.token)

    def phone(self, turn: int, who: str) -> Phone:
        make = resident if who.startswith("o") else staff
        return make(self.services[turn], self.platform, who)


@pytest.fixture(scope="module")
def pair(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    fake = Platform().start()
    with postgres_server.database() as url:
        house = House(tmp_path_factory.mktemp("pair"), settings(url, platform=fake.url))
        house.ok("roster", "import", str(ROSTER))
        token = house.token("admin")
        try:
            yield Pair(house, fake, [house.serve(), house.serve()], token)
        finally:
            house.close()
    fake.stop()


def test_the_loop_across(pair: Pair):
    """A message to one, the answer to it on the other, cards tapped on either: nothing is lost or doubled."""
    number = pair.phone(0, "oAcross1").reports("单元门坏了，关不上")
    assert pair.api(1).demand(number)["estate"] is None
    assert number in pair.phone(1, "oAcross1").says("梧桐里9栋1单元")
    card = pair.platform.wait_for(number, to="fangjl")
    pair.phone(1, "fangjl").taps(card, "接单")
    pair.phone(0, "fangjl").taps(card, "接单")
    pair.platform.wait_for(number, to="oAcross1")
    pair.phone(0, "fangjl").says(f"{number} 换好了闭门器")
    pair.platform.wait_for(number, "闭门器", to="oAcross1")
    pair.phone(1, "oAcross1").says("满意，五星")
    found = pair.api(0).demand(number)
    assert found == pair.api(1).demand(number)
    assert [event["act"] for event in found["events"]].count("accept") == 1
    assert (found["stage"], found["rating"]["stars"]) == ("closed", 5)
    pair.platform.settle()
    got = [(one.to, one.words) for one in pair.platform.about(number)]
    assert len(got) == len(set(got)), "no text twice"


def test_the_same_delivery_to_both_at_once(pair: Pair):
    """One answer and one demand, however they race; afterwards either gives the stored answer."""
    for turn in range(6):
        who = f"oRace{turn}"
        inside = text_message(who, f"云杉苑{turn + 4}栋1单元电梯坏了")
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            jobs = [pool.submit(deliver, pair.services[n % 2], OA, inside) for n in range(4)]
            answers = [job.result() for job in jobs]
        assert {one.status for one in answers} == {200}
        said = {OA.open_reply(one.body).get("Content") for one in answers} - {None}
        later = {OA.open_reply(deliver(one, OA, inside).body)["Content"] for one in pair.services}
        assert len(said | later) == 1
        (number,) = set(NUMBER.findall(said.pop()))
        items = pair.api(turn % 2).get("/demands", limit=100, q=f"云杉苑{turn + 4}栋")["items"]
        assert [one["no"] for one in items] == [number]


def test_numbers_are_unique_under_load(pair: Pair):
    """Reports poured into both at once get a number each."""
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        jobs = [
            pool.submit(pair.phone(n % 2, f"oLoad{n}").reports, f"梧桐里{n + 10}栋1单元电梯坏了")
            for n in range(24)
        ]
        numbers = [job.result() for job in jobs]
    assert len(set(numbers)) == 24
    for number in numbers:
        for manager_or_worker in ("fangjl", "shisf"):
            pair.platform.wait_for(number, to=manager_or_worker)
    pair.platform.settle()
    for number in numbers:
        assert sorted(one.to for one in pair.platform.about(number)) == ["fangjl", "shisf"]


def test_a_key_used_on_one_is_used_on_the_other(pair: Pair):
    """`Idempotency-Key` and the replay cache are shared."""
    body = {"text": "海棠湾9栋1单元电梯坏了"}
    first = pair.api(0).call("POST", "/demands", body, key="shared-key-1")
    again = pair.api(1).call("POST", "/demands", body, key="shared-key-1")
    assert (again.status, again.json) == (first.status, first.json)
    content = OA.encrypt(text_message("oReplay", "你好"))
    query = OA.query(content)
    path, headers = "/wechat/oa", {"Content-Type": "text/xml"}
    assert (
        pair.services[0].call("POST", path, body=OA.envelope(content), query=query, headers=headers).status == 200
    )
    other = OA.envelope(OA.encrypt(text_message("oReplay", "海棠湾8栋1单元电梯坏了")))
    assert pair.services[1].call("POST", path, body=other, query=query, headers=headers).status == 403


def test_one_stops_and_the_other_goes_on(pair: Pair):
    """A service that ends takes nothing with it."""
    number = pair.phone(0, "oStays").reports("海棠湾3栋1单元电梯困人了")
    pair.services[0].stop()
    pair.platform.wait_for(number, to="qujl")
    reply = pair.phone(1, "oStays").says(f"{number} 怎么样了")
    assert re.search(number, reply)
    assert pair.house.run("db", "check").code == 0
