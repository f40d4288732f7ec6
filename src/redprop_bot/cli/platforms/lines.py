"""One line of a doctor's report."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How it is: right, wrong (the command ends with 1), or worth knowing."""

    GOOD = "✓"
    BAD = "✗"
    HINT = "！"


@dataclass(frozen=True, slots=True)
class Line:
    """What was looked at and how it is; more lines of the same stand below it, indented."""

    mark: Mark
    name: str
    says: str

    def __str__(self) -> str:
        return f"{self.mark} {self.name}：" + self.says.replace("\n", "\n    ")


def good(name: str, says: str) -> Line:
    """It is right."""
    return Line(Mark.GOOD, name, says)


def bad(name: str, says: str) -> Line:
    """It is wrong."""
    return Line(Mark.BAD, name, says)


def hint(name: str, says: str) -> Line:
    """Worth knowing."""
    return Line(Mark.HINT, name, says)
