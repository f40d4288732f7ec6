"""A report as a Word file (.docx)."""

from datetime import datetime

from redprop_bot.appraise.report import Report
from redprop_bot.loop.paper import new_paper


def as_docx(report: Report, at: datetime) -> bytes:
    """The file; `at` is when it was made, which is the only thing it says about itself."""
    paper = new_paper(report.title, at)
    paper.subtitle(report.period)
    for section in report.sections:
        paper.head(section.head)
        for sentence in section.sentences:
            paper.text(sentence)
        if section.table is not None:
            paper.table(section.table.heads, section.table.rows)
            if section.table.more:
                paper.small(section.table.more)
    paper.small(report.note)
    paper.signed(report.signed, report.day)
    return paper.file()
