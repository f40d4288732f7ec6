"""Each of the 45 intents of the contract leads somewhere, from the start."""

from pathlib import Path

import pytest
import yaml
from tests.golden.play import Theatre, enrol
from tests.golden.script import load, scripts

from redprop_bot.content import Content
from redprop_bot.dialogue import reporting
from redprop_bot.dialogue.outcomes import OUTCOMES
from redprop_bot.dialogue.session import Session
from redprop_bot.dialogue.turn import Turn
from redprop_bot.ports import Channel, Inbound, Kind
from redprop_bot.registry.people import identify
from redprop_bot.store.tx import Tx
from redprop_bot.understand.acts import INTENTS, Act

INTENTS_OF_THE_CONTRACT = [
    "demand.report",
    "complaint",
    "mediation",
    "suggestion",
    "wish",
    "resource.offer",
    "service.offer",
    "progress.query",
    "demand.urge",
    "demand.withdraw",
    "demand.supplement",
    "feedback.satisfied",
    "feedback.unsatisfied",
    "praise",
    "consult",
    "notice.query",
    "meeting.query",
    "meeting.propose",
    "activity.query",
    "activity.signup",
    "activity.cancel",
    "checkin",
    "points.query",
    "points.redeem",
    "member.register",
    "order.assist",
    "order.accept",
    "order.return",
    "order.progress",
    "order.fulfil",
    "order.extend",
    "order.dispatch",
    "order.escalate",
    "order.merge",
    "order.close",
    "order.list",
    "visit.log",
    "meeting.schedule",
    "meeting.resolve",
    "report.stats",
    "human",
    "help",
    "privacy",
    "greeting",
    "unknown",
]

LATER = {
    "praise",
}  # fmt: skip
"""Their rooms come later: until then they are a task for the secretary with a truthful reply."""

OF_UNITS = {"order.accept", "order.return", "order.fulfil", "order.extend", "order.progress"}
OF_SECRETARIES = {
    "order.dispatch", "order.escalate", "order.merge", "order.close", "visit.log", "meeting.schedule",
    "meeting.resolve", "report.stats",
}  # fmt: skip


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Theatre:
    """The golden town."""
    theatre = Theatre(tmp_path_factory.mktemp("outcomes"))
    enrol(theatre.office.store)
    return theatre


def _turn(theatre: Theatre, tx: Tx, sender: str, text: str) -> Turn:
    channel = Channel.OA if sender.startswith("o-") else Channel.WORK
    inbound = Inbound(channel, "k", sender, Kind.TEXT, tx.now, text=text)
    return Turn(tx, inbound, identify(tx, channel, sender), Session(tx.now), theatre.office.reader)


def _hear(theatre: Theatre, sender: str, intent: str) -> tuple[list[str], int]:
    """The keys of the reply to an intent, and how many tasks it left."""
    from redprop_bot.store.tables import Task

    def job(tx: Tx) -> tuple[list[str], int]:
        turn = _turn(theatre, tx, sender, "随便一句话")
        heard = Act(intent, text="随便一句话")
        if intent in reporting.INTENTS:
            reporting.report(turn, [Act(intent, "other", "normal", text="随便一句话")])
        else:
            OUTCOMES[intent](turn, heard)
        texts = [tx.content.replies.say(said.key, **said.slots) for said in turn.said]
        assert all(texts), "a reply without words"
        found = [said.key for said in turn.said], len(tx.list(Task))
        raise _EnoughError(found)

    try:
        theatre.office.store.run(job)
    except _EnoughError as enough:
        return enough.found
    raise AssertionError


class _EnoughError(Exception):
    """Ends the transaction without a trace."""

    def __init__(self, found: tuple[list[str], int]) -> None:
        super().__init__()
        self.found = found


def test_the_intents_are_the_45_of_the_contract() -> None:
    """No more, no fewer, in the code and here."""
    assert len(INTENTS_OF_THE_CONTRACT) == 45
    assert set(INTENTS) == set(INTENTS_OF_THE_CONTRACT)


@pytest.mark.parametrize("intent", INTENTS_OF_THE_CONTRACT)
def test_every_intent_is_listed_once(intent: str) -> None:
    """It is a report, or it has a row of its own; never both, never neither."""
    assert (intent in OUTCOMES) != (intent in reporting.INTENTS)


@pytest.mark.parametrize("intent", INTENTS_OF_THE_CONTRACT)
@pytest.mark.parametrize("sender", ["o-某居民", "songls", "fangjl", "qinsj", "gaozr"])
def test_every_intent_is_answered_to_everybody(intent: str, sender: str, theatre: Theatre) -> None:
    """A resident, a member, a property manager, a secretary and the street each get an answer in words."""
    keys, _tasks = _hear(theatre, sender, intent)
    assert keys


@pytest.mark.parametrize("intent", sorted(LATER - OF_SECRETARIES))
def test_what_has_no_room_yet_is_a_task_and_said_truthfully(intent: str, theatre: Theatre) -> None:
    """The number of the task is told, and the secretary has it."""
    keys, tasks = _hear(theatre, "o-某居民", intent)
    assert (keys, tasks) == ([f"later.{intent}"], 1)


@pytest.mark.parametrize("intent", sorted(OF_UNITS | OF_SECRETARIES))
def test_what_belongs_to_a_post_is_refused_kindly_and_leaves_nothing(intent: str, theatre: Theatre) -> None:
    """A resident who says a secretary's or a unit's word: told whose it is, no task, no change."""
    assert _hear(theatre, "o-某居民", intent) == (["error.not_your_post"], 0)


@pytest.mark.parametrize(
    ("intent", "sender"),
    [(intent, "fangjl") for intent in sorted(OF_SECRETARIES)] + [(intent, "qinsj") for intent in sorted(OF_UNITS)],
)
def test_units_and_secretaries_do_not_do_each_other_s_work(intent: str, sender: str, theatre: Theatre) -> None:
    """A manager does not dispatch, a secretary does not accept."""
    assert _hear(theatre, sender, intent) == (["error.not_your_post"], 0)


def test_labels_name_every_intent(content: Content) -> None:
    """People read Chinese names."""
    assert set(content.labels.intent) == set(INTENTS_OF_THE_CONTRACT)


def test_golden_conversations_are_yaml_that_loads() -> None:
    """A file that does not load would be a conversation that nobody plays."""
    for path in scripts():
        assert isinstance(yaml.safe_load(Path(path).read_text("utf-8")), dict)
        assert load(path).steps
