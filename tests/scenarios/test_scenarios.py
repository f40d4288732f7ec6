"""One file per rule of the shipped defaults, each with a twin in which the rule must not act."""

from pathlib import Path

import pytest
import yaml
from tests.golden.play import MismatchError, Theatre
from tests.scenarios.player import FOLDER, load, play, scenarios

ALL = scenarios()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the offices of the scenarios keep their databases and their changed data files."""
    return tmp_path_factory.mktemp("scenarios")


@pytest.fixture(scope="session")
def theatres() -> dict[str, Theatre]:
    """One office for each set of data files."""
    return {}


@pytest.mark.parametrize("name", ALL)
def test_a_rule_acts_when_it_should_and_not_otherwise(
    name: str, folder: Path, theatres: dict[str, Theatre]
) -> None:
    """Stages, dates, replies and receivers are as the file says, on a frozen clock."""
    scenario = ALL[name]()
    key = repr(sorted(scenario.settings.items()))
    if key not in theatres:
        theatres[key] = _theatre(folder / str(len(theatres)), scenario.settings)
    play(theatres[key], scenario)


def _theatre(folder: Path, settings: dict[str, str]) -> Theatre:
    for name, text in settings.items():
        path = folder / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    folder.mkdir(exist_ok=True)
    return Theatre(folder, content_dir=folder / "content" if settings else None)


def test_every_file_has_both_halves_and_a_source() -> None:
    """A rule without its twin proves only that something happens."""
    for path in FOLDER.rglob("*.yaml"):
        raw = yaml.safe_load(path.read_text("utf-8"))
        assert {"规则", "出处", "发生", "不发生"} <= set(raw), path.name


def test_a_scenario_that_says_something_wrong_turns_red(tmp_path: Path, theatres: dict[str, Theatre]) -> None:
    """The player itself must be able to fail: a wrong date, a message nobody got, an unknown action."""
    steps = [
        {"小贺 说": "槐荫里2栋1单元的单元门关不严", "单子": {"D1": {"期限": "11-26 10:00"}}},
        {"小贺 说": "槐荫里2栋1单元的单元门关不严", "收到": {"秦书记": ["order"]}},
        {"小贺 想": "槐荫里2栋1单元的单元门关不严"},
    ]
    theatre = theatres.setdefault("[]", _theatre(tmp_path / "office", {}))
    for number, step in enumerate(steps):
        path = tmp_path / f"{number}.yaml"
        half = {"步骤": [step]}
        text = yaml.safe_dump({"规则": "x", "居民": ["小贺"], "发生": half, "不发生": half}, allow_unicode=True)
        path.write_text(text, encoding="utf-8")
        with pytest.raises(MismatchError):
            play(theatre, load(path, "发生"))
