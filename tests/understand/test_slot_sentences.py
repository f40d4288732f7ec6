"""Sentences of many writers with every slot they carry, as the taxonomy would label them; the intent is given.

Places, parties and reasons are the speaker's own words and must be met to the character; what is not named has no slot.
"""

from datetime import datetime
from pathlib import Path

import pytest
import yaml

from redprop_bot.understand.entities import take_out
from redprop_bot.understand.fill import Filler
from redprop_bot.understand.normalise import Text, normalise

NOW = datetime.fromisoformat("2026-11-25T09:00:00+08:00")  # a Wednesday
FOLDER = Path(__file__).with_name("sentences")
SENTENCES = [
    tuple(row)
    for path in sorted(FOLDER.glob("*.yaml"))
    for row in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence[2])
def test_every_slot_and_no_other(reader, gazetteer, sentence):
    """What is said comes out, and nothing that is not said."""
    role, intent, said, slots = sentence
    lexicon = reader.lexicon
    clean = normalise(said, lexicon.dialect)
    text = Text(clean.raw, lexicon.repairer.repair(clean.norm))
    found = take_out(text.norm, role, NOW, gazetteer)
    assert Filler(lexicon).slots(intent, text, found, gazetteer, 0, len(text.norm), alone=True) == slots


def test_the_sentences_hold_when_the_intent_is_read_too(read):
    """The reader's own intents lose few of them: at least nine slots in ten."""
    right = total = 0
    for role, _, said, slots in SENTENCES:
        found: dict[str, object] = {}
        for act in reversed(read(said, role=role)):
            found.update(act.slots)
        total += len(slots)
        right += sum(found.get(name) == value for name, value in slots.items())
    assert right >= 0.9 * total
