"""A Word file (.docx) in the layout of official papers: A4, 小标宋 title, 仿宋 text, 黑体 heads.

Fonts are named for Latin and for Chinese characters apart (`eastAsia`); a machine without them takes its own. What
stands in a paper is its writer's; here only how it looks.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

TITLE_FONT: Final = "方正小标宋简体"
HEAD_FONT: Final = "黑体"
TEXT_FONT: Final = "仿宋"
LATIN_FONT: Final = "Times New Roman"
_TEXT, _SMALL = Pt(14), Pt(10.5)
_CENTER, _RIGHT, _LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT


class Paper:
    """A paper that is being written, line after line; `paper` gives new ones."""

    def __init__(self, title: str, at: datetime, *, wide: bool = False) -> None:
        self._document: Any = Document()
        page = self._document.sections[0]
        page.page_width, page.page_height = (Cm(29.7), Cm(21)) if wide else (Cm(21), Cm(29.7))
        page.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        page.top_margin, page.bottom_margin = Cm(2.6), Cm(2.2)
        page.left_margin, page.right_margin = Cm(2.4), Cm(2.2)
        _font(self._document.styles["Normal"], TEXT_FONT)
        about = self._document.core_properties
        about.title, about.author, about.comments = title, "", ""
        about.created = about.modified = at.replace(tzinfo=None)
        self._line(title, TITLE_FONT, Pt(20), _CENTER)

    def subtitle(self, text: str) -> None:
        """A line below the title."""
        self._line(text, TEXT_FONT, _TEXT, _CENTER)

    def head(self, text: str) -> None:
        """The head of a part."""
        self._line(text, HEAD_FONT, _TEXT, indent=True).keep_with_next = True

    def text(self, text: str) -> None:
        """A paragraph; each line of the text is one."""
        for line in text.splitlines() or [""]:
            self._line(line, TEXT_FONT, _TEXT, indent=True)

    def small(self, text: str) -> None:
        """A line in small type."""
        self._line(text, TEXT_FONT, _SMALL)

    def signed(self, *lines: str) -> None:
        """Lines at the right: who, and the day."""
        for line in lines:
            self._line(line, TEXT_FONT, _TEXT, _RIGHT)

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], *, widths: Sequence[float] = ()) -> Any:
        """A table whose heads stand on each page; the first column is left-aligned.

        `widths` in cm are of the first columns; the others share the rest of the line. A row stays on one page.
        """
        made = self._document.add_table(rows=0, cols=len(heads))
        made.style, made.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
        made.autofit = not widths
        _row(made, heads, HEAD_FONT)
        head = made.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 - the library has no name of its own for this
        head.append(head.makeelement(qn("w:tblHeader"), {}))
        for row in rows:
            _row(made, row, TEXT_FONT)
        if widths:
            self._spread(made, list(widths))
        return made

    def _spread(self, table: Any, widths: list[float]) -> None:
        """Give each column its width, in grid and cells: some programs read one, some the other."""
        page, columns = self._document.sections[0], list(table.columns)
        line = (page.page_width - page.left_margin - page.right_margin) / Cm(1)
        rest = max(0.3, (line - sum(widths)) / max(1, len(columns) - len(widths)))
        for n, column in enumerate(columns):
            column.width = Cm(widths[n] if n < len(widths) else rest)
        for row in table.rows:
            for cell, column in zip(row.cells, columns, strict=True):
                cell.width = column.width

    def shade(self, cell: Any, colour: str) -> None:
        """Fill a cell of a table; `colour` is six hexadecimal digits."""
        properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - likewise
        properties.append(properties.makeelement(qn("w:shd"), {qn("w:val"): "clear", qn("w:fill"): colour}))

    def file(self) -> bytes:
        """The file."""
        out = io.BytesIO()
        self._document.save(out)
        return out.getvalue()

    def _line(self, text: str, font: str, size: Any, align: Any = _LEFT, *, indent: bool = False) -> Any:
        paragraph = self._document.add_paragraph()
        _run(paragraph, text, font, size)
        paragraph.alignment = align
        form = paragraph.paragraph_format
        form.space_before = form.space_after = Pt(0)
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(size.pt * 1.6)
        if indent:
            form.first_line_indent = Pt(size.pt * 2)
        return form


def _font(styled: Any, name: str) -> None:
    """Latin and Chinese characters have fonts of their own; without the second, Word takes what it likes."""
    styled.font.name = LATIN_FONT
    fonts = styled.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in ("w:eastAsia", "w:hint"):
        fonts.set(qn(attribute), name if attribute == "w:eastAsia" else "eastAsia")


def _run(paragraph: Any, text: str, font: str, size: Any) -> None:
    run = paragraph.add_run(text)
    run.font.size = size
    _font(run, font)


def _row(table: Any, texts: Sequence[str], font: str) -> None:
    row = table.add_row()
    whole = row._tr.get_or_add_trPr()  # noqa: SLF001 - likewise
    whole.append(whole.makeelement(qn("w:cantSplit"), {}))
    for n, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        paragraph = cell.paragraphs[0]
        paragraph.alignment = _LEFT if n == 0 else _CENTER
        _run(paragraph, text, font, _SMALL)
