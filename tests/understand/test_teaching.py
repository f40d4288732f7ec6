"""Learning anew: a good file is taken and heard, a poisoned one is refused, and the old weights stay in force."""

import shutil
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from redprop_bot.cli import main, teaching
from redprop_bot.content import load_content
from redprop_bot.errors import ContentError
from redprop_bot.understand import exam
from redprop_bot.understand.gazetteer import Gazetteer
from redprop_bot.understand.load import MODEL, load_lexicon, load_reader
from redprop_bot.understand.teaching import learn
from redprop_bot.understand.train import loudness, train

from .conftest import NOW, ROOT

FEW = ("asking", "follow_up", "members", "providers", "secretaries", "common", "keywords", "voice_of_residents")


@pytest.fixture(scope="session")
def shipped(tmp_path_factory) -> Path:
    """A product with a third of the examples, so that learning takes seconds; everything else is as it ships."""
    root = tmp_path_factory.mktemp("shipped")
    shutil.copytree(ROOT / "data", root / "data", ignore=shutil.ignore_patterns("model.tsv.gz", "clusters.tsv"))
    shutil.copytree(ROOT / "intents/report", root / "intents/report")
    for name in FEW:
        shutil.copy(ROOT / f"intents/{name}.yaml", root / "intents")
    train([root], root / MODEL)
    return root


@pytest.fixture
def mine(tmp_path) -> Path:
    """A community's own folder with nothing in it yet."""
    (tmp_path / "mine/intents").mkdir(parents=True)
    return tmp_path / "mine"


def write(mine: Path, text: str) -> Path:
    path = mine / "intents/corrections.yaml"
    path.write_text(text, "utf-8")
    return path


def run(shipped: Path, mine: Path, **options) -> int:
    labels = load_content([shipped, mine], zone=ZoneInfo("Asia/Shanghai"), address="").labels
    return teaching.train([shipped, mine], labels, **options)


def heard(roots, text):
    act = load_reader(roots).read(text, role="resident", now=NOW, gazetteer=Gazetteer.empty())[0]
    return act.intent, act.category


GOOD = """\
family: 社区改正的例句
groups:
  - intent: demand.report
    category: elder_child
    urgency: normal
    note: 原来听成 报事·便民服务
    texts:
      - 〔地址〕的〔人名〕想订午饭，禾穗灶能送到家吗
      - 禾穗灶的饭菜能不能送到〔小区〕
      - 想给老妈订禾穗灶的晚饭
      - 禾穗灶今天没有送过来
      - 禾穗灶的汤太咸了
"""
LIKE_IT = "禾穗灶从上礼拜起就不来了"


@pytest.mark.slow
def test_a_good_file_is_taken_and_like_words_are_heard_anew(shipped, mine, capsys):
    """Old and new figures are shown, the weights lie in the community's folder, and who serves reads with them."""
    write(mine, GOOD)
    assert heard([shipped, mine], LIKE_IT) != ("demand.report", "elder_child")
    before = (shipped / MODEL).read_bytes()
    assert run(shipped, mine) == 0
    told = capsys.readouterr().out
    assert "其中自己的 5 条" in told
    assert "出厂\t现在\t新的" in told
    assert "险情找到" in told
    assert "已换上" in told
    assert heard([shipped, mine], LIKE_IT) == ("demand.report", "elder_child")
    assert (shipped / MODEL).read_bytes() == before
    assert sorted(path.name for path in (mine / "data/words").iterdir()) == ["model.tsv.gz"]


def test_a_poisoned_file_is_refused_and_nothing_changes(shipped, mine, capsys):
    """Praise, urging and thanks taught as taking back: those intents fall, the old weights stay, the exit code says so."""
    who = ("保安", "保洁", "门岗", "网格员", "物业", "师傅", "大姐", "社工")
    praise = [f"{one}{how}" for one in who for how in ("特别认真，点个赞", "热心肠，表扬一下", "跑前跑后，要夸夸")]
    urging = [
        f"{one}{how}" for one in ("都报了好几天", "等了一个星期", "怎么还") for how in ("没人来", "没来修，催催")
    ]
    thanks = [
        f"{one}了，{how}" for one in ("修好", "恢复", "不漏", "换上") for how in ("谢谢", "很满意", "给五星")
    ]
    texts = "".join(f"      - {text}\n" for text in (*praise, *urging, *thanks))
    write(mine, f"family: 坏\ngroups:\n  - intent: demand.withdraw\n    texts:\n{texts}")
    assert run(shipped, mine) == 1
    told = capsys.readouterr().out
    assert "不采用：" in told
    assert "← 变差" in told
    assert "学了以后听错：" in told
    assert [path.name for path in mine.rglob("*") if path.is_file()] == ["corrections.yaml"]


def test_dangers_taught_as_chat_stay_dangers(shipped, mine):
    """The rules of danger are stronger than what is learnt, and the exam would tell if they were not."""
    dangers = ["着火了", "电梯里困了人", "煤气味很大", "有人晕倒", "触电倒地", "冒火花", "有人拿刀"]
    texts = "".join(f"      - {place}{danger}\n" for danger in dangers for place in ("楼下", "隔壁", "这边"))
    write(mine, f"family: 坏\ngroups:\n  - intent: greeting\n    texts:\n{texts}")
    lesson = learn([shipped, mine])
    assert lesson.after.general[exam.EMERGENCY] >= lesson.shipped.general[exam.EMERGENCY] or lesson.fallen


def test_patterns_that_make_it_worse_are_refused_though_both_sides_have_them(shipped, mine, capsys):
    """A pattern acts without being learnt: only the product as shipped shows what it does."""
    write(mine, "family: 坏\npatterns:\n  - {match: 单, intent: order.close, weight: 9}\n")
    assert run(shipped, mine) == 1
    assert "变差" in capsys.readouterr().out
    assert not (mine / MODEL).exists()


def test_a_dry_run_keeps_nothing(shipped, mine, capsys):
    """Figures only."""
    write(mine, GOOD)
    assert run(shipped, mine, keep=False) == 0
    assert "没有换上" in capsys.readouterr().out
    assert not (mine / MODEL).exists()


def test_broken_yaml_is_told_with_file_and_line(shipped, mine, monkeypatch, capsys):
    """The community's own path, not only a name that the shipped file may bear as well; nothing is learnt."""
    path = write(mine, "family: x\ngroups:\n  - {intent: demand.report, category: lift, texts: [梯坏了]}\n")
    with pytest.raises(ContentError) as caught:
        learn([shipped, mine])
    assert [fault.where for fault in caught.value.faults] == [f"{path}:3", f"{path}:3"]
    write(mine, "family: x\ngroups: [\n")
    monkeypatch.setenv("REDPROP_CONTENT_DIR", str(mine))
    assert main(["train"]) == 2
    assert f"{path}:3: 不是合法的 YAML" in capsys.readouterr().err


def test_without_a_folder_of_ones_own_nothing_is_learnt(monkeypatch, tmp_path, capsys):
    """The shipped weights are nobody's to overwrite."""
    monkeypatch.delenv("REDPROP_CONTENT_DIR", raising=False)
    monkeypatch.chdir(tmp_path)
    assert main(["train"]) == 2
    assert "REDPROP_CONTENT_DIR: 没有设置" in capsys.readouterr().err


def test_without_scikit_learn_it_says_what_to_install(mine, tmp_path):
    """A plain sentence and exit 2, in a process where the library cannot be imported."""
    (tmp_path / "blocked/sklearn").mkdir(parents=True)
    (tmp_path / "blocked/sklearn/__init__.py").write_text("raise ImportError('not here')\n")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from redprop_bot.cli import main\n"
        "sys.exit(main(['train']))\n"
    )
    import os

    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "blocked")],
        env={**os.environ, "REDPROP_CONTENT_DIR": str(mine), "PYTHONIOENCODING": "utf-8"},
        cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "pip install 'redprop-bot[train]'" in done.stderr
    assert "Traceback" not in done.stderr


# -- the exam


def test_the_figures_are_counted_rightly(reader):
    """All right is one everywhere; a label turned round costs its own figures and no other."""
    wrong = exam.sit(reader, exam.messages(ROOT)).wrong
    asked = [one for one in exam.messages(ROOT) if one.text not in wrong]
    asked = [one for one in asked if one.labels[0].intent in ("order.accept", "checkin", "human")]
    marks = exam.sit(reader, asked)
    assert set(marks.intents.values()) == {1.0}
    from dataclasses import replace

    turned = [replace(asked[0], role="resident"), *asked[1:]]
    assert exam.fallen(marks, marks) == []
    assert set(exam.fallen(marks, exam.sit(reader, turned))) <= {asked[0].labels[0].intent}


def test_a_dozen_of_ones_own_are_heard_and_thousands_do_not_drown_the_rest():
    """The weight of the community's examples falls with their number, never below one."""
    some = load_lexicon([ROOT], with_model=False, corpus=False).examples[:1000]
    from dataclasses import replace

    def own(count):
        return loudness([replace(e, own=i < count) for i, e in enumerate(some)])

    assert own(0) == 1.0
    assert own(5) > own(50) > own(500) == 1.0
