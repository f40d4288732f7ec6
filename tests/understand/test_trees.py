"""The trees of the seams: as scikit-learn grew them, and damaged files are told, not heard."""

import gzip

import pytest

from redprop_bot.errors import ContentError
from redprop_bot.understand import train_seams
from redprop_bot.understand.load import SEAM_TREES, load_lexicon
from redprop_bot.understand.trees import Trees

STUMP = "# numbers 2\n1 -1 -0.5 0 0\n1 1 3.5 1 2\n0 -1 -1 0 0\n0 -1 2 0 0\n"


def _written(path, text):
    path.write_bytes(gzip.compress(text.encode()))
    return path


def test_a_number_within_the_bound_goes_left(tmp_path):
    """The values of the leaves add up to log-odds."""
    trees = Trees.load(_written(tmp_path / "t.gz", STUMP))
    assert (trees.count, trees.roots) == (2, (0, 1))
    assert trees.share([9.0, 3.5]) == pytest.approx(1 / (1 + 2.718281828**1.5))
    assert trees.share([9.0, 3.6]) == pytest.approx(1 / (1 + 2.718281828**-1.5))


def test_what_is_saved_is_read(tmp_path):
    """Nothing is lost on the way."""
    trees = Trees.load(_written(tmp_path / "t.gz", STUMP))
    trees.save(tmp_path / "again.gz")
    assert Trees.load(tmp_path / "again.gz") == trees


def test_they_answer_as_they_were_grown(tmp_path):
    """Taken from scikit-learn they give its shares."""
    ensemble = pytest.importorskip("sklearn.ensemble")
    asked = [[float(i % 7), float(i % 5)] for i in range(400)]
    yes = [(row[0] > 3) != (row[1] > 2) for row in asked]
    grown = ensemble.GradientBoostingClassifier(n_estimators=12, max_depth=3, random_state=1).fit(asked, yes)
    train_seams.taken(grown).save(tmp_path / "t.gz")
    trees = Trees.load(tmp_path / "t.gz")
    told = grown.predict_proba(asked)[:, 1]
    assert [trees.share(row) for row in asked] == pytest.approx(told.tolist(), abs=1e-4)
    assert max(told) - min(told) > 0.5


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# numbers x\n",
        "# numbers 2\n",
        "# numbers 2\n1 -1 0.5 0\n",
        "# numbers 2\n1 2 0.5 1 2\n0 -1 1 0 0\n0 -1 1 0 0\n",  # asks for a third number
        "# numbers 2\n1 1 0.5 0 1\n0 -1 1 0 0\n",  # goes round in a circle
        "# numbers 2\n1 1 0.5 1 7\n0 -1 1 0 0\n",  # goes where nothing is
        "# numbers 2\n1 -1 nan 0 0\n",
        "# numbers 2\n0 -1 1 0 0\n",  # no tree begins
    ],
)
def test_a_damaged_file_is_told(text, tmp_path):
    """As a fault of the file, at the start."""
    with pytest.raises(ValueError):
        Trees.load(_written(tmp_path / "t.gz", text))
    (tmp_path / "data" / "words").mkdir(parents=True)
    _written(tmp_path / SEAM_TREES, text)
    with pytest.raises(ContentError) as told:
        load_lexicon([tmp_path])
    assert [fault.where for fault in told.value.faults] == [SEAM_TREES]
