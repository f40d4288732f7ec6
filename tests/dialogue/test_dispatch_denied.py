"""先别派 sends nobody; where another unit is named instead, that one gets it."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.registry.register import register
from redprop_bot.store.tables import Demand

LAMP = "河湾新村7栋楼道灯坏了"  # nobody's on the list: it waits for the secretary


def _handler(stage: Stage) -> str | None:
    def job(tx):
        (one,) = tx.list(Demand)
        return register(tx).organisations[one.handler_id].name if one.handler_id else None

    return stage.store.look(job)


@pytest.mark.parametrize(
    "text",
    [
        "1号单先别派给清源水务",
        "1号单暂时不派给清源水务",
        "1号单不应该派给清源水务",
        "把1号单先别转给清源水务",
        "1号单原本想派给清源水务，后来算了",
        "清源水务说1号单不归他们管",
        "1号单清源水务不肯接",
        "1号单等清源水务回话再派",
        "1号单过两天再派给清源水务",
        "1号单不要派给清源水务，等我问问康居物业",
    ],
)
def test_what_is_denied_put_off_or_told_dispatches_nothing(stage: Stage, say: Say, text: str) -> None:
    """It was sent to the very unit that was not to have it."""
    say("r:罗阿姨", LAMP)
    assert say("lusj", text) == ["untouched.dispatch"]
    assert _handler(stage) is None


@pytest.mark.parametrize(
    "text",
    [
        "1号单派给康居物业",
        "1号单不派清源水务了，改派康居物业",
        "1号单不要给清源水务了，换成康居物业",
        "1号单不归清源水务，给康居物业",
        "1号单不给清源水务给康居物业",
        "1号单清源水务不接，派给康居物业",
        "1号单派给康居物业，不要派给清源水务",
        "1号单派给康居物业，别派错了",
        "别忘了把1号单派给康居物业",
        "1号单居民不给开门派给康居物业去看看",
        "1号单不是电梯是楼道灯派给康居物业",
        "1号单派给康居物业，明天修好",
        "1号单先别等了，转给汪经理",
    ],
)
def test_who_is_named_instead_gets_it(stage: Stage, say: Say, text: str) -> None:
    """A denial beside a command makes none of it, and what is said of one unit does not go to it."""
    say("r:罗阿姨", LAMP)
    assert say("lusj", text) == ["done.dispatch"]
    assert _handler(stage) == "康居物业"
