"""Every message and event of the platforms, in its recorded shape, and what it becomes."""

import json
from datetime import UTC, datetime

import pytest
from tests.channels.platform_side import WIRE

from redprop_bot.channels.events import HANDLED, KNOWN_AND_IGNORED
from redprop_bot.channels.nodes import parse_body
from redprop_bot.channels.reading import read
from redprop_bot.errors import Malformed
from redprop_bot.ports import Channel, Kind

PLACE = {"latitude": 30.5123, "longitude": 117.0534}

HANDLED_SHAPES = {
    "oa/message__text": {"kind": Kind.TEXT, "text": "  3栋2单元电梯又坏了 \n请快点 "},
    "oa/message__text__from_article": {"text": "想报名", "extra": {"msg_data_id": "2247483651_1", "idx": "1"}},
    "oa/message__text__menu_item": {"text": "满意", "event_key": "rate:5"},
    "oa/message__text__empty": {"kind": Kind.TEXT, "text": ""},
    "oa/message__image": {"kind": Kind.IMAGE, "media_id": "image-media-id", "extra": {}},
    "oa/message__voice": {"kind": Kind.VOICE, "media_id": "voice-media-id", "text": ""},
    "oa/message__voice__recognition": {
        "text": "楼道灯不亮。",
        "extra": {"format": "amr", "media_id16_k": "voice-16k"},
    },
    "oa/message__video": {
        "kind": Kind.VIDEO,
        "media_id": "video-media-id",
        "extra": {"thumb_media_id": "thumb-id"},
    },
    "oa/message__shortvideo": {"kind": Kind.VIDEO, "media_id": "video-media-id"},
    "oa/message__location": {"kind": Kind.LOCATION, "label": "桂花园3栋", "extra": {"scale": "20"}, **PLACE},
    "oa/message__link": {
        "kind": Kind.LINK,
        "text": "停水通知",
        "extra": {"description": "明天上午停水", "url": "https://mp.weixin.qq.com/s/x"},
    },
    "oa/event__subscribe": {"event": "subscribe", "event_key": ""},
    "oa/event__subscribe__no_key": {"event": "subscribe", "event_key": ""},
    "oa/event__subscribe__qr": {
        "event": "subscribe",
        "event_key": "estate_7",
        "extra": {"ticket": "gQH47joAAAAAAAAAASxodHRw"},
    },
    "oa/event__unsubscribe": {"event": "unsubscribe"},
    "oa/event__scan": {"event": "scan", "event_key": "estate_7"},
    "oa/event__location": {"kind": Kind.EVENT, "event": "location", "extra": {"precision": "65.000000"}, **PLACE},
    "oa/event__click": {"event": "click", "event_key": "REPORT"},
    "oa/event__templatesendjobfinish": {
        "event": "templatesendjobfinish",
        "extra": {"msg_id": "200163836", "status": "success"},
    },
    "oa/event__templatesendjobfinish__failed": {
        "extra": {"msg_id": "200163836", "status": "failed: system failed"}
    },
    "oa/event__subscribe_msg_popup_event": {
        "event": "subscribe_msg_popup_event",
        "items": [
            {"template_id": "tpl-1", "subscribe_status_string": "accept", "popup_scene": "1"},
            {"template_id": "tpl-2", "subscribe_status_string": "reject", "popup_scene": "1"},
        ],
    },
    "oa/event__subscribe_msg_popup_event__one": {
        "items": [{"template_id": "tpl-1", "subscribe_status_string": "accept", "popup_scene": "2"}]
    },
    "oa/event__subscribe_msg_popup_event__empty": {"items": []},
    "oa/event__subscribe_msg_popup_event__json_one": {
        "items": [{"template_id": "tpl-1", "subscribe_status_string": "accept", "popup_scene": "1"}]
    },
    "oa/event__subscribe_msg_popup_event__json_several": {
        "items": [
            {"template_id": "tpl-1", "subscribe_status_string": "accept", "popup_scene": "1"},
            {"template_id": "tpl-2", "subscribe_status_string": "reject", "popup_scene": "1"},
        ]
    },
    "oa/event__subscribe_msg_change_event__json": {
        "items": [{"template_id": "tpl-1", "subscribe_status_string": "reject"}]
    },
    "oa/event__subscribe_msg_sent_event__json": {
        "items": [
            {"template_id": "tpl-1", "msg_id": "1700827132819554304", "error_code": "0", "error_status": "success"}
        ]
    },
    "oa/event__subscribe_msg_sent_event__several": {
        "items": [
            {
                "template_id": "tpl-1",
                "msg_id": "1700827132819554304",
                "error_code": "0",
                "error_status": "success",
            },
            {
                "template_id": "tpl-1",
                "msg_id": "1700827132819554305",
                "error_code": "43101",
                "error_status": "user refuse",
            },
        ]
    },
    "oa/event__templatesendjobfinish__failed_close": {
        "extra": {"msg_id": "200163836", "status": "failed:system failed"}
    },
    "oa/event__templatesendjobfinish__user_block": {
        "extra": {"msg_id": "200163836", "status": "failed:user block"}
    },
    "oa/message__text__json": {"kind": Kind.TEXT, "text": "想报名"},
    "oa/event__subscribe_msg_change_event": {
        "items": [{"template_id": "tpl-1", "subscribe_status_string": "reject"}]
    },
    "oa/event__subscribe_msg_sent_event": {
        "items": [
            {"template_id": "tpl-1", "msg_id": "1700827132819554304", "error_code": "0", "error_status": "success"}
        ]
    },
    "work/message__text": {"kind": Kind.TEXT, "text": "接单 0001", "extra": {"agent_id": "1000002"}},
    "work/message__image": {"kind": Kind.IMAGE, "media_id": "image-media-id"},
    "work/message__voice": {"kind": Kind.VOICE, "media_id": "voice-media-id"},
    "work/message__video": {"kind": Kind.VIDEO, "media_id": "video-media-id"},
    "work/message__location": {"kind": Kind.LOCATION, "label": "桂花园3栋", **PLACE},
    "work/message__link": {"kind": Kind.LINK, "text": "停水通知"},
    "work/event__subscribe": {"event": "subscribe"},
    "work/event__unsubscribe": {"event": "unsubscribe"},
    "work/event__location": {"event": "location", **PLACE},
    "work/event__click": {"event": "click", "event_key": "TODO"},
    "work/event__change_contact__create_user": {
        "event": "change_contact",
        "sender": "sys",
        "extra": {
            "change_type": "create_user",
            "user_id": "zhousf",
            "name": "周师傅",
            "department": "1,2,3",
            "main_department": "1",
            "is_leader_in_dept": "1,0,0",
            "position": "维修",
            "status": "1",
        },
    },
    "work/event__change_contact__update_user": {
        "extra": {"change_type": "update_user", "user_id": "zhousf", "new_user_id": "zhousf2"}
    },
    "work/event__change_contact__disabled": {
        "extra": {"change_type": "update_user", "user_id": "zhousf", "status": "2"}
    },
    "work/event__template_card_event__one_vote": {
        "extra": {"card_type": "vote_interaction", "agent_id": "1000002", "selected.q1": "a"}
    },
    "work/event__template_card_event__mended_spelling": {
        "extra": {"card_type": "vote_interaction", "agent_id": "1000002", "selected.q1": "a"}
    },
    "work/event__template_card_event__nothing_chosen": {
        "extra": {"card_type": "vote_interaction", "agent_id": "1000002"}
    },
    "work/event__change_contact__delete_user": {"extra": {"change_type": "delete_user", "user_id": "zhousf"}},
    "work/event__change_contact__create_party": {
        "extra": {"change_type": "create_party", "id": "2", "name": "物业", "parent_id": "1", "order": "1"}
    },
    "work/event__change_contact__update_party": {
        "extra": {"change_type": "update_party", "id": "2", "name": "物业部"}
    },
    "work/event__change_contact__delete_party": {"extra": {"change_type": "delete_party", "id": "2"}},
    "work/event__change_contact__update_tag": {
        "extra": {
            "change_type": "update_tag",
            "tag_id": "1",
            "add_user_items": "zhangsan,lisi",
            "del_party_items": "3",
        }
    },
    "work/event__template_card_event__button": {
        "event": "template_card_event",
        "event_key": "accept",
        "task_id": "D20261125-0001_order",
        "response_code": "response-code-1",
        "extra": {"card_type": "button_interaction", "agent_id": "1000002"},
    },
    "work/event__template_card_event__vote": {
        "extra": {
            "card_type": "multiple_interaction",
            "agent_id": "1000002",
            "selected.q1": "a,b",
            "selected.q2": "c",
        }
    },
}

FILES = {
    str(path.relative_to(WIRE).with_suffix("")): path
    for path in sorted(WIRE.glob("*/*.*ml")) + sorted(WIRE.glob("*/*.json"))
}


def shape(name, *replacements):
    text = FILES[name].read_text()
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return read(Channel(name.split("/")[0]), parse_body(text.encode()))


@pytest.mark.parametrize("name", HANDLED_SHAPES)
def test_handled_shapes(name):
    """The fields that matter, under names of ours."""
    reading, expected = shape(name), dict(HANDLED_SHAPES[name])
    assert reading.outcome == "handled"
    inbound = reading.inbound
    if "items" in expected:
        assert json.loads(inbound.extra["items"]) == expected.pop("items")
    assert {field: getattr(inbound, field) for field in expected} == expected
    assert inbound.created_at == datetime(2025, 11, 25, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("name", [name for name in FILES if name not in HANDLED_SHAPES])
def test_other_shapes_are_known_or_unknown_and_give_nothing_to_the_dialogue(name):
    """Known ones are listed; the rest is named for the log and the counter."""
    reading = shape(name)
    assert reading.inbound is None
    assert reading.outcome == ("unknown" if name.split("/")[1].split("__")[1].startswith("unknown") else "ignored")
    assert reading.event.replace(":", "_").isidentifier()


def test_every_shape_is_spoken_for():
    """No expectation without a recorded shape."""
    assert set(HANDLED_SHAPES) <= set(FILES)
    events = {name.split("__")[1] for name in FILES if "/event__" in name}
    assert events - {"unknown"} <= HANDLED | KNOWN_AND_IGNORED
    assert events >= HANDLED


def test_the_lists_do_not_overlap():
    """An event has one outcome, and its name is in lower case."""
    assert not HANDLED & KNOWN_AND_IGNORED
    assert all(name == name.lower() for name in HANDLED | KNOWN_AND_IGNORED)


@pytest.mark.parametrize("event", ["click", "Click", "CLICK"])
def test_event_names_in_any_case(event):
    """The platforms are not of one mind about capitals."""
    assert shape("oa/event__click", ("[CLICK]", f"[{event}]")).inbound.event == "click"


@pytest.mark.parametrize("name", ["oa/message__text", "work/message__text"])
def test_a_message_is_known_by_person_and_id(name):
    """A repeat has the same key; the same id from another person, or another id, has another."""
    first = shape(name).inbound.key
    assert shape(name).inbound.key == first
    assert shape(name, ("6972028683187026694", "6972028683187026695")).inbound.key != first
    other = "oW1reTestPerson0000000000001" if name.startswith("oa") else "LiMgr"
    assert shape(name, (other, "another")).inbound.key != first


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("oa/event__click", ("REPORT", "MY")),
        ("oa/event__click", ("gh_0a1b2c3d4e5f", "gh_000000000000")),
        ("oa/event__click", ("oW1reTestPerson0000000000001", "oW1reTestPerson0000000000002")),
        ("oa/event__click", ("[CLICK]", "[LOCATION]")),
        ("oa/event__click", ("1764061200", "1764061201")),
        ("oa/event__templatesendjobfinish", ("200163836", "200163837")),
        ("oa/event__subscribe_msg_sent_event", ("1700827132819554304", "1700827132819554305")),
        ("work/event__unsubscribe", ("1000002", "1000003")),
        ("work/event__change_contact__delete_user", ("zhousf", "zhousf9")),
        ("work/event__change_contact__delete_party", (">2<", ">3<")),
        ("work/event__change_contact__update_tag", ("zhangsan,lisi", "wangwu")),
        ("work/event__template_card_event__button", ("D20261125-0001_order", "D20261125-0002_order")),
    ],
)
def test_two_events_of_one_second_are_two(name, change):
    """And the same one again is one."""
    if change[1] == "[LOCATION]":
        change = (
            "<EventKey><![CDATA[REPORT]]></EventKey>",
            "<EventKey><![CDATA[REPORT]]></EventKey><AgentID>1</AgentID>",
        )
    assert shape(name).inbound.key == shape(name).inbound.key != shape(name, change).inbound.key


def test_only_a_follow_carries_the_prefix_of_a_code():
    """A scan's key is as sent, even if somebody named a scene like that."""
    assert shape("oa/event__scan", ("estate_7", "qrscene_7")).inbound.event_key == "qrscene_7"


def test_a_qr_follow_keeps_its_own_key():
    """Following by a code is told from a scan of the same code in the same second."""
    assert shape("oa/event__subscribe__qr").inbound.key != shape("oa/event__scan").inbound.key


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("oa/message__image", ("image-media-id", " ")),
        ("oa/message__location", ("30.512300", "91")),
        ("oa/message__location", ("30.512300", "nan")),
        ("oa/message__location", ("117.053400", "1e2")),
        ("oa/message__text", ("oW1reTestPerson0000000000001", "o" * 129)),
        ("oa/message__text", ("oW1reTestPerson0000000000001", "o 1")),
        ("oa/message__text", ("oW1reTestPerson0000000000001", "o\t1")),
        ("oa/message__text", ("1764061200", "99999999999")),
        ("oa/event__click", ("<Event><![CDATA[CLICK]]></Event>", "<Event/>")),
    ],
)
def test_a_known_type_without_what_it_needs_is_malformed(name, change):
    """Nothing half-read reaches the dialogue."""
    with pytest.raises(Malformed):
        shape(name, change)


def test_an_event_name_is_fit_for_a_label():
    """Whatever is sent as a name, the counter gets a short word."""
    assert shape("oa/event__unknown", ("brand_new_event", 'x"} evil 1\n')).event == "other"
    assert shape("oa/message__unknown_type", ("miniprogrampage", "x" * 500)).event == "message:other"
