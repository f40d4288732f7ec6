"""`roster`: importing twice, faulty files, the round trip, the template as YAML and as a workbook."""

import re
from pathlib import Path

import openpyxl
import yaml
from tests.blackbox.conftest import ROSTER
from tests.blackbox.service import House


def tables(house: House) -> str:
    """Everything the roster commands show; what must not change when nothing may change."""
    return house.ok("roster", "export")


def test_roster_twice_and_round_trip(house):
    """Importing twice changes nothing; the export imports unchanged and exports the same again."""
    first = tables(house)
    told = house.ok("roster", "import", str(ROSTER))
    assert tables(house) == first, told
    Path(house.folder, "out.yaml").write_text(first, encoding="utf-8")
    assert {one["name"] for one in yaml.safe_load(first)["organisations"]} == {
        one["name"] for one in yaml.safe_load(ROSTER.read_text(encoding="utf-8"))["organisations"]
    }
    house.ok("roster", "import", "out.yaml")
    assert tables(house) == first


def test_a_faulty_roster_changes_nothing(house):
    """Every fault is printed with its row and column, exit 2 or 1, and nothing of the file is taken."""
    before = tables(house)
    lines = ROSTER.read_text(encoding="utf-8").splitlines()
    at = {}
    for number, line in enumerate(lines, 1):
        if "云杉苑, aliases" in line:
            lines[number - 1] = line.replace("kind: commercial", "kind: castle")
            at["castle"] = number
        if "unit: 碧泉供水公司" in line:
            lines[number - 1] = line.replace("plumbing", "lava")
            at["lava"] = number
        if "userid: qujl" in line:
            lines[number - 1] = line.replace("userid: qujl", "userid: fangjl")
            at["fangjl"] = number
    Path(house.folder, "bad.yaml").write_text("\n".join(lines), encoding="utf-8")
    done = house.run("roster", "import", "bad.yaml")
    assert done.code != 0
    for number in at.values():
        assert re.search(rf"(?<!\d){number}\D+\d+", done.all), (at, done.all)
    assert tables(house) == before


def test_the_template(house):
    """The template imports, as YAML and as a workbook alike; faults in a workbook are told by sheet, row and column."""
    Path(house.folder, "t.yaml").write_text(house.ok("roster", "template"), encoding="utf-8")
    house.ok("roster", "import", "t.yaml")
    before = tables(house)
    house.ok("roster", "template", "--out", "t.xlsx")
    book = openpyxl.load_workbook(house.folder / "t.xlsx")
    for sheet in book.worksheets:
        header = {str(cell.value): cell for row in sheet.iter_rows(max_row=3) for cell in row if cell.value}
        for cell in header.values():
            if "category" in str(cell.value) or "类别" in str(cell.value):
                wrong = sheet.cell(sheet.max_row, cell.column, "lava")
                break
        else:
            continue
        break
    book.save(house.folder / "bad.xlsx")
    done = house.run("roster", "import", "bad.xlsx")
    assert done.code != 0
    assert sheet.title in done.all
    assert re.search(rf"(?<!\d){wrong.row}(?!\d)", done.all), (wrong.coordinate, done.all)
    house.ok("roster", "import", "t.xlsx")
    assert tables(house) == before
