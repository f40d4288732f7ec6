"""Messages of eleven writers who did not see how they are read: how many are heard as a careful person would hear them.

None was learnt from. The floors stand a message or two below what is reached, and only ever go up.
"""

import json
from datetime import datetime
from pathlib import Path

import pytest

from redprop_bot.understand.gazetteer import EstateName, Gazetteer

FOLDER = Path(__file__).with_name("heard")
ESTATES = (
    "桂花园", "阳光里", "翠竹苑", "幸福家园", "和平新村", "金色水岸", "枫林小区", "银杏苑",
    "向阳新村", "滨河花园", "望江苑", "机械厂家属院", "锦绣新城", "云锦华庭", "金地花园", "锦绣江南",
)  # fmt: skip
BOOK = Gazetteer(tuple(EstateName(name, ()) for name in ESTATES), ("安居物业", "和美物业"))
# Shares of messages heard right in every intent and category, of slots, and false alarms; every danger is found.
FLOORS = {
    "several": (0.87, 0.85, 1),
    "staff": (0.88, 0.81, 3),
    "residents": (0.88, 0.81, 3),
    "dangers": (0.84, 0.87, 1),
    "slots": (0.87, 0.85, 3),
    "in_a_breath": (0.46, 0.55, 1),  # several things side by side without a word between: hardly one in two
    "dangers_told_calmly": (0.78, 0.69, 1),
    "dangers_hidden": (0.75, 0.76, 5),
    "everyday": (0.92, 0.86, 1),
    "hotline": (0.89, 0.83, 1),
    "indirect": (0.69, 0.58, 2),  # offers, help, thanks and whistles that never say so
}


def _said(name):
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def _heard(reader, name):
    """For each message the acts as labelled and as read."""
    for said in _said(name):
        now = datetime.fromisoformat(said["now"])
        yield said, reader.read(said["text"], role=said["role"], now=now, gazetteer=BOOK)


def _pairs(labelled, acts):
    """Every act that is labelled, beside the first one read that means the same."""
    left = list(acts)
    for label in labelled:
        same = next((act for act in left if (act.intent, act.category) == (label[0], label[1])), None)
        if same is not None:
            left.remove(same)
        yield label, same


@pytest.mark.parametrize("name", FLOORS)
def test_messages_are_heard_as_a_careful_person_hears_them(reader, name):
    """What is meant, where, when and by whom; no danger is missed, hardly one is invented."""
    exact = total = met = named = false = 0
    missed = []
    for said, acts in _heard(reader, name):
        total += 1
        meant = [(label[0], label[1]) for label in said["acts"]]
        exact += sorted(meant, key=str) == sorted([(act.intent, act.category) for act in acts], key=str)
        alarmed = any(act.urgency == "emergency" for act in acts)
        due = any(label[2] == "emergency" for label in said["acts"])
        false += alarmed and not due
        if due and not alarmed:
            missed.append(said["text"])
        for label, act in _pairs(said["acts"], acts):
            read = act.slots if act is not None else {}
            named += len(label[3].keys() | read.keys())
            met += sum(str(read.get(key, "")).startswith(str(value)) for key, value in label[3].items())
    least, slots, most = FLOORS[name]
    assert missed == []
    assert exact / total >= least, exact / total
    assert met / named >= slots, met / named
    assert false <= most, false


def test_no_message_is_learnt_from():
    """What is asked here stands in no file that is taught."""
    root = Path(__file__).resolve().parents[2]
    taught = "\n".join(path.read_text(encoding="utf-8") for path in (root / "intents").rglob("*.yaml"))
    asked = [said["text"] for name in FLOORS for said in _said(name)]
    assert len(asked) == 1590
    assert [text for text in asked if len(text) > 8 and text in taught] == []
