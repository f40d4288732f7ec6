"""Every example of the content files against all intents: no sentence may be stolen by another intent."""

from datetime import datetime

import pytest

from redprop_bot.understand import exam
from redprop_bot.understand.acts import INTENTS
from redprop_bot.understand.gazetteer import Gazetteer
from redprop_bot.understand.lexicon import Example
from redprop_bot.understand.load import load_lexicon

from .conftest import ROOT

NOW = datetime.fromisoformat("2026-11-25T09:00:00+08:00")

STOLEN = 0.03  # share of examples read as another intent; only ever goes down


@pytest.fixture(scope="module")
def learnt() -> tuple[Example, ...]:
    """What the weights were learnt from."""
    return load_lexicon([ROOT], with_model=False).examples


@pytest.mark.slow
def test_examples_mean_what_they_are_examples_of(reader, learnt):
    """Single sentences, as their role says them."""
    book = Gazetteer.empty()
    own = [e for e in learnt if len(e.labels) == 1 and not e.template and not e.keyword]
    stolen = []
    for example in own:
        acts = reader.read(example.text, role=example.role, now=NOW, gazetteer=book)
        if example.labels[0].intent not in {act.intent for act in acts}:
            stolen.append((example.where, example.text, acts[0].intent))
    assert len(own) > 50_000
    assert len(stolen) / len(own) <= STOLEN, stolen[:40]


def test_the_exam_is_long_enough_and_nobody_learns_it(learnt):
    """At least 150 messages, 40 of them dangers, every intent at least once; none stands among the examples."""
    asked = exam.messages(ROOT)
    assert len(asked) >= 150
    assert sum(one.labels[0].urgency == "emergency" for one in asked) >= 40
    assert {label.intent for one in asked for label in one.labels} == set(INTENTS)
    said = {e.text for e in learnt if not e.template and len(e.text) > 5}
    assert [one.text for one in asked if one.text in said] == []
