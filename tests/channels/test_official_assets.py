"""What an Official Account has: menu, codes, persons, pages, files, articles, against the simulated platform."""

import json
from datetime import timedelta

import pytest
from tests.channels.account import api, clock, pauses, session, twin
from tests.channels.platform_side import WIRE

from redprop_bot.channels import oa_account, oa_messages
from redprop_bot.channels.client import File
from redprop_bot.channels.oa_account import Quota
from redprop_bot.errors import (
    ContentRefused,
    PlatformBusy,
    PlatformRefused,
    Unreachable,
)
from redprop_bot.simulated import Trouble

__all__ = ["api", "clock", "pauses", "session", "twin"]

PICTURE = File("door.jpg", "image/jpeg", b"\xff\xd8\xff a door")
PAGE = "https://example.org/m/orders/D20261125-0001"


# -- menu


MENU = [
    {"name": "我要报事", "type": "click", "key": "report"},
    {"name": "查进度", "sub_button": [{"name": "我的工单", "type": "view", "url": PAGE}]},
]


async def test_a_menu_is_put_read_and_taken_away(twin, api):
    """Chinese names arrive as they are."""
    await api.create_menu(MENU)
    assert await api.menu() == MENU
    await api.delete_menu()
    with pytest.raises(PlatformRefused) as error:
        await api.menu()
    assert error.value.errcode == 46003


@pytest.mark.parametrize(
    "buttons",
    [
        [],
        [MENU[0]] * 4,
        [{"name": "", "type": "click", "key": "k"}],
        [{"name": "名字太长了吧", "type": "click", "key": "k"}],
        [{"name": "父", "sub_button": [MENU[0]] * 6}],
        [{"name": "父", "type": "click", "key": "k", "sub_button": [MENU[0]]}],
        [{"name": "父", "sub_button": [{"name": "字" * 21, "type": "click", "key": "k"}]}],
        [{"name": "钮", "type": "click"}],
        [{"name": "钮", "type": "view", "key": "k"}],
        [{"name": "钮", "type": "teleport", "key": "k"}],
        [{"name": "钮", "type": "click", "key": "k" * 129}],
        [{"name": "钮", "type": "miniprogram", "url": PAGE, "appid": "wx1"}],
    ],
)
async def test_a_menu_that_does_not_fit_costs_no_call(twin, api, buttons):
    """Count, names, and what each type needs."""
    with pytest.raises(ContentRefused):
        await api.create_menu(buttons)
    assert twin.oa.calls["menu/create"] == 0


# -- codes, persons, pages


@pytest.mark.parametrize(
    ("scene", "seconds"), [(7, 3600), ("estate:桂花园/3", 3600), (7, None), ("meeting:1", None)]
)
async def test_a_code_of_each_kind_is_scanned(twin, api, clock, scene, seconds):
    """Temporary and permanent, numbers and texts; the temporary ones end."""
    code = await api.code(scene, seconds)
    assert code.picture.startswith("https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=")
    assert twin.oa.assets.scene(code.ticket) == str(scene)
    clock.at += timedelta(hours=1)
    if seconds:
        with pytest.raises(LookupError):
            twin.oa.assets.scene(code.ticket)
    else:
        assert twin.oa.assets.scene(code.ticket) == str(scene)


async def test_a_follower_is_known_by_openid_and_scene(twin, api):
    """Who left is told as not following and nothing else."""
    twin.oa.assets.scenes["o1"] = twin.oa._clock.now(), "estate:1"
    follower = await api.follower("o1")
    assert (follower.following, follower.scene, follower.came_by) == (True, "estate:1", "ADD_SCENE_QR_CODE")
    twin.oa.sending.left("o1")
    assert not (await api.follower("o1")).following
    with pytest.raises(Unreachable):
        await api.follower("nobody")


async def test_followers_come_in_pages(twin, api):
    """Until there is no next one."""
    for n in range(3):
        twin.oa._acted(f"p{n}", "message")
    page = await api.followers()
    assert (page.total, page.openids, page.next) == (4, ("o1", "p0", "p1", "p2"), "p2")
    assert await api.followers(page.next) == oa_account.Followers(4, (), "")


async def test_an_oauth_code_is_good_once_for_five_minutes(twin, api, clock):
    """40163 the second time, 42003 too late, 40029 never given."""
    code = twin.oa.visit("o1")
    assert await api.person(code) == oa_account.Person("o1", "snsapi_base")
    for bad, errcode in ((code, 40163), ("made up", 40029)):
        with pytest.raises(PlatformRefused) as error:
            await api.person(bad)
        assert error.value.errcode == errcode
    late = twin.oa.visit("o1")
    clock.at += timedelta(minutes=5, seconds=1)
    with pytest.raises(PlatformRefused) as error:
        await api.person(late)
    assert error.value.errcode == 42003


async def test_a_snapshot_page_has_a_made_up_person(twin, api):
    """To be refused by who binds identities."""
    assert (await api.person(twin.oa.visit("o-fake", snapshot=True))).snapshot


def test_where_a_browser_is_sent_to():
    """Every value escaped, the fragment at the end."""
    url = oa_account.authorize_url("wx1", "https://example.org/m?a=1&b=2", "st/1")
    assert url.endswith("&state=st%2F1#wechat_redirect")
    assert "redirect_uri=https%3A%2F%2Fexample.org%2Fm%3Fa%3D1%26b%3D2&response_type=code&scope=snsapi_base" in url


def test_the_published_page_signature():
    """Vector J1, with and without a fragment."""
    vector = next(v for v in json.loads((WIRE / "vectors.json").read_text()) if v["id"] == "J1")
    pairs = dict(pair.split("=", 1) for pair in vector["string"].split("&", 3))
    for fragment in ("", "#top"):
        signed = oa_account.page_signature(
            pairs["jsapi_ticket"], pairs["noncestr"], int(pairs["timestamp"]), pairs["url"] + fragment
        )
        assert signed == vector["sha1"]


async def test_the_page_ticket_is_fetched_once(twin, api, clock):
    """And again before its end."""
    first, second = await api.page_config(PAGE), await api.page_config(PAGE)
    assert twin.oa.calls["ticket/getticket"] == 1
    assert first["nonceStr"] != second["nonceStr"]
    assert first["signature"] == oa_account.page_signature(
        twin.oa.assets._ticket[0], first["nonceStr"], first["timestamp"], PAGE
    )
    clock.at += timedelta(seconds=7200)
    await api.page_config(PAGE)
    assert twin.oa.calls["ticket/getticket"] == 2


# -- media


async def test_a_file_is_kept_for_three_days(twin, api, clock):
    """Then 40007."""
    media_id = await api.upload("image", PICTURE)
    assert (await api.media(media_id)).data == PICTURE.data
    clock.at += timedelta(days=3)
    with pytest.raises(PlatformRefused) as error:
        await api.media(media_id)
    assert error.value.errcode == 40007


@pytest.mark.parametrize("by_address", [True, False])
async def test_a_video_comes_as_bytes_or_by_its_address(twin, api, by_address):
    """Either way the same bytes, and no token travels to the second address."""
    twin.oa.files.videos_by_address = by_address
    media_id = await api.upload("video", File("a.mp4", "video/mp4", b"\0\0\0 ftypmp42"))
    media = await api.media(media_id)
    assert (media.content_type, media.data) == ("video/mp4", b"\0\0\0 ftypmp42")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/x",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "https://evil.example/a.qpic.cn",
        "http://vd.qpic.cn:8080/x",
        "//x",
        "",
        7,
    ],
)
async def test_no_other_address_is_visited(twin, api, address):
    """An answer that points elsewhere is refused."""
    twin.oa.faults.add("media/get", Trouble(body=json.dumps({"video_url": address}).encode()))
    with pytest.raises(PlatformRefused):
        await api.media("m")


@pytest.mark.parametrize(("kind", "size"), [("thumb", 64 * 1024 + 1), ("image", 0), ("gif", 5)])
async def test_a_file_that_does_not_fit_costs_no_call(twin, api, kind, size):
    """Too big, empty, or of no kind."""
    with pytest.raises(ContentRefused):
        await api.upload(kind, File("x", "image/jpeg", b"x" * size))
    assert twin.oa.calls["media/upload"] == 0


# -- publishing, quotas


async def test_an_article_is_drafted_published_and_found(twin, api):
    """First going, then done with its address; the draft is used up."""
    twin.oa.event_delay = 0.2
    thumb = await api.keep("image", PICTURE)
    draft = await api.draft([oa_account.article("本月公示", "<p>办结 12 件</p>", thumb, author="社区")])
    job = await api.publish(draft)
    assert (await api.publication(job)).state == "going"
    await twin.oa.settle()
    done = await api.publication(job)
    assert (done.state, len(done.urls)) == ("done", 1)
    with pytest.raises(PlatformRefused):
        await api.publish(draft)
    with pytest.raises(ContentRefused):
        await api.draft([])


async def test_an_article_that_is_not_let_through_has_failed(twin, api):
    """The platform's review said no."""
    thumb = await api.keep("image", PICTURE)
    twin.oa.assets.outcome = 4
    job = await api.publish(await api.draft([oa_account.article("t", "<p>x</p>", thumb)]))
    await twin.oa.settle()
    assert await api.publication(job) == oa_account.Publication("failed")
    with pytest.raises(PlatformRefused):
        await api.draft([oa_account.article("t", "<p>x</p>", await api.upload("image", PICTURE))])


async def test_a_quota_can_be_asked_for(twin, api):
    """Limit, used, left."""
    twin.oa.limits.daily["message/custom/send"] = 10
    await api.send("o1", oa_messages.text("x"))
    assert await api.quota("message/custom/send") == Quota(10, 1, 9)


@pytest.mark.parametrize(
    ("path", "call"),
    [
        ("menu/get", lambda api: api.menu()),
        ("qrcode/create", lambda api: api.code(1, 60)),
        ("media/upload", lambda api: api.upload("image", PICTURE)),
        ("user/info", lambda api: api.follower("o1")),
        ("/sns/oauth2/access_token", lambda api: api.person("c")),
        ("ticket/getticket", lambda api: api.page_config(PAGE)),
        ("freepublish/submit", lambda api: api.publish("d")),
        ("openapi/quota/get", lambda api: api.quota("menu/get")),
    ],
)
@pytest.mark.parametrize(
    "body", [b"{}", b'{"ticket":[],"openid":{},"media_id":false,"publish_id":null,"quota":7,"menu":"x"}']
)
async def test_an_answer_without_what_was_asked_for_is_busy(twin, api, path, call, body):
    """A gateway's idea of an answer, or one of wrong types."""
    twin.oa.faults.add(path, Trouble(body=body), times=None)
    with pytest.raises(PlatformBusy):
        await call(api)
