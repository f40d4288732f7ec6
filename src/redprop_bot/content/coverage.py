"""The shape of `data/coverage/coverage.yaml`: when a company should have an organisation, marks of committees.

Only the shape and its checks; what is counted is decided in `rules.coverage`.
"""

from typing import Annotated

from pydantic import Field, field_validator

from redprop_bot.content.shapes import Shape
from redprop_bot.rules.coverage import Terms

Mark = Annotated[int, Field(ge=1, le=100)]


class Coverage(Shape):
    """All of `coverage.yaml`."""

    members: int = Field(ge=1, le=100)
    marks: tuple[Mark, ...] = Field(min_length=1, max_length=4)
    public_committees: int = Field(ge=2, le=100)

    @field_validator("marks")
    @classmethod
    def _rising(cls, marks: tuple[int, ...]) -> tuple[int, ...]:
        if list(marks) != sorted(set(marks)):
            raise ValueError("从小到大写，一个只写一次")
        return marks

    @property
    def terms(self) -> Terms:
        """As the rules take them."""
        return Terms(self.members, self.marks)
