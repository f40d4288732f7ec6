"""The golden town with nothing said yet, for conversations that show one fault."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.golden.play import Stage, Theatre, enrol, set_stage
from tests.golden.script import FOLDER, load

from redprop_bot.simulated.talking import Phone


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """The golden town."""
    theatre = Theatre(tmp_path)
    enrol(theatre.office.store)
    script = load(min(FOLDER.rglob("*.yaml")))
    stage = set_stage(theatre.office, script, theatre.office.store.url)
    yield stage
    stage.store.close()


Say = Callable[[str, str], list[str]]


@pytest.fixture
def say(stage: Stage) -> Say:
    """Say something as `r:罗阿姨` or as a userid of the roster; gives the keys of the reply."""

    def speak(who: str, text: str) -> list[str]:
        identity = f"resident:o-{who[2:]}" if who.startswith("r:") else f"work:{who}"
        answer = stage.town.say(Phone.of(identity), text)
        assert not answer.failed
        return [said.key for said in answer.said]

    return speak
