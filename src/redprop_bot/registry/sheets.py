"""The sheets of a roster workbook: one per kind of entry, with the columns that the template offers.

Only the layout; reading is in `workbook`, writing in `workbook_out`. Titles are Chinese; the codes of the YAML
form are understood as well, for files that other programs make.
"""

from dataclasses import dataclass
from typing import Final

from redprop_bot.registry.roster import (
    CARES,
    COMMUNITY_DUTIES,
    ESTATE_KINDS,
    LACKS,
    PARTY,
    UNIT_DUTIES,
    UNIT_KINDS,
    Words,
)

NOTES: Final = "说明"


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `note` explains it; `choices` names what may be picked; a list is one cell with 、 between."""

    key: str
    title: str
    note: str
    need: bool = False
    choices: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet; `key` is the section, or what hangs on one: estates, buildings, staff."""

    key: str
    title: str
    columns: tuple[Column, ...]

    def column(self, title: str) -> Column | None:
        """The column with this title or code; a star after a title marks what is needed."""
        said = title.strip().rstrip("*＊ ").lower()
        return next((c for c in self.columns if said in (c.key, c.title)), None)


SHEETS: Final = (
    Sheet("street", "街道", (Column("name", "名称", "街道全称，例如 青山街道", need=True),)),
    Sheet(
        "communities",
        "社区",
        (
            Column("name", "名称", "社区名称", need=True),
            Column("street", "街道", "只有一个街道时不用填"),
            Column("caretaker", "托管单位", "无物业的小区没单独写托管单位时归它，要在“单位”表里；没有就不填"),
        ),
    ),
    Sheet(
        "estates",
        "小区",
        (
            Column("community", "社区", "所属社区，要与“社区”表里写的一样", need=True),
            Column("name", "名称", "小区名称", need=True),
            Column("aliases", "别名", "居民平时的叫法，几个之间用、隔开"),
            Column("kind", "类型", "不填为商品房", choices="estate_kind"),
            Column("households", "户数", "整数"),
            Column("lat", "纬度", "例如 30.51"),
            Column("lng", "经度", "例如 117.05"),
            Column("property", "物业", "物业公司名称"),
            Column("lacks", "还没有", "确实还没有的，几个之间用、隔开；说不准就不填", choices="lacks"),
            Column("care", "管法", "小区怎么管；没定就不填", choices="care"),
            Column("caretaker", "托管单位", "没有物业公司时由哪个单位接单，要在“单位”表里"),
            Column("trial_until", "试行到", "试行期最后一天，例如 2026-12-31；不是试行就不填"),
        ),
    ),
    Sheet(
        "buildings",
        "楼栋",
        (
            Column("estate", "小区", "小区名称", need=True),
            Column("no", "楼号", "只写号，例如 3 或 A2", need=True),
            Column("units", "单元数", "整数"),
            Column("floors", "层数", "整数"),
        ),
    ),
    Sheet(
        "organisations",
        "单位",
        (
            Column("name", "名称", "单位名称", need=True),
            Column(
                "kind",
                "类型",
                "物业公司、业委会、水电气等部门、医院学校等共建单位",
                need=True,
                choices="unit_kind",
            ),
            Column("party", "党组织", "不填为无", choices="party"),
            Column("estate", "小区", "业委会填它的小区"),
            Column("seats", "委员数", "业委会委员人数"),
            Column("party_seats", "党员委员数", "其中党员人数"),
            Column("party_members", "党员数", "物业公司里党员几人；不清楚就不填"),
            Column("reviewed", "联审", "业委会候选人联审的日期，例如 2026-05-12；还没有联审写 否；不清楚就不填"),
        ),
    ),
    Sheet(
        "staff",
        "人员",
        (
            Column("owner", "所属", "街道、社区或单位的名称", need=True),
            Column("name", "姓名", "姓名", need=True),
            Column("userid", "企业微信账号", "管理后台里的账号；没有就收不到派单"),
            Column("duty", "职务", "街道、社区：书记、网格员、社工；单位：负责人、师傅", choices="duty"),
            Column("phone", "电话", "手机或固话"),
            Column("estates", "负责小区", "几个之间用、隔开；不填为全部"),
            Column("trades", "工种", "会修的类别，几个之间用、隔开；不填为全部"),
            Column("on_duty", "在岗", "是 或 否，不填为是", choices="yes"),
            Column("post", "岗位", "三岗十八级的岗，只有社区的人填；没定就不填", choices="post"),
            Column("grade", "岗级", "几级，只写数字，例如 8"),
        ),
    ),
    Sheet(
        "members",
        "党员志愿者",
        (
            Column("name", "姓名", "姓名", need=True),
            Column("userid", "企业微信账号", "管理后台里的账号"),
            Column("party", "党员", "是 或 否，不填为否", choices="yes"),
            Column("branch", "党支部", "所在支部"),
            Column("skills", "特长", "几个之间用、隔开"),
            Column("phone", "电话", "手机或固话"),
        ),
    ),
    Sheet(
        "responsibilities",
        "责任清单",
        (
            Column("category", "类别", "哪一类事", need=True, choices="category"),
            Column("estate", "小区", "不填为所有小区"),
            Column("unit", "单位", "谁来办，要在“单位”表里", need=True),
            Column("match", "关键词", "话里带这些词才归它，几个之间用、隔开"),
            Column("respond_hours", "响应小时", "多少小时内接单；不填按默认时限"),
            Column("resolve_hours", "办结小时", "多少小时内办完；不填按默认时限"),
        ),
    ),
)

YES: Final = {True: "是", False: "否"}


def sheet(title: str) -> Sheet | None:
    """The sheet with this title or code."""
    said = title.strip().lower()
    return next((s for s in SHEETS if said in (s.key, s.title)), None)


def qualified(name: str, of: Sheet) -> str:
    """How an owner of staff is written when another kind of owner has the same name."""
    return f"{name}（{of.title}）"


def choices(name: str, words: Words) -> dict[str, str]:
    """Codes and Chinese names of what may be picked."""
    duties = dict.fromkeys((*COMMUNITY_DUTIES, *UNIT_DUTIES))
    return {
        "estate_kind": ESTATE_KINDS,
        "care": CARES,
        "unit_kind": UNIT_KINDS,
        "party": PARTY,
        "lacks": LACKS,
        "duty": {code: words.duty.get(code, code) for code in duties},
        "category": dict(words.category),
        "post": {row.key: row.title for row in words.posts},
        "yes": {"true": "是", "false": "否"},
    }[name]
