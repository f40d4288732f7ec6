"""`doctor --platform` and `menu`: each common fault of a set-up is told in plain Chinese with what to do."""

import argparse
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from redprop_bot.bootstrap.sending import senders
from redprop_bot.channels.probe import Verified
from redprop_bot.cli import menu
from redprop_bot.cli.platforms import callbacks, comparing
from redprop_bot.cli.platforms.explaining import plain
from redprop_bot.cli.platforms.inspecting import inspect, wanted_menu
from redprop_bot.cli.platforms.lines import Mark
from redprop_bot.content.templates import Template, Templates
from redprop_bot.errors import PlatformLimited
from redprop_bot.ports import Channel
from redprop_bot.web.serving import calling

ID = "Tm_1" * 10
ALL_GOOD = {
    *("公众号 对时", "公众号 回调自测", "公众号 收到消息", "公众号 凭证", "公众号 菜单"),
    *(
        "企业微信 对时",
        "企业微信 回调自测",
        "企业微信 凭证",
        "企业微信 应用",
        "企业微信 可信域名",
        "企业微信 菜单",
    ),
}


@pytest.fixture
def ready(small_house):
    """A house whose callbacks are reached, whose clock is right, and whose accounts have its menus."""
    url = str(small_house.client.make_url("/")).rstrip("/")
    office = small_house.office
    office.settings = office.settings.model_copy(update={"public_url": url})
    small_house.clock.at = datetime.now(UTC)
    twin = small_house.twin
    twin.oa.assets.menu = wanted_menu(office, Channel.OA)
    twin.work.application.menu = wanted_menu(office, Channel.WORK)
    twin.work.application.domain = "127.0.0.1"
    return small_house


async def examined(house, **settings):
    """The report by name; with other settings, and fresh senders for them."""
    office = house.office
    if settings:
        office.settings = office.settings.model_copy(update=settings)
        async with calling() as session:
            office.senders = senders(office, session)
            return {line.name: line async for line in inspect(office)}
    return {line.name: line async for line in inspect(office)}


def changed(account, **values):
    return account.model_copy(update=values)


async def test_all_is_well(ready):
    """Everything is right: what is looked at is named, nothing is wrong but the address of this test's machine."""
    await ready.twin.oa.say("o-xu", "你好")
    found = await examined(ready)
    assert {name for name, line in found.items() if line.mark is Mark.GOOD} == ALL_GOOD
    assert [name for name, line in found.items() if line.mark is Mark.BAD] == ["网址"]
    assert found["企业微信 收到消息"].mark is Mark.HINT


ACCOUNT_FAULTS = [
    ("oa", {"app_id": "gh_0123456789ab"}, "40013", ("AppID 不对", "REDPROP_OA__APP_ID", "wx 开头的 18 位")),
    (
        "oa",
        {"secret": SecretStr("wrong-secret-of-the-account")},
        "40125",
        ("AppSecret 不对", "REDPROP_OA__SECRET"),
    ),
    ("work", {"corp_id": "ww0000000000000000"}, "40013", ("企业 ID 不对", "我的企业", "半小时")),
    (
        "work",
        {"secret": SecretStr("wrong-secret-of-the-account")},
        "40001",
        ("Secret 不对", "REDPROP_WORK__SECRET"),
    ),
]


@pytest.mark.parametrize(("platform", "values", "code", "says"), ACCOUNT_FAULTS)
async def test_wrong_identity(ready, platform, values, code, says):
    """Wrong id or secret: one line says which and where to find the right one; what lies behind is not asked for."""
    account = changed(getattr(ready.office.settings, platform), **values)
    found = await examined(ready, **{platform: account})
    name = "公众号" if platform == "oa" else "企业微信"
    line = found[f"{name} 凭证"]
    assert line.mark is Mark.BAD
    assert all(words in line.says for words in (*says, f"错误码 {code}")), line
    assert "wrong-secret" not in "\n".join(map(str, found.values()))
    assert f"{name} 菜单" not in found


async def test_our_address_is_not_on_the_lists(ready):
    """40164 and 60020 name the address as the platform sees it, and the page on which to enter it."""
    ready.twin.oa.trusted = ready.twin.work.trusted = False
    found = await examined(ready)
    assert "IP 白名单" in found["公众号 凭证"].says
    assert "127.0.0.1" in found["公众号 凭证"].says
    assert "40164" in found["公众号 凭证"].says
    assert "rid" in found["公众号 凭证"].says
    assert "企业可信 IP" in found["企业微信 凭证"].says
    assert "127.0.0.1" in found["企业微信 凭证"].says
    assert "60020" in found["企业微信 凭证"].says


async def test_wrong_agent(ready):
    """A secret of one application with the number of another."""
    account = changed(ready.office.settings.work, agent_id=1000009)
    line = (await examined(ready, work=account))["企业微信 应用"]
    assert line.mark is Mark.BAD
    assert "不是同一个应用的" in line.says


async def test_the_application_is_off_or_of_another_domain(ready):
    """Both stand on the application's page."""
    ready.twin.work.application.closed = True
    ready.twin.work.application.domain = "other.example.cn"
    found = await examined(ready)
    assert "停用" in found["企业微信 应用"].says
    assert "other.example.cn" in found["企业微信 可信域名"].says
    ready.twin.work.application.domain = None
    assert "还没有填" in (await examined(ready))["企业微信 可信域名"].says


@pytest.mark.parametrize("platform", ["oa", "work"])
async def test_the_service_has_another_token(ready, platform):
    """The configuration here and that of the service which answers differ: restart, or look at the values."""
    account = changed(getattr(ready.office.settings, platform), token=SecretStr("another0token"))
    found = await examined(ready, **{platform: account})
    line = found[f"{'公众号' if platform == 'oa' else '企业微信'} 回调自测"]
    assert line.mark is Mark.BAD
    assert "Token 或 EncodingAESKey" in line.says
    assert "another0token" not in str(line)


async def test_the_service_has_another_key(ready):
    """WeCom's verification is encrypted: another AES key shows too."""
    account = changed(ready.office.settings.work, aes_key=SecretStr("k" * 43))
    line = (await examined(ready, work=account))["企业微信 回调自测"]
    assert line.mark is Mark.BAD
    assert "EncodingAESKey" in line.says


async def test_nobody_answers_at_our_address(ready):
    """A port on which nobody listens, and a page that is none of ours."""
    found = await examined(ready, public_url="http://127.0.0.1:9")
    assert "连不上" in found["公众号 回调自测"].says
    url = ready.office.settings.public_url
    found = await examined(ready, public_url=f"{ready.twin.oa.origin}")
    assert "404" in found["公众号 回调自测"].says or "没有这个回调" in found["公众号 回调自测"].says
    assert url != ready.twin.oa.origin


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (Verified("dns"), "解析不到"),
        (Verified("tls"), "证书"),
        (Verified("timeout"), "5 秒"),
        (Verified("redirect", 301), "跳转"),
        (Verified("other_answer", 200), "不是验证码原文"),
        (Verified("status", 404), "没有这个回调"),
        (Verified("status", 502), "HTTP 502"),
    ],
)
def test_what_a_callback_may_do(content, found, says):
    """Each has its own remedy."""
    line = callbacks.callback(content.replies, "https://sq.example.cn/wechat/oa", found)
    assert line.mark is Mark.BAD
    assert says in line.says


@pytest.mark.parametrize(
    ("minutes", "mark", "way"), [(10, Mark.BAD, "快 10 分钟"), (-10, Mark.BAD, "慢 10 分钟"), (3, Mark.HINT, "快")]
)
async def test_the_clock_is_off(ready, minutes, mark, way):
    """Against the platform's own Date: beyond five minutes every delivery is refused as a replay."""
    ready.clock.at = datetime.now(UTC) + timedelta(minutes=minutes)
    found = await examined(ready)
    for name in ("公众号 对时", "企业微信 对时"):
        assert found[name].mark is mark
        assert way in found[name].says
    assert ("校时" in found["公众号 对时"].says) is True


@pytest.mark.parametrize(
    ("url", "configured", "mark", "says"),
    [
        ("https://sq.example.cn", True, Mark.GOOD, "https://sq.example.cn"),
        ("https://sq.example.cn:443", True, Mark.GOOD, ""),
        ("http://sq.example.cn", True, Mark.HINT, "不是 https"),
        ("https://sq.example.cn:8443", True, Mark.BAD, "只连 80"),
        ("http://127.0.0.1:8080", False, Mark.BAD, "REDPROP_PUBLIC_URL"),
        ("http://192.168.1.20", True, Mark.BAD, "内网"),
        ("https://server", True, Mark.BAD, "内网"),
        ("http://[::1]", True, Mark.BAD, "内网"),
        ("https://8.8.8.8", True, Mark.HINT, "IP"),
        ("https://sq.example.cn:99999", True, Mark.BAD, "端口"),
    ],
)
def test_addresses(content, url, configured, mark, says):
    """What platforms do not reach is told before anybody waits for them."""
    line = callbacks.address(content.replies, url, configured=configured)
    assert (line.mark, says in line.says) == (mark, True), line


async def test_menus_that_differ(ready):
    """The lines to go and to come; none there at all."""
    old = {"type": "view", "name": "旧网站", "url": "https://old.example.cn/"}
    ready.twin.oa.assets.menu = [*wanted_menu(ready.office, Channel.OA)[:1], old]
    ready.twin.work.application.menu = []
    found = await examined(ready)
    assert "- 旧网站（打开 https://old.example.cn/）" in found["公众号 菜单"].says
    assert "+ 社区 › 看公示（点击 notices）" in found["公众号 菜单"].says
    assert "我要报事" not in found["公众号 菜单"].says
    assert "还没有建" in found["企业微信 菜单"].says


def test_what_the_platform_adds_is_no_difference():
    """menu/get answers empty sub_button lists and more fields; only what we say counts, and its order."""
    ours = [
        {"name": "报事", "type": "click", "key": "report"},
        {"name": "更多", "sub_button": [{"name": "帮助", "type": "click", "key": "help"}]},
    ]
    theirs = [
        {"name": "报事", "type": "click", "key": "report", "sub_button": []},
        {"name": "更多", "sub_button": [{"name": "帮助", "type": "click", "key": "help", "sub_button": []}]},
    ]
    assert comparing.menu_difference(ours, theirs) == []
    assert comparing.menu_difference(ours, theirs[::-1]) != []


def having(house, kind, **fields):
    content = house.office.content
    template = Template(kind=kind, title="报修进度", id=ID, messages=("*",), fields=fields)
    house.office.content = replace(content, templates=Templates((template,)))


async def test_templates_that_differ(ready):
    """Unknown number, keywords that are missing on either side, another title; and all right."""
    having(ready, "template", thing1="what", thing3="where")
    assert "没有编号" in (await examined(ready))["公众号 模板消息"].says
    own = {"template_id": ID, "title": "报修进度", "content": "{{thing1.DATA}}\n{{phrase2.DATA}}"}
    ready.twin.oa.assets.templates = [own]
    line = (await examined(ready))["公众号 模板消息"]
    assert line.mark is Mark.BAD
    assert "没有 thing3" in line.says
    assert "还要填 phrase2" in line.says
    having(ready, "template", thing1="what", phrase2="stage")
    assert (await examined(ready))["公众号 模板消息"].mark is Mark.GOOD
    ready.twin.oa.assets.templates = [own | {"title": "取件提醒"}]
    assert "取件提醒" in (await examined(ready))["公众号 模板消息"].says


async def test_notices_and_what_there_is_to_choose_from(ready):
    """Subscription notices come from their own list; where none is used, the account's are offered."""
    notice = {"priTmplId": ID, "title": "工单提醒", "content": "单号:{{character_string1.DATA}}", "type": 2}
    ready.twin.oa.assets.notices = [notice]
    line = (await examined(ready))["公众号 订阅通知"]
    assert line.mark is Mark.HINT
    assert f"工单提醒：{ID}（character_string1）" in line.says


async def test_an_account_without_these_apis(ready):
    """48001 is no fault where nothing is used, and one where something is."""
    ready.twin.oa.lacks = frozenset({"template/get_all_private_template", "/wxaapi/newtmpl/gettemplate"})
    having(ready, "template", thing1="what")
    found = await examined(ready)
    assert found["公众号 模板消息"].mark is Mark.BAD
    assert found["公众号 订阅通知"].mark is Mark.HINT
    assert "没有这项功能" in found["公众号 订阅通知"].says


async def test_nothing_configured(ready):
    """Then there is nothing to look at, and a page that says how to begin."""
    found = await examined(ready, oa=None, work=None)
    assert "docs/setup.md" in found["平台"].says


def test_quotas_and_the_unknown(content):
    """A quota says until when; an unknown code shows itself."""
    until = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
    assert "以后再试" in plain(content.replies, PlatformLimited("menu/get", 45009, "x", until=until), Channel.OA)
    assert "错误码 99999" in plain(content.replies, PlatformLimited("menu/get", 99999, "x"), Channel.OA)


# -- menu push


def wish(**given):
    return argparse.Namespace(**{"only": None, "push": True, "yes": True, **given})


async def test_menus_are_pushed_after_the_difference(ready, capsys):
    """Both platforms; the second time there is nothing to do. Then doctor is content."""
    ready.twin.oa.assets.menu, ready.twin.work.application.menu = None, []
    assert await menu.settle(ready.office, wish()) == 0
    out = capsys.readouterr().out
    assert out.index("+ 我要报事") < out.index("公众号：推上去了")
    assert ready.twin.oa.assets.menu == wanted_menu(ready.office, Channel.OA)
    assert await menu.settle(ready.office, wish()) == 0
    assert capsys.readouterr().out.count("已经一样") == 2
    assert (await examined(ready))["公众号 菜单"].mark is Mark.GOOD


async def test_showing_and_not_agreeing_changes_nothing(ready, capsys, monkeypatch):
    """`show`, and `push` where nobody says yes, end with 1 and leave the menu alone."""
    ready.twin.oa.assets.menu = None
    assert await menu.settle(ready.office, wish(push=False, only="oa")) == 1
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert await menu.settle(ready.office, wish(yes=False, only="oa")) == 1
    assert ready.twin.oa.assets.menu is None
    assert "没有改" in capsys.readouterr().out


async def test_a_menu_that_is_refused(ready, capsys):
    """What the platform says no to is explained like everything else."""
    ready.twin.oa.trusted = False
    ready.twin.oa.tokens.revoke()
    assert await menu.settle(ready.office, wish(only="oa")) == 1
    assert "IP 白名单" in capsys.readouterr().err
