"""Into the console and out: passwords, locks, second factors, WeCom, forms of other sites, time that runs out."""

import base64
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from tests.web.console.conftest import DIGEST, PASSWORD, SEATS, Browser, reported, sit
from tests.web.test_login import WECOM, Phone

from redprop_bot.errors import Invalid, Refused
from redprop_bot.registry.register import changed, register
from redprop_bot.store import access, demands
from redprop_bot.store.tables import Post
from redprop_bot.web import accounts, passwords, staff
from redprop_bot.web.accounts import Limits
from redprop_bot.web.console import DEMO_SEATS, waiting
from redprop_bot.web.staff import Seat


def account(house, name="lin", limits=SEATS["secretary"]):
    house.office.store.run(lambda tx: accounts.create(tx, name, limits, DIGEST))


async def test_a_password_opens_and_a_wrong_one_does_not(house):
    """With the right one the way leads on to where somebody wanted to be; nothing tells which names there are."""
    account(house)
    browser = Browser(house)
    slashed = await browser.get("/console/")
    assert (slashed.status, slashed.headers["Location"]) == (302, "/console")
    asked = await browser.get("/console/demands?q=电梯")
    assert asked.status == 302
    after = parse_qs(urlsplit(asked.headers["Location"]).query)["next"][0]
    wrong = await browser.enter("lin", "另一个够长的密码1", next=after)
    unknown = await browser.enter("nobody", next=after)
    assert (wrong.status, unknown.status) == (401, 401)
    assert wrong.said == unknown.said != ""
    right = await browser.enter("lin", next=after)
    assert (right.status, right.headers["Location"]) == (303, after)
    page = await browser.get(after)
    assert page.status == 200
    assert "lin" in page.soup.select_one(".me").text


@pytest.mark.parametrize("name", ["lin", "nobody"])
async def test_five_wrong_tries_lock_for_a_quarter_of_an_hour(house, name):
    """Also under a name that is none, and for the right password, too; afterwards it is open again."""
    account(house)
    browser = Browser(house)
    for _ in range(5):
        assert (await browser.enter(name, "nicht das richtige")).status == 401
    locked = await browser.enter(name)
    assert locked.status == 429
    assert "15 分钟" in locked.said
    assert locked.headers["Retry-After"] == "900"
    assert (await browser.enter(f" {name.upper() if name == 'nobody' else name} ")).status == 429
    house.clock.at += timedelta(minutes=15, seconds=1)
    assert (await browser.enter(name)).status == (303 if name == "lin" else 401)


async def test_success_forgets_the_tries(small_house):
    """Four slips, a success, four slips: nobody is locked."""
    account(small_house)
    for _ in range(2):
        for _ in range(4):
            assert (await Browser(small_house).enter("lin", "falsch falsch")).status == 401
        assert (await Browser(small_house).enter("lin")).status == 303


async def test_a_second_factor_is_asked_for_and_good_once(small_house):
    """Password alone does not do; a code does once, a neighbouring one too, an old one never."""
    account(small_house)
    office, clock = small_house.office, small_house.clock
    address = office.store.run(lambda tx: accounts.second_factor(tx, "lin", office.secret_key, on=True))
    secret = parse_qs(urlsplit(address).query)["secret"][0]
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))

    def code(seconds=0):
        return TOTP(key, 6, SHA1(), 30).generate(int(clock.at.timestamp()) + seconds).decode()

    assert (await Browser(small_house).enter("lin")).status == 401
    assert (await Browser(small_house).enter("lin", code="000000")).status == 401
    assert (await Browser(small_house).enter("lin", code=code(-90))).status == 401
    assert (await Browser(small_house).enter("lin", code=code())).status == 303
    assert (await Browser(small_house).enter("lin", code=code())).status == 401
    clock.at += timedelta(seconds=60)
    spaced = f"{code()[:3]} {code()[3:]}"
    assert (await Browser(small_house).enter("lin", code=spaced)).status == 303
    office.store.run(lambda tx: accounts.second_factor(tx, "lin", office.secret_key, on=False))
    assert (await Browser(small_house).enter("lin")).status == 303


async def test_who_is_in_goes_out_with_the_account(small_house):
    """Another password, a closed account, signing out: the next page asks who it is."""
    account(small_house)
    store = small_house.office.store
    for end in (
        lambda tx: accounts.renew(tx, "lin", DIGEST),
        lambda tx: accounts.close(tx, "lin"),
    ):
        browser = Browser(small_house)
        assert (await browser.enter("lin")).status == 303
        assert (await browser.get("/console")).status == 200
        store.run(end)
        assert (await browser.get("/console")).status == 302
    assert (await Browser(small_house).enter("lin")).status == 401
    other = await sit(small_house, "clerk")
    assert (await other.post("/console/logout")).headers["Location"] == "/console/login"
    assert other.jar == {}


async def test_a_cookie_that_is_not_ours_opens_nothing(small_house):
    """Changed, of another key, over: each is nobody."""
    browser = await sit(small_house, "secretary")
    office = small_house.office
    [name] = browser.jar
    good = browser.jar[name]
    until = office.clock.now() + timedelta(hours=1)
    for bad in (
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good.replace(".1.", ".2.", 1),
        staff.token(b"1" * 32, Seat("a", 1, 1, "0" * 16), until),
        staff.token(office.secret_key, Seat("a", 999, 1, "0" * 16), until),
        staff.token(office.secret_key, Seat("p", 999, 1, "0" * 16), until),
        "",
        "c1.a1.1." + "0" * 16,
    ):
        browser.jar[name] = bad
        assert (await browser.get("/console")).status == 302, bad
    browser.jar[name] = good
    assert (await browser.get("/console")).status == 200
    small_house.clock.at += staff.LIFE
    assert (await browser.get("/console")).status == 302


async def test_members_of_the_staff_come_by_wecom(small_house):
    """A secretary has her community, a manager his unit, whoever has no post nothing."""
    seats = {}
    for person in ("linsj", "jianjl", "hejd", "maiwg", "weidy"):
        phone = Phone(small_house, person, WECOM)
        answer = await phone.enter("/console")
        assert answer.headers["Location"] == "/console"
        page = await phone.get("/console")
        seats[person] = (page.status, await page.text())
    assert [seats[who][0] for who in seats] == [200, 200, 200, 200, 302]
    for who, role in (("linsj", "书记"), ("jianjl", "单位"), ("hejd", "街道"), ("maiwg", "社工")):
        assert f"<span>{role}</span>" in seats[who][1]


async def test_who_has_several_posts_chooses_one(small_house):
    """The first is the weightiest; another of one's own is chosen; somebody else's changes nothing."""
    store = small_house.office.store
    reg = store.look(register)
    yinxing = next(key for key, c in reg.communities.items() if c.name == "银杏社区")
    person = reg.person_named("linsj")

    def second(tx):
        made = tx.insert(Post, person_id=person.id, duty="secretary", community_id=yinxing)
        changed(tx)
        return made.id

    post = store.run(second)
    here, there = await reported(small_house), await reported(small_house, "银杏里1栋电梯坏了")
    phone = Phone(small_house, "linsj", WECOM)
    await phone.enter("/console")

    async def sees():
        text = await (await phone.get("/console/demands")).text()
        return [no for no in (here, there) if no in text]

    assert await sees() == [here]
    small_house.client.session.cookie_jar.clear()
    for chosen, expected in ((post, [there]), (0, [here]), ("x", [here]), (post, [there])):
        answer = await small_house.client.post(
            "/console/post", data={"post": str(chosen)}, cookies=phone.jar, allow_redirects=False
        )
        await phone._take(answer)
        assert await sees() == expected, chosen
    others = next(p.id for p in store.look(register).all_posts if p.person_id != person.id)
    phone.jar[staff.POST] = str(others)
    assert await sees() == [here]


async def test_a_phone_session_of_a_page_is_no_seat(small_house):
    """Who came to a phone page may not act at the console with it."""
    phone = Phone(small_house, "linsj", WECOM)
    await phone.enter("/m/mine")
    assert (await phone.get("/console")).status == 302


# -- forms of others, and time that runs out


async def test_forms_of_other_sites_are_not_taken(small_house, secretary):
    """Neither with a foreign origin nor with a mark that is not ours; and nobody is signed in by them."""
    no = await reported(small_house)
    version = str(small_house.office.store.look(lambda tx: demands.by_no(tx, no)).version)
    form = {"act": "urge", "version": version}
    path = f"/console/demands/{no}/act"
    assert (await secretary.post(path, form, Origin="https://evil.example")).status == 403
    assert (await secretary.post(path, form, Sec_Fetch_Site="cross-site")).status == 403
    assert (await secretary.post(path, form, Origin="null")).status == 403
    assert (await secretary.post("/console/logout", {}, Origin="https://evil.example")).status == 403
    login = {"username": "secretary", "password": PASSWORD}
    assert (await Browser(small_house).post("/console/login", login, Origin="https://evil.example")).status == 403
    shown = await secretary.post(path, form, mark="wrong")
    assert shown.status == 409
    assert small_house.office.store.look(lambda tx: demands.by_no(tx, no)).version == int(version)


async def test_what_was_typed_outlives_the_session(small_house):
    """The form of a session that is over comes back after signing in, and is sent by whoever typed it."""
    browser = await sit(small_house, "secretary")
    no = await reported(small_house)
    await browser.get(f"/console/demands/{no}")
    small_house.clock.at += staff.LIFE
    note = "<b>已经</b>联系\n“维保”"
    late = await browser.act(no, "supplement", text=note)
    assert late.status == 401
    kept = {field["name"]: field["value"] for field in late.soup.select("form.card input[type=hidden]")}
    again = await browser.enter("secretary", **kept)
    assert again.status == 409
    shown = again.soup
    assert note in [dd.text for dd in shown.select("dd")]
    form = shown.select_one("main form")
    fields = [(one["name"], one["value"]) for one in form.select("input") if one["name"] != "_mark"]
    mark = form.select_one("[name=_mark]")["value"]
    done = await browser.post(form["action"], fields, mark=mark)
    assert done.status == 303, done.text
    history = small_house.office.store.look(lambda tx: demands.history(tx, demands.by_no(tx, no).id))
    assert history[-1].note.replace("\r\n", "\n") == note


async def test_kept_fields_are_only_fields(small_house):
    """Whatever comes as a kept form that is none is nothing, and leads nowhere else."""
    account(small_house)
    for kept in ("[", "[1]", '{"a": {"b": 1}}', "{" * 2000, '{"_mark": "x"}', "null"):
        answer = await Browser(small_house).enter("lin", kept=kept, next="https://evil.example/")
        assert answer.status in (303, 409)
        assert answer.headers.get("Location", "/console") == "/console"


# -- making accounts


@pytest.mark.parametrize("bad", ["short", "aaaaaaaaaaaa", "", "x" * 201])
def test_weak_passwords_are_refused(bad):
    """Too short, too simple, too long."""
    with pytest.raises(Invalid):
        passwords.digest(bad)


def test_a_digest_is_none_of_the_password():
    """The same password twice gives two digests, which both fit it and no other."""
    other = passwords.digest(PASSWORD)
    assert other != DIGEST
    assert PASSWORD not in other
    assert passwords.fits(PASSWORD, other)
    assert not passwords.fits(PASSWORD + "x", other)
    assert not passwords.fits(PASSWORD, None)


@pytest.mark.parametrize(
    ("name", "limits", "field"),
    [
        ("", Limits("admin"), "name"),
        ("x" * 65, Limits("admin"), "name"),
        ("a", Limits("king"), "role"),
        ("a", Limits("provider"), "organisation"),
        ("a", Limits("admin", None, "春晖物业"), "organisation"),
        ("a", Limits("secretary", "没有社区"), "community"),
        ("a", Limits("provider", None, "没有单位"), "organisation"),
        ("taken", Limits("admin"), "name"),
    ],
)
def test_accounts_that_cannot_be(house_store, name, limits, field):
    """Each fault names its field, and nothing is made."""
    house_store.run(lambda tx: accounts.create(tx, "taken", Limits("admin"), DIGEST))
    with pytest.raises(Refused) as refused:
        house_store.run(lambda tx: accounts.create(tx, name, limits, DIGEST))
    assert refused.value.field == field
    assert [a.name for a in house_store.look(access.accounts)] == ["taken"]


@pytest.fixture
def house_store(sqlite_store):
    from pathlib import Path

    from tests.web.conftest import ROSTER

    from redprop_bot.registry.importing import import_file

    sqlite_store.run(lambda tx: import_file(tx, Path(ROSTER)))
    return sqlite_store


async def test_a_form_waits_while_somebody_signs_in_elsewhere(small_house, monkeypatch):
    """WeCom, or a phone of the demo: back from there the form is shown once, whoever changed the cookie gets none."""
    no = await reported(small_house)
    browser = await sit(small_house, "secretary")
    monkeypatch.setitem(small_house.client.app._state, DEMO_SEATS, [("书记 林", "/demo/phones/lin/open")])
    before = dict(browser.jar)
    small_house.clock.at += staff.LIFE + timedelta(minutes=1)
    late = await browser.act(no, "supplement", text="写了一半的话")
    assert late.status == 401
    assert late.soup.select_one(".seats a")["href"] == "/demo/phones/lin/open?to=/console/kept"
    assert browser.jar.keys() - before.keys() == {waiting.COOKIE}
    laid_by = browser.jar[waiting.COOKIE]
    assert (await browser.get("/console/kept")).headers["Location"] == "/console"  # nobody has signed in yet
    await browser.enter("secretary")
    browser.jar[waiting.COOKIE] = "x" + laid_by
    assert (await browser.get("/console/kept")).status == 302
    browser.jar[waiting.COOKIE] = laid_by
    shown = await browser.get("/console/kept")
    assert "写了一半的话" in [dd.text for dd in shown.soup.select("dd")]
    assert shown.soup.select_one("main form")["action"] == f"/console/demands/{no}/act"
    assert waiting.COOKIE not in browser.jar
    page = await Browser(small_house).get("/console/login?next=/console/duties/1")
    assert page.soup.select_one(".seats a")["href"] == "/demo/phones/lin/open?to=/console/duties/1"


def test_what_is_too_long_for_a_cookie_is_not_laid_by():
    """Whatever comes back that is none of ours is nothing."""
    noise = "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(6000))
    assert waiting.packed(b"s", "/console", {"text": noise}) == ""
    kept = waiting.packed(b"s", "/console/x", {"a": "b", "c": ["d", "e"]})
    assert waiting.found(b"s", kept) == ("/console/x", {"a": "b", "c": ["d", "e"]})
    for bad in ("", ".", "a.b", kept + "x"):
        assert waiting.found(b"s", bad) is None
