"""Whole conversations, one file each; `README.md` beside this file says how they are read and written."""

import pytest
from tests.golden.play import Theatre, enrol, play
from tests.golden.script import FOLDER, load, scripts

from redprop_bot.store.worker import Store

ALL = {str(path.relative_to(FOLDER).with_suffix("")): path for path in scripts()}
BOTH = [
    name for name, path in ALL.items() if "\n也在: postgres\n" in path.read_text("utf-8")
]  # read whole when played


@pytest.fixture(scope="session")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Theatre:
    """The office of the golden town on SQLite."""
    return Theatre(tmp_path_factory.mktemp("golden"))


@pytest.mark.parametrize("name", ALL)
def test_a_conversation_goes_as_written_and_nothing_else_changes(name: str, theatre: Theatre) -> None:
    """Replies, stages, events, receivers and every other table are as the file says, with each message sent twice."""
    theatre.play(load(ALL[name]))


@pytest.mark.postgres
@pytest.mark.parametrize("name", BOTH)
def test_a_conversation_goes_the_same_way_on_postgresql(
    name: str, theatre: Theatre, postgres_url: str, postgres_store: Store
) -> None:
    """The other engine locks, counts and orders by rules of its own; people must not notice."""
    script = load(ALL[name])
    assert script.on_postgres
    enrol(postgres_store, script.roster)
    play(theatre.office, script, postgres_url)


def test_there_are_enough_of_them() -> None:
    """Of the whole loop, of what is heard, of places, of talk that goes on; some of them on both engines."""
    assert len(ALL) >= 190
    assert {"听懂", "地址", "接着说"} <= {name.split("/")[0] for name in ALL}
    assert len(BOTH) >= 15
