"""Whom an Official Account knows: one pair of sets for all its APIs."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Persons:
    """Openids: those who follow, and those who ever did."""

    followers: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)
