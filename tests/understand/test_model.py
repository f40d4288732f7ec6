"""The weights that serve are the weights that were trained."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redprop_bot.understand.load import load_lexicon
from redprop_bot.understand.model import STEPS, Head, Model, softmax

from .conftest import ROOT


def test_serving_agrees_with_training(tmp_path):
    """Rounded weights in plain Python choose the label that the trained ones choose."""
    train = pytest.importorskip("redprop_bot.understand.train")
    pytest.importorskip("sklearn")
    lexicon = load_lexicon([ROOT], with_model=False, corpus=False)
    some = [e for e in lexicon.examples if len(e.labels) == 1 and not e.keyword][::2]
    data = train.rows(lexicon, some)["category"]
    fitted = train.fit(data, 10.0)
    train.pack({"category": fitted}, tmp_path / "model.tsv.gz")
    model = Model.load(tmp_path / "model.tsv.gz")
    expected = fitted[1].predict(train._scaled(fitted[0], data.features))
    served = [max((s := model.scores("category", f, len(f))), key=s.get) for f in data.features]
    agree = sum(a == b for a, b in zip(expected, served, strict=True)) / len(served)
    assert agree >= 0.97


def test_a_weight_file_keeps_to_its_room(tmp_path):
    """What speaks loudest stays."""
    train = pytest.importorskip("redprop_bot.understand.train")
    np = pytest.importorskip("numpy")
    names = [f"w:{i:03}" for i in range(200)]

    words = SimpleNamespace(vocabulary_={name: i for i, name in enumerate(names)})
    loud = np.linspace(0.05, 1.0, len(names))
    fitted = {"public": (words, train.OneAgainstRest(["praise", "wish"], [loud, -loud], [0.0, 0.0]))}
    train.pack(fitted, tmp_path / "all.tsv.gz")
    train.pack(fitted, tmp_path / "few.tsv.gz", 400)
    assert (tmp_path / "few.tsv.gz").stat().st_size <= 400 < (tmp_path / "all.tsv.gz").stat().st_size
    every, few = Model.load(tmp_path / "all.tsv.gz"), Model.load(tmp_path / "few.tsv.gz")
    assert few.scores("public", [names[-1]], 1) == every.scores("public", [names[-1]], 1)
    kept = [name for name in names if few.evidence("public", "praise", [name])]
    assert kept == names[-len(kept) :]
    assert 0 < len(kept) < len([name for name in names if every.evidence("public", "praise", [name])])


def test_a_damaged_weight_file_is_a_fault(tmp_path):
    """Named, not a traceback."""
    (tmp_path / "data/words").mkdir(parents=True)
    (tmp_path / "data/words/model.tsv.gz").write_text("nonsense\n", "utf-8")
    from redprop_bot.errors import ContentError

    with pytest.raises(ContentError, match="重新训练"):
        load_lexicon([tmp_path])


def test_shares_add_up():
    """Confidence is a share."""
    assert sum(softmax({"a": 1.0, "b": 800.0, "c": -5.0}).values()) == pytest.approx(1.0)
    assert softmax({}) == {}


def _model(weights: dict[str, list[int]]) -> Model:
    labels = ("a", "b", "c")
    lanes = {hash(f): sum(w << (16 * i) for i, w in enumerate(row)) for f, row in weights.items()}
    return Model({"h": Head(labels, (0.5, 0.0, -0.5), 1.0)}, {"h": lanes})


@given(
    st.dictionaries(
        st.text("xyz", min_size=1, max_size=4),
        st.lists(st.integers(-STEPS, STEPS), min_size=3, max_size=3),
        max_size=20,
    ),
    st.integers(1, 400),
)
def test_added_at_once_is_added_one_by_one(weights: dict[str, list[int]], times: int):
    """However many features speak, each label gets exactly its own sum."""
    model = _model(weights)
    features = [f for f in weights for _ in range(times)]
    scores = model.scores("h", features, 1)
    for index, (label, bias) in enumerate((("a", 0.5), ("b", 0.0), ("c", -0.5))):
        assert scores[label] == bias + sum(row[index] for row in weights.values()) * times


def test_evidence_is_what_spoke_for_a_label():
    """The strongest first, what spoke against it not at all."""
    model = _model({"weak": [1, 40, 0], "strong": [46, -46, 0], "against": [-46, 0, 46], "silent": [0, 0, 0]})
    assert model.evidence("h", "a", ["weak", "strong", "against", "silent", "unknown"]) == ["strong", "weak"]
