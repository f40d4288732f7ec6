"""Everything a reader knows, gathered from the content files by `load`; plain data, no behaviour of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from redprop_bot.understand.emergency import Alarm
from redprop_bot.understand.features import Concepts
from redprop_bot.understand.homophones import Repairer
from redprop_bot.understand.model import Model
from redprop_bot.understand.normalise import Replacer
from redprop_bot.understand.patterns import PatternSet
from redprop_bot.understand.slots.party import PartyWords
from redprop_bot.understand.slots.place import PlaceWords
from redprop_bot.understand.split import Splitter
from redprop_bot.understand.trees import Trees
from redprop_bot.understand.words import Segmenter


@dataclass(frozen=True, slots=True)
class Label:
    """What one example means; a keyword has only the label it speaks for, its intent may be empty."""

    intent: str
    category: str | None = None
    urgency: str | None = None


TAUGHT: Final = frozenset({"intent", "category", "urgency"})
"""What an example may teach; besides, every one teaches where another matter begins."""
ONLY_SEAMS: Final = "seams"
"""Written alone: nothing but where another matter begins, and whether a visit is told."""


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence of the content files with what it means; more than one label when it says several things."""

    text: str
    labels: tuple[Label, ...]
    role: str
    where: str
    template: bool = False
    keyword: bool = False
    own: bool = False  # of the community, not shipped
    teaches: frozenset[str] = TAUGHT  # what of it is learnt from


@dataclass(frozen=True, slots=True)
class Roles:
    """Which question the model is asked for a speaker, and how much less an intent is to be expected from him."""

    heads: Mapping[str, str] = field(default_factory=dict)
    bias: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words, patterns, weights and examples of one community."""

    segmenter: Segmenter
    concepts: Concepts
    dialect: Replacer
    repairer: Repairer
    patterns: PatternSet
    model: Model
    roles: Roles
    alarm: Alarm
    splitter: Splitter
    places: PlaceWords
    parties: PartyWords
    seams: Model = field(default_factory=Model.empty)
    seam_trees: Trees = field(default_factory=Trees)
    examples: tuple[Example, ...] = ()
