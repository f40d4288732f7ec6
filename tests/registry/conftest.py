"""What the roster tests share: files written from text or cells, and the faults of a file."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from redprop_bot.errors import ContentError
from redprop_bot.registry import roster_file
from redprop_bot.registry.importing import Summary, import_file
from redprop_bot.store.worker import Store

SMALL = """\
street: {name: 柳河街道, staff: [{name: 洪主任, userid: hong, duty: secretary}]}
communities:
  - name: 柳河社区
    staff:
      - {name: 齐书记, userid: qi, duty: secretary, phone: "13800000801"}
      - {name: 毛小妹, userid: mao, duty: grid, estates: [柳岸]}
    estates:
      - {name: 柳岸居, aliases: [柳岸], households: 90, property: 长柳物业, buildings: [{no: "1", units: 2}, {no: 2}]}
      - {name: 老粮站院, kind: old}
organisations:
  - {name: 长柳物业, kind: property, party: branch, staff: [{name: 金经理, userid: jin, duty: manager}, {name: 阿强, duty: worker, trades: [elevator]}]}
  - {name: 柳河水厂, kind: department}
members: [{name: 毛小妹, userid: mao, party: true, branch: 柳河支部, skills: [剪纸]}]
responsibilities:
  - {category: elevator, estate: 柳岸居, unit: 长柳物业, respond_hours: 1, resolve_hours: 24}
  - {category: plumbing, unit: 柳河水厂, match: [停水]}
"""

Sheets = dict[str, list[list[object]]]


def workbook(sheets: Sheets) -> bytes:
    """A workbook with these cells."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def faults_of(text: str | bytes, name: str = "r.yaml") -> list[str]:
    """All faults of a file, as they are told; empty when it is fine."""
    data = text.encode() if isinstance(text, str) else text
    try:
        roster_file.draft_of(data, name).settle(roster_file.Known())
    except ContentError as error:
        return [str(fault) for fault in error.faults]
    return []


@pytest.fixture
def take(store: Store, tmp_path: Path) -> Callable[[str], Summary]:
    """Writes a roster to a file and imports it, in a transaction of its own."""

    def importing(text: str) -> Summary:
        path = tmp_path / "roster.yaml"
        path.write_text(text, "utf-8")
        return store.run(lambda tx: import_file(tx, path))

    return importing
