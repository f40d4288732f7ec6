"""Every kind of WeCom message: what is made is taken by the platform, what is too long never goes on the wire."""

import pytest

from redprop_bot.channels import robots, work_cards, work_messages
from redprop_bot.channels.work_messages import Article, Receivers
from redprop_bot.errors import PlatformRefused
from redprop_bot.simulated import judging
from redprop_bot.simulated.cards import judge

WEB = "https://example.org/m/x"
ROWS = [("时间", "明天九点")]

MADE = {
    "text": work_messages.text("新工单 <a href='https://example.org'>打开</a>"),
    "text at its limit": work_messages.text("好" * 682 + "ab"),
    "markdown": work_messages.markdown("**待办** 3 件"),
    "text card": work_messages.text_card("周报", "本周办结 12 件", WEB, "详情"),
    "news": work_messages.news([Article("通知", WEB, "说明", f"{WEB}.png")] * 8),
    "news to a mini program": work_messages.news([Article("通知", app_id="wx1", page="pages/a")]),
    "image": work_messages.media("image", "m1"),
    "voice": work_messages.media("voice", "m1"),
    "file": work_messages.media("file", "m1"),
    "video": work_messages.video("m1", "巡查", "三号楼"),
    "mini program": work_messages.mini_program("wx1", "会议提醒", description="今天下午", rows=ROWS * 10),
}


@pytest.mark.parametrize("name", MADE)
def test_what_is_made_is_taken(name):
    """By the twin, which was written apart from the makers."""
    message = MADE[name]
    payload = message.payload()
    assert payload["msgtype"] == message.kind
    text, _ = judging.shown(message.kind, payload[message.kind], lambda media_id: media_id == "m1")
    if message.kind == "text":
        assert text == message.body["content"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: work_messages.text(" \n"),
        lambda: work_messages.text("好" * 683),
        lambda: work_messages.markdown("x" * 2049),
        lambda: work_messages.text_card("好" * 43, "x", WEB),
        lambda: work_messages.text_card("x", "好" * 171, WEB),
        lambda: work_messages.text_card("x", "", WEB),
        lambda: work_messages.text_card("x", "x", "javascript:alert(1)"),
        lambda: work_messages.text_card("x", "x", WEB + "x" * 2048),
        lambda: work_messages.text_card("x", "x", WEB, "五个字的钮"),
        lambda: work_messages.news([]),
        lambda: work_messages.news([Article("x", WEB)] * 9),
        lambda: work_messages.news([Article("", WEB)]),
        lambda: work_messages.news([Article("x")]),
        lambda: work_messages.news([Article("x", WEB, app_id="wx1")]),
        lambda: work_messages.news([Article("x", WEB, picture="file:///etc/passwd")]),
        lambda: work_messages.media("music", "m1"),
        lambda: work_messages.media("image", ""),
        lambda: work_messages.video("m1", "好" * 43),
        lambda: work_messages.video("m1", "x", "好" * 171),
        lambda: work_messages.mini_program("wx1", "三个字"),
        lambda: work_messages.mini_program("wx1", "一二三四五六七八九十一二三"),
        lambda: work_messages.mini_program("", "会议提醒"),
        lambda: work_messages.mini_program("wx1", "会议提醒", rows=ROWS * 11),
        lambda: work_messages.mini_program("wx1", "会议提醒", rows=[("时间", "")]),
        lambda: work_messages.mini_program("wx1", "会议提醒", rows=[("十一个字的一个键名字呀呀", "x")]),
        lambda: work_messages.template_card({"card_type": "text_notice"}),
        lambda: Receivers().payload(),
        lambda: Receivers(users=["a|b"]).payload(),
        lambda: Receivers(users=["@all"]).payload(),
        lambda: Receivers(users=["u"] * 1001).payload(),
        lambda: Receivers(parties=range(101)).payload(),
        lambda: robots.text("好" * 683),
        lambda: robots.markdown("x" * 4097),
        lambda: robots.picture(b"GIF89a"),
        lambda: robots.picture(b"\xff\xd8\xff" + b"x" * (2 << 20)),
        lambda: robots.uploaded("image", "m1"),
        lambda: robots.template_card(work_cards.buttons("x", "t", [("k", "好")])),
        lambda: robots.template_card({}),
    ],
)
def test_what_does_not_fit_is_refused_before_the_wire(make):
    """Nothing is cut behind the caller's back: half an address or half a key is another one."""
    with pytest.raises(PlatformRefused) as refused:
        make()
    assert refused.value.errcode is None


def test_receivers_are_added_up():
    """Userids, departments, tags, or everybody, who is never named by accident."""
    payload = Receivers(users=["limgr", "zhousf"], parties=[2], tags=[7]).payload()
    assert payload == {"touser": "limgr|zhousf", "toparty": "2", "totag": "7"}
    assert Receivers(everybody=True).payload() == {"touser": "@all"}


OPTIONS = [work_cards.Option("a", "周一"), work_cards.Option("b", "周二", checked=True)]
CHOICE = work_cards.Choice("day", "哪天", OPTIONS, selected="a")
CARDS = {
    "notice": work_cards.notice("通知", WEB, desc="说明"),
    "notice without a title": {**work_cards.notice("x", WEB, sub_title="只有副题"), "main_title": {}},
    "picture": work_cards.picture_notice("通知", WEB, f"{WEB}.png", vertical_content_list=[{"title": "一"}] * 4),
    "buttons": work_cards.buttons("新工单", "t1", [("accept", "接单"), ("return", "退单")]),
    "buttons with a choice": work_cards.buttons("派单", "t2", [("go", "派出")], choice=CHOICE),
    "vote": work_cards.vote("哪天开会", "t3", "day", OPTIONS, several=True, submit=("ok", "提交")),
    "vote at its limit": work_cards.vote(
        "选", "t4", "q", [work_cards.Option(str(n), "x") for n in range(20)], submit=("ok", "提交")
    ),
    "choices": work_cards.choices("登记", "t5", [CHOICE], submit=("ok", "提交")),
    "with all the rest": work_cards.notice(
        "通知",
        WEB,
        task_id="t6",
        source={"desc": "社区", "desc_color": 1},
        quote_area={"quote_text": "原话"},
        horizontal_content_list=[
            {"keyname": "电话", "value": "x"},
            {"keyname": "网页", "type": 1, "url": WEB},
            {"keyname": "附件", "type": 2, "media_id": "m"},
            {"keyname": "同事", "type": 3, "userid": "limgr"},
        ],
        jump_list=[{"type": 1, "title": "更多", "url": WEB}] * 3,
        action_menu={"desc": "更多", "action_list": [{"text": "不再提醒", "key": "mute"}]},
    ),
}


@pytest.mark.parametrize("name", CARDS)
def test_a_card_of_every_kind_is_taken(name):
    """All five kinds, with what they may have beside."""
    assert work_cards.wrong(CARDS[name]) == ""
    judge(CARDS[name])


def changed(name, **fields):
    return {key: value for key, value in {**CARDS[name], **fields}.items() if value is not None}


LONG = [{"id": str(n), "text": "x"} for n in range(21)]
WRONG = [
    {},
    {"card_type": "poster"},
    changed("notice", main_title={}),
    changed("notice", main_title="通知"),
    changed("notice", card_action=None),
    changed("notice", card_action={"type": 1}),
    changed("notice", card_action={"type": 2}),
    changed("notice", card_action={"type": 3}),
    changed("notice", task_id="工单"),
    changed("notice", horizontal_content_list=[{"keyname": "k"}] * 7),
    changed("notice", horizontal_content_list=[{"value": "v"}]),
    changed("notice", horizontal_content_list=[{"keyname": "k", "type": 3}]),
    changed("notice", jump_list=[{"title": "x"}] * 4),
    changed("notice", action_menu={"action_list": []}, task_id="t"),
    changed("with all the rest", task_id=None),
    changed("picture", card_image=None),
    changed("picture", vertical_content_list=[{"title": "x"}] * 5),
    changed("buttons", task_id=None),
    changed("buttons", task_id="x" * 129),
    changed("buttons", button_list=[]),
    changed("buttons", button_list=[{"text": "x", "key": str(n)} for n in range(7)]),
    changed("buttons", button_list=[{"text": "一二三四五六七八九十一", "key": "k"}]),
    changed("buttons", button_list=[{"text": "x", "key": "k" * 1025}]),
    changed("buttons", button_list=[{"text": "x", "key": "k"}] * 2),
    changed("buttons", button_list=[{"text": "x", "type": 1}]),
    changed("buttons", button_list=[{"text": "x", "key": "k", "style": 5}]),
    changed("buttons with a choice", button_selection={"question_key": "q", "option_list": LONG[:11]}),
    changed("vote", checkbox={"question_key": "q", "option_list": LONG}),
    changed("vote", checkbox={"question_key": "q", "option_list": LONG[:1] * 2}),
    changed("vote", checkbox={"question_key": "q", "mode": 2, "option_list": LONG[:1]}),
    changed("vote", checkbox={"question_key": "q", "option_list": [{"id": "好" * 43, "text": "x"}]}),
    changed("vote", submit_button=None),
    changed("choices", select_list=[]),
    changed("choices", select_list=CARDS["choices"]["select_list"] * 2),
    changed("choices", select_list=[{"question_key": f"q{n}", "option_list": LONG[:1]} for n in range(4)]),
    changed("choices", submit_button={"text": "提交"}),
]


@pytest.mark.parametrize("card", WRONG, ids=range(len(WRONG)))
def test_a_card_out_of_its_limits_is_found_here_as_there(card):
    """By our check, in words; by the twin, with its code."""
    assert work_cards.wrong(card)
    with pytest.raises(Exception, match=r".") as judged:
        judge(card)
    assert judged.value.errcode == "bad_parameter"


def test_a_selection_that_is_none_of_the_options_is_found():
    """Nobody could tell what was chosen."""
    lost = work_cards.Choice("day", "哪天", OPTIONS, selected="c")
    assert "selected_id" in work_cards.wrong(work_cards.choices("x", "t", [lost], submit=("ok", "好")))
