"""今天 and 明天 are those of who reads them, however late they read it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from redprop_bot.content import Content
from redprop_bot.notify import late, templates
from redprop_bot.ports import Form
from redprop_bot.store.tables import Outbox

ZONE = ZoneInfo("Asia/Shanghai")
EVENING = datetime(2026, 11, 25, 20, 50, tzinfo=ZONE)


def _message(form: Form, payload: dict[str, object], at: datetime = EVENING, weight: str = "pressing") -> Outbox:
    return Outbox(
        id=1,
        key="k",
        channel="work",
        receiver="dingsf",
        message="order",
        form=form.value,
        payload=payload,
        weight=weight,
        created_at=at,
        not_before=at,
        road="app",
    )


@pytest.mark.parametrize(
    ("text", "days", "reads"),
    [
        ("请今天21:50前接单，明天20:50前办好", 0, "请今天21:50前接单，明天20:50前办好"),
        ("请今天21:50前接单，明天20:50前办好", 1, "请11月25日21:50前接单，今天20:50前办好"),
        ("最晚后天10:01前办好", 1, "最晚明天10:01前办好"),
        ("最晚明天10:01前办好", 3, "最晚11月26日10:01前办好"),
        ("12月7日（周一）10:01前", 3, "12月7日（周一）10:01前"),
    ],
)
def test_our_days_are_said_anew(text: str, days: int, reads: str) -> None:
    """A day that came is 今天, one that is over has its date."""
    assert late.anew(text, EVENING, EVENING + timedelta(days=days), ZONE) == reads


def test_a_card_that_was_kept_back_by_an_outage(content: Content) -> None:
    """Its rows and its words alike; the words of the resident stay as they were said."""
    payload = {
        "title": "新单",
        "desc": "明天20:50前办好。",
        "rows": [["期限", "明天20:50"]],
        "quote": "今天电梯坏了",
    }
    sent = templates.outbound(content, _message(Form.CARD, payload), EVENING + timedelta(hours=12))
    assert (sent.payload["desc"], sent.payload["rows"]) == ("今天20:50前办好。", [["期限", "今天20:50"]])
    assert sent.payload["quote"] == "今天电梯坏了"


def test_words_of_somebody_have_the_day_on_which_they_were_said(content: Content) -> None:
    """师傅明天来, read the day after, is today; a message of the day needs no date."""
    said = _message(Form.TEXT, {"text": "有新进展：师傅明天上午来"})
    assert templates.outbound(content, said, EVENING).payload["text"] == "有新进展：师傅明天上午来"
    told = templates.outbound(content, said, EVENING + timedelta(hours=12)).payload["text"]
    assert told == "（11月25日的消息）有新进展：师傅明天上午来"


def test_what_waits_for_the_morning_was_made_for_it(content: Content) -> None:
    """Told on the next day but one, it counts from the morning and not from the night."""
    night = EVENING + timedelta(hours=2)
    waits = _message(Form.TEXT, {"text": "最晚今天18:00前办好"}, night, "plain")
    morning, after = night + timedelta(hours=10), night + timedelta(hours=34)
    assert late.words_now(content, waits, waits.payload["text"], morning) == "最晚今天18:00前办好"
    assert late.words_now(content, waits, waits.payload["text"], after) == "最晚11月26日18:00前办好"


def test_days_that_are_read_by_others_later_are_named(content: Content) -> None:
    """Who is asked to call may do so tomorrow."""
    said = _message(Form.TEXT, {"text": "最晚明天10:01前办好"})
    assert late.words_now(content, said, said.payload["text"], EVENING, whole=True) == "最晚11月26日10:01前办好"
