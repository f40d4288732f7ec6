"""The exam: messages that ship with the product and are never learnt from; how well a reader does, in figures.

Which figure may fall by how much before a new set of weights is refused stands here and nowhere else.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from redprop_bot.errors import ContentError, Fault
from redprop_bot.understand import yamlfile
from redprop_bot.understand.acts import Act
from redprop_bot.understand.examples import read_family
from redprop_bot.understand.gazetteer import Gazetteer
from redprop_bot.understand.lexicon import Example, Label
from redprop_bot.understand.reader import Reader

FILE: Final = "data/exam/messages.yaml"
_NOW: Final = datetime(2026, 11, 25, 4, tzinfo=UTC)

EMERGENCY, CALM, CATEGORY, URGENCY = "emergency", "calm", "category", "urgency"
MAY_FALL: Final[Mapping[str, float]] = {CALM: 0.006, CATEGORY: 0.022, URGENCY: 0.022}
"""Shares by which a figure may fall: a message or two. Emergencies found, and each intent, may not fall at all."""


def messages(root: Path) -> list[Example]:
    """The exam of a content folder; ContentError when it is damaged."""
    faults: list[Fault] = []
    node = yamlfile.read(root / FILE, FILE, faults)
    found: list[Example] = []
    if node is not None:
        read_family(node, found, [], faults)
    if faults or not found:
        raise ContentError(faults or [Fault(FILE, "没有考题")])
    return found


@dataclass(frozen=True, slots=True)
class Marks:
    """Shares in 0..1. emergency: found; calm: no alarm raised where none is due; intents: F1.

    `wrong` says of each message that was not heard rightly how it was heard.
    """

    general: Mapping[str, float]
    intents: Mapping[str, float]
    wrong: Mapping[str, str] = field(default_factory=dict, compare=False)

    def all(self) -> dict[str, float]:
        """Every figure by its name."""
        return {**self.general, **self.intents}


def sit(reader: Reader, asked: Iterable[Example]) -> Marks:
    """Let a reader read the exam."""
    right, gold, seen = Counter[str](), Counter[str](), Counter[str]()
    counts = Counter[tuple[str, str]]()
    wrong = dict[str, str]()
    for one in asked:
        acts = reader.read(one.text, role=one.role, now=_NOW, gazetteer=Gazetteer.empty())
        alarmed = any(act.urgency == "emergency" for act in acts)
        danger = any(label.urgency == "emergency" for label in one.labels)
        kind = EMERGENCY if danger else CALM
        counts[kind, "of"] += 1
        counts[kind, "right"] += alarmed == danger
        gold.update(label.intent for label in one.labels)
        seen.update(act.intent for act in acts)
        matched = _matched(one.labels, acts)
        right.update(label.intent for label, act in matched if act is not None)
        for label, act in matched:
            for name in (CATEGORY, URGENCY):
                if (wanted := getattr(label, name)) is not None:
                    counts[name, "of"] += 1
                    counts[name, "right"] += act is not None and getattr(act, name) == wanted
        if alarmed != danger or any(act is None for _, act in matched) or len(acts) != len(one.labels):
            wrong[one.text] = " ".join(f"{act.intent}/{act.category}/{act.urgency}" for act in acts)
    general = {
        name: counts[name, "right"] / max(counts[name, "of"], 1) for name in (EMERGENCY, CALM, CATEGORY, URGENCY)
    }
    return Marks(general, {i: 2 * right[i] / (gold[i] + seen[i]) for i in sorted(gold)}, wrong)


def _matched(labels: Sequence[Label], acts: Sequence[Act]) -> list[tuple[Label, Act | None]]:
    """For each thing said the act that reads it, the one with its category before another."""
    left, found = list(acts), []
    for label in labels:
        same = [act for act in left if act.intent == label.intent]
        best = next((act for act in same if act.category == label.category), same[0] if same else None)
        if best is not None:
            left.remove(best)
        found.append((label, best))
    return found


def fallen(before: Marks, after: Marks) -> list[str]:
    """The names of the figures that fell by more than they may."""
    was, now = before.all(), after.all()
    return [name for name in was if now[name] < was[name] - MAY_FALL.get(name, 0.0) - 1e-9]
