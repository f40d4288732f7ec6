"""A message becomes a template message, or it is said why not."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from redprop_bot.content.templates import Template, Templates
from redprop_bot.notify.filling import Filled, Unfilled, filled

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
ID = "T" * 43
KNOWN = {
    "no": "D20261125-0001",
    "what": "电梯",
    "where": "桂花园（三期）3栋",
    "stage": "办理中",
    "due_at": NOW.isoformat(),
}


def having(content, **fields):
    template = Template(kind="template", title="进度", id=ID, messages=("accepted",), fields=fields)
    return replace(content, templates=Templates((template,)))


def test_each_keyword_gets_a_value_of_its_kind(content):
    """Cut, cleaned, in local time; fixed words as they stand."""
    made = having(
        content,
        character_string1="no",
        thing2="where",
        phrase3="stage",
        time4="due_at",
        time5="sent_at",
        thing6={"text": "请点开看"},
    )
    assert filled(made, "template", "accepted", KNOWN, now=NOW) == Filled(
        "template",
        ID,
        {
            "character_string1": "D20261125-0001",
            "thing2": "桂花园 三期 3栋",
            "phrase3": "办理中",
            "time4": "2026年11月25日 10:00",
            "time5": "2026年11月25日 10:00",
            "thing6": "请点开看",
        },
    )


def test_an_empty_slot_has_its_own_words(content):
    """What the template says for it, where there is nothing to show, or nothing of it fits."""
    made = having(
        content, thing1={"slot": "note", "empty": "请点开看"}, phrase2={"slot": "note", "empty": "有进展"}
    )
    for note in ("", "()"):
        answer = filled(made, "template", "accepted", {"note": note}, now=NOW)
        assert answer == Filled("template", ID, {"thing1": "请点开看", "phrase2": "有进展"})


@pytest.mark.parametrize(
    ("kind", "message", "why"),
    [
        ("template", "accepted", Unfilled("field", "thing1")),
        ("template", "progress", Unfilled("no_template")),
        ("subscription", "accepted", Unfilled("no_template")),
    ],
)
def test_why_not(content, kind, message, why):
    """A keyword that nothing fills, or no template: the caller takes another road."""
    assert filled(having(content, thing1="note"), kind, message, KNOWN, now=NOW) == why
