"""The content files: every fault with file and line; a later root replaces file by file; a pattern cannot run away."""

import pytest

from redprop_bot.errors import ContentError
from redprop_bot.understand.examples import expand
from redprop_bot.understand.load import load_lexicon
from redprop_bot.understand.patterns import unsafe
from redprop_bot.understand.train import rows

from .conftest import ROOT


def _write(root, name, text):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_all_faults_are_reported_at_once(tmp_path):
    """File and line of each."""
    _write(
        tmp_path,
        "intents/a.yaml",
        "family: x\ngroups:\n  - {intent: no.such, texts: [你好]}\n  - {intent: human}\n",
    )
    _write(tmp_path, "intents/b.yaml", "patterns:\n  - {match: 'a.*b', intent: human}\n")
    _write(tmp_path, "intents/c.yaml", "family: [\n")
    _write(tmp_path, "data/words/emergency.yaml", "rules:\n  - {name: x, category: aid}\n")
    with pytest.raises(ContentError) as caught:
        load_lexicon([tmp_path])
    places = {fault.where for fault in caught.value.faults}
    assert {"intents/a.yaml:3", "intents/a.yaml:4", "intents/b.yaml:2", "data/words/emergency.yaml:2"} <= places
    assert any(place.startswith("intents/c.yaml:") for place in places)


def test_words_that_several_patterns_share_are_written_once(tmp_path):
    """〔名字〕 stands for them in that file; a name that nobody gave is a fault with its line."""
    shared = "words: {谁: 张三|李四}\npatterns:\n"
    _write(tmp_path, "intents/a.yaml", f"{shared}  - {{match: '找〔谁〕来', intent: human, weight: 2}}\n")
    (hit,) = load_lexicon([tmp_path]).patterns.hits("intent", "找李四来", "resident")
    assert (hit.label, hit.weight) == ("human", 2.0)
    _write(tmp_path, "intents/b.yaml", "patterns:\n  - {match: '找〔谁〕来', intent: human, weight: 2}\n")
    with pytest.raises(ContentError) as caught:
        load_lexicon([tmp_path])
    assert [fault.where for fault in caught.value.faults] == ["intents/b.yaml:2"]


def test_a_later_root_replaces_and_adds(tmp_path):
    """File by file, by the same relative path."""
    one, two = tmp_path / "1", tmp_path / "2"
    _write(one, "intents/a.yaml", "groups:\n  - {intent: human, texts: [找人]}\n")
    _write(one, "intents/b.yaml", "groups:\n  - {intent: help, texts: [怎么用]}\n")
    _write(two, "intents/a.yaml", "groups:\n  - {intent: human, texts: [来人]}\n")
    assert [e.text for e in load_lexicon([one, two]).examples] == ["来人", "怎么用"]


def test_a_reader_keeps_no_shipped_corpus_but_what_a_community_adds(tmp_path):
    """The shipped sentences stand in the weights; one's own count at once, in a folder of the same name, too."""
    one, two = tmp_path / "1", tmp_path / "2"
    _write(one, "intents/a.yaml", "groups:\n  - {intent: human, texts: [找人]}\n")
    _write(one, "intents/corpus/b.yaml", "groups:\n  - {intent: help, texts: [怎么用]}\n")
    _write(two, "intents/corpus/c.yaml", "groups:\n  - {intent: human, texts: [来人]}\n")
    learnt = load_lexicon([one, two]).examples
    served = load_lexicon([one, two], corpus=False).examples
    assert ([e.text for e in learnt], [e.text for e in served]) == (["找人", "怎么用", "来人"], ["找人", "来人"])


def test_a_file_teaches_what_it_says_it_teaches(tmp_path):
    """The rest is not learnt from; what is no such thing is a fault with its line."""
    group = "groups:\n  - {intent: demand.report, category: power, urgency: urgent, texts: [灯又灭了]}\n"
    _write(tmp_path, "intents/a.yaml", f"teaches: intent category\n{group}")
    _write(tmp_path, "intents/b.yaml", group)
    lexicon = load_lexicon([tmp_path])
    learnt = rows(lexicon, lexicon.examples)
    assert [len(learnt[head].labels) for head in ("public", "category", "urgency")] == [2, 2, 1]
    _write(tmp_path, "intents/a.yaml", f"teaches: urgency\n{group}")
    lexicon = load_lexicon([tmp_path])
    learnt = rows(lexicon, lexicon.examples)
    assert [len(learnt[head].labels) for head in ("public", "category", "urgency")] == [1, 1, 2]
    _write(tmp_path, "intents/a.yaml", f"teaches: seams\n{group}")
    lexicon = load_lexicon([tmp_path])
    learnt = rows(lexicon, lexicon.examples)
    assert [len(learnt[head].labels) for head in ("public", "category", "urgency")] == [1, 1, 1]
    _write(tmp_path, "intents/a.yaml", f"teaches: seams intent\n{group}")
    _write(tmp_path, "intents/b.yaml", f"teaches: everything\n{group}")
    with pytest.raises(ContentError) as caught:
        load_lexicon([tmp_path])
    assert [fault.where for fault in caught.value.faults] == ["intents/a.yaml:1", "intents/b.yaml:1"]


@pytest.mark.parametrize("source", ["a*", "a+b", "(ab){2,9}", ".{0,400}", "a{2,}", "("])
def test_patterns_that_could_run_away_are_refused(source):
    """Bounded repetition only."""
    assert unsafe(source)


@pytest.mark.parametrize("source", ["停水|没水", "水.{0,6}慢", "[0-9+*]{1,3}元", r"\+1", "(?:a|b)c?"])
def test_sound_patterns_pass(source):
    """What an editor usually writes."""
    assert unsafe(source) is None


def test_every_pattern_shipped_is_bounded(reader):
    """The shipped ones too."""
    rules = [sign for rule in reader.lexicon.alarm.rules for sign in rule.signs]
    assert not [p.pattern for p in rules if unsafe(p.pattern)]


def test_templates_stand_for_sentences():
    """[a|b] for each, [a|b]? also for nothing, [@x] for the words of a topic."""
    assert expand("[楼道|走廊]灯[坏]?了") == ["楼道灯坏了", "楼道灯了", "走廊灯坏了", "走廊灯了"]
    assert expand("[@物]坏了", {"物": ["灯", "门"]}) == ["灯坏了", "门坏了"]


def test_only_words_imports_a_segmenter():
    """The segmenter has one home."""
    folder = ROOT / "src/redprop_bot/understand"
    users = [
        p.name for p in folder.rglob("*.py") if "import jieba" in p.read_text() or "import rjieba" in p.read_text()
    ]
    assert users == ["words.py"]
