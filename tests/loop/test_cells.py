"""Every act in every stage by every capacity does what section 7 of the contract says, and nothing else."""

import pytest
from tests.golden.facts import facts
from tests.loop import cells

from redprop_bot.store.worker import Store


def test_the_table_knows_every_act_stage_and_capacity() -> None:
    """A new verb, stage or capacity must be written into the table before it works."""
    assert cells.names_agree() == []


def test_the_stage_table_is_the_contract_s() -> None:
    """Row by row, also where a step writes the stage itself."""
    assert list(cells.wrong_rows()) == []


@pytest.mark.parametrize("act", cells.ACTS)
def test_an_act_moves_only_what_it_may(act: str, town_store: Store) -> None:
    """Allowed cells lead to the stage of the contract; the others are 403 or 409."""
    there = town_store.run(cells.scene)
    assert town_store.run(lambda tx: list(cells.wrong_cells(tx, there, [act]))) == []


def test_what_is_refused_changes_nothing(town_store: Store) -> None:
    """After all refusals of the whole table every row of every table is as it was."""
    there = town_store.run(cells.scene)
    before = facts(town_store)

    def refuse_all(tx: object) -> int:
        count = 0
        for act in cells.ACTS[1:]:
            for stage in cells.STAGES:
                for capacity in cells.CAPACITIES:
                    if cells.expected(act, stage, capacity) in ("403", "409"):
                        with pytest.raises(Exception):  # noqa: B017
                            cells._try(tx, there, act, stage, cells.actor(capacity))
                        count += 1
        return count

    assert town_store.run(refuse_all) > 2000
    assert facts(town_store) == before
