"""What a worker says of each of several orders: each has its own end, and its residents hear of it alone."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.simulated.talking import Phone
from redprop_bot.store.tables import Demand, Outbox, Person


@pytest.fixture(autouse=True)
def three(say: Say) -> None:
    """A lift, a pipe and a wall, none taken yet."""
    say("r:罗阿姨", "槐荫里1栋1单元电梯坏了")
    say("r:老马", "槐荫里5栋2单元水管漏水")
    say("r:小贺", "槐荫里3栋1单元楼道墙皮掉了")


def _stages(stage: Stage) -> list[str]:
    return [demand.stage for demand in stage.store.look(lambda tx: sorted(tx.list(Demand), key=lambda d: d.id))]


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        ("都好了，就差5栋那个", ["done", "accepted", "done"]),
        ("其他的都弄好了，墙皮的没去", ["done", "done", "accepted"]),
        ("1号好了，3号也好了，2号明天", ["done", "accepted", "done"]),
        ("水管修好了 电梯明天弄", ["accepted", "done", "accepted"]),
        ("先不弄电梯，漏水的修完了", ["accepted", "done", "accepted"]),
        ("1号修好了2号等配件", ["done", "accepted", "accepted"]),
        ("电梯两点到，水管四点到", ["accepted", "accepted", "accepted"]),
        ("电梯修好了，换了门机，水管还漏着，明天再去", ["done", "accepted", "accepted"]),
        ("2号修好了，3号退，不归我们管", ["accepted", "done", "returned"]),
    ],
)
def test_only_what_is_done_is_done(stage: Stage, say: Say, text: str, stages: list[str]) -> None:
    """All three are in hand."""
    say("dingsf", "都接了")
    say("dingsf", text)
    assert _stages(stage) == stages


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        ("电梯和水管我接，墙皮的退", ["accepted", "accepted", "dispatched"]),
        ("前两个接了，最后一个退掉，不归我们管", ["accepted", "accepted", "returned"]),
        ("1号接 3号退，不归我们管 2号等会再说", ["accepted", "dispatched", "returned"]),
    ],
)
def test_only_what_is_taken_is_taken(stage: Stage, say: Say, text: str, stages: list[str]) -> None:
    """All three wait for the unit; why something is returned is asked where it is not said."""
    say("dingsf", text)
    assert _stages(stage) == stages


@pytest.mark.parametrize("text", ["1号修好了吗，2号呢", "电梯修好了没有，水管什么时候修"])
def test_who_asks_ends_nothing(stage: Stage, say: Say, text: str) -> None:
    """A question is of no order an end."""
    say("dingsf", "都接了")
    say("dingsf", text)
    assert _stages(stage) == ["accepted"] * 3


def test_each_hears_of_their_own(stage: Stage, say: Say) -> None:
    """Whoever waits for the pipe does not read of the lift."""
    say("dingsf", "都接了")
    say("dingsf", "电梯换好门机了，水管等配件")
    told = {r.receiver: str(r.payload) for r in stage.store.look(lambda tx: tx.list(Outbox))}
    assert "门机" in told["o-罗阿姨"]
    assert "等配件" in told["o-老马"]
    assert "门机" not in told["o-老马"]
    assert "配件" not in told["o-罗阿姨"]
    assert stage.town.say(Phone.of("resident:o-小贺"), "办得怎么样了").said


@pytest.mark.parametrize("text", ["电梯给老丁，水管给小葛", "1号给老丁，2号给小葛", "1给老丁2给小葛"])
def test_a_manager_gives_each_to_somebody(stage: Stage, say: Say, text: str) -> None:
    """Two sentences in one; residents hear that it is taken, and not who was told what."""
    assert say("fangjl", text) == ["done.assign", "done.assign"]
    names = stage.store.look(lambda tx: {one.id: one.name for one in tx.list(Person)})
    given = stage.store.look(lambda tx: sorted(tx.list(Demand), key=lambda d: d.id or 0))[:2]
    assert [names[demand.assignee_id] for demand in given] == ["老丁", "小葛"]
    told = [str(r.payload) for r in stage.store.look(lambda tx: tx.list(Outbox)) if r.receiver.startswith("o-")]
    assert not [words for words in told if "给老丁" in words or "给小葛" in words]


def test_a_worker_takes_one_and_hands_nothing_on(stage: Stage, say: Say) -> None:
    """The pipe waits for whoever may take it."""
    say("dingsf", "我接电梯，水管小葛接")
    assert _stages(stage) == ["accepted", "dispatched", "dispatched"]
