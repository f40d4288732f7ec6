"""Words of like meaning share groups, and the file of groups is read as it was written."""

import pytest

from redprop_bot.errors import ContentError
from redprop_bot.understand import cluster
from redprop_bot.understand.load import CLUSTERS, load_lexicon
from redprop_bot.understand.words import RustSegmenter, dictionary

from .conftest import ROOT


def test_the_commonest_words_without_names():
    """Names of people and places, foreign words and long ones are left out."""
    lines = [
        "水管 30 n",
        "张三 900 nr",
        "北京 900 ns",
        "abc 900 eng",
        "一个很长的词 900 n",
        "阀门 20 n",
        "龙头 10 n",
    ]
    assert cluster.common_words(lines, 2) == {"水管", "阀门"}


def test_the_dictionary_is_that_of_the_segmenter():
    """Thousands of everyday words, and those the segmenter knows."""
    words = cluster.common_words(dictionary(), 1000)
    assert len(words) == 1000
    known = RustSegmenter()
    assert all(known.has(word) for word in words)


def test_own_words_are_those_the_model_sees():
    """No figures, no punctuation, no signs for what was taken out."""
    words = cluster.own_words(load_lexicon([ROOT], with_model=False, corpus=False))
    assert "电梯" in words
    assert not any(word[0] in "<0，。" for word in words)


def test_like_words_share_a_group_and_the_file_is_read_back(tmp_path):
    """What is written by one is what the other reads, each size apart."""
    pytest.importorskip("sklearn")
    points = {
        "水管": [9, 1, 0],
        "管子": [9, 0, 0],
        "谢谢": [0, 9, 0],
        "感谢": [0, 9, 1],
        "吵": [0, 0, 9],
        "闹": [1, 0, 9],
    }
    words = sorted(points)
    groups = cluster.group(words, {"水管"}, lambda listed: [points[word] for word in listed], (3, 2))
    assert groups == cluster.group(words, {"水管"}, lambda listed: [points[word] for word in listed], (3, 2))
    (tmp_path / "data/words").mkdir(parents=True)
    cluster.write(tmp_path / CLUSTERS, words, groups)
    concepts = load_lexicon([tmp_path]).concepts
    for word, numbers in zip(words, groups, strict=True):
        assert concepts.clusters(word) == tuple(f"k{level}:{number}" for level, number in enumerate(numbers))
    assert concepts.clusters("水管") == concepts.clusters("管子")
    assert not concepts.clusters("电梯")


def test_a_line_without_groups_is_a_fault(tmp_path):
    """Named with its line."""
    (tmp_path / "data/words").mkdir(parents=True)
    (tmp_path / CLUSTERS).write_text("# head\n水管 管子\n", "utf-8")
    with pytest.raises(ContentError, match=r"clusters\.tsv:2"):
        load_lexicon([tmp_path])
