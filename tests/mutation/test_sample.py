"""A sample of the mutation run, the same in every run of the tests; `python -m tests.mutation` tries all of them."""

import logging
import random
from collections.abc import Iterator

import pytest
from tests.mutation.killing import Court
from tests.mutation.mutants import FLOW, MAY, TELLING, Mutant, every_mutant, loose

SEED = 20261125
SIZE = {"flow": 12, "roles": 12, "telling": 12}


def _sample() -> list[Mutant]:
    dice = random.Random(SEED)
    mutants = sorted(every_mutant(), key=str)  # sets have another order in every process
    return [m for table, size in SIZE.items() for m in dice.sample([m for m in mutants if m.table == table], size)]


@pytest.fixture(scope="module")
def court(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Court]:
    """The cells and the conversations; what breaks inside a mutant is not news."""
    logging.disable(logging.CRITICAL)
    yield Court(tmp_path_factory.mktemp("mutation"))
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("mutant", _sample(), ids=str)
def test_a_wrong_row_is_noticed(mutant: Mutant, court: Court) -> None:
    """A row of the stage, role or telling table that is flipped turns a cell or a conversation red."""
    assert court.noticed(mutant) is not None


def test_there_is_a_mutant_for_every_row() -> None:
    """No row of the tables is spared."""
    about = {(m.table, m.about) for m in every_mutant()}
    assert {("flow", act) for act, _stage in FLOW} <= about
    assert {("roles", act) for act in MAY} <= about
    assert {("telling", event) for event in TELLING} <= about


def test_the_tables_are_whole_again_afterwards() -> None:
    """A mutant that stayed in would make every test after it lie."""
    before = dict(FLOW), dict(MAY), dict(TELLING)
    for mutant in _sample():
        with loose(mutant):
            assert before != (FLOW, MAY, TELLING)
    assert before == (FLOW, MAY, TELLING)
