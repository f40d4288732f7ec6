"""The register follows WeCom's directory: who has another name or account, who has left, who takes over."""

import itertools
from pathlib import Path
from typing import Any

import pytest
from tests.channels.test_shapes import shape
from tests.golden.play import Stage
from tests.golden.script import ROSTER

from redprop_bot.ports import Channel, Inbound, Kind
from redprop_bot.registry.importing import import_file
from redprop_bot.registry.register import register
from redprop_bot.simulated.talking import Phone
from redprop_bot.store.tables import Card, Event, Outbox, Person, Post
from redprop_bot.store.tx import table_of

_count = itertools.count(1)


def change(stage: Stage, kind: str, userid: str = "", **fields: str) -> Inbound:
    """Bring a change of the directory to the bot; what the platform calls it, in snake case."""
    extra = {"change_type": kind, **({"user_id": userid} if userid else {}), **fields}
    inbound = Inbound(
        Channel.WORK,
        f"e:{next(_count)}",
        "sys",
        Kind.EVENT,
        stage.clock.now(),
        event="change_contact",
        extra=extra,
    )
    answer = stage.town.deliver(inbound)
    assert (answer.text, answer.failed) == ("", False)
    return inbound


def rows(stage: Stage, model: Any, **where: Any) -> list[Any]:
    columns = table_of(model).c
    return stage.store.look(
        lambda tx: tx.list(model, *(columns[name] == value for name, value in where.items()), order=columns.id)
    )


def person(stage: Stage, userid: str) -> Any:
    return next(iter(rows(stage, Person, userid=userid)), None)


def posts(stage: Stage, userid: str) -> list[Any]:
    return rows(stage, Post, person_id=person(stage, userid).id)


def last_event(stage: Stage) -> Any:
    return rows(stage, Event)[-1]


def reported(stage: Stage, say: Any, text: str = "槐荫里3栋2单元电梯坏了") -> str:
    say("r:罗阿姨", text)
    no: str = rows(stage, Card)[-1].task_id[:14]
    return no


def cards(stage: Stage, userid: str, state: str = "open") -> list[str]:
    return [card.message for card in rows(stage, Card, person_id=person(stage, userid).id, state=state)]


def test_the_system_is_nobody(stage: Stage) -> None:
    """No person, no conversation comes of an event that nobody said."""
    before = len(rows(stage, Person))
    change(stage, "delete_user", "nobody-we-know")
    change(stage, "update_user", "nobody-we-know", name="某某")
    change(stage, "create_something", "nobody-we-know")
    assert (len(rows(stage, Person)), person(stage, "sys")) == (before, None)


def test_another_name_and_another_account_keep_the_posts(stage: Stage, say: Any) -> None:
    """What is owed goes to the new account; the old one is nobody's; a tap of an old card still acts."""
    no = reported(stage, say)
    change(stage, "update_user", "dingsf", new_user_id="dinglj", name="丁立军")
    assert person(stage, "dingsf") is None
    found = person(stage, "dinglj")
    assert (found.name, [post.duty for post in posts(stage, "dinglj")]) == ("丁立军", ["worker"])
    assert {row.receiver for row in rows(stage, Outbox, person_id=found.id)} == {"dinglj"}
    assert (last_event(stage).name, last_event(stage).data["fields"]) == ("changed", ["name", "new_user_id"])
    stage.town.arrive()
    answer = stage.town.tap(Phone(Channel.WORK, "dinglj"), "接单")
    assert [said.key for said in answer.said] == ["done.accept"]
    assert no in answer.text


def test_who_spoke_under_the_new_account_first_is_the_same_person(stage: Stage, say: Any) -> None:
    """The event may come late."""
    say("fang-new", "你好")
    change(stage, "update_user", "fangjl", new_user_id="fang-new")
    assert person(stage, "fang-new").name == "方经理"
    assert say("fang-new", "待办") == say("shaojl", "待办")


def test_an_account_of_another_is_not_taken(stage: Stage) -> None:
    """Nothing changes, and those who answer for it are told to look."""
    change(stage, "update_user", "dingsf", new_user_id="gesf")
    assert (person(stage, "dingsf").name, person(stage, "gesf").name) == ("老丁", "小葛")
    told = {row.receiver for row in rows(stage, Outbox, message="taken")}
    assert told == {"fangjl", "shaojl", "qinsj"}


def test_a_new_account_finds_its_person_in_the_roster(stage: Stage, tmp_path: Path) -> None:
    """By phone, else by the only name; of two with one name nobody is guessed."""
    text = "organisations: [{name: 万和物业, kind: property, staff: [{name: 老严, duty: worker, phone: '13900000001'}, "
    text += "{name: 老胡, duty: worker}, {name: 方经理, userid: fangjl, duty: manager}]}, "
    text += "{name: 康居物业, kind: property, staff: [{name: 小白, duty: worker}]}, "
    text += "{name: 清源水务, kind: department, staff: [{name: 小白, duty: worker}]}]"
    path = tmp_path / "more.yaml"
    path.write_text(text, "utf-8")
    stage.store.run(lambda tx: import_file(tx, path))
    change(stage, "create_user", "yan", name="严师傅", mobile="+86 139-0000-0001")
    change(stage, "create_user", "hu", name="老胡")
    change(stage, "create_user", "bai", name="小白")
    change(stage, "create_user", "hu2", name="老胡")
    assert (person(stage, "yan").name, person(stage, "hu").name) == ("老严", "老胡")
    assert [len(posts(stage, userid)) for userid in ("yan", "hu", "bai", "hu2")] == [1, 1, 0, 0]
    assert person(stage, "bai").name == "小白"
    assert last_event(stage).name == "added"


def test_who_leaves_has_no_post_and_gets_nothing_more(stage: Stage, say: Any) -> None:
    """The account rests; what was owed to it is dead and visible; managers and secretary are told once."""
    reported(stage, say)
    inbound = change(stage, "delete_user", "dingsf")
    assert (posts(stage, "dingsf"), person(stage, "dingsf").left_at) == ([], stage.clock.now())
    assert {row.state for row in rows(stage, Outbox, receiver="dingsf")} == {"dead"}
    assert {row.error for row in rows(stage, Outbox, receiver="dingsf")} == {"left the directory"}
    assert {row.receiver for row in rows(stage, Outbox, message="left")} == {"fangjl", "shaojl", "qinsj"}
    event = last_event(stage)
    assert (event.subject, event.name, event.by_name) == ("person", "left", "企业微信通讯录")
    assert "老丁" not in str(event.data)
    assert stage.town.deliver(inbound).repeated
    change(stage, "delete_user", "dingsf")
    assert len(rows(stage, Outbox, message="left")) == 3
    say("r:吴老师", "槐荫里5栋水管漏水")
    assert "dingsf" not in {row.receiver for row in rows(stage, Outbox, state="pending")}


def test_open_cards_of_a_worker_are_with_the_managers_already(stage: Stage, say: Any) -> None:
    """Nobody gets the same card twice."""
    reported(stage, say)
    change(stage, "delete_user", "dingsf")
    assert (cards(stage, "dingsf"), cards(stage, "fangjl"), cards(stage, "shaojl")) == ([], ["order"], ["order"])


def test_a_card_that_only_the_leaver_had_goes_to_the_managers(stage: Stage, say: Any) -> None:
    """Assigned by name: the manager gets it with its buttons, and it acts."""
    no = reported(stage, say)
    stage.town.arrive()
    assert say("fangjl", f"指派 {no[-4:]} 老丁") == ["done.assign"]
    assert "assigned" in cards(stage, "dingsf")
    change(stage, "update_user", "dingsf", status="5")
    assert "assigned" in cards(stage, "fangjl")
    stage.town.arrive()
    (card,) = rows(stage, Outbox, message="assigned", receiver="fangjl")
    assert [button["text"] for button in card.payload["buttons"]] == ["接单", "退单"]
    (told,) = rows(stage, Outbox, message="left", receiver="fangjl")
    assert "卡片已转给负责人" in told.payload["text"]
    answer = stage.town.tap(Phone(Channel.WORK, "fangjl"), "接单")
    assert [key.key for key in answer.said] == ["done.accept"]


def test_the_last_one_of_a_unit_leaves_the_card_to_the_secretary(stage: Stage, say: Any) -> None:
    """Somebody is always told."""
    reported(stage, say, "槐荫里停水了")
    assert cards(stage, "fenggong") == ["order"]
    change(stage, "delete_user", "fenggong")
    assert cards(stage, "qinsj") == ["order"]


def test_a_secretary_who_leaves_is_followed_by_the_street(stage: Stage, say: Any) -> None:
    """The only one of a community; a task and an order without a unit are both theirs now."""
    say("r:罗阿姨", "槐荫里3栋有人吵架")
    say("r:罗阿姨", "转人工")
    held = sorted(cards(stage, "qinsj"))
    assert held
    change(stage, "delete_user", "qinsj")
    assert sorted(cards(stage, "gaozr")) == held
    assert stage.store.look(lambda tx: [p.userid for p in register(tx).secretaries(1)]) == ["gaozr"]


def test_a_settled_order_is_not_passed_on(stage: Stage, say: Any) -> None:
    """Its card is over for everybody."""
    no = reported(stage, say)
    stage.town.arrive()
    say("r:罗阿姨", f"撤销{no}")
    change(stage, "delete_user", "dingsf")
    assert cards(stage, "fangjl") == []


def test_who_comes_back_has_the_posts_of_before(stage: Stage) -> None:
    """Disabled and enabled again; what the roster has said meanwhile is not undone."""
    before = [(post.duty, post.trades, post.estates) for post in posts(stage, "dingsf")]
    change(stage, "update_user", "dingsf", status="2")
    assert posts(stage, "dingsf") == []
    change(stage, "update_user", "dingsf", status="1", name="丁师傅")
    assert [(post.duty, post.trades, post.estates) for post in posts(stage, "dingsf")] == before
    assert (person(stage, "dingsf").name, person(stage, "dingsf").left_at) == ("丁师傅", None)
    assert {row.receiver for row in rows(stage, Outbox, message="returned")} == {"fangjl", "shaojl", "qinsj"}
    change(stage, "update_user", "dingsf", status="1")
    assert len(posts(stage, "dingsf")) == len(before)


def test_an_account_given_to_somebody_else_is_not_theirs_before_them(stage: Stage) -> None:
    """Another name under an old userid: a new person without the old one's posts."""
    old = person(stage, "dingsf").id
    change(stage, "delete_user", "dingsf")
    change(stage, "create_user", "dingsf", name="新来的")
    assert (person(stage, "dingsf").name, posts(stage, "dingsf")) == ("新来的", [])
    assert rows(stage, Person, id=old)[0].userid is None


def test_a_roster_that_names_a_leaver_says_that_they_are_here(stage: Stage) -> None:
    """The roster decides."""
    change(stage, "delete_user", "dingsf")
    stage.store.run(lambda tx: import_file(tx, ROSTER))
    assert (person(stage, "dingsf").left_at, len(posts(stage, "dingsf"))) == (None, 1)


@pytest.mark.parametrize(
    ("kind", "fields", "subject", "data"),
    [
        (
            "create_party",
            {"id": "2", "name": "物业", "parent_id": "1"},
            ("party", 2),
            {"name": "物业", "parent_id": "1"},
        ),
        ("update_party", {"id": "2", "name": "物业部"}, ("party", 2), {"name": "物业部"}),
        ("delete_party", {"id": "2"}, ("party", 2), {}),
        (
            "update_tag",
            {"tag_id": "1", "add_user_items": "a,b", "del_party_items": "3"},
            ("tag", 1),
            {"add_user_items": 2, "del_party_items": 1},
        ),
    ],
)
def test_departments_and_tags_are_written_down(
    stage: Stage, kind: str, fields: dict[str, str], subject: tuple[str, int], data: dict[str, Any]
) -> None:
    """They have no meaning of their own here."""
    change(stage, kind, **fields)
    event = last_event(stage)
    assert ((event.subject, event.subject_id), event.name, event.data) == (subject, kind, data)


def test_a_number_that_is_none_is_let_go(stage: Stage) -> None:
    """Nothing is written, nothing fails."""
    change(stage, "create_party", id="x")
    assert rows(stage, Event) == []


@pytest.mark.parametrize("case", ["create_user", "update_user", "delete_user", "create_party", "update_party",
                                  "delete_party", "update_tag"])  # fmt: skip
def test_every_recorded_shape_goes_its_way(stage: Stage, case: str) -> None:
    """From the platform's XML to the register."""
    renamed = (("zhousf", "dingsf"),) if case.endswith("user") else ()
    inbound = shape(f"work/event__change_contact__{case}", *renamed).inbound
    assert inbound is not None
    assert not stage.town.deliver(inbound).failed
    assert rows(stage, Event)[-1].name in {case, "changed", "left"}


def test_what_nobody_needs_of_a_member_is_not_kept(stage: Stage) -> None:
    """Mail, portrait, address and the like end at the door."""
    private = "<Email>a@b.c</Email><Avatar>http://x</Avatar><Address>x</Address><Gender>1</Gender>"
    inbound = shape("work/event__change_contact__create_user", ("<Status>", private + "<Status>")).inbound
    assert inbound is not None
    assert not inbound.extra.keys() & {"email", "avatar", "address", "gender"}
