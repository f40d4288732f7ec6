"""Danger to life is found when told calmly or in dialect; what only sounds like it raises nobody from bed."""

from pathlib import Path

import pytest
import yaml

PAIRS = yaml.safe_load((Path(__file__).parent / "dangers.yaml").read_text("utf-8"))

# Known misses; these numbers only ever go down.
MISSED = 1
FALSE = 8


def _alarmed(read, text):
    return any(act.urgency == "emergency" for act in read(text))


def test_the_list_is_long_enough():
    """Each danger has its harmless twin."""
    assert len(PAIRS) >= 190
    assert all(len(pair) == 2 for pair in PAIRS)


def test_dangers_are_found(read):
    """Emergencies of all kinds, calm and in dialect."""
    missed = [danger for danger, _ in PAIRS if not _alarmed(read, danger)]
    assert len(missed) <= MISSED, missed


def test_their_harmless_twins_are_not(read):
    """Sentences with the same words and no danger."""
    false = [twin for _, twin in PAIRS if _alarmed(read, twin)]
    assert len(false) <= FALSE, false


@pytest.mark.parametrize("text", ["楼上着火了！", "我被困在电梯里", "家里有煤气味", "有人触电倒地"])
def test_the_plainest_dangers_never_slip(read, text):
    """No counting here."""
    assert _alarmed(read, text)


@pytest.mark.parametrize(
    "text", ["气死我了，车位又被占！！！", "救命啊作业太多了", "要死了热死了，空调什么时候修"]
)
def test_dramatic_words_alone_raise_nothing(read, text):
    """Anger is not danger."""
    assert not _alarmed(read, text)
