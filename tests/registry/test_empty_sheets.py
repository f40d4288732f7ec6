"""Sheets of a workbook without content: the register keeps what it has, and its names count."""

import pytest
from tests.registry.conftest import SMALL, workbook

from redprop_bot.errors import ContentError
from redprop_bot.registry import exporting
from redprop_bot.registry.importing import import_data


def _import(store, sheets):
    return store.run(lambda tx: import_data(tx, workbook(sheets), "r.xlsx"))


def _held(store):
    """What the register would export."""
    return store.look(lambda tx: exporting.sections(exporting.roster_of(tx)))


PEOPLE = ["所属", "姓名", "企业微信账号", "职务", "电话"]


def test_people_alone_find_their_owners_in_the_register(store, take):
    """A file with only people moves the people of the owners that it names, and nothing else."""
    take(SMALL)
    before = _held(store)
    told = _import(
        store,
        {
            "人员": [
                PEOPLE,
                ["长柳物业", "金经理", "jin", "负责人", "13800000811"],
                ["柳河水厂", "水师傅", "shui", "师傅"],
            ]
        },
    )
    after = _held(store)
    assert [told.kinds["post"].removed, told.kinds["post"].added] == [1, 1]  # 阿强 goes, 水师傅 comes
    assert [one["name"] for one in after["organisations"][0]["staff"]] == ["金经理"]
    assert after["organisations"][0]["staff"][0]["phone"] == "13800000811"
    for section in ("street", "communities", "members", "responsibilities"):
        assert after[section] == before[section]
    assert not told.notes


@pytest.mark.parametrize(
    "sheets",
    [
        {"社区": [["名称"], ["柳河社区"]]},
        {"单位": [["名称", "类型", "党组织"], ["长柳物业", "property", "branch"], ["柳河水厂", "department"]]},
        {"楼栋": [["小区", "楼号", "单元数"], ["柳岸居", "1", 2], ["柳岸居", "2"]]},
        {"小区": [["社区", "名称", "别名", "户数", "物业"], ["柳河社区", "柳岸居", "柳岸", 90, "长柳物业"]]},
        {"责任清单": [["类别", "小区", "单位", "响应小时", "办结小时", "关键词"],
                  ["电梯", "柳岸", "长柳物业", 1, 24], ["水与排水", None, "柳河水厂", None, None, "停水"]]},
        {"党员志愿者": [["姓名", "企业微信账号", "党员", "党支部", "特长"], ["毛小妹", "mao", "是", "柳河支部", "剪纸"]]},
    ],
)  # fmt: skip
def test_a_sheet_without_content_leaves_what_there_is(store, take, sheets):
    """One sheet says what the register holds already: all the others, empty or not there, change nothing."""
    take(SMALL.replace("\n      - {name: 老粮站院, kind: old}", ""))
    before = _held(store)
    assert not _import(store, sheets).touched
    assert _held(store) == before


def test_one_sheet_of_places_changes_only_these(store, take):
    """Buildings alone find their estate, an estate alone keeps buildings and staff of its community."""
    take(SMALL)
    before = _held(store)
    _import(store, {"楼栋": [["小区", "楼号"], ["老粮站院", "9"]]})
    after = _held(store)
    first, second = after["communities"][0]["estates"]
    assert first == before["communities"][0]["estates"][0]
    assert second["buildings"] == [{"no": "9"}]
    _import(store, {"小区": [["社区", "名称", "户数"], ["柳河社区", "柳岸居", 91], ["柳河社区", "老粮站院", 7]]})
    last = _held(store)["communities"][0]
    assert [e["households"] for e in last["estates"]] == [91, 7]
    assert [len(e["buildings"]) for e in last["estates"]] == [2, 1]
    assert last["staff"] == before["communities"][0]["staff"]


def test_who_is_in_neither_is_still_a_fault(store, take):
    """A name that neither the file nor the register has; and a sheet with content is the whole of its kind."""
    take(SMALL)
    lost = {"人员": [PEOPLE, ["没有这家", "甲", "jia", "师傅"]]}
    with pytest.raises(ContentError) as error:
        _import(store, lost)
    assert [str(f) for f in error.value.faults] == ["r.xlsx「人员」第 2 行 A 列（所属）: 没有叫“没有这家” 的"]
    other = {
        "单位": [["名称", "类型"], ["柳河水厂", "department"]],
        "人员": [PEOPLE, ["长柳物业", "金经理", "jin"]],
    }
    with pytest.raises(ContentError):
        _import(store, other)


def test_in_yaml_too_what_is_left_out_counts(store, take):
    """Rows may name units and estates whose sections do not stand in the file."""
    take(SMALL)
    row = "responsibilities:\n  - {category: sanitation, estate: 柳岸, unit: 长柳物业}\n"
    store.run(lambda tx: import_data(tx, row.encode(), "r.yaml"))
    assert [r["category"] for r in _held(store)["responsibilities"]] == ["sanitation"]
    assert len(_held(store)["organisations"]) == 2
