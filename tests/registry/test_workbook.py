"""Rosters as workbooks: cells become the same entries as YAML, and every fault names sheet, row and column."""

import io
import zipfile
from datetime import date

import pytest
from tests.registry.conftest import SMALL, faults_of, workbook

from redprop_bot.registry import exporting, roster_file
from redprop_bot.registry.roster import Known, packaged_words
from redprop_bot.registry.workbook_out import write_workbook

SHEETS = {
    "街道": [["名称*"], ["柳河街道"]],
    "社区": [["名称*", "街道"], ["柳河社区", None]],
    "小区": [
        ["社区", "名称", "别名", "类型", "户数", "纬度", "经度", "物业"],
        ["柳河社区", "柳岸居", "柳岸、柳岸小区", "商品房", 90, 31.5, 118, "长柳物业"],
        ["柳河社区", "老粮站院", None, "old", None, None, None, None],
    ],
    "楼栋": [["小区", "楼号", "单元数", "层数"], ["柳岸居", 3.0, 2.0, 18], ["柳岸居", "A2栋", None, "6"]],
    "单位": [["名称", "类型", "党组织"], ["长柳物业", "物业公司", "党支部"], ["柳河水厂", "department", None]],
    "人员": [
        ["所属", "姓名", "企业微信账号", "职务", "电话", "负责小区", "工种", "在岗"],
        ["柳河街道", "洪主任", "hong", "书记", None, None, None, None],
        ["柳河社区", "毛小妹", "mao", "网格员", 13800000802.0, "柳岸", None, "是"],
        [None, None, None, None, None, None, None, None],
        ["长柳物业", "阿强", None, "师傅", "138 0000 0803", None, "电梯、plumbing", False],
    ],
    "党员志愿者": [["姓名", "企业微信账号", "党员", "特长"], ["毛小妹", "mao", True, "剪纸，绣花"]],
    "责任清单": [
        ["类别", "小区", "单位", "关键词", "响应小时", "办结小时"],
        ["电梯", "柳岸居", "长柳物业", None, 1, 24.5],
        ["水与排水", None, "柳河水厂", "停水", None, None],
    ],
}


def read(data: bytes):
    return roster_file.draft_of(data, "r.xlsx").settle(Known())


def test_cells_become_entries():
    """Chinese names or codes, numbers as Excel keeps them, several words in a cell: all as in YAML."""
    roster = read(workbook(SHEETS))
    estate, other = roster.communities[0].estates
    assert [(b.no, b.units, b.floors) for b in estate.buildings] == [("3", 2, 18), ("A2", None, 6)]
    assert (estate.aliases, estate.households, estate.lng) == (("柳岸", "柳岸小区"), 90, 118.0)
    assert other.kind == "old"
    grid = roster.communities[0].staff[0]
    assert (grid.duty, grid.phone, grid.estates, grid.on_duty) == ("grid", "13800000802", ("柳岸居",), True)
    worker = roster.organisations[0].staff[0]
    assert (worker.phone, worker.trades, worker.on_duty) == ("13800000803", ("elevator", "plumbing"), False)
    assert roster.members[0].skills == ("剪纸", "绣花")
    assert [(r.category, r.resolve_hours) for r in roster.responsibilities] == [
        ("elevator", 24.5),
        ("plumbing", None),
    ]
    assert roster.streets[0].staff[0].name == "洪主任"


def test_codes_serve_as_titles():
    """A program may name sheets and columns as the YAML form does."""
    roster = read(
        workbook(
            {
                "communities": [["name"], ["甲社区"]],
                "estates": [["community", "name"], ["甲社区", "甲院"]],
                "buildings": [["estate", "no"], ["甲院", 1]],
            }
        )
    )
    assert roster.communities[0].estates[0].buildings[0].no == "1"
    assert roster.organisations is None


def put(sheet: str, row: int, column: int, value: object) -> bytes:
    sheets = {title: [list(cells) for cells in rows] for title, rows in SHEETS.items()}
    rows = sheets[sheet]
    while len(rows) < row:
        rows.append([])
    cells = rows[row - 1]
    cells += [None] * (column - len(cells))
    cells[column - 1] = value
    return workbook(sheets)


@pytest.mark.parametrize(
    ("cell", "value", "where", "what"),
    [
        (("人员", 3, 2), None, "「人员」第 3 行 B 列（姓名）", "没有填"),
        (("人员", 3, 1), "杨柳社区", "「人员」第 3 行 A 列（所属）", "没有叫“杨柳社区” 的"),
        (("人员", 3, 1), None, "「人员」第 3 行 A 列（所属）", "没有填"),
        (("人员", 3, 4), "保安", "「人员」第 3 行 D 列（职务）", "没有“保安”"),
        (("人员", 5, 5), 138, "「人员」第 5 行 E 列（电话）", "加引号"),
        (("人员", 5, 5), "=A1", "「人员」第 5 行 E 列（电话）", "公式"),
        (("人员", 5, 7), "电梯、跑腿", "「人员」第 5 行 G 列（工种）", "没有“跑腿”"),
        (("人员", 3, 6), "杨岸", "「人员」第 3 行 F 列（负责小区）", "没有小区“杨岸”"),
        (("人员", 3, 8), "也许", "「人员」第 3 行 H 列（在岗）", "true"),
        (("人员", 3, 9), "多的", "「人员」第 3 行 I 列", "没有表头"),
        (("人员", 1, 9), "生日", "「人员」第 1 行 I 列", "没有“生日”这一列"),
        (("人员", 1, 8), "姓名", "「人员」第 1 行 H 列", "两份"),
        (("人员", 1, 1), None, "「人员」第 1 行", "缺少“所属”这一列"),
        (("楼栋", 2, 2), date(2026, 3, 1), "「楼栋」第 2 行 B 列（楼号）", "日期"),
        (("楼栋", 3, 2), 3, "「楼栋」第 3 行 B 列（楼号）", "写了两次"),
        (("楼栋", 2, 3), 2.5, "「楼栋」第 2 行 C 列（单元数）", "整数"),
        (("楼栋", 2, 1), "柳暗居", "「楼栋」第 2 行 A 列（小区）", "没有叫“柳暗居” 的"),
        (("小区", 3, 3), "柳岸", "「小区」第 3 行 C 列（别名）", "已经是“柳岸居”"),
        (("小区", 2, 4), "别墅", "「小区」第 2 行 D 列（类型）", "没有“别墅”"),
        (("单位", 4, 1), "长柳物业", "「单位」第 4 行 A 列（名称）", "写了两次"),
        (("单位", 3, 2), None, "「单位」第 3 行 B 列（类型）", "没有填"),
        (("社区", 2, 2), "他街道", "「社区」第 2 行 B 列（街道）", "没有叫“他街道”"),
        (("责任清单", 2, 5), -1, "「责任清单」第 2 行 E 列（响应小时）", "之间"),
        (("责任清单", 2, 3), "柳河", "「责任清单」第 2 行 C 列（单位）", "没有单位“柳河”"),
        (("责任清单", 3, 2), "柳暗居", "「责任清单」第 3 行 B 列（小区）", "没有小区“柳暗居”"),
        (("责任清单", 3, 6), "#N/A", "「责任清单」第 3 行 F 列（办结小时）", "错误值"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_sheet_row_and_column(cell, value, where, what):
    """A fault names file, sheet, row and column, with the title that stands above it."""
    told = faults_of(put(*cell, value), "r.xlsx")
    assert [line for line in told if line.startswith(f"r.xlsx{where}") and what in line], told


def test_rows_without_an_owner_are_read_for_their_other_faults():
    """A person of no known unit still has a bad phone, told in the same answer."""
    sheets = SHEETS | {
        "人员": [["所属", "姓名", "职务", "电话"], ["没有的", "甲", "网格员", "x"], ["柳河社区", "乙", "x", ""]]
    }
    told = faults_of(workbook(sheets), "r.xlsx")
    assert len(told) == 3
    assert any("D 列（电话）" in line for line in told)


def test_all_sheets_are_read_before_anything_is_told():
    """Faults of several sheets come in one answer."""
    sheets = SHEETS | {
        "楼栋": [["小区", "楼号"], ["柳岸居", None]],
        "责任清单": [["类别", "单位"], ["电梯", None]],
    }
    assert len(faults_of(workbook(sheets), "r.xlsx")) == 2


def test_two_owners_of_one_name_are_told_apart():
    """A street and a unit may have the same name; what is exported then is read back."""
    text = SMALL.replace("柳河水厂, kind: department", "柳河街道, kind: department, staff: [{name: 邹工}]")
    text = text.replace("unit: 柳河水厂", "unit: 柳河街道")
    roster = roster_file.draft_of(text.encode(), "r.yaml").settle(Known())
    assert read(write_workbook(roster, packaged_words())) == roster
    sheets = SHEETS | {
        "单位": [["名称", "类型"], ["柳河街道", "部门单位"], ["长柳物业", "物业公司"], ["柳河水厂", "部门单位"]]
    }
    told = faults_of(workbook(sheets), "r.xlsx")
    assert told == [
        "r.xlsx「人员」第 2 行 A 列（所属）: 有几个叫“柳河街道” 的，请写成 柳河街道（街道） 或 柳河街道（单位）"
    ]


def test_words_with_commas_survive_a_cell():
    """A word that holds a separator itself is not cut in two."""
    text = SMALL.replace("skills: [剪纸]", 'skills: ["剪纸，窗花"]').replace(
        "match: [停水]", 'match: ["停水;断水", 没水]'
    )
    roster = roster_file.draft_of(text.encode(), "r.yaml").settle(Known())
    assert roster.members[0].skills == ("剪纸，窗花",)
    assert read(write_workbook(roster, packaged_words())) == roster


def test_a_text_never_becomes_a_formula():
    """Names that begin like a formula are written as text and read back as they were."""
    text = (
        SMALL.replace("name: 柳河水厂", "name: '=1+1'")
        .replace("unit: 柳河水厂", "unit: '=1+1'")
        .replace("剪纸", "-剪")
    )
    roster = roster_file.draft_of(text.encode(), "r.yaml").settle(Known())
    data = write_workbook(roster, packaged_words())
    assert b"<f>" not in b"".join(
        zipfile.ZipFile(io.BytesIO(data)).read(n) for n in zipfile.ZipFile(io.BytesIO(data)).namelist()
    )
    assert read(data) == roster


def test_the_templates_say_the_same_and_import():
    """Both templates are sound and hold the same example."""
    assert read(exporting.template_xlsx()) == roster_file.draft_of(
        exporting.template_yaml().encode(), "t.yaml"
    ).settle(Known())


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def unpacked() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook(SHEETS))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_an_archive_that_unpacks_to_too_much_is_refused_unopened():
    """A small file of a hundred megabytes of nothing is told as too large."""
    assert "展开后太大" in faults_of(packed({"xl/a.xml": b"\0" * (65 * 1024 * 1024)}), "r.xlsx")[0]
    assert "展开后太大" in faults_of(packed({f"{n}.xml": b"" for n in range(501)}), "r.xlsx")[0]


@pytest.mark.parametrize(
    "parts",
    [
        {"a.txt": b"no workbook"},
        {**unpacked(), "xl/workbook.xml": b"<broken"},
        {**unpacked(), "xl/worksheets/sheet6.xml": b"<broken"},
        {**unpacked(), "xl/worksheets/sheet6.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"},
        {**unpacked(), "[Content_Types].xml": b""},
    ],
)
def test_a_damaged_archive_is_a_fault(parts):
    """Whatever is broken inside, the answer is one fault with the file's name."""
    told = faults_of(packed(parts), "r.xlsx")
    assert len(told) == 1
    assert told[0].startswith("r.xlsx: ")


def test_a_truncated_archive_is_a_fault():
    """Half a file is no file."""
    assert "已损坏" in faults_of(workbook(SHEETS)[:2000], "r.xlsx")[0]


def test_too_many_rows_are_told_not_cut():
    """Rows past the limit are a fault, not a silent loss."""
    rows = [["名称", "类型"], *([f"单位{n}", "部门单位"] for n in range(20_001))]
    assert any("太多了" in line for line in faults_of(workbook({"单位": rows}), "r.xlsx"))


def test_a_title_that_is_none_is_told_once():
    """Not again at each of its cells: the one mistake would be lost among them."""
    told = faults_of(put("人员", 1, 5, "手机"), "r.xlsx")
    assert len(told) == 1, told


def test_a_unit_that_stands_twice_is_told_once():
    """Its people need not be written otherwise."""
    told = faults_of(put("单位", 3, 1, "长柳物业"), "r.xlsx")
    assert not [line for line in told if "有几个叫" in line], told
    assert [line for line in told if "写了两次" in line], told
