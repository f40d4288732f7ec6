"""Rows as files that spreadsheets open: .xlsx, a sheet each, and .csv in UTF-8 with a mark.

A text never becomes a formula, whatever it begins with.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_LONGEST: Final = 32_000

Rows = Sequence[Sequence[Any]]
"""Rows of plain values, heads first."""


def as_csv(rows: Iterable[Sequence[Any]]) -> bytes:
    """One table after the other; a text that looks like a formula gets a quote in front."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([f"'{v}" if isinstance(v, str) and v.startswith(_FORMULA) else v for v in row])
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(sheets: Iterable[tuple[str, Rows]]) -> bytes:
    """A workbook; heads are bold and stay in sight."""
    # Twenty megabytes that nobody needs before the first table.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415

    bold = Font(bold=True)

    def cell(sheet: Any, value: Any, *, head: bool) -> Any:
        if isinstance(value, str):
            value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST]
        made = WriteOnlyCell(sheet, value=value)
        if isinstance(value, str):
            made.data_type = "s"  # whatever it begins with
        if head:
            made.font = bold
        return made

    book = Workbook(write_only=True)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for n, row in enumerate(rows):
            sheet.append([cell(sheet, value, head=n == 0) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
