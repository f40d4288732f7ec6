"""The platforms' limits as tables: what opens, spends, gives back; which road; what a message is worth."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redprop_bot.rules import budget
from redprop_bot.rules.budget import Road, Terms, Why, Window, Windows
from redprop_bot.rules.telling import TELLING, Audience, Rank, rank

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
SOON, PAST = NOW + timedelta(seconds=1), NOW
TERMS = Terms()
TALK, TAP = Window.TALK, Window.TAP


@pytest.mark.parametrize(
    ("is_event", "event", "tapped", "window"),
    [
        (False, "", False, TALK),  # words, a picture, a voice
        (False, "", True, TAP),  # a tapped line of a menu message gives only the menu's quota
        (True, "click", False, TAP),
        (True, "scancode_push", False, TAP),
        (True, "scancode_waitmsg", False, TAP),
        (True, "subscribe", False, TAP),
        (True, "scan", False, TAP),
        (True, "view", False, None),  # opening a page is no word to us
        (True, "location", False, None),
        (True, "unsubscribe", False, None),
        (True, "templatesendjobfinish", False, None),
    ],
)
def test_what_opens_a_window(is_event: bool, event: str, tapped: bool, window: Window | None) -> None:
    """Only what the platform counts."""
    assert budget.opened_by(is_event=is_event, event=event, tapped=tapped) == window


@pytest.mark.parametrize(
    ("talk", "talk_until", "tap", "tap_until", "closing", "expected"),
    [
        (5, SOON, 0, None, False, TALK),
        (3, SOON, 0, None, False, TALK),
        (2, SOON, 0, None, False, Why.KEPT),  # two are kept for the end of a matter
        (2, SOON, 0, None, True, TALK),
        (1, SOON, 0, None, True, TALK),
        (0, SOON, 0, None, True, Why.USED_UP),
        (0, SOON, 0, None, False, Why.USED_UP),
        (5, PAST, 0, None, True, Why.NO_WINDOW),  # closed at the very moment
        (0, None, 0, None, True, Why.NO_WINDOW),
        (5, SOON, 3, SOON, False, TAP),  # the one that closes first is used first
        (5, SOON, 1, SOON, True, TAP),  # nothing of a minute is kept
        (0, None, 1, SOON, False, TAP),
        (0, None, 0, SOON, False, Why.USED_UP),
        (2, SOON, 0, SOON, False, Why.KEPT),
        (5, PAST, 0, SOON, False, Why.USED_UP),
    ],
)
def test_what_is_spent(talk, talk_until, tap, tap_until, closing, expected) -> None:  # noqa: PLR0917 - a table
    """From the window that closes first, or why not."""
    before = Windows(talk, talk_until, tap, tap_until)
    found = budget.spend(before, TERMS, NOW, closing=closing)
    if isinstance(expected, Why):
        assert found == expected
        return
    assert not isinstance(found, Why)
    after, window = found
    assert window == expected
    assert (before.talk_left - after.talk_left) + (before.tap_left - after.tap_left) == 1
    assert budget.given_back(after, TERMS, window) == before


def test_a_full_window_takes_nothing_back() -> None:
    """What is given back after the next word of the resident would be a sixth."""
    full = Windows(5, SOON, 3, SOON)
    assert budget.given_back(full, TERMS, TALK) == full
    assert budget.given_back(full, TERMS, TAP) == full


def test_windows_close_a_little_early() -> None:
    """A message takes its time to the platform, whose clock decides."""
    assert timedelta(hours=47, minutes=58) < budget.Terms().until(TALK, NOW) - NOW < timedelta(hours=48)
    assert timedelta(seconds=50) < budget.Terms().until(TAP, NOW) - NOW < timedelta(seconds=60)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3600 * 12)), max_size=40))
def test_never_more_than_the_platform_grants(attempts: list[tuple[bool, int]]) -> None:
    """However messages come, one word of a resident is worth five, of which small ones take three."""
    windows, now, sent = Windows(5, TERMS.until(TALK, NOW)), NOW, []
    for closing, gap in attempts:
        now += timedelta(seconds=gap)
        found = budget.spend(windows, TERMS, now, closing=closing)
        if not isinstance(found, Why):
            windows = found[0]
            sent.append(closing)
    assert len(sent) <= 5
    assert sent.count(False) <= 3


@pytest.mark.parametrize(
    ("value", "granted", "template", "closed", "roads"),
    [
        (Rank.SMALL, True, True, (), []),  # not worth a grant
        (Rank.MATTERS, True, True, (), [Road.SUBSCRIPTION, Road.TEMPLATE]),
        (Rank.CLOSING, False, True, (), [Road.TEMPLATE]),
        (Rank.CLOSING, True, False, (), [Road.SUBSCRIPTION]),
        (Rank.CLOSING, True, True, ("subscription",), [Road.TEMPLATE]),
        (Rank.CLOSING, True, True, ("subscription", "template"), []),
        (Rank.MATTERS, False, False, (), []),
    ],
)
def test_the_roads_beside(value, granted, template, closed, roads) -> None:
    """A grant before a template message, neither for small things."""
    assert budget.others(value, granted=granted, template=template, closed=closed) == roads


@pytest.mark.parametrize(
    ("message", "urgency", "expected"),
    [
        ("fulfilled", "normal", Rank.CLOSING),
        ("closed", None, Rank.CLOSING),
        ("granted_resident", "normal", Rank.MATTERS),
        ("paused", "normal", Rank.MATTERS),
        ("resumed", "normal", Rank.MATTERS),
        ("dispatched", "normal", Rank.MATTERS),
        ("answer", None, Rank.MATTERS),
        ("accepted", "normal", Rank.SMALL),
        ("accepted", "urgent", Rank.MATTERS),
        ("accepted", "emergency", Rank.MATTERS),
        ("tended_resident", "emergency", Rank.MATTERS),
        ("progress", "normal", Rank.SMALL),
        ("assisted_resident", "normal", Rank.SMALL),
    ],
)
def test_what_a_message_is_worth(message: str, urgency: str | None, expected: Rank) -> None:
    """Done, a changed promise, news of a danger; the rest may wait."""
    assert rank(message, urgency) == expected


def test_every_message_to_residents_was_thought_about() -> None:
    """A new one is small unless somebody decides otherwise here."""
    told = {row.message for rows in TELLING.values() for row in rows if row.to == Audience.REPORTERS}
    small = {m for m in told if rank(m, "normal") == Rank.SMALL}
    assert small == {"accepted", "progress", "merged", "tended_resident", "assisted_resident", "whistle_resident"}


def test_texts_go_together_as_far_as_they_fit() -> None:
    """Counted in bytes, the separators too; a text that is too long goes alone."""
    assert budget.together(["好" * 10, "好" * 10], 62) == 2
    assert budget.together(["好" * 10, "好" * 10], 61) == 1
    assert budget.together(["好" * 100, "短"], 61) == 1
    assert budget.together(["a"] * 9, 100) == 9
