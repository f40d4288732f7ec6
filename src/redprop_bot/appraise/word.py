"""A report as a Word file (.docx) in the layout of official papers: A4, 小标宋 title, 仿宋 text, 黑体 heads.

Fonts are named for Latin and for Chinese characters apart (`eastAsia`); a machine without them takes its own.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from redprop_bot.appraise.report import Report, Table

TITLE_FONT: Final = "方正小标宋简体"
HEAD_FONT: Final = "黑体"
TEXT_FONT: Final = "仿宋"
LATIN_FONT: Final = "Times New Roman"
_TEXT, _SMALL = Pt(14), Pt(10.5)


def as_docx(report: Report, at: datetime) -> bytes:
    """The file; `at` is when it was made, which is the only thing it says about itself."""
    document: Any = Document()
    _paper(document, report.title, at)
    _line(document, report.title, TITLE_FONT, Pt(20), WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, report.period, TEXT_FONT, _TEXT, WD_ALIGN_PARAGRAPH.CENTER)
    for section in report.sections:
        _line(document, section.head, HEAD_FONT, _TEXT, indent=True)
        for sentence in section.sentences:
            _line(document, sentence, TEXT_FONT, _TEXT, indent=True)
        if section.table is not None:
            _table(document, section.table)
    _line(document, report.note, TEXT_FONT, _SMALL)
    _line(document, report.signed, TEXT_FONT, _TEXT, WD_ALIGN_PARAGRAPH.RIGHT)
    _line(document, report.day, TEXT_FONT, _TEXT, WD_ALIGN_PARAGRAPH.RIGHT)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _paper(document: Any, title: str, at: datetime) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Cm(2.6), Cm(2.2), Cm(2.4), Cm(2.2)
    _font(document.styles["Normal"], TEXT_FONT)
    about = document.core_properties
    about.title, about.author, about.comments = title, "", ""
    about.created = about.modified = at.replace(tzinfo=None)


def _font(styled: Any, name: str) -> None:
    """Latin and Chinese characters have fonts of their own; without the second, Word takes what it likes."""
    styled.font.name = LATIN_FONT
    fonts = styled.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in ("w:eastAsia", "w:hint"):
        fonts.set(qn(attribute), name if attribute == "w:eastAsia" else "eastAsia")


def _line(
    document: Any,
    text: str,
    font: str,
    size: Any,
    align: Any = WD_ALIGN_PARAGRAPH.LEFT,
    *,
    indent: bool = False,
) -> None:
    paragraph = document.add_paragraph()
    _run(paragraph, text, font, size)
    paragraph.alignment = align
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(size.pt * 1.6)
    if indent:
        form.first_line_indent = Pt(size.pt * 2)


def _run(paragraph: Any, text: str, font: str, size: Any) -> None:
    run = paragraph.add_run(text)
    run.font.size = size
    _font(run, font)


def _table(document: Any, table: Table) -> None:
    made = document.add_table(rows=0, cols=len(table.heads))
    made.style, made.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    _row(made, table.heads, HEAD_FONT)
    head = made.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 - the library has no name of its own for this
    repeated = head.makeelement(qn("w:tblHeader"), {})
    head.append(repeated)
    for row in table.rows:
        _row(made, row, TEXT_FONT)
    if table.more:
        _line(document, table.more, TEXT_FONT, _SMALL)


def _row(table: Any, texts: Sequence[str], font: str) -> None:
    for n, (cell, text) in enumerate(zip(table.add_row().cells, texts, strict=True)):
        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if n == 0 else WD_ALIGN_PARAGRAPH.CENTER
        _run(paragraph, text, font, _SMALL)
