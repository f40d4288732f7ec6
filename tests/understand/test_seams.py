"""Where another matter begins: what is asked of a seam, how it is learnt, and what happens without weights."""

from dataclasses import replace

import pytest

from redprop_bot.understand import apart, seams, train_seams
from redprop_bot.understand.lexicon import Example, Label
from redprop_bot.understand.model import STEPS, Model, softmax
from redprop_bot.understand.split import with_substance
from redprop_bot.understand.trees import Trees

TWO = "楼道灯不亮了，垃圾三天没人收"


def _pieces(lexicon, text):
    return with_substance(text, lexicon.splitter.pieces(text))


def _message(lexicon, text, role="resident"):
    return seams.Message(text, _pieces(lexicon, text), lexicon, lexicon.model, role)


def _example(text, *labels):
    return Example(text, tuple(Label(*label) for label in labels), "resident", "own:1")


def test_a_side_is_weighed_as_its_pieces_together(reader):
    """Adding what the pieces weigh gives the same shares as weighing their features in one go."""
    message = _message(reader.lexicon, f"{TWO}，请派人来")
    side = message.side(0, 2)
    features = [feature for seen in message.seen[:2] for feature in seen]
    whole = softmax(reader.lexicon.model.scores("public", features, len(features)))
    labels, _ = message.labels
    assert dict(zip(labels, side.intents, strict=True)) == pytest.approx(whole)


def test_the_longest_side_stays_within_the_sums(reader):
    """Of pieces however long, no more features are weighed than may be added at once."""
    text = "，".join("楼道里的灯坏了又修修了又坏" * 40 for _ in range(9))
    message = _message(reader.lexicon, text)
    most = max(len(seen) for seen in message.seen)
    assert most * (seams.BEFORE + seams.AFTER) * STEPS < 2**15  # half a lane
    assert all(0 <= share <= 1 for share in message.side(0, 7).intents)


def test_two_faults_in_a_breath_are_parted_and_one_told_at_length_is_not(reader):
    """The second piece begins another matter; what comes of the first does not."""
    lexicon = reader.lexicon
    assert seams.begun(TWO, _pieces(lexicon, TWO), lexicon, "resident") == [1]
    for text in ("楼道灯不亮了，晚上下楼全靠摸", "楼道灯不亮了，再不修老人要摔跤", "垃圾三天没人收，臭得开不了窗"):
        assert seams.begun(text, _pieces(lexicon, text), lexicon, "resident") == [], text


@pytest.mark.parametrize("missing", ["seams", "model"])
def test_without_weights_nothing_is_parted(reader, missing):
    """A folder without weight files is heard as one thing, and nothing breaks."""
    lexicon = replace(reader.lexicon, **{missing: Model.empty()})
    assert seams.begun(TWO, _pieces(lexicon, TWO), lexicon, "resident") == []


def test_what_comes_of_it_needs_more_than_a_guess(reader):
    """再不修老人要摔 goes on about the same, whatever the words of the fall speak for."""
    assert apart.carries_on("要是再不修晚上老人要摔跤的")
    assert apart.carries_on("弄得满楼道都是味")
    assert not apart.carries_on("要是能装个扶手就好了")


def test_a_fault_and_that_it_is_mended_are_one_unless_it_was_an_earlier_one(read):
    """The tale ends well: nothing is to be done. Thanks for what was done before stand beside the new fault."""
    assert [act.intent for act in read("水管爆了半个月，昨天师傅来换了，现在好了，谢谢")] == ["feedback.satisfied"]
    several = read("洗手池漏水了，快来看看。至于上次报的门锁，已经修好了，谢谢师傅")
    assert [act.intent for act in several] == ["demand.report", "feedback.satisfied"]


def test_the_way_to_part_an_example_is_found_by_its_labels(reader):
    """Labels stand in order; where each begins is what speaks most for them."""
    lexicon = reader.lexicon
    report = ("demand.report", "power", "normal"), ("demand.report", "sanitation", "normal")
    example = _example("楼道灯不亮了，晚上看不见，垃圾三天没人收", *report)
    assert train_seams.parted(train_seams.message_of(lexicon, lexicon.model, example), example) == (2,)
    one = _example("楼道灯不亮了，晚上看不见", report[0])
    assert train_seams.parted(train_seams.message_of(lexicon, lexicon.model, one), one) == ()
    short = _example("楼道灯不亮了", *report)
    assert train_seams.parted(train_seams.message_of(lexicon, lexicon.model, short), short) is None


def test_what_is_learnt_is_what_is_asked(reader, tmp_path, monkeypatch):
    """A head learnt from a few seams and its trees are packed, read back and asked the same way as when serving."""
    pytest.importorskip("sklearn")
    lexicon = reader.lexicon
    labels = ("demand.report", "power", "normal"), ("demand.report", "sanitation", "normal")
    told = [_example(TWO, *labels)] * 8 + [_example("楼道灯不亮了，晚上看不见", labels[0])] * 8
    found = train_seams.gather(lexicon, told, dict.fromkeys(range(train_seams.PARTS), lexicon.model))
    assert [seam.new for seam in found] == [True] * 8 + [False] * 8
    monkeypatch.setitem(train_seams.TREES, "min_samples_leaf", 2)
    train_seams.learn(found, tmp_path / "seams.gz", tmp_path / "trees.gz")
    linear = replace(lexicon, seams=Model.load(tmp_path / "seams.gz"), seam_trees=Trees())
    both = replace(linear, seam_trees=Trees.load(tmp_path / "trees.gz"))
    assert both.seam_trees.count == 1 + len(found[0].numbers)
    for example, seam in ((told[0], found[0]), (told[-1], found[-1])):
        look = seams.Look(train_seams.message_of(lexicon, lexicon.model, example), 0, 1)
        assert (seams.share(look, linear) > 0.5) is seam.new
        assert (seams.share(look, both) > 0.5) is seam.new
        assert seams.share(look, both) != seams.share(look, linear)


def test_the_trees_that_are_shipped_know_the_numbers_they_are_asked(reader):
    """Whoever adds a number grows them anew."""
    look = seams.Look(_message(reader.lexicon, TWO), 0, 1)
    assert reader.lexicon.seam_trees.count == 1 + len(look.numbers())


def test_what_is_heard_is_cut_where_the_seam_is(read):
    """Each matter has the words of its own side."""
    assert [(act.category, act.text) for act in read(TWO)] == [
        ("power", "楼道灯不亮了"),
        ("sanitation", "垃圾三天没人收"),
    ]
