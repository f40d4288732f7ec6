"""A conversation as it stands in its YAML file: the form is explained in `tests/golden/README.md`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

ZONE = ZoneInfo("Asia/Shanghai")
FOLDER = Path(__file__).parent / "conversations"
ROSTER = Path(__file__).parent / "roster.yaml"

VERBS = {"说", "点", "发照片", "发视频", "发语音", "发位置", "扫码", "关注", "取消关注", "点菜单", "进入"}
TIMES = {"过", "到"}
EXPECTED = {
    "回复", "开头", "文字", "文字没有", "状态", "单子", "经过", "通知", "明早通知", "送达", "等下一句", "带上", "过时", "内容", "内容没有",
    "另有", "记住", "事项", "清单",
}  # fmt: skip
HEAD = {"货架", "积分", "标题", "说明", "开始", "间隔", "居民", "名册", "也在", "先前", "步骤"}


@dataclass(frozen=True)
class Step:
    """One line of a conversation: who does what, or what time it becomes; and what is expected then."""

    who: str | None
    verb: str
    what: Any
    expected: dict[str, Any]
    line: str

    @property
    def is_time(self) -> bool:
        return self.who is None


@dataclass(frozen=True)
class Script:
    """One conversation. `before` is played without a look, `steps` are held against what they expect."""

    path: Path
    title: str
    start: datetime
    pace: timedelta  # from one message to the next
    residents: tuple[str, ...]
    roster: Path
    before: tuple[Step, ...]
    steps: tuple[Step, ...]
    on_postgres: bool
    sweep: Callable[[Any], None] | None = None  # how time passes, where not as conversations have it
    shelf: tuple[dict[str, Any], ...] = ()  # what the shop has: 名称, 分, 库存
    points: dict[str, int] | None = None  # what somebody has earned before it begins
    prepare: Callable[[Any], None] | None = None  # what is there before anybody says anything


class BadScriptError(ValueError):
    """The file does not say what is to be done."""


def moment(text: str, now: datetime | None = None) -> datetime:
    """`2026-11-25 10:00`, `11-26 08:00` or `08:00` (the next one), said in local time, given in UTC."""
    return _local(str(text), now).astimezone(UTC)


def _local(text: str, now: datetime | None) -> datetime:
    if len(text) <= 5:
        assert now is not None
        local = now.astimezone(ZONE)
        hour, minute = map(int, text.split(":"))
        at = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return at if at > local else at + timedelta(days=1)
    if text.count("-") == 1:
        text = f"{(now or datetime(2026, 1, 1, tzinfo=ZONE)).astimezone(ZONE).year}-{text}"
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def load(path: Path) -> Script:
    """Read one file; BadScriptError names what is wrong."""
    raw = yaml.load(path.read_text("utf-8"), _Loader)
    if extra := set(raw) - HEAD:
        raise BadScriptError(f"{path.name}: 不认识 {'、'.join(extra)}")
    try:
        return Script(
            path=path,
            title=raw["标题"],
            start=moment(raw.get("开始", "2026-11-25 10:00")),
            pace=timedelta(seconds=int(raw.get("间隔", 30))),
            residents=tuple(raw.get("居民", ())),
            roster=Path(__file__).parent / f"{raw.get('名册', 'roster')}.yaml",
            before=tuple(_step(item, judged=False) for item in raw.get("先前", ())),
            steps=tuple(_step(item) for item in raw["步骤"]),
            on_postgres=raw.get("也在") == "postgres",
            shelf=tuple(raw.get("货架", ())),
            points=raw.get("积分"),
        )
    except (BadScriptError, KeyError, ValueError, TypeError) as error:
        raise BadScriptError(f"{path.name}: {error}") from error


def _step(item: dict[str, Any], *, judged: bool = True) -> Step:
    heads = [key for key in item if key not in EXPECTED]
    if len(heads) != 1:
        raise BadScriptError(f"一步只能有一个动作：{item}")
    head = heads[0]
    who, _, verb = head.rpartition(" ")
    if (who and verb not in VERBS) or (not who and verb not in TIMES):
        raise BadScriptError(f"看不懂的动作：{head}")
    expected = {key: value for key, value in item.items() if key != head}
    if not judged and expected:
        raise BadScriptError(f"“先前”里不写结果：{head}")
    what = item[head]
    return Step(who or None, verb, what, expected, f"{head}：{what if what is not None else ''}")


def scripts() -> list[Path]:
    """All conversations, in order."""
    return sorted(FOLDER.rglob("*.yaml"))


class _Loader(yaml.SafeLoader):
    """Only whole numbers, true, false and nothing are not texts: 08:00 and 11-26 08:00 stay as they are written."""


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"(?:[1-9]\d{0,3}|0)$"), list("0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"~?$"), ["~", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:true|false)$"), ["t", "f"])
