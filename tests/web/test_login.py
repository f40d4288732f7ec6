"""Pages know who looks at them: OAuth there and back on both platforms, and everything that must not work."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.web.conftest import open_office

from redprop_bot.notify import links
from redprop_bot.ports import Channel
from redprop_bot.simulated.browser import PHONE
from redprop_bot.store import demands, people
from redprop_bot.store.tables import Person
from redprop_bot.web import sessions
from redprop_bot.web.pages import login

WECHAT = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.50"}
WECOM = {"User-Agent": "Mozilla/5.0 (iPhone) wxwork/4.1.30 MicroMessenger/7.0.1"}
TEXT = "海棠苑3栋2单元电梯坏了，老人下不了楼"


class Phone:
    """A browser in somebody's phone: its own cookies, and the platform knows whose it is."""

    def __init__(self, house, person, agent):
        self.house, self.person, self.agent, self.jar = house, person, agent, {}

    async def get(self, path, **more):
        return await self._take(await self.house.client.get(path, **self._options(), **more))

    async def post(self, path, **headers):
        options = self._options()
        options["headers"] = {**options["headers"], **headers}
        return await self._take(await self.house.client.post(path, **options))

    def _options(self):
        # the jar of the client is shared by all phones: cookies are sent by hand
        self.house.client.session.cookie_jar.clear()
        return {"headers": self.agent, "cookies": self.jar, "allow_redirects": False}

    async def _take(self, answer):
        for name, cookie in answer.cookies.items():
            if cookie.value:
                self.jar[name] = cookie.value
            else:
                self.jar.pop(name, None)
        return answer

    async def to_platform(self, after="/m/mine"):
        """The address of the platform's page to which the way out leads."""
        answer = await self.get("/m/login", params={"next": after})
        assert answer.status == 302, await answer.text()
        return answer.headers["Location"]

    async def at_platform(self, address):
        """The address back, with code and state."""
        self.house.client.session.cookie_jar.clear()
        answer = await self.house.client.session.get(address, cookies={PHONE: self.person}, allow_redirects=False)
        assert answer.status == 302, await answer.text()
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"

    async def enter(self, after="/m/mine"):
        """The whole way; the last answer."""
        return await self.get(await self.at_platform(await self.to_platform(after)))


@pytest.fixture
def resident(small_house):
    return Phone(small_house, "o-xu", WECHAT)


@pytest.fixture
def member(small_house):
    return Phone(small_house, "linsj", WECOM)


async def reported(house, openid="o-xu", text=TEXT):
    """Somebody reports; the number."""
    house.twin.callbacks(str(house.client.make_url("/")))
    assert (await house.twin.oa.say(openid, text)).ok
    person = house.office.store.look(lambda tx: people.who(tx, Channel.OA, openid))[0]
    return house.office.store.look(lambda tx: demands.of_reporter(tx, person.id))[0].no


# -- the whole way


async def test_a_resident_comes_back_to_their_page(small_house, resident):
    """Out to WeChat, back with a code, and on to the page asked for, where words are shown without the link's key."""
    no = await reported(small_house)
    assert TEXT not in await (await resident.get(f"/m/orders/{no}")).text()
    answer = await resident.enter(f"/m/orders/{no}")
    assert (answer.status, answer.headers["Location"]) == (302, f"/m/orders/{no}")
    html = await (await resident.get(f"/m/orders/{no}")).text()
    assert TEXT in html


async def test_the_way_out_says_what_the_platform_wants(small_house, resident, member):
    """Base scope (nobody is asked anything), our address, a state of letters and digits; the agent for WeCom."""
    for phone, name, account in (
        (resident, "oa", small_house.twin.oa.app_id),
        (member, "work", small_house.twin.work.corp_id),
    ):
        address = urlsplit(await phone.to_platform())
        query = {key: values[0] for key, values in parse_qs(address.query).items()}
        assert address.path == "/connect/oauth2/authorize"
        assert address.fragment == "wechat_redirect"
        assert query["appid"] == account
        assert query["scope"] == "snsapi_base"
        assert query["redirect_uri"] == f"{small_house.office.settings.address}/m/login/{name}"
        assert re.fullmatch(r"[0-9A-Za-z]{1,128}", query["state"])
        assert ("agentid" in query) == (name == "work")


async def test_a_member_of_wecom_reads_what_they_handle(small_house, member):
    """The secretary's session opens the words of an order of their community."""
    no = await reported(small_house)
    assert (await member.enter(f"/m/orders/{no}")).status == 302
    assert TEXT in await (await member.get(f"/m/orders/{no}")).text()


async def test_strangers_see_what_everybody_may(small_house):
    """Another resident's session changes nothing on somebody else's page, nor does staff of another unit's."""
    no = await reported(small_house)
    plain = (await (await Phone(small_house, "nobody", {}).get(f"/m/orders/{no}")).text()).split("</main>")[0]
    for person, agent in (("o-other", WECHAT), ("weidy", WECOM)):
        phone = Phone(small_house, person, agent)
        assert (await phone.enter()).status == 302
        seen = await (await phone.get(f"/m/orders/{no}")).text()
        assert seen.split("</main>")[0] == plain


async def test_a_complaint_opens_for_the_reporter_and_not_for_the_unit(small_house):
    """What the unit complained of may know was sent to it; its session opens nothing."""
    no = await reported(small_house, text="我要投诉海棠苑春晖物业的前台，打电话过去爱答不理还挂我电话")
    token = small_house.token("admin")
    assert (await small_house.act(token, no, "dispatch", to="春晖物业"))[0] == 200
    assert (await small_house.api("GET", f"/demands/{no}", token))[1]["intent"] == "complaint"
    for person, agent, opens in (("o-xu", WECHAT, True), ("linsj", WECOM, True), ("jianjl", WECOM, False)):
        phone = Phone(small_house, person, agent)
        assert (await phone.enter()).status == 302
        assert ("爱答不理" in await (await phone.get(f"/m/orders/{no}")).text()) == opens, person


async def test_one_s_own_reports(small_house, resident):
    """The list holds what this person reported and nothing of others; without a session it leads to the way out."""
    mine, other = await reported(small_house), await reported(small_house, "o-other", "青枫里1栋停水了")
    answer = await resident.get("/m/mine")
    assert (answer.status, answer.headers["Location"]) == (302, "/m/login?next=/m/mine")
    await resident.enter()
    html = await (await resident.get("/m/mine")).text()
    assert mine in html
    assert other not in html


async def test_who_only_looked_is_not_written_to(small_house):
    """A person first seen by a page does not follow: nothing is sent to them until they do."""
    phone = Phone(small_house, "o-passer-by", WECHAT)
    small_house.twin.oa.known.add("o-passer-by")
    await phone.enter()
    person = small_house.office.store.look(lambda tx: people.who(tx, Channel.OA, "o-passer-by"))[0]
    assert person.following is False


async def test_logging_out(small_house, resident):
    """The cookie is taken back; another site cannot do that, and a link cannot either."""
    await resident.enter()
    assert (await resident.post("/m/logout", Origin="https://evil.example")).status == 403
    assert (await resident.get("/m/logout")).status == 405
    assert (await resident.get("/m/mine")).status == 200
    assert (await resident.post("/m/logout")).status == 200
    assert (await resident.get("/m/mine")).status == 302


# -- the cookie


@pytest.mark.parametrize(("public", "secure"), [("https://sq.example.cn", True), ("http://sq.example.cn", False)])
async def test_the_cookie_s_attributes(small_house, resident, public, secure):
    """HttpOnly, Lax, Secure with https (then under a name that browsers protect), and it holds no name."""
    small_house.office.settings = small_house.office.settings.model_copy(update={"public_url": public})
    headers = {**WECHAT, "Host": "sq.example.cn"}
    resident.agent = headers
    answer = await resident.enter()
    name = sessions.cookie_name(small_house.office)
    cookie = answer.cookies[name]
    assert name == ("__Host-redprop" if secure else "redprop")
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert bool(cookie["secure"]) == secure
    assert cookie["domain"] == ""
    assert re.fullmatch(r"v1\.\d+\.\d{10}\.[\w-]{43}", cookie.value)
    assert "o-xu" not in str(answer.headers)


async def test_a_session_ends(small_house, resident, member, clock):
    """A resident's after seven days, a member's after half a day; the browser's word for it does not count."""
    await resident.enter()
    await member.enter()
    clock.at += timedelta(hours=11, minutes=59)
    assert (await member.get("/m/mine")).status == 200
    clock.at += timedelta(minutes=1)
    assert (await member.get("/m/mine")).status == 302
    assert (await resident.get("/m/mine")).status == 200
    clock.at += timedelta(days=7)
    assert (await resident.get("/m/mine")).status == 302


async def test_a_changed_cookie_is_worth_nothing(small_house, resident):
    """Another person, a later end, another key, another purpose, and whatever else somebody may write there."""
    await resident.enter()
    office = small_house.office
    name = sessions.cookie_name(office)
    version, person, until, mac = resident.jar[name].split(".")
    bad = [
        f"{version}.{int(person) + 1}.{until}.{mac}",
        f"{version}.{person}.{int(until) + 9}.{mac}",
        f"v2.{person}.{until}.{mac}",
        f"{version}.0{person}.{until}.{mac}",
        f"{version}.{person}.{until}.{mac[:-1]}",
        f"{version}.{person}.{until}.{'A' * 43}",
        f"{version}.{person}.{until}.{links.signed(person, office.secret_key)}",
        sessions.token(b"another secret of 16", int(person), office.clock.now() + timedelta(days=1)),
        "",
        "v1",
        "." * 50,
        "x" * 4000,
    ]
    for value in bad:
        resident.jar[name] = value
        assert (await resident.get("/m/mine")).status == 302, value
        assert sessions.person_in(office.secret_key, value, office.clock.now()) is None


async def test_a_member_who_left_has_no_session(small_house, member):
    """Who has left WeCom is refused at the door, and a session from before is over."""
    await member.enter()

    def leave(tx):
        tx.update(Person, people.who(tx, Channel.WORK, "linsj")[0].id, left_at=tx.now)

    small_house.office.store.run(leave)
    assert (await member.get("/m/mine")).status == 302
    answer = await member.enter()
    assert answer.status == 403
    assert sessions.cookie_name(small_house.office) not in answer.cookies


# -- the state


async def no_session(answer, house, status=403):
    assert answer.status == status
    assert sessions.cookie_name(house.office) not in answer.cookies
    assert "Location" not in answer.headers


async def test_a_state_is_good_once(small_house, resident):
    """The same address again gives no session; a browser that has one already just goes on: phones load twice."""
    back = await resident.at_platform(await resident.to_platform())
    cookie = resident.jar[login.COOKIE]
    assert (await resident.get(back)).status == 302
    resident.jar[login.COOKIE] = cookie
    answer = await resident.get(back)
    assert (answer.status, answer.headers["Location"]) == (302, "/m/mine")
    assert sessions.cookie_name(small_house.office) not in answer.cookies
    resident.jar = {login.COOKIE: cookie}
    await no_session(await resident.get(back), small_house)


async def test_a_state_is_of_one_browser(small_house, resident):
    """Somebody else's way back, opened in my browser, does not sign me in as them."""
    stranger = Phone(small_house, "o-attacker", WECHAT)
    small_house.twin.oa.known.add("o-attacker")
    back = await stranger.at_platform(await stranger.to_platform())
    await no_session(await resident.get(back), small_house)
    await resident.to_platform()
    await no_session(await resident.get(back), small_house)
    assert (await stranger.get(back)).status == 302


async def test_a_state_lasts_ten_minutes(small_house, resident, clock):
    """One second longer and it is over."""
    back = await resident.at_platform(await resident.to_platform())
    clock.at += login.LIFE + timedelta(seconds=1)
    await no_session(await resident.get(back), small_house)


async def test_forged_states(small_house, resident):
    """Changed in any part, of the other platform, of another key, missing, or rubbish."""
    back = await resident.at_platform(await resident.to_platform())
    code, state = (parse_qs(urlsplit(back).query)[name][0] for name in ("code", "state"))
    nonce, letter, at, mac = state[:32], state[32], state[33:43], state[43:]
    later = str(int(at) + 60)
    other = login._state(b"another secret of 16", nonce, Channel.OA, small_house.clock.now())
    for forged in (
        f"{nonce}{letter}{later}{mac}",
        f"{nonce}w{at}{mac}",
        f"{nonce[::-1]}{letter}{at}{mac}",
        f"{nonce}{letter}{at}{'0' * 32}",
        other,
        "",
        "x",
        state + "0",
        state.upper(),
    ):
        await no_session(await resident.get("/m/login/oa", params={"code": code, "state": forged}), small_house)
    await no_session(await resident.get("/m/login/work", params={"code": code, "state": state}), small_house)
    assert (await resident.get(back)).status == 302  # none of that used it up


async def test_a_changed_login_cookie(small_house, resident):
    """Where to go afterwards is sealed too."""
    back = await resident.at_platform(await resident.to_platform())
    nonce, _after, mac = resident.jar[login.COOKIE].split(".")
    for value in (f"{nonce}.aHR0cHM6Ly9ldmls.{mac}", f"{nonce}..{mac}", "", "x"):
        phone = Phone(small_house, "o-xu", WECHAT)
        phone.jar = {login.COOKIE: value}
        await no_session(await phone.get(back), small_house)


async def test_no_code_no_session(small_house, resident):
    """Whoever declines comes back with the state alone."""
    back = await resident.at_platform(await resident.to_platform())
    await no_session(await resident.get(re.sub("code=[^&]*&", "", back)), small_house)


# -- where to afterwards

OUTSIDE = [
    "https://evil.example/m/mine",
    "//evil.example/m/",
    "/\\evil.example",
    "/m/\\evil.example",
    "/m//evil.example",
    "/m/../console",
    "/consoles",
    "/console//evil.example",
    "/console/login",
    "/console/logout",
    "javascript:alert(1)",
    "/m/mine\r\nSet-Cookie: a=b",
    "/m/mine\x00",
    "/m/login",
    "/m/login?next=/m/login",
    "/m/logout",
    " /m/mine",
    "/m/" + "a" * 600,
    "/m/密",
    "",
]


@pytest.mark.parametrize("after", OUTSIDE)
async def test_no_open_redirect(small_house, resident, after):
    """Nothing but a page of ours is gone to, whatever the link says."""
    assert login.local(after) == login.HOME
    answer = await resident.enter(after)
    assert (answer.status, answer.headers["Location"]) == (302, "/m/mine")


def test_pages_of_ours_are_gone_to():
    """With their query, so that a signed link stays one."""
    for address in (
        "/m/orders/D20261125-0001",
        "/m/orders/D20261125-0001?k=ab_-9",
        "/m/mine",
        "/console",
        "/console/demands?q=1",
    ):
        assert login.local(address) == address


# -- what the platforms may say


async def test_a_preview_signs_nobody_in(small_house, resident):
    """A snapshot page has a made-up identity: nobody is added, and the page says what to tap."""
    small_house.twin.oa.snapshot = True
    answer = await resident.enter()
    await no_session(answer, small_house)
    assert "使用完整服务" in await answer.text()
    assert small_house.office.store.look(lambda tx: people.who(tx, Channel.OA, "o-xu")) is None


async def test_a_code_of_somebody_outside_the_corp(small_house):
    """WeCom says that they are no member: told so, and no session."""
    phone = Phone(small_house, "not-a-member", WECOM)
    answer = await phone.enter()
    await no_session(answer, small_house)
    assert "没有找到您的账号" in await answer.text()


@pytest.mark.parametrize(
    ("trouble", "status"),
    [({"errcode": 40029}, 403), ({"status": 502}, 503), ({"body": b"<html>502</html>"}, 503)],
)
async def test_the_platform_is_ill(small_house, resident, trouble, status):
    """A code that is refused, or no answer: a friendly page with the way to try again, asked once only."""
    back = await resident.at_platform(await resident.to_platform())
    from redprop_bot.simulated.faults import Trouble

    small_house.twin.oa.faults.add("/sns/oauth2/access_token", Trouble(**trouble))
    answer = await resident.get(back)
    await no_session(answer, small_house, status)
    assert "/m/login?next=%2Fm%2Fmine" in await answer.text()
    assert small_house.twin.oa.calls["/sns/oauth2/access_token"] == 1


async def test_no_code_and_no_secret_in_what_people_see(small_house, resident, caplog):
    """Neither pages nor logs hold the code, the state's key or the account's secret."""
    caplog.set_level("DEBUG")
    back = await resident.at_platform(await resident.to_platform())
    code = parse_qs(urlsplit(back).query)["code"][0]
    answer = await resident.get(back)
    seen = caplog.text.replace(back, "") + await answer.text()
    assert small_house.twin.oa.secret not in seen
    assert code not in "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("redprop_bot"))


async def test_outside_of_wechat(small_house):
    """A browser that is neither WeChat's nor WeCom's is told where to open the page."""
    answer = await Phone(small_house, "x", {"User-Agent": "Firefox"}).get("/m/login")
    assert answer.status == 400
    assert "请在微信里打开" in await answer.text()


async def test_a_platform_that_is_off(sqlite_url, twin, clock, content, reader):
    """Without an Official Account there is no way out to one."""
    from aiohttp.test_utils import TestClient, TestServer

    from redprop_bot.web.app import make_app

    office = open_office(sqlite_url, twin, clock, content, reader, oa=None)
    async with TestClient(TestServer(make_app(office))) as client:
        answer = await client.get("/m/login?by=oa")
        assert answer.status == 400
        assert "没有开通" in await answer.text()
    office.close()


async def test_another_host_is_left_first(small_house, resident):
    """Cookies are of a host: who came by another name goes on under the one that the platform sends back to."""
    settings = small_house.office.settings
    small_house.office.settings = settings.model_copy(update={"public_url": "https://sq.example.cn"})
    answer = await resident.get("/m/login?next=/m/mine")
    assert answer.headers["Location"] == "https://sq.example.cn/m/login?next=/m/mine&by=oa&here=1"
    # a proxy that changes the host must not send anybody round in circles
    answer = await resident.get("/m/login?next=%2Fm%2Fmine&by=oa&here=1")
    assert answer.headers["Location"].startswith(small_house.twin.oa.origin)
