"""Content of a community that lacks what a message will need stops the start, not the message."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from redprop_bot.content import load_content, packaged_root, roots
from redprop_bot.errors import ContentError

LABELS = "data/labels/labels.yaml"
ALARMS = "data/emergency/alarms.yaml"


def _faults(folder: Path, name: str, value: object) -> str:
    path = folder / name
    path.parent.mkdir(parents=True)
    path.write_text(yaml.safe_dump(value, allow_unicode=True), "utf-8")
    with pytest.raises(ContentError) as error:
        load_content(roots(folder), zone=ZoneInfo("Asia/Shanghai"), address="http://a")
    return str([(f.where, f.what) for f in error.value.faults])


def test_labels_without_a_stage_are_a_fault(tmp_path: Path) -> None:
    """Whoever renames stages must name them all."""
    labels = yaml.safe_load((packaged_root() / LABELS).read_text("utf-8"))
    del labels["stage"]["closed"]
    assert "stage 缺少 closed" in _faults(tmp_path, LABELS, labels)


@pytest.mark.parametrize("alarms", [[], [{"number": "119", "say": "快跑，我们马上来人！"}]])
def test_an_alarm_names_a_number(tmp_path: Path, alarms: list[object]) -> None:
    """There is one, and its number stands in what the resident reads first."""
    assert "alarms.yaml" in _faults(tmp_path, ALARMS, {"alarms": alarms})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (ALARMS, {"alarms": [{"number": "119", "say": "先打119！", "categories": ["elevators"]}]}),
        ("data/limits/places.yaml", {"estate_is_enough": ["elevators"]}),
        ("data/limits/joining.yaml", {"shared": ["elevators"]}),
        ("data/limits/joining.yaml", {"shared": [], "words": {"elevators": [["梯"]]}}),
    ],
)
def test_a_misspelt_category_is_a_fault(tmp_path: Path, name: str, value: object) -> None:
    """Else the line would stand there and never fit anything."""
    assert "没有这个类别：elevators" in _faults(tmp_path, name, value)
