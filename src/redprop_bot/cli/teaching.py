"""`corrections` and `train`: what the staff set right becomes examples, and examples become new weights."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from redprop_bot.cli.common import open_office, settings
from redprop_bot.content import load_content, roots
from redprop_bot.content.shapes import Labels
from redprop_bot.dialogue.office import Office
from redprop_bot.errors import ConfigError, Fault
from redprop_bot.loop import lessons
from redprop_bot.registry.register import register
from redprop_bot.understand import exam, teaching
from redprop_bot.understand.teaching import Lesson

_NAMES = {
    exam.EMERGENCY: "险情找到",
    exam.CALM: "无险不误报",
    exam.CATEGORY: "类别听对",
    exam.URGENCY: "急缓听对",
}


def add(commands: Any) -> None:
    """Declare the commands."""
    kept = commands.add_parser("corrections", help="工作人员改正过的例句").add_subparsers(
        dest="what", required=True, metavar="做什么"
    )
    listing = kept.add_parser("list", help="列出来")
    listing.add_argument("--community", help="只看一个社区")
    listing.set_defaults(run=_list)
    export = kept.add_parser("export", help="写成 intents/ 的例句文件")
    export.add_argument("file", type=Path, metavar="F.yaml")
    export.add_argument("--community", help="只要一个社区的")
    export.add_argument("--force", action="store_true", help="覆盖已有的文件")
    export.set_defaults(run=_export)
    train = commands.add_parser("train", help="用自带的和自己的例句重新学习，变差了就不用")
    train.add_argument("--dry-run", action="store_true", help="只看成绩，不换上")
    train.set_defaults(run=_train)


def _community(office: Office, name: str | None) -> int | None:
    if name is None:
        return None
    known = office.store.look(lambda tx: register(tx).communities)
    found = next((key for key, community in known.items() if community.name == name), None)
    if found is None:
        raise ConfigError([Fault("--community", f"没有这个社区：{name}")])
    return found


def _list(arguments: argparse.Namespace) -> int:
    with open_office() as office:
        community_id = _community(office, arguments.community)
        lines = office.store.look(lambda tx: lessons.listed(tx, community_id))
    for line in lines:
        print(line)
    if not lines:
        print("还没有改正过的例句。")
    return 0


def _export(arguments: argparse.Namespace) -> int:
    out: Path = arguments.file
    if out.suffix != ".yaml":
        raise ConfigError([Fault(str(out), "文件名应以 .yaml 结尾")])
    if out.exists() and not arguments.force:
        raise ConfigError([Fault(str(out), "已经有这个文件，里面可能有人改过；要覆盖就加 --force")])
    with open_office() as office:
        community_id = _community(office, arguments.community)
        text, count = office.store.look(lambda tx: lessons.as_examples(tx, community_id))
    if not count:
        print("还没有可以学的例句，没有写文件。")
        return 0
    try:
        out.write_text(text, "utf-8")
    except OSError as error:
        raise ConfigError([Fault(str(out), f"写不了：{error.strerror}")]) from None
    print(f"导出 {count} 条到 {out}。看过以后放进自己的 intents/，再运行 redprop-bot train。")
    return 0


def _train(arguments: argparse.Namespace) -> int:
    known = settings()
    if known.content_dir is None:
        raise ConfigError([Fault("REDPROP_CONTENT_DIR", "没有设置。新学的要写进自己的内容文件夹，自带的不动")])
    if not teaching.can_train():
        raise ConfigError(
            [
                Fault(
                    "scikit-learn",
                    "没有安装，学习要用它（服务不用）。请运行 pip install 'redprop-bot[train]' 再试",
                )
            ]
        )
    folders = roots(known.content_dir)
    labels = load_content(folders, zone=known.zone, address="").labels
    return train(folders, labels, keep=not arguments.dry_run)


def train(folders: Sequence[Path], labels: Labels, *, keep: bool = True) -> int:
    """Learn, print the figures, and say what became of it: 0 taken, 1 refused."""
    print("正在学习，要半分钟左右……", flush=True)
    lesson = teaching.learn(folders, keep=keep)
    _show(lesson, labels)
    if lesson.fallen:
        worse = "、".join(_name(labels, name) for name in lesson.fallen)
        print(f"不采用：{worse} 变差了。原来的照旧用，什么也没改。")
        for text, heard in lesson.after.wrong.items():
            if lesson.before.wrong.get(text) != heard:
                print(f"  学了以后听错：{text}（{heard.replace('/None', '')}）")
        print("请看看新加的例句，有没有标错、有没有和别的例句打架；改好再学一次。")
        return 1
    print("已换上新学的，重启服务后生效。" if keep else "成绩没有变差（只看成绩，没有换上）。")
    return 0


def _show(lesson: Lesson, labels: Labels) -> None:
    print(f"例句 {lesson.examples} 条，其中自己的 {lesson.own} 条。考题是产品自带的，没有拿来学。")
    print("出厂\t现在\t新的")
    for name, now in lesson.before.all().items():
        row = (lesson.shipped.all()[name], now, lesson.after.all()[name])
        mark = "  ← 变差" if name in lesson.fallen else ""
        print("\t".join(f"{share:.1%}" for share in row) + f"\t{_name(labels, name)}{mark}")


def _name(labels: Labels, name: str) -> str:
    return _NAMES.get(name) or labels.intent.get(name, name)
