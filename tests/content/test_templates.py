"""Templates of the account as data: what cannot work is a fault with file and line, before anything is sent."""

import pytest

from redprop_bot.content import packaged_root, templates
from redprop_bot.content.reading import files
from redprop_bot.errors import Fault

ID = "Ab3_" * 8
MESSAGES = {"tell.accepted": "…", "tell.progress": "…"}


def read(tmp_path, content, *fields, head="kind: template, title: 进度通知, messages: [accepted]"):
    """Templates out of one, with these lines of fields (which begin on line 6); and the faults."""
    path = tmp_path / "oa.yaml"
    lines = "".join(f"      {line}\n" for line in fields)
    path.write_text("templates:\n  - " + "\n    ".join([*head.split(", "), "fields:"]) + f"\n{lines}", "utf-8")
    faults: list[Fault] = []
    return templates.read_templates([path], MESSAGES, content.labels, faults), [str(fault) for fault in faults]


def test_what_ships_is_right(content):
    """The templates that ship pass their own checks, and none is in use before somebody gives its number."""
    faults: list[Fault] = []
    paths = list(files([packaged_root()], "data/templates").values())
    found = templates.read_templates(paths, content.replies.templates, content.labels, faults)
    assert faults == []
    assert found.items
    assert found.used("template") == found.used("subscription") == []
    assert found.of("template", "accepted") is None


def test_the_slot_named_no(tmp_path, content):
    """YAML reads an unquoted `no` as false; here it is the number of the order all the same."""
    found, faults = read(tmp_path, content, "character_string1: no", "character_string2: {slot: no}")
    assert faults == []
    assert [field.slot for field in found.items[0].fields.values()] == ["no", "no"]


WRONG = [
    ("thing1: colour", "填不了 colour"),
    ("first: what", None),
    ("title: what", "不是关键词"),
    ("time1: due", "是时间，只能填"),
    ("date1: what", "是时间，只能填"),
    ("time1: due_at", None),
    ("character_string1: where", "不能有汉字，只能填 no"),
    ("phone_number1: note", "不能有汉字"),
    ("phrase1: stage", None),
    ("phrase1: {text: 一二三四五六}", "最多 5 个汉字"),
    ("thing1: {slot: what, empty: 这句话写得实在太长了超过二十个字肯定是放不进去的}", "最多 20 个字"),
    ('thing1: {slot: what, empty: "两\\n行"}', "换行"),
    ("const1: stage", "one_of"),
    ("const1: {slot: stage, one_of: [办理中], empty: 别的}", "不在 one_of 里"),
    ("const1: {slot: stage, one_of: [办理中], empty: 办理中}", None),
    ("thing1: {slot: what, text: 话}", "slot 和 text 写一样"),
    ("thing1: {}", "slot 和 text 写一样"),
    ("letter1: urgency", "不能有汉字"),
    ("name1: handler", None),
]


@pytest.mark.parametrize(("field", "says"), WRONG)
def test_a_field_that_cannot_work(tmp_path, content, field, says):
    """Kinds, slots, fixed words and options are judged at the start; the fault stands on the field's line."""
    _, faults = read(tmp_path, content, field)
    if says is None:
        assert faults == []
    else:
        assert any(fault.startswith(f"{tmp_path}/oa.yaml:6:") and says in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ("kind: template, title: 通知, messages: [nothing]", "没有 tell.nothing"),
        ("kind: template, title: 通知, messages: [accepted], id: short", "模板编号应为"),
        ('kind: template, title: " ", messages: [accepted]', "title 写后台里的模板标题"),
        ("kind: letter, title: 通知, messages: [accepted]", "kind"),
        ("kind: subscription, title: 通知, messages: [accepted]", "不是关键词"),
    ],
)
def test_a_template_that_cannot_work(tmp_path, content, head, says):
    """Names of messages, number, title and kind are judged; the old keywords are of template messages only."""
    _, faults = read(tmp_path, content, "first: what", head=head)
    assert any(says in fault for fault in faults), faults


def test_a_message_has_one_template_of_a_kind(tmp_path, content):
    """Two templates for one message are a fault that names both places; one of each kind is none."""
    path = tmp_path / "oa.yaml"
    one = "  - {kind: %s, title: 通知, messages: [accepted], fields: {thing1: what}}\n"
    path.write_text("templates:\n" + one % "template" + one % "subscription" + one % "template", "utf-8")
    faults: list[Fault] = []
    templates.read_templates([path], MESSAGES, content.labels, faults)
    assert [str(fault) for fault in faults] == [f"{path}:4: “accepted” 在 {path}:2 已经有模板了"]


def test_the_named_template_goes_before_the_general_one(tmp_path, content):
    """`*` takes what no other template takes; one without a number takes nothing."""
    path = tmp_path / "oa.yaml"
    one = "  - {kind: template, title: 通知, messages: [%s], fields: {thing1: %s}, id: '%s'}\n"
    path.write_text(
        "templates:\n"
        + one % ('"*"', "note", ID)
        + one % ("accepted", "what", ID)
        + one % ("progress", "due", ""),
        "utf-8",
    )
    faults: list[Fault] = []
    found = templates.read_templates([path], MESSAGES, content.labels, faults)
    assert faults == []
    assert found.of("template", "accepted").fields["thing1"].slot == "what"
    assert found.of("template", "progress").fields["thing1"].slot == "note"
    assert found.of("subscription", "accepted") is None
