"""A handler that breaks: the person gets a plain sentence with a reference, the message waits and can be replayed."""

import dataclasses
from pathlib import Path

import pytest
from tests.golden.facts import differences, facts
from tests.golden.play import Stage, Theatre, enrol, set_stage
from tests.golden.script import FOLDER, load

from redprop_bot.simulated.talking import Phone
from redprop_bot.store.tables import Demand, Inbox, Outbox
from redprop_bot.understand.acts import Act

PHONE = Phone.of("resident:o-罗阿姨")
TEXT = "槐荫里1栋1单元的单元门关不严"


class _BrokenReader:
    """Fails like a bug would, outside every refusal that is foreseen."""

    def read(self, *_args: object, **_kwargs: object) -> list[Act]:
        raise ZeroDivisionError


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """The golden town with nothing said yet."""
    theatre = Theatre(tmp_path)
    enrol(theatre.office.store)
    script = load(min(FOLDER.rglob("*.yaml")))
    return set_stage(theatre.office, script, theatre.office.store.url)


def _break(stage: Stage) -> None:
    stage.town.office = dataclasses.replace(stage.office, hears=_BrokenReader)  # type: ignore[arg-type]


def _mend(stage: Stage) -> None:
    stage.town.office = stage.office


def test_the_message_stays_marked_failed_and_nothing_else_is_left(stage: Stage) -> None:
    """One inbox row with a reference that the person is told; no person, demand, event or message besides.

    The platform counts from the message, whatever became of it here: so does the budget.
    """
    _break(stage)
    before = facts(stage.store)
    answer = stage.town.say(PHONE, TEXT)
    found = differences(before, facts(stage.store))
    assert set(found) == {"inbox", "budget"}
    row = stage.store.look(lambda tx: tx.list(Inbox)[0])
    assert (row.status, row.error) == ("failed", "ZeroDivisionError")
    assert answer.failed
    assert row.reference in answer.text
    assert "119" in answer.text
    assert "ZeroDivisionError" not in answer.text


def test_the_same_delivery_again_gets_the_same_sentence(stage: Stage) -> None:
    """The platform's retry does not make a second row, nor tries the broken handler again."""
    _break(stage)
    inbound = stage.town.words(PHONE, TEXT)
    first = stage.town.deliver(inbound)
    before = facts(stage.store)
    _mend(stage)
    again = stage.town.deliver(inbound)
    assert (again.text, again.repeated) == (first.text, True)
    assert facts(stage.store) == before


def test_a_failed_message_can_be_replayed_once_it_is_mended(stage: Stage) -> None:
    """The report is taken in as it was said, at the moment it was said, and the unit is told."""
    _break(stage)
    inbound = stage.town.words(PHONE, TEXT)
    stage.town.deliver(inbound)
    _mend(stage)
    row = stage.store.look(lambda tx: tx.list(Inbox)[0])
    answer = stage.store.run(lambda tx: stage.office.replay(tx, row))
    assert answer.said[0].key == "order.dispatched"
    demand = stage.store.look(lambda tx: tx.list(Demand)[0])
    assert (demand.text, demand.reported_at) == (TEXT, inbound.created_at)
    assert stage.store.look(lambda tx: tx.list(Inbox)[0]).status == "done"
    assert stage.store.look(lambda tx: len(tx.list(Outbox))) == 3


def test_others_in_the_same_moment_are_not_touched(stage: Stage) -> None:
    """What one message breaks is undone alone."""
    _break(stage)
    stage.town.say(PHONE, TEXT)
    _mend(stage)
    assert stage.town.say(Phone.of("resident:o-小贺"), TEXT).said[0].key == "order.dispatched"
