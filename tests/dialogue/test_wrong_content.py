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


@pytest.mark.parametrize(
    ("name", "change", "what"),
    [
        ("data/whistle/whistle.yaml", {"kinds": {"routine": {"answer": "半小时"}}}, "不是时长"),
        ("data/whistle/whistle.yaml", {"kinds": {"routine": {"clock": "moon"}}}, "kinds.routine.clock"),
        ("data/whistle/whistle.yaml", {"kinds": {"loud": {}}}, "kinds.loud.name 缺少这一项"),
        ("data/whistle/whistle.yaml", {"decline_reasons": []}, "decline_reasons"),
        ("data/emergency_mode/mode.yaml", {"categories": ["elevators"]}, "没有这个类别：elevators"),
        ("data/emergency_mode/mode.yaml", {"clocks": {"solve": "0h"}}, "应大于 0"),
        ("data/meetings/kinds.yaml", {"kinds": {"joint": {"invite": ["mayor"]}}}, "kinds.joint.invite"),
        ("data/meetings/kinds.yaml", {"kinds": {"joint": {"quorum": 0}}}, "kinds.joint.quorum"),
        ("data/meetings/kinds.yaml", {"kinds": {"picnic": {}}}, "kinds.picnic.name 缺少这一项"),
        ("data/meetings/kinds.yaml", {"remind_day": 85}, "remind_day 要早于 alarm_day"),
        ("data/meetings/kinds.yaml", {"minutes_days": [7, 3]}, "minutes_days 要从小到大"),
        ("data/emergency_mode/mode.yaml", {"siren": True}, "siren 没有这一项"),
        ("data/emergency_mode/mode.yaml", {"help": {"urgency": "normal"}}, "help.urgency"),
    ],
)
def test_a_whistle_or_an_emergency_that_cannot_be_is_a_fault(
    tmp_path: Path, name: str, change: dict[str, object], what: str
) -> None:
    """A clock that nobody can read would be found at night, in the storm."""
    raw = yaml.safe_load((packaged_root() / name).read_text("utf-8"))
    _merge(raw, change)
    assert what in _faults(tmp_path, name, raw)


def _merge(into: dict[str, object], change: dict[str, object]) -> None:
    for key, value in change.items():
        inner = into.get(key)
        if isinstance(value, dict) and isinstance(inner, dict):
            _merge(inner, value)
        else:
            into[key] = value
