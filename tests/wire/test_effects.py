"""Every recorded shape delivered, sealed, to the whole service: what is answered, what is counted, what changes.

A shape that is nobody's concern is acknowledged (`success`, or nothing on WeCom), counted, and leaves no row behind.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from tests.channels.platform_side import WIRE
from tests.support import pictures, rows

from redprop_bot.channels.events import KNOWN_AND_IGNORED
from redprop_bot.notify import outbox
from redprop_bot.rules.telling import Weight
from redprop_bot.store.tables import Attachment, Card, Demand, Estate, Grant, Inbox, Outbox, Person, Post
from redprop_bot.store.tx import Tx, table_of

FILES = {
    str(p.relative_to(WIRE).with_suffix("")): p for p in sorted([*WIRE.glob("*/*.xml"), *WIRE.glob("*/*.json")])
}
OPENID, MEMBER = "oW1reTestPerson0000000000001", "LiMgr"
HERE = {"lat": 30.5123, "lng": 117.0534}


@dataclass(frozen=True)
class Effect:
    """What a shape does: words of the answer ("" for a bare acknowledgement), and what is true afterwards."""

    answer: str = ""
    after: Callable[[Tx], bool] = lambda _tx: True
    before: Callable[[Tx], Any] = lambda _tx: None


def person(tx: Tx, **by: str) -> Person | None:
    table = table_of(Person)
    [(name, value)] = by.items()
    return tx.find(Person, table.c[name] == value)


def follows(yes: bool) -> Callable[[Tx], bool]:
    return lambda tx: person(tx, openid=OPENID).following is yes


def nobody(tx: Tx) -> bool:
    """No person was made of a sender that is none."""
    return person(tx, userid="sys") is None and person(tx, openid=OPENID) is None


def placed(tx: Tx) -> None:
    """An estate near the recorded position."""
    estate = tx.list(Estate)[0]
    tx.update(Estate, estate.id, **HERE)


def reported(tx: Tx) -> Any:
    """The sender has just reported something."""
    return rows.person(tx, openid=OPENID)


def sent(msgid: str) -> Callable[[Tx], Any]:
    return lambda tx: rows.owed(tx, key=f"k{msgid}", channel="oa", receiver=OPENID, state="sent", msgid=msgid)


def outcome(msgid: str, wanted: str) -> Callable[[Tx], bool]:
    """Noted as the platform spells it; what did not arrive is owed again."""

    def holds(tx: Tx) -> bool:
        [row] = tx.list(Outbox, table_of(Outbox).c.msgid == msgid)
        owed_again = row.state == "pending"
        return row.outcome == wanted and owed_again is wanted.startswith("failed") and nobody(tx)

    return holds


def grants(*wanted: str) -> Callable[[Tx], bool]:
    return lambda tx: sorted(g.template_id for g in tx.list(Grant) if g.used_at is None) == sorted(wanted)


def has_yes(tx: Tx) -> Any:
    return tx.insert(Grant, key="old", openid=OPENID, template_id="tpl-1", given_at=tx.now)


def owed(tx: Tx) -> Any:
    """The sender follows, and something is on its way to them."""
    resident = rows.person(tx, openid=OPENID)
    outbox.queue(tx, [(resident, outbox.Draft("k", "late", "一句话", weight=Weight.ANSWER))])


def nothing_owed(tx: Tx) -> bool:
    return follows(False)(tx) and [m.state for m in tx.list(Outbox)] == ["dead"]


def worker(tx: Tx) -> Any:
    """The member of the directory events works for a unit: 郝师傅 under another account."""
    tx.update(Person, person(tx, userid="haosf").id, userid="zhousf")


def duty(yes: bool, userid: str = "zhousf") -> Callable[[Tx], bool]:
    def holds(tx: Tx) -> bool:
        found = person(tx, userid=userid)
        posts = tx.list(Post, table_of(Post).c.person_id == found.id) if found else []
        return bool(posts) and all(post.on_duty is yes for post in posts) and person(tx, userid="sys") is None

    return holds


def left(tx: Tx) -> bool:
    """Gone, and those who stay know."""
    told = {m.receiver for m in tx.list(Outbox) if m.message == "left"}
    return person(tx, userid="zhousf").left_at is not None and {"jianjl", "linsj"} <= told


NOT_HEARD = "这段语音我没听清字"
EFFECTS: dict[str, Effect] = {
    "oa/message__text": Effect("记下了", lambda tx: [d.category for d in tx.list(Demand)] == ["elevator"]),
    "oa/message__text__json": Effect("接下来没有排好的活动"),
    "oa/message__text__from_article": Effect("接下来没有排好的活动"),
    "oa/message__text__menu_item": Effect("不客气"),  # an option of a demand that is not there: only its words
    "oa/message__text__empty": Effect(""),
    "oa/message__image": Effect("照片收到了", lambda tx: tx.list(Attachment) == []),
    "oa/message__voice": Effect(NOT_HEARD),
    "oa/message__voice__recognition": Effect(
        "先记下了", lambda tx: [a.kind for a in tx.list(Attachment)] == ["voice"]
    ),
    "oa/message__video": Effect("照片收到了"),
    "oa/message__shortvideo": Effect("照片收到了"),
    "oa/message__location": Effect(
        "海棠苑的邻居", lambda tx: person(tx, openid=OPENID).estate_id is not None, placed
    ),
    "oa/message__link": Effect("链接我打不开", lambda tx: tx.list(Demand) == []),
    "oa/event__subscribe": Effect("您好！有事直接说一句", follows(True)),
    "oa/event__subscribe__no_key": Effect("您好！有事直接说一句", follows(True)),
    "oa/event__subscribe__qr": Effect("您好！有事直接说一句", follows(True)),  # a scene of nobody's
    "oa/event__unsubscribe": Effect("", nothing_owed, owed),
    "oa/event__scan": Effect("您好！有事直接说一句"),
    "oa/event__location": Effect("", lambda tx: person(tx, openid=OPENID).estate_id is None, placed),
    "oa/event__click": Effect("直接说一句什么事"),
    "oa/event__templatesendjobfinish": Effect("", outcome("200163836", "success"), sent("200163836")),
    "oa/event__templatesendjobfinish__failed": Effect(
        "", outcome("200163836", "failed: system failed"), sent("200163836")
    ),
    "oa/event__templatesendjobfinish__failed_close": Effect(
        "", outcome("200163836", "failed:system failed"), sent("200163836")
    ),
    "oa/event__templatesendjobfinish__user_block": Effect(
        "", outcome("200163836", "failed:user block"), sent("200163836")
    ),
    "oa/event__subscribe_msg_popup_event": Effect("", grants("tpl-1")),
    "oa/event__subscribe_msg_popup_event__one": Effect("", grants("tpl-1")),
    "oa/event__subscribe_msg_popup_event__empty": Effect("", grants()),
    "oa/event__subscribe_msg_popup_event__json_one": Effect("", grants("tpl-1")),
    "oa/event__subscribe_msg_popup_event__json_several": Effect("", grants("tpl-1")),
    "oa/event__subscribe_msg_change_event": Effect("", grants(), has_yes),
    "oa/event__subscribe_msg_change_event__json": Effect("", grants(), has_yes),
    "oa/event__subscribe_msg_sent_event": Effect(
        "", outcome("1700827132819554304", "success"), sent("1700827132819554304")
    ),
    "oa/event__subscribe_msg_sent_event__json": Effect(
        "", outcome("1700827132819554304", "success"), sent("1700827132819554304")
    ),
    "oa/event__subscribe_msg_sent_event__several": Effect(
        "", outcome("1700827132819554305", "failed:43101 user refuse"), sent("1700827132819554305")
    ),
    "work/message__text": Effect("要由对应岗位的同志来做"),
    "work/message__image": Effect("照片收到了"),
    "work/message__voice": Effect(NOT_HEARD),
    "work/message__video": Effect("照片收到了"),
    "work/message__location": Effect("海棠苑的邻居", before=placed),
    "work/message__link": Effect("链接我打不开"),
    "work/event__subscribe": Effect("您好！有事直接说一句"),
    "work/event__unsubscribe": Effect("", lambda tx: person(tx, userid=MEMBER).following),
    "work/event__location": Effect("", before=placed),
    "work/event__click": Effect("没有查到您报过的事"),
    "work/event__change_contact__create_user": Effect("", nobody),
    "work/event__change_contact__update_user": Effect("", duty(True, "zhousf2"), worker),
    "work/event__change_contact__delete_user": Effect("", left, worker),
    "work/event__change_contact__disabled": Effect("", left, worker),
    "work/event__change_contact__create_party": Effect("", nobody),
    "work/event__change_contact__update_party": Effect("", nobody),
    "work/event__change_contact__delete_party": Effect("", nobody),
    "work/event__change_contact__update_tag": Effect("", nobody),
    "work/event__template_card_event__button": Effect("这张卡片不是发给您的"),
    "work/event__template_card_event__vote": Effect("这张卡片不是发给您的"),
    "work/event__template_card_event__one_vote": Effect("这张卡片不是发给您的"),
    "work/event__template_card_event__nothing_chosen": Effect("这张卡片不是发给您的"),
    "work/event__template_card_event__mended_spelling": Effect("这张卡片不是发给您的"),
}
IGNORED = [name for name in FILES if name not in EFFECTS]


async def deliver(house: Any, name: str) -> tuple[int, str]:
    """Status and shown text of the answer to a shape."""
    side = house.twin.oa if name.startswith("oa/") else house.twin.work
    account = side.account if name.startswith("oa/") else side.corp_id
    text, now = FILES[name].read_text(), int(house.clock.now().timestamp())
    query, body = side.phones._seal.pack(text, account=account, now=now)
    answer = await house.client.post(f"/wechat/{name.partition('/')[0]}?{query}", data=body)
    data = await answer.read()
    if data in (b"success", b""):
        assert (data == b"success") == name.startswith("oa/")
        return answer.status, ""
    return answer.status, side.phones._seal.open(data).decode()


async def counted(house: Any, outcome: str) -> float:
    """How many deliveries had this outcome, on both channels."""
    text = await (await house.client.get("/metrics")).text()
    lines = [line for line in text.splitlines() if line.startswith("redprop_messages_total")]
    return sum(float(line.split()[-1]) for line in lines if f'outcome="{outcome}"' in line)


@pytest.mark.parametrize("name", EFFECTS)
async def test_a_shape_has_its_effect_once(small_house, name):
    """The answer, what is true afterwards, and nothing more by a second delivery."""
    effect = EFFECTS[name]
    small_house.office.store.run(effect.before)
    status, text = await deliver(small_house, name)
    assert status == 200
    assert effect.answer in text
    assert bool(text) == bool(effect.answer)
    assert small_house.office.store.look(effect.after)
    assert await counted(small_house, "handled") == 1
    assert await deliver(small_house, name) == (status, text)
    assert small_house.office.store.look(effect.after)
    assert (await counted(small_house, "handled"), await counted(small_house, "repeated")) == (1, 1)
    assert small_house.office.store.look(lambda tx: [i.status for i in tx.list(Inbox)]) == ["done"]


async def test_what_is_nobodys_concern_is_acknowledged_and_counted(small_house):
    """Known ones as ignored, others as unknown; none leaves a row."""
    unknown = [name for name in IGNORED if "__unknown" in name]
    for name in IGNORED:
        assert await deliver(small_house, name) == (200, ""), name
    assert await counted(small_house, "ignored") == len(IGNORED) - len(unknown)
    assert await counted(small_house, "unknown") == len(unknown) == 4
    assert small_house.office.store.look(lambda tx: len(tx.list(Inbox)) + len(tx.list(Outbox))) == 0
    ignored = {name.split("__")[1] for name in IGNORED} - {"unknown", "unknown_type"}
    assert ignored <= KNOWN_AND_IGNORED


async def test_what_is_waited_for_is_all_there():
    """Every shape is in one of the two lists by its name, and no expectation is without its shape."""
    assert set(EFFECTS) <= set(FILES)
    assert all("/event__" in name or "__unknown" in name for name in IGNORED)


async def test_a_tap_acts_once_and_the_card_says_so(small_house):
    """The order is taken, the buttons give way, another tap changes nothing."""
    await small_house.twin.oa.say("o-xu", "海棠苑3栋2单元电梯坏了")
    await small_house.deliver()
    [card] = [e for e in small_house.twin.ledger.shown("jianjl") if e.kind == "card"]
    task_id, key = card.detail["task_id"], card.detail["card"]["button_list"][0]["key"]
    first = await small_house.twin.work.tap("jianjl", task_id, key)
    assert "已接单" in first.text
    await small_house.deliver()
    assert [e.text for e in small_house.twin.ledger.shown("jianjl") if e.kind == "card_update"] == [
        "办理中 · 简经理"
    ]
    again = await small_house.twin.work.phones.again()
    assert again.text == first.text
    assert {c.state for c in small_house.office.store.look(lambda tx: tx.list(Card)) if c.task_id == task_id} == {
        "done"
    }
    assert [d.stage for d in small_house.office.store.look(lambda tx: tx.list(Demand))] == ["accepted"]


async def test_a_button_that_nobody_made_does_nothing(small_house):
    """A vote, or a key of another version, on a card that is open: a sentence, and the card stays."""
    await small_house.twin.oa.say("o-xu", "海棠苑3栋2单元电梯坏了")
    await small_house.deliver()
    [card] = [e for e in small_house.twin.ledger.shown("jianjl") if e.kind == "card"]
    fields = {"EventKey": "submit", "TaskId": card.detail["task_id"], "CardType": "vote_interaction"}
    item = {"QuestionKey": "q1", "OpitonIds": {"OpitonId": ["a", "b"]}}
    chosen = {"ResponseCode": "code", "AgentID": 1, "SelectedItems": {"SelectedItem": [item]}}
    outcome = await small_house.twin.work.phones.event("jianjl", "template_card_event", fields | chosen)
    assert "这张卡片不是发给您的" in outcome.text
    assert [d.stage for d in small_house.office.store.look(lambda tx: tx.list(Demand))] == ["dispatched"]


async def test_pictures_are_fetched_by_their_id_and_never_by_their_address(small_house):
    """PicUrl is anybody's word in plain mode: it is not even kept."""
    await small_house.twin.oa.say("o-xu", "海棠苑3栋2单元电梯坏了")
    await small_house.twin.oa.image("o-xu", pictures.jpeg())
    row = small_house.office.store.look(lambda tx: tx.list(Attachment))[0]
    stored = small_house.office.store.look(lambda tx: str([i.payload for i in tx.list(Inbox)]))
    assert (row.url, row.state, row.channel) == (None, "wanted", "oa")
    assert "qpic" not in stored


# The rows of the published tables, by the names that the platforms give them.
OA_MESSAGES = "text image voice video shortvideo location link"
OA_EVENTS = (
    "subscribe unsubscribe SCAN LOCATION CLICK VIEW view_miniprogram scancode_push scancode_waitmsg pic_sysphoto "
    "pic_photo_or_album pic_weixin location_select TEMPLATESENDJOBFINISH MASSSENDJOBFINISH PUBLISHJOBFINISH "
    "subscribe_msg_popup_event subscribe_msg_change_event subscribe_msg_sent_event kf_create_session kf_close_session "
    "kf_switch_session user_authorization_revoke user_info_modified user_enter_tempsession "
    "qualification_verify_success verify_expired wxa_media_check"
)
WORK_MESSAGES = "text image voice video location link"
WORK_EVENTS = (
    "subscribe unsubscribe enter_agent LOCATION click view view_miniprogram scancode_push scancode_waitmsg "
    "pic_sysphoto pic_photo_or_album pic_weixin location_select batch_job_result template_card_event "
    "template_card_menu_event taskcard_click open_approval_change sys_approval_change close_inactive_agent "
    "reopen_inactive_agent switch_workbench_mode upload_media_job_finish kf_msg_or_event change_external_contact "
    "change_contact__create_user change_contact__update_user change_contact__delete_user "
    "change_contact__create_party change_contact__update_party change_contact__delete_party change_contact__update_tag"
)


@pytest.mark.parametrize(
    ("side", "kind", "names"),
    [
        ("oa", "message", OA_MESSAGES),
        ("oa", "event", OA_EVENTS),
        ("work", "message", WORK_MESSAGES),
        ("work", "event", WORK_EVENTS),
    ],
)
def test_every_row_of_the_published_tables_has_a_recorded_shape(side, kind, names):
    """And a test above of what it does: its effect, or that it is acknowledged, counted and leaves no row."""
    wanted = [f"{side}/{kind}__{name.lower()}" for name in names.split()]
    lost = [name for name in wanted if not any(f == name or f.startswith(f"{name}__") for f in FILES)]
    assert lost == []
    assert set(FILES) == set(EFFECTS) | set(IGNORED)
