"""The shape of `data/care/`: what a caretaker takes, and when a trial is spoken of."""

from pydantic import Field

from redprop_bot.content.shapes import Category, Shape


class CareTerms(Shape):
    """The matters of a property company; how many days before its end, and at what hour, a trial is told."""

    categories: frozenset[Category]
    warn_days: int = Field(ge=1, le=365)
    hour: int = Field(ge=0, le=23)
