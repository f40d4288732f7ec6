"""A unit that says until when it will be done has not done it: the resident is not asked for stars."""

import pytest


def _intents(read, said: str, role: str) -> list[str]:
    return [act.intent for act in read(said, role)]


@pytest.mark.parametrize(
    "said",
    ["今天下午3点前修好", "12号单周五前能修好", "争取今晚修好", "明天中午之前弄完", "预计晚上8点恢复供电"],
)
def test_what_is_promised_is_progress(read, said: str) -> None:
    """Time and verb together are a promise."""
    assert _intents(read, said, "provider") == ["order.progress"]


@pytest.mark.parametrize(
    "said",
    [
        "下午修好了",
        "三点之前修好的",
        "单元门前的地砖换好，验收过了",
        "12号修好，照片发了",
        "目前全部恢复",
        "可以了，修好",
    ],
)
def test_what_is_done_is_done(read, said: str) -> None:
    """The harmless twins: the same words, and it is over."""
    assert _intents(read, said, "provider") == ["order.fulfil"]


def test_who_asks_for_somebody_to_mediate_wants_no_operator(read) -> None:
    """来人 alone is no call for a person to talk to."""
    assert _intents(read, "能不能来人调解一下", "resident") == ["mediation"]
    assert _intents(read, "能不能来个人跟我说话", "resident") == ["human"]
