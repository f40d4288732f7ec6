"""The menus that a community writes: what ships is right, and each fault is told with its file and line."""

import pytest

from redprop_bot.content import menus, packaged_root
from redprop_bot.content.reading import files
from redprop_bot.errors import Fault

FINE = "buttons:\n  - {name: 待办, type: click, key: todo}\n"


def read(tmp_path, oa=FINE, work=FINE):
    """Menus out of two texts, and the faults."""
    paths = {}
    for platform, text in (("oa", oa), ("work", work)):
        paths[f"data/menus/{platform}.yaml"] = tmp_path / f"{platform}.yaml"
        paths[f"data/menus/{platform}.yaml"].write_text(text, "utf-8")
    faults: list[Fault] = []
    return menus.read_menus(paths, faults), [str(fault) for fault in faults]


def test_what_ships_is_right():
    """Both menus that ship pass their own checks and have three entries at most."""
    faults: list[Fault] = []
    found = menus.read_menus(files([packaged_root()], "data/menus"), faults)
    assert faults == []
    assert {key for _, key in found.oa.sent_keys()} >= {"report", "progress", "notices", "phone", "help"}
    assert {key for _, key in found.work.sent_keys()} >= {"todo", "help"}


TOP = "  - {name: 待办, type: click, key: todo}\n"
SUB = "      - {name: 看公示, type: click, key: notices}\n"

WRONG = [
    ("oa", TOP.replace("待办", "我要报一件事"), 2, "最多 4 个汉字（16 字节）"),
    ("oa", TOP.replace("待办", "abcdefghi"), 2, "最多 4 个汉字"),
    ("oa", TOP * 4, 1, "1 到 3 个一级按钮"),
    ("oa", "  - name: 更多\n    buttons:\n" + SUB * 6, 3, "下面有 1 到 5 个按钮"),
    ("oa", "  - name: 更多\n    buttons: []\n", 3, "下面有 1 到 5 个按钮"),
    (
        "oa",
        "  - name: 更多\n    buttons:\n" + SUB.replace("看公示", "看看社区公示栏里"),
        4,
        "最多 7 个汉字（60 字节）",
    ),
    (
        "work",
        "  - name: 更多\n    buttons:\n" + SUB.replace("看公示", "看看社区公示栏里"),
        4,
        "最多 7 个汉字（40 字节）",
    ),
    (
        "oa",
        "  - {name: 更多, type: click, key: a, buttons: [{name: 子, type: click, key: b}]}\n",
        2,
        "它自己不能有 type",
    ),
    ("oa", TOP + "  - {name: 去看, type: view}\n", 3, "要有 url"),
    ("oa", TOP + "  - {name: 去看, type: view, url: ftp://x}\n", 3, "url 应为"),
    ("oa", TOP + "  - {name: 去看, type: view, url: //evil.example/x}\n", 3, "url 应为"),
    ("oa", TOP + "  - {name: 去看, type: view, url: /m/mine, key: a}\n", 3, "用不上 key"),
    ("oa", TOP + f"  - {{name: 点, type: click, key: {'k' * 129}}}\n", 3, "key 最多 128 字节"),
    ("oa", TOP + "  - {name: 点, type: press, key: a}\n", 3, "type 不对"),
    ("work", TOP + "  - {name: 点, type: media_id, media_id: a}\n", 3, "type 不对"),
    ("oa", TOP + '  - {name: " ", type: click, key: a}\n', 3, "name 不能为空"),
    ("oa", TOP + "  - {name: 点, type: click, key: a, colour: red}\n", 3, "没有这一项"),
    ("oa", TOP + "  - {type: click, key: a}\n", 3, "缺少这一项"),
    (
        "oa",
        "  - name: 更多\n    buttons:\n      - {name: 再多, buttons: [{name: 子, type: click, key: b}]}\n",
        4,
        "下面不能再有按钮",
    ),
]


@pytest.mark.parametrize(("platform", "text", "line", "says"), WRONG)
def test_a_fault_has_its_line(tmp_path, platform, text, line, says):
    """What the platform would refuse, or its client cut, is a fault where it stands."""
    found, faults = read(tmp_path, **{platform: f"buttons:\n{text}"})
    assert found is None
    assert any(fault.startswith(f"{tmp_path}/{platform}.yaml:{line}:") and says in fault for fault in faults), (
        faults
    )


def test_all_faults_at_once(tmp_path):
    """Two files with a fault each are two faults."""
    _, faults = read(tmp_path, oa="buttons: []\n", work="buttons: [\n")
    assert len(faults) == 2


def test_a_missing_file_is_a_fault():
    """Without a file there is no menu, not an empty one."""
    faults: list[Fault] = []
    assert menus.read_menus({}, faults) is None
    assert [fault.what for fault in faults] == ["缺少这个文件", "缺少这个文件"]


def test_a_key_that_does_nothing(tmp_path):
    """A button whose key no table knows is told with its line; case does not matter."""
    found, _ = read(tmp_path, oa=FINE + "  - {name: 点, type: click, key: Nothing}\n")
    assert [str(fault) for fault in found.unknown({"todo": 1})] == [
        f"{tmp_path}/oa.yaml:3: “Nothing” 在 data/menus/clicks.yaml 里没有"
    ]
    assert found.unknown({"todo": 1, "nothing": 1}) == []
