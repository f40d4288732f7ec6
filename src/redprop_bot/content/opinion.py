"""The shape of `data/opinion/opinion.yaml`: to whom the opinion on a company goes, and what stands in it."""

from pydantic import Field, field_validator

from redprop_bot.content.shapes import Shape
from redprop_bot.rules.commendation import CompanyFigure


class Row(Shape):
    """One line of the table: a figure and what it is called."""

    figure: CompanyFigure
    title: str = Field(min_length=2, max_length=20)


class Opinion(Shape):
    """All of `opinion.yaml`."""

    to: str = Field(min_length=2, max_length=40)
    rows: tuple[Row, ...] = Field(min_length=1, max_length=30)

    @field_validator("rows")
    @classmethod
    def _once(cls, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        for name, values in (("figure", [one.figure for one in rows]), ("title", [one.title for one in rows])):
            if len(set(values)) < len(values):
                raise ValueError(f"同一个 {name} 只写一次")
        return rows
