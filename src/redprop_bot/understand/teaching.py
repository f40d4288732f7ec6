"""Learning anew from the shipped examples and the community's, and refusing what has become worse by it.

The exam that decides is the shipped one; neither the community's files nor its weights can change it.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from redprop_bot.understand import exam
from redprop_bot.understand.load import MODEL, load_lexicon, load_reader
from redprop_bot.understand.model import Model
from redprop_bot.understand.reader import Reader


@dataclass(frozen=True, slots=True)
class Lesson:
    """What came of it. `fallen` are the figures that speak against the new weights; empty when they are taken."""

    examples: int
    own: int
    shipped: exam.Marks
    before: exam.Marks
    after: exam.Marks
    fallen: Sequence[str]


def can_train() -> bool:
    """Whether what is needed to train is installed; serving does without it."""
    try:
        import sklearn.linear_model  # noqa: F401, PLC0415 - only to train
    except ImportError:
        return False
    return True


def learn(roots: Sequence[Path], *, keep: bool = True) -> Lesson:
    """Train on all roots and put the weights into the last one, unless a figure falls or `keep` is false.

    A figure may fall neither below the weights in force nor below the product as shipped. Raises ContentError with
    the faults of the files; the weights in force are the old ones until the new ones replace them in one step.
    """
    from redprop_bot.understand.train import train_on  # noqa: PLC0415 - only to train

    asked = exam.messages(roots[0])
    lexicon, served = load_lexicon(roots, with_model=False), load_lexicon(roots, corpus=False)
    shipped = exam.sit(load_reader(roots[:1]), asked)
    before = exam.sit(Reader(served), asked)
    target = roots[-1] / MODEL
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        train_on(lexicon, fresh)
        after = exam.sit(Reader(replace(served, model=Model.load(fresh))), asked)
        worse = dict.fromkeys([*exam.fallen(before, after), *exam.fallen(shipped, after)])
        if keep and not worse:
            fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    own = sum(example.own for example in lexicon.examples)
    return Lesson(len(lexicon.examples), own, shipped, before, after, tuple(worse))
