"""The telling table against the rest of the house: every event is known to it, every row is spoken and played."""

import ast
from itertools import chain

import pytest
from tests.dialogue.test_replies import _families
from tests.golden.script import load, scripts
from tests.support import source

from redprop_bot.content import Content
from redprop_bot.content.replies import slots_of
from redprop_bot.notify import words
from redprop_bot.notify.audience import _FIND
from redprop_bot.rules.mode_telling import MODE_SILENT, MODE_TELLING
from redprop_bot.rules.telling import SILENT, TELLING, Audience

KNOWN = set(TELLING) | SILENT


def _events_of_the_loop() -> set[str]:
    """Names given to `happened`, directly or through a variable of a step or a naming function."""
    direct = source.first_arguments({"happened"}, "loop", "council")
    through: set[str] = set()
    for tree in source.trees("loop"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and source._called(node) == "happened" and node.args:
                through |= source._texts(node.args[0])
            if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "name" for t in node.targets):
                through |= source._texts(node.value)
    return direct | through | source.returned_by("_name", "loop")


def test_every_event_tells_somebody_or_is_silent_for_a_reason() -> None:
    """A new event that nobody thought about would be a silence."""
    found = _events_of_the_loop()
    assert len(found) >= 30
    assert {name for name in found if name not in KNOWN and name not in NOT_EVENTS} == set()


NOT_EVENTS = {"residents"}
"""Values of variables called `name` in the loop that name something else."""


def test_no_row_waits_for_an_event_that_never_comes() -> None:
    """A row of a removed event would be a promise that nobody keeps."""
    assert KNOWN - _events_of_the_loop() == set()


def test_every_step_of_an_emergency_is_known_to_its_table_and_played() -> None:
    """The mode has a table of its own: what it knows is what steps write down, and each is seen in a conversation."""
    written = {text for text in source.constants("loop") if text.startswith("mode_") and text not in NOT_STEPS}
    assert written == set(MODE_TELLING) | MODE_SILENT
    played = {
        name
        for path in scripts()
        for step in load(path).steps
        for names in [(step.expected.get("经过") or {}).get("应急", [])]
        for name in ([names] if isinstance(names, str) else names)
    }
    assert played == written


NOT_STEPS = {"mode_receipt", "mode_silent", "mode_until", "mode_role", "mode_on", "mode_ended_"}
"""Timers and refusals whose names begin alike."""


def test_an_event_is_not_both_told_and_silent() -> None:
    """The lists do not overlap."""
    assert set(TELLING) & SILENT == set()


def test_every_event_happens_in_some_conversation() -> None:
    """What nobody has seen happen may tell the wrong people for years."""
    played = {
        name
        for path in scripts()
        for step in load(path).steps
        for names in (step.expected.get("经过") or {}).values()
        for name in ([names] if isinstance(names, str) else names)
    }
    assert KNOWN - played == set()


def test_every_message_has_words_and_every_wording_a_message(content: Content) -> None:
    """`tell.<message>` for each row; templates that no row and no room uses are dead."""
    messages = {row.message for row in chain(*TELLING.values(), *MODE_TELLING.values())}
    assert {m for m in messages if f"tell.{m}" not in content.replies} == set()
    said_elsewhere = {
        text if text.startswith("tell.") else f"tell.{text}"
        for room in ("dialogue", "loop", "notify", "council", "volunteers")
        for text in source.constants(room)
    }
    in_chat = {key for key in _families() if key.startswith("tell.")}  # put together, spelt out with the replies
    for key in content.replies.templates:
        if key.startswith("tell."):
            assert key in said_elsewhere | in_chat or key.removeprefix("tell.") in messages, key


def test_messages_of_the_table_use_only_slots_that_are_given(content: Content) -> None:
    """A slot that `notify.words` does not know would be a hole."""
    for row in chain(*TELLING.values()):
        assert slots_of(content.replies.templates[f"tell.{row.message}"]) <= words.SLOTS, row.message


def test_residents_are_never_given_the_words_of_staff(content: Content) -> None:
    """What goes to reporters and supporters names no contact and quotes nobody's report."""
    for row in chain(*TELLING.values()):
        if row.to == Audience.REPORTERS:
            used = slots_of(content.replies.templates[f"tell.{row.message}"])
            assert used & {"reporter", "text", "row", "room"} == set(), row.message


@pytest.mark.parametrize("audience", Audience)
def test_every_audience_is_found_by_somebody(audience: Audience) -> None:
    """An audience without a finder would fail in the middle of a step."""
    assert audience in _FIND


def test_buttons_and_menus_have_labels(content: Content) -> None:
    """A button without a label would be a card that the platform refuses."""
    for row in chain(*TELLING.values()):
        for key in (*row.buttons, *row.menu):
            assert key == "candidates" or key in content.labels.button, key


def test_every_message_of_a_rule_has_words_and_every_wording_a_rule(content: Content) -> None:
    """`remind.<message>` and its line in a summary for each recipient of the shipped rules, and no dead ones."""
    messages = {recipient.message for rule in content.reminders for recipient in rule.tell}
    said = {key.partition(".")[2] for key in content.replies.templates if key.startswith("remind.")}
    lines = {key.partition(".")[2] for key in content.replies.templates if key.startswith("remind_line.")}
    assert said - {"summary", "summary_resident"} == messages == lines
    for message in messages:
        used = slots_of(content.replies.templates[f"remind.{message}"])
        assert used | slots_of(content.replies.templates[f"remind_line.{message}"]) <= words.SLOTS | {"climb"}


def test_every_rule_fires_in_some_conversation(content: Content) -> None:
    """The shipped rules are played like the rows of the table: by the messages that people get."""
    played = {
        message.split(" ")[0]
        for path in scripts()
        for step in load(path).steps
        for part in ("通知", "明早通知")
        for names in (step.expected.get(part) or {}).values()
        for message in ([names] if isinstance(names, str) else names)
    }
    messages = {recipient.message for rule in content.reminders for recipient in rule.tell}
    assert messages - played == set()
