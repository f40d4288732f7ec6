"""From a workbook (.xlsx) to the raw sections that the YAML form has, with sheet, row and column of every value.

Cells are taken as they are; what they must be is asked in `checking`. Archives are measured before they are
opened.
"""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from redprop_bot.errors import ContentError, Fault
from redprop_bot.registry.fields import BROKEN, Found
from redprop_bot.registry.nesting import Nesting, Row, Table
from redprop_bot.registry.roster import Path
from redprop_bot.registry.sheets import NOTES, SHEETS, sheet

UNPACKED: Final = 64 * 1024 * 1024
PARTS: Final = 500
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 60
_UNKNOWN: Final = ""
"""Stands for the key of a column whose title is none of ours."""


def read_workbook(
    data: bytes, name: str, found: Found, standing: Mapping[str, Any]
) -> tuple[Any, Callable[[Path], str], frozenset[str]]:
    """The sections of a workbook, how its places are told, and which are partial; raises ContentError for none.

    Faults of sheets and cells are added to `found`. A sheet without rows says nothing about its section:
    `standing` is what the register holds of it.
    """
    _measure(data, name)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    except Exception as error:  # openpyxl raises whatever it stumbles over
        raise ContentError([Fault(name, "不是能读的 .xlsx 文件")]) from error
    try:
        reading = _Reading(book, name, found)
        return reading.sections(standing)
    except ContentError:
        raise
    except Exception as error:  # the same, met later because sheets are read as they are asked for
        raise ContentError([Fault(name, "不是能读的 .xlsx 文件")]) from error
    finally:
        book.close()


def _measure(data: bytes, name: str) -> None:
    """Refuse what is no archive, or unpacks to more than a roster can be (the sizes told bind the unpacking)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            what = _too_much(archive)
    except Exception as error:  # a damaged archive fails in many ways
        raise ContentError([Fault(name, "不是 .xlsx 文件，或者已损坏")]) from error
    if what:
        raise ContentError([Fault(name, what)])


def _too_much(archive: zipfile.ZipFile) -> str | None:
    parts = archive.infolist()
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
        return f"展开后太大，最多 {UNPACKED // 1024 // 1024} MB"
    if any(b"<!DOCTYPE" in archive.read(part) for part in parts if part.filename.endswith((".xml", ".rels"))):
        return "文件里有不该有的 DOCTYPE，请用 Excel 或 WPS 重新保存"
    return None


class _Reading:
    def __init__(self, book: Any, name: str, found: Found) -> None:
        self._name, self._found = name, found
        self._places: dict[Path, str] = {}
        self._tables: dict[str, Table] = {}
        for page in book.worksheets:
            self._page(page)
        if not any(table.rows for table in self._tables.values()) and not found.faults:
            titles = "、".join(s.title for s in SHEETS)
            raise ContentError([Fault(name, f"名册是空的：没有一张表有内容（表名应为 {titles}）")])

    def tell(self, path: Path) -> str:
        """`file「sheet」第 n 行 C 列 title` of a path, or of its row."""
        near = path
        while near and near not in self._places:
            near = near[:-1]
        return f"{self._name}{self._places.get(near, '')}"

    # -- sheets and cells

    def _page(self, page: Any) -> None:
        if page.title == NOTES:
            return
        layout = sheet(page.title)
        if layout is None:
            titles = "、".join(s.title for s in SHEETS)
            self._at((page.title,), f"「{page.title}」", f"没有这张表，表名应为 {titles}")
        elif layout.key in self._tables:
            self._at((page.title,), f"「{page.title}」", "这张表有两份")
        else:
            table = self._tables[layout.key] = Table(layout, page.title)
            if hasattr(page, "reset_dimensions"):
                page.reset_dimensions()  # some programs write a size that is not true
            self._fill(table, page.iter_rows(max_col=MOST_COLUMNS))

    def _fill(self, table: Table, lines: Iterator[Any]) -> None:
        keys: dict[int, str] = {}
        for number, cells in enumerate(lines, start=1):
            if all(cell.value is None or str(cell.value).strip() == "" for cell in cells):
                continue
            if not table.letters:
                keys = self._header(table, number, cells)
            elif len(table.rows) >= MOST_ROWS:
                self._at((table.title,), f"「{table.title}」第 {number} 行", f"太多了，最多 {MOST_ROWS} 行")
                return
            else:
                self._row(table, number, cells, keys)

    def _header(self, table: Table, number: int, cells: Any) -> dict[int, str]:
        keys: dict[int, str] = {}
        for n, cell in enumerate(cells):
            title = "" if cell.value is None else str(cell.value).strip()
            column = table.sheet.column(title) if title else None
            letter = get_column_letter(n + 1)
            where = f"「{table.title}」第 {number} 行 {letter} 列"
            if title and column is None:
                said = "、".join(c.title for c in table.sheet.columns)
                self._at((table.title, letter), where, f"没有“{title}”这一列，可写 {said}")
                keys[n] = _UNKNOWN  # told once, not again at each of its cells
            elif column and column.key in table.letters:
                self._at((table.title, letter), where, f"“{title}” 这一列有两份")
            elif column:
                keys[n] = column.key
                table.letters[column.key] = letter
        for column in table.sheet.columns:
            if column.need and column.key not in table.letters:
                where = f"「{table.title}」第 {number} 行"
                self._at((table.title, column.key), where, f"缺少“{column.title}”这一列")
        table.letters.setdefault("", "")  # a header was met, even if none of its columns is known
        return keys

    def _row(self, table: Table, number: int, cells: Any, keys: dict[int, str]) -> None:
        row = Row(table, number)
        for n, cell in enumerate(cells):
            if cell.value is None or str(cell.value).strip() == "":
                continue
            if keys.get(n) == _UNKNOWN:
                continue
            if n in keys:
                row[keys[n]] = self._value(row, keys[n], cell)
            else:
                where = f"「{table.title}」第 {number} 行 {get_column_letter(n + 1)} 列"
                self._at((table.title, str(number), str(n)), where, "这一格没有表头，不知道是什么")
        for column in table.sheet.columns:
            # a column that is missing has been told once, at the header
            if column.need and column.key not in table.letters:
                row[column.key] = BROKEN
        table.rows.append(row)

    def _value(self, row: Row, key: str, cell: Any) -> Any:
        if cell.data_type == "f":
            what = "是公式，请改成值（复制后“选择性粘贴—数值”）"
        elif cell.data_type == "e":
            what = f"是错误值 {cell.value}"
        else:
            return cell.value
        self._at((row.table.title, str(row.number), key), row.table.place(row, key), what)
        return BROKEN

    def _at(self, path: Path, where: str, what: str) -> None:
        self._places[path] = where
        self._found.add(path, what)

    # -- sections

    def sections(
        self, standing: Mapping[str, Any]
    ) -> tuple[dict[str, Any], Callable[[Path], str], frozenset[str]]:
        """The rows nested as in YAML, how places are told, the sections that hold only some of what there is."""
        nesting = Nesting(self._tables, self._at, standing)
        raw = nesting.sections()
        self._place(raw, ())
        return raw, self.tell, nesting.partial

    def _place(self, raw: Any, path: Path) -> None:
        """Note where everything stands, now that it has its path."""
        if isinstance(raw, Row) and raw.number:
            self._places[path] = f"「{raw.table.title}」第 {raw.number} 行"
            for column in raw.table.sheet.columns:
                if column.key in raw.table.letters:
                    self._places[(*path, column.key)] = raw.table.place(raw, column.key)
        if isinstance(raw, dict):
            for key, value in raw.items():
                self._place(value, (*path, str(key)))
        elif isinstance(raw, list):
            for n, value in enumerate(raw):
                self._place(value, (*path, str(n)))
