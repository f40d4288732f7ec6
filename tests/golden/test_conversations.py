"""Whole conversations, one file each; `README.md` beside this file says how they are read and written."""

from pathlib import Path

import pytest
from tests.golden.play import copied, play, template
from tests.golden.script import FOLDER, load, scripts

from redprop_bot.dialogue.office import Office

ALL = {str(path.relative_to(FOLDER).with_suffix("")): path for path in scripts()}


@pytest.fixture(scope="session")
def golden_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The office of the golden town; its database holds the roster."""
    return template(tmp_path_factory.mktemp("golden"))


@pytest.mark.parametrize("name", ALL)
def test_a_conversation_goes_as_written_and_nothing_else_changes(
    name: str, golden_office: Office, tmp_path: Path
) -> None:
    """Replies, stages, events, receivers and every other table are as the file says, with each message sent twice."""
    play(golden_office, load(ALL[name]), copied(golden_office, tmp_path))


