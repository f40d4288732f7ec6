"""A roster as a workbook (.xlsx): sheets that `workbook` reads back to the same entries, and the template.

A text is always written as a text: what begins with = + - @ never becomes a formula, and a building 3-1 no date.
"""

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from redprop_bot.registry.roster import Roster, StaffEntry, Words
from redprop_bot.registry.sheets import NOTES, SHEETS, YES, Column, Sheet, choices, qualified

_HEAD: Final = PatternFill("solid", fgColor="FFB3261E")
_CHOICE_ROWS: Final = 2000
_INTRO: Final = (
    "怎么填：每张表一行写一个；带 * 的列必须填；一格里写几个时用、隔开。",
    "没有内容的表，导入时不动系统里原有的；有内容的表就是这一类的全部，表里没有的人员、党员志愿者和责任清单会撤下。",
    "只填“人员”，也认得系统里已有的街道、社区和单位；表里没写到的单位和社区，人员不动。",
    "模板里的示例行请改成自己的，或者删掉。导入前会逐格检查，有错时一个字也不会改，并告诉您是哪一行哪一列。",
)


def write_workbook(roster: Roster, words: Words) -> bytes:
    """The bytes of a workbook with all sheets."""
    book = Workbook()
    _notes(book.active, words)
    for sheet in SHEETS:
        _sheet(book.create_sheet(sheet.title), sheet, words, _rows(sheet, roster, words))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# -- looks


def _notes(page: Any, words: Words) -> None:
    page.title = NOTES
    for line in _INTRO:
        page.append([line])
    page.append([])
    page.append(["表", "列", "必填", "说明", "可以写"])
    for sheet in SHEETS:
        for column in sheet.columns:
            options = "、".join(choices(column.choices, words).values()) if column.choices else ""
            page.append([sheet.title, column.title, "必填" if column.need else "", column.note, options])
    for letter, width in zip("ABCDE", (12, 14, 8, 52, 60), strict=True):
        page.column_dimensions[letter].width = width
    for cell in page[len(_INTRO) + 2]:
        _bold(cell)


def _sheet(page: Any, sheet: Sheet, words: Words, rows: Iterable[Sequence[Any]]) -> None:
    page.append([column.title + ("*" if column.need else "") for column in sheet.columns])
    for n, column in enumerate(sheet.columns, start=1):
        _bold(page.cell(1, n))
        page.column_dimensions[get_column_letter(n)].width = 24 if column.key in {"name", "match"} else 16
        if column.choices and column.key not in ("trades", "lacks"):
            _offer(page, n, column, words)
    page.freeze_panes = "A2"
    for number, row in enumerate(rows, start=2):
        for n, value in enumerate(row, start=1):
            _put(page.cell(number, n), value)


def _bold(cell: Any) -> None:
    cell.font = Font(bold=True, color="FFFFFFFF")
    cell.fill = _HEAD
    cell.alignment = Alignment(vertical="center")


def _offer(page: Any, n: int, column: Column, words: Words) -> None:
    """A list to pick from; a workbook holds at most 255 characters of it."""
    said = ",".join(choices(column.choices, words).values())
    if len(said) <= 250 and '"' not in said:
        offer = DataValidation(type="list", formula1=f'"{said}"', allow_blank=True, showErrorMessage=False)
        letter = get_column_letter(n)
        offer.add(f"{letter}2:{letter}{_CHOICE_ROWS}")
        page.add_data_validation(offer)


def _put(cell: Any, value: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, float) and float(f"{value:.16g}") != value:
        value = repr(value)  # a number cell would lose the last digit
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = value[:1] in "=+-@"
    else:
        cell.value = value


# -- rows


def _rows(sheet: Sheet, roster: Roster, words: Words) -> Iterator[list[Any]]:
    for values in _values(sheet.key, roster):
        row = []
        for column, value in zip(sheet.columns, values, strict=True):
            if isinstance(value, tuple):
                names = choices(column.choices, words) if column.choices else {}
                row.append(_joined([str(names.get(one, one)) for one in value]))
            elif isinstance(value, bool):
                row.append(YES[value])
            elif column.choices and isinstance(value, str):
                row.append(choices(column.choices, words).get(value, value))
            else:
                row.append(value)
        yield row


def _values(key: str, roster: Roster) -> Iterator[tuple[Any, ...]]:
    """The values of each row of a sheet, in the order of its columns."""
    if key == "street":
        yield from ((s.name,) for s in roster.streets or ())
    elif key == "communities":
        yield from ((c.name, c.street, c.caretaker) for c in roster.communities or ())
    elif key == "estates":
        for c, e in roster.estates():
            yield (
                *(c.name, e.name, e.aliases, e.kind, e.households, e.lat, e.lng, e.property_name),
                *(e.lacks, e.care, e.caretaker, e.trial_until),
            )
    elif key == "buildings":
        yield from ((e.name, b.no, b.units, b.floors) for _, e in roster.estates() for b in e.buildings)
    elif key == "organisations":
        for o in roster.organisations or ():
            reviewed = {"yes": YES[True], "no": YES[False]}.get(o.reviewed or "", o.reviewed)
            yield o.name, o.kind, o.party, o.estate, o.seats, o.party_seats, o.party_members, reviewed
    elif key == "staff":
        yield from _staff(roster)
    elif key == "members":
        for m in roster.members or ():
            yield m.name, m.userid, m.party, m.branch, m.skills, m.phone
    elif key == "responsibilities":
        for r in roster.responsibilities or ():
            yield r.category, r.estate, r.unit, r.match, r.respond_hours, r.resolve_hours


def _staff(roster: Roster) -> Iterator[tuple[Any, ...]]:
    names = Counter(owner.name for _, owner in roster.owners())
    of = {"street": "street", "community": "communities", "organisation": "organisations"}
    for kind, owner in roster.owners():
        layout = next(s for s in SHEETS if s.key == of[kind])
        name = owner.name if names[owner.name] == 1 else qualified(owner.name, layout)
        yield from ((name, *_person(one)) for one in owner.staff)


def _person(one: StaffEntry) -> tuple[Any, ...]:
    return (
        *(one.name, one.userid, one.duty, one.phone, one.estates, one.trades),
        *(one.on_duty, one.post, one.grade),
    )


def _joined(items: Sequence[str]) -> str:
    """One cell for a list; items that hold a separator themselves are kept apart by line breaks."""
    if any(c in item for item in items for c in "、,，;；"):
        return "\n".join(items) + "\n"
    return "、".join(items)
