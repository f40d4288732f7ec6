"""Ledgers as files: what heads a column, also where nothing stands below it yet."""

import csv
import io

import pytest
from openpyxl import load_workbook

from redprop_bot.web import ledgers


def _heads(kind: str, found) -> tuple[list[str], list[str]]:
    sheet = load_workbook(io.BytesIO(ledgers.as_xlsx(kind, found))).worksheets[0]
    text = ledgers.as_csv(kind, found).decode("utf-8-sig")
    return next(csv.reader(io.StringIO(text))), [cell.value for cell in sheet[1]]


@pytest.mark.parametrize("kind", ledgers.TITLES)
def test_an_empty_ledger_says_what_will_stand_in_it(kind: str) -> None:
    """The fields of the API's items, and above each of them a Chinese word in the workbook."""
    fields, heads = _heads(kind, [])
    assert len(fields) > 5
    assert [head.rpartition(" ")[2] for head in heads] == fields
    assert [head for head in heads if head.isascii()] == []


async def test_an_empty_ledger_has_the_columns_of_a_full_one(house) -> None:
    """Nobody who reads the file has to care whether there was something already."""
    empty = {kind: _heads(kind, [])[0] for kind in ("demands", "responsibilities")}
    await house.report(house.token("admin"))
    for kind, fields in empty.items():
        found = house.office.store.look(lambda tx, kind=kind: ledgers.rows(house.office, tx, kind))
        assert _heads(kind, found)[0] == fields


def test_one_word_may_mean_two_things() -> None:
    """`unit` is a staircase of an order and a company of the responsibility list."""
    assert "单元 unit" in _heads("demands", [])[1]
    assert "单位 unit" in _heads("responsibilities", [])[1]
