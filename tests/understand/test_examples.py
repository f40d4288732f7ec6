"""Every example of the content files against all intents: no sentence may be stolen by another intent."""

from datetime import datetime

from redprop_bot.understand.gazetteer import Gazetteer
from redprop_bot.understand.load import load_lexicon

from .conftest import ROOT

NOW = datetime.fromisoformat("2026-11-25T09:00:00+08:00")

STOLEN = 0.03  # share of examples read as another intent; only ever goes down


def test_examples_mean_what_they_are_examples_of(reader):
    """Single sentences, as their role says them."""
    book = Gazetteer.empty()
    own = [
        e
        for e in load_lexicon([ROOT], with_model=False).examples
        if len(e.labels) == 1 and not e.template and not e.keyword
    ]
    stolen = []
    for example in own:
        acts = reader.read(example.text, role=example.role, now=NOW, gazetteer=book)
        if example.labels[0].intent not in {act.intent for act in acts}:
            stolen.append((example.where, example.text, acts[0].intent))
    assert len(own) > 2500
    assert len(stolen) / len(own) <= STOLEN, stolen[:40]
