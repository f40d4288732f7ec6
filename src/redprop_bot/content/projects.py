"""The shape of `data/projects/`: kinds of projects, and when time speaks up."""

from collections.abc import Mapping

from pydantic import ConfigDict, Field, model_validator

from redprop_bot.content.readiness import Span
from redprop_bot.content.shapes import Shape


class ProjectKind(Shape):
    """One kind: its name, and words by which it is meant."""

    name: str = Field(min_length=1, max_length=12)
    words: tuple[str, ...] = ()


class Projects(Shape):
    """All of `projects.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    kinds: Mapping[str, ProjectKind] = Field(min_length=1)
    usual_kind: str
    usual: Span
    soon_days: int = Field(ge=1, le=60)
    again: Span
    most_measures: int = Field(ge=1, le=1000)

    @model_validator(mode="after")
    def _known(self) -> "Projects":
        if self.usual_kind not in self.kinds:
            raise ValueError(f"usual_kind：没有 {self.usual_kind} 这一种")
        return self

    def kind_of(self, text: str) -> str:
        """Which kind is meant by words."""
        fitting = (code for code, kind in self.kinds.items() if any(word in text for word in kind.words))
        return next(fitting, self.usual_kind)
