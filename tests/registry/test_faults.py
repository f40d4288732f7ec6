"""Every fault of a roster is found, all of them at once, each with its row and column."""

import pytest
from tests.registry.conftest import SMALL, faults_of, workbook

from redprop_bot.registry.checking import building_no


def changed(old: str, new: str) -> str:
    assert old in SMALL
    return SMALL.replace(old, new, 1)


def test_a_sound_file_has_no_faults():
    assert faults_of(SMALL) == []


# what is replaced, by what, the text at which the fault stands, the key it is about, what is said of it
WRONG = [
    ("userid: qi, duty", "usrid: qi, duty", "usrid: qi", "communities[1].staff[1].usrid", "是不是 userid"),
    ("members:", "member:", "member:", "member", "没有“member”这一项"),
    ("{name: 齐书记, ", "{", "{userid: qi", "communities[1].staff[1].name", "没有填"),
    ("{name: 老粮站院, ", "{", "{kind: old", "communities[1].estates[2].name", "没有填"),
    ("name: 老粮站院", "name: ''", "name: ''", "communities[1].estates[2].name", "没有填"),
    ("kind: old", "care: sleepy", "care: sleepy", "communities[1].estates[2].care", "可写 市场物业、居民自治、兜底托管"),
    ("kind: old", "caretaker: 柳河水长", "caretaker: 柳河水长", "communities[1].estates[2].caretaker", "没有单位“柳河水长”"),
    ("- name: 柳河社区", "- caretaker: 柳河水长\n    name: 柳河社区", "caretaker: 柳河水长", "communities[1].caretaker", "没有单位“柳河水长”"),
    ("kind: old", "trial_until: 明年", "trial_until", "communities[1].estates[2].trial_until", "“明年” 不是日期"),
    ("kind: old", "trial_until: 2026-02-30", "trial_until", "communities[1].estates[2].trial_until", "不是日期"),
    ("kind: old", "kind: ancient", "kind: ancient", "communities[1].estates[2].kind", "没有“ancient”"),
    ("kind: department", "kind: office", "kind: office", "organisations[2].kind", "没有“office”"),
    (", kind: department", "", "{name: 柳河水厂", "organisations[2].kind", "没有填"),
    ("duty: manager", "duty: grid", "duty: grid}", "organisations[1].staff[1].duty", "没有“grid”"),
    ("duty: grid", "duty: worker", "duty: worker, estates", "communities[1].staff[2].duty", "没有“worker”"),
    ("[elevator]", "[lift]", "lift", "organisations[1].staff[2].trades[1]", "没有“lift”"),
    ("category: plumbing", "category: water", "category: water", "responsibilities[2].category", "没有“water”"),
    ("party: branch", "party: yes", "party: yes", "organisations[1].party", "应为文字"),
    ("party: branch", "party: club", "party: club", "organisations[1].party", "没有“club”"),
    ("party: true", "party: maybe", "party: maybe", "members[1].party", "true 或 false"),
    ('"13800000801"', "0551234567", "phone:", "communities[1].staff[1].phone", "请加引号"),
    ('"13800000801"', '"1380000"', None, "", ""),
    ('"13800000801"', '"12345"', None, "", ""),
    ('"13800000801"', '"138 0000-0801x"', "phone:", "communities[1].staff[1].phone", "不像电话"),
    ('"13800000801"', '"138000008010"', "phone:", "communities[1].staff[1].phone", "不像电话"),
    ("userid: qi,", "userid: 齐,", "userid: 齐", "communities[1].staff[1].userid", "不像企业微信账号"),
    ("duty: grid,", "duty: grid, post: boss,", "post: boss", "communities[1].staff[2].post", "可写 正职岗、副职岗"),
    ("duty: grid,", "duty: grid, post: chief,", "post: chief", "communities[1].staff[2].post", "正职岗是给书记的"),
    ("duty: grid,", "duty: grid, post: 工作人员岗, grade: 13,", "grade: 13", "communities[1].staff[2].grade", "1 到 12"),
    ("duty: grid,", "duty: grid, grade: 3,", "grade: 3", "communities[1].staff[2].grade", "也要写岗位"),
    ("duty: manager", "duty: manager, post: staff", "post: staff", "organisations[1].staff[1].post", "只有社区的"),
    ("duty: grid,", "duty: grid, post: 工作人员岗, grade: 12,", None, "", ""),
    ("households: 90", "households: -1", "households", "communities[1].estates[1].households", "之间"),
    ("households: 90", "households: 9.5", "households", "communities[1].estates[1].households", "整数"),
    ("households: 90", "households: 很多", "households", "communities[1].estates[1].households", "数字"),
    ("households: 90", "lat: .nan", "lat:", "communities[1].estates[1].lat", "数字"),
    ("households: 90", "lng: 181", "lng:", "communities[1].estates[1].lng", "-180"),
    ('{no: "1", units: 2}', "{units: 2}", "{units", "communities[1].estates[1].buildings[1].no", "没有填"),
    ('{no: "1", units: 2}', "{no: 栋}", "no: 栋", "communities[1].estates[1].buildings[1].no", "没有楼号"),
    ('{no: "1", units: 2}', "{no: 2栋}", "no: 2}", "communities[1].estates[1].buildings[2].no", "两次"),
    ('{no: "1", units: 2}', "{no: 二号楼}", "no: 2}", "communities[1].estates[1].buildings[2].no", "两次"),
    ('{no: "1", units: 2}', "{no: ２#}", "no: 2}", "communities[1].estates[1].buildings[2].no", "两次"),
    ('{no: "1", units: 2}', "{no: 2026-03-01}", "no: 2026", "communities[1].estates[1].buildings[1].no", "日期"),
    ("respond_hours: 1,", "respond_hours: -1,", "respond_hours", "responsibilities[1].respond_hours", "之间"),
    ("resolve_hours: 24", "resolve_hours: 0", "resolve_hours", "responsibilities[1].resolve_hours", "大于 0"),
    ("resolve_hours: 24", "resolve_hours: .inf", "resolve_hours", "responsibilities[1].resolve_hours", "数字"),
    ("estate: 柳岸居, unit", "estate: 柳暗居, unit", "estate: 柳暗居", "responsibilities[1].estate", "没有小区“柳暗居”"),
    ("unit: 柳河水厂", "unit: 柳河水长", "unit: 柳河水长", "responsibilities[2].unit", "没有单位“柳河水长”"),
    ("unit: 柳河水厂", "unit: 毛小妹", "unit: 毛小妹", "responsibilities[2].unit", "没有单位"),
    ("estates: [柳岸]", "estates: [杨岸]", "estates: [杨岸]", "communities[1].staff[2].estates", "没有小区“杨岸”"),
    ("kind: department", "kind: committee, estate: 杨岸", "estate: 杨岸", "organisations[2].estate", "没有小区“杨岸”"),
    ("kind: department", "kind: committee, seats: 3, party_seats: 4", "party_seats", "organisations[2].party_seats", "还多"),
    ("name: 老粮站院", "name: 柳岸居", "name: 柳岸居, kind", "communities[1].estates[2].name", "已经是“柳岸居”"),
    ("name: 老粮站院", "name: 柳岸", "aliases: [柳岸]", "communities[1].estates[1].aliases", "已经是“柳岸”"),
    ("kind: old", "kind: old, aliases: [柳岸]", "aliases: [柳岸]}", "communities[1].estates[2].aliases", "已经是“柳岸居”"),
    ("name: 柳河水厂", "name: 长柳物业", "name: 长柳物业, kind: department", "organisations[2].name", "单位“长柳物业” 写了两次"),
    ("毛小妹, userid: mao, duty", "毛大妹, userid: mao, duty", "userid: mao, party", "members[1].userid", "已经是“毛大妹”"),
    ("userid: mao, party", "userid: Mao, party", "userid: Mao", "members[1].userid", "大小写"),
    ("{name: 阿强, duty: worker, ", "{name: 金经理, userid: jin, duty: manager, ", "name: 金经理, userid: jin, duty: manager, t", "organisations[1].staff[2].name", "写了两次"),
    ("match: [停水]}", "match: [停水]}\n  - {category: plumbing, match: [停水], unit: 柳河水厂}", "category: plumbing, match", "responsibilities[3].category", "写了两次"),
    ("skills: [剪纸]", 'skills: ["剪\\a纸"]', '"剪', "members[1].skills[1]", "看不见"),
    ("name: 柳河水厂", "name: " + "长" * 65, "name: " + "长" * 65, "organisations[2].name", "太长"),
    ("      - {name: 齐书记", "      - 张三\n      - {name: 齐书记", "张三", "communities[1].staff[1]", "键: 值"),
    ("skills: [剪纸]", "skills: {a: b}", "skills", "members[1].skills", "几个词"),
    ("organisations:\n", "organisations:\n  - 3\n", "3\n", "organisations[1]", "键: 值"),
    ("members: [", "members: {}\nx: [", "members", "members", "应为列表"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "at", "key", "what"), WRONG)
def test_each_fault_is_told_with_row_column_and_key(old, new, at, key, what):
    """A fault names file, row, column and key, and says what is wrong; short numbers are service lines."""
    text = changed(old, new)
    told = faults_of(text)
    if at is None:
        assert told == []
        return
    before = text[: text.index(at)]
    place = f"r.yaml:{before.count(chr(10)) + 1}:{len(before) - (before.rfind(chr(10)) + 1) + 1} {key}: "
    assert [line for line in told if line.startswith(place) and what in line], (place, told)


@pytest.mark.parametrize("day", ["2027-02-28", "'2027-02-28'", "2027年2月28日", "2027/2/28"])
def test_a_trial_and_a_caretaker_may_be_written_as_people_do(day):
    """Codes and Chinese names are the same, and so are the ways to write a day."""
    assert faults_of(changed("kind: old", f"trial_until: {day}, caretaker: 柳河水厂, care: 兜底托管")) == []


def test_all_faults_come_at_once():
    """Faults of values and faults between entries are in one answer."""
    text = (
        changed("kind: old", "kind: x").replace("duty: manager", "duty: y").replace("unit: 柳河水厂", "unit: 无")
    )
    assert len(faults_of(text)) == 3


def test_one_wrong_entry_does_not_make_others_wrong():
    """An estate with a wrong kind is still there for those who refer to it."""
    told = faults_of(changed("households: 90", "kind: x"))
    assert len(told) == 1


@pytest.mark.parametrize(
    ("data", "name", "what"),
    [
        (b"", "r.yaml", "名册是空的"),
        (b"- a\n- b\n", "r.yaml", "不是名册"),
        (b"a: [b", "r.yaml", "r.yaml:"),
        (b"? [a, b]\n: c\n", "r.yaml", "r.yaml:1"),
        (b"street: {name: a}\nstreet: {name: b}\n", "r.yaml:2", "写了两次"),
        ("名: 册".encode("gbk"), "r.yaml", "UTF-8"),
        (b"a: &x [1]\nb: *x\n", "r.yaml", "引用"),
        (b"a: &x [*x]\n", "r.yaml", "引用"),
        (b"a: !!python/object:os.system {}\n", "r.yaml", "r.yaml:1"),
        (b"[" * 5000, "r.yaml", "r.yaml:1"),
        (b"\xd0\xcf\x11\xe0rest", "r.xls", "另存为 .xlsx"),
        (b"PK\x03\x04rest", "r.xlsx", "已损坏"),
        (b"street: {name: a}", "r.xlsx", "不是 .xlsx"),
        (workbook({"随便": [["a"]]}), "r.xlsx", "没有这张表"),
        (workbook({"说明": [["a"]], "人员": [["姓名"]]}), "r.xlsx", "缺少“所属”这一列"),
        (workbook({"街道": [["名称"]]}), "r.xlsx", "名册是空的"),
    ],
)  # fmt: skip
def test_what_is_no_roster_is_told_as_such(data, name, what):
    """Whatever the file is, the answer is a fault with its name, never a crash."""
    told = "\n".join(faults_of(data, name))
    assert name.split(":")[0] in told
    assert what in told


def test_a_missing_file_is_a_fault(tmp_path):
    from redprop_bot.errors import ContentError
    from redprop_bot.registry import roster_file

    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(ContentError, match="读不了"):
            roster_file.read(path)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    from redprop_bot.errors import ContentError
    from redprop_bot.registry import roster_file

    path = tmp_path / "r.yaml"
    with path.open("wb") as file:
        file.truncate(roster_file.LIMIT + 1)
    with pytest.raises(ContentError, match="太大"):
        roster_file.read(path)


@pytest.mark.parametrize(
    ("written", "kept"),
    [("三号楼", "3"), ("３号楼", "3"), ("3 栋", "3"), ("3＃", "3"), ("十二幢", "12"), ("03", "3"), ("b座", "B"), ("Ｂ座", "B"),
     ("甲栋", "甲"), ("综合楼", "综合楼"), ("12-3号楼", "12-3"), ("东区2号", "东区2"), ("栋", "")],
)  # fmt: skip
def test_a_building_has_one_number_however_it_is_written(written, kept):
    """As in what people say: else one broken lift becomes an order for every way to write its building."""
    assert building_no(written) == kept
