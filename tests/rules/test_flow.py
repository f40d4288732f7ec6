"""The stage table by itself: what it must hold whatever the rows say. The rows are tried in `tests/loop/test_cells`."""

import pytest

from redprop_bot.errors import Conflict
from redprop_bot.rules.flow import BACK, FLOW, OPEN, SAME, Act, Stage, can, is_open, next_stage

ENDED = {Stage.CLOSED, Stage.WITHDRAWN, Stage.MERGED}


def test_open_is_everything_that_has_not_ended() -> None:
    """Seven stages are open, three are not."""
    assert set(Stage) - OPEN == ENDED
    assert [stage for stage in Stage if is_open(stage)] == [stage for stage in Stage if stage in OPEN]


def test_only_the_residents_word_moves_what_has_ended() -> None:
    """Withdrawn and merged are for good; a closed demand may be rated or reopened."""
    moved = {(act, stage) for act, stage in FLOW if stage in ENDED}
    assert moved == {(Act.RATE, Stage.CLOSED), (Act.REOPEN, Stage.CLOSED)}


def test_every_act_on_a_demand_is_possible_somewhere() -> None:
    """An act without a row would be a verb that nobody can ever use; `order` has no stage before it."""
    assert {act for act, _stage in FLOW} == set(Act) - {Act.ORDER}


def test_every_stage_can_be_reached_and_every_open_one_left() -> None:
    """No dead ends, no stage that exists on paper only."""
    reached = {to for to in FLOW.values() if to not in (SAME, BACK)}
    assert reached | {Stage.NEW} == set(Stage)
    for stage in OPEN:
        assert any(at == stage and to not in (SAME, stage) for (_act, at), to in FLOW.items())


def test_resuming_goes_back_to_where_the_pause_began() -> None:
    """Accepted stays accepted, dispatched stays dispatched."""
    assert next_stage(Act.RESUME, Stage.SUSPENDED, before="accepted") == Stage.ACCEPTED
    assert next_stage(Act.RESUME, Stage.SUSPENDED, before="dispatched") == Stage.DISPATCHED


def test_what_is_not_in_the_table_is_a_conflict_that_names_act_and_stage() -> None:
    """The refusal carries what the person is told."""
    with pytest.raises(Conflict) as refusal:
        next_stage(Act.ACCEPT, Stage.DONE)
    assert refusal.value.slots == {"act": "accept", "stage": "done"}
    assert not can(Act.ACCEPT, "done")
