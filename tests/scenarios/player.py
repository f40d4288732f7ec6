"""Playing a scenario: a rule in plain words, what happens by it, and a twin in which it does not happen.

`README.md` beside this file says how they are written. The same phones, clock and sweep as in `tests.golden` are
used; here only what is written is held against what happened, so that a scenario is about its rule and nothing else.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select, text
from tests.golden import script as golden
from tests.golden.actual import Actual
from tests.golden.judge import closer
from tests.golden.play import MismatchError, Stage, Theatre, whole_sweep
from tests.golden.script import Script, Step
from tests.support import helping

from redprop_bot.store import bookings
from redprop_bot.store.tables import Event, metadata
from redprop_bot.store.tx import Tx

FOLDER = Path(__file__).parent
HEAD = {
    "货架", "积分", "规则", "出处", "说明", "居民", "名册", "设置", "清单", "党员", "登录", "发生", "不发生",
}  # fmt: skip
PART = {"货架", "积分", "说明", "开始", "居民", "步骤"}
CHECKS = {
    "回复", "文字", "文字没有", "单子", "经过", "收到", "没收到", "看到", "没看到", "等下一句", "没等下一句",
    "库里有", "库里没有",
}  # fmt: skip

_GROWN_OLD = re.compile("收件箱变了|历史被改动|待发的消息被改动")
"""What nothing but growing old may do to what was stored."""


@dataclass(frozen=True)
class Scenario:
    """One half of a file: the rule at work, or its twin."""

    script: Script
    settings: dict[str, str]  # data files of the community that the scenario changes: path → text


def scenarios() -> dict[str, Callable[[], Scenario]]:
    """Every half of every file by name; read when it is played, so that one broken file does not hide the others."""
    found: dict[str, Callable[[], Scenario]] = {}
    for path in sorted(FOLDER.rglob("*.yaml")):
        for part in ("发生", "不发生"):
            found[f"{path.stem} {part}"] = lambda path=path, part=part: load(path, part)  # type: ignore[misc]
    return found


def load(path: Path, part: str) -> Scenario:
    """Read one half; MismatchError names what is wrong."""
    raw = yaml.load(path.read_text("utf-8"), golden._Loader)
    unknown = (set(raw) - HEAD) | (set(raw.get(part) or {}) - PART)
    if unknown or not raw.get("规则") or not raw.get(part):
        raise MismatchError(f"{path.name}: 要有 规则、发生、不发生；不认识 {'、'.join(sorted(unknown)) or '无'}")
    own = raw[part]
    script = Script(
        path=path,
        title=f"{raw['规则']}（{part}）",
        start=golden.moment(own.get("开始", "2026-11-25 10:00")),
        pace=timedelta(seconds=30),
        residents=tuple(own.get("居民", raw.get("居民", ()))),
        roster=golden.ROSTER.parent / f"{raw.get('名册', 'roster')}.yaml",
        before=(),
        steps=tuple(_step(path, item) for item in own["步骤"]),
        on_postgres=False,
        sweep=whole_sweep,
        shelf=tuple(own.get("货架", raw.get("货架", ()))),
        points=own.get("积分", raw.get("积分")),
        prepare=_prepared(raw.get("清单") or [], raw.get("党员") or [], raw.get("登录") or []),
    )
    return Scenario(script, raw.get("设置") or {})


_OFFERED = {"名称": "title", "种类": "kind", "时间": "hours", "地点": "place"}


def _prepared(
    offers: list[dict[str, Any]], members: list[dict[str, Any]], sign_ins: list[dict[str, Any]]
) -> Callable[[Tx], None] | None:
    """Published offers of the community, further members, who has signed in before, as a scenario lists them."""
    if not offers and not members and not sign_ins:
        return None

    def prepare(tx: Tx) -> None:
        for item in offers:
            values = {_OFFERED[key]: value for key, value in item.items() if key in _OFFERED}
            made = helping.resource(tx, **values, estate_id=helping.estate_id(tx, item.get("小区", "槐荫里")))
            if "容纳" in item:
                bookings.keep_place(tx, made.id or 0, capacity=int(item["容纳"]))
        for item in members:
            helping.member(tx, item["姓名"], item["账号"], item["手艺"])
        for item in sign_ins:
            at = golden.moment(item["时间"])
            said = {"subject": "account", "subject_id": 1, "act": "account", "name": "signed_in"}
            tx.insert(Event, **said, at=at, by_name=item["账号"])

    return prepare


def _step(path: Path, item: dict[str, Any]) -> Step:
    heads = [key for key in item if key not in CHECKS]
    if len(heads) != 1:
        raise MismatchError(f"{path.name}: 一步只能有一个动作：{item}")
    head = heads[0]
    who, _, verb = head.rpartition(" ")
    if (who and verb not in golden.VERBS) or (not who and verb not in golden.TIMES):
        raise MismatchError(f"{path.name}: 看不懂的动作：{head}")
    checks = {key: value for key, value in item.items() if key != head}
    return Step(who or None, verb, item[head], checks, f"{head}：{item[head] if item[head] is not None else ''}")


def play(theatre: Theatre, scenario: Scenario) -> None:
    """Play it; raises MismatchError at the first step that goes another way."""

    def watch(step: Step, found: Actual, stage: Stage) -> None:
        problems = _problems(step, found, stage)
        if problems:
            lines = [f"{scenario.script.path.name}《{scenario.script.title}》", f"  {step.line}", *problems]
            raise MismatchError("\n  ".join([*lines, f"回复原文：{found.text}"]))

    theatre.play(scenario.script, watch=watch)


def _problems(step: Step, found: Actual, stage: Stage) -> list[str]:
    wanted = step.expected
    aged = bool({"库里有", "库里没有"} & set(wanted))
    problems = [line for line in found.strange if not (aged and _GROWN_OLD.search(line))]
    keys = [key for key, _slots in found.said]
    problems += [f"没有回 {key}，回了 {keys}" for key in _texts(wanted.get("回复")) if key not in keys]
    problems += [f"回复里没有“{w}”" for w in _texts(wanted.get("文字")) if w not in found.text]
    problems += [f"回复里不该有“{w}”" for w in _texts(wanted.get("文字没有")) if w in found.text]
    for no, names in (wanted.get("经过") or {}).items():
        seen = found.events.get(no, [])
        problems += [f"{no} 没有 {name}，有 {seen}" for name in _texts(names) if name not in seen]
    got = _received(found)
    for who, names in (wanted.get("收到") or {}).items():
        problems += [
            f"{who}没收到 {n}，收到 {got.get(who, [])}" for n in _texts(names) if n not in got.get(who, [])
        ]
    for who, names in (wanted.get("没收到") or {}).items():
        problems += [f"{who}不该收到 {name}" for name in _texts(names) if name in got.get(who, [])]
    for key, must in (("看到", True), ("没看到", False)):
        for who, words in (wanted.get(key) or {}).items():
            text = found.contents.get(who, "")
            problems += [f"{who}{key}不对：“{w}”" for w in _texts(words) if (w in text) is not must]
    for key, must in (("等下一句", True), ("没等下一句", False)):
        for who, names in (wanted.get(key) or {}).items():
            waits = [name.partition(" ")[0] for name in found.waiting.get(who, [])]
            problems += [f"{who}{key}不对：{n}，{waits}" for n in _texts(names) if (n in waits) is not must]
    stored = stage.store.look(everything) if aged else ""
    problems += [f"库里没有“{w}”" for w in _texts(wanted.get("库里有")) if w not in stored]
    problems += [f"库里还有“{w}”" for w in _texts(wanted.get("库里没有")) if w in stored]
    return problems + stage.store.look(lambda tx: closer(tx, stage.names, {"单子": wanted.get("单子") or {}}))


def everything(tx: Tx) -> str:
    """All that stands in any row of any table, and in the index for finding words."""
    rows = [row for table in metadata.sorted_tables for row in tx.rows(select(table))]
    return "\n".join(map(str, [*rows, *tx.rows(text("SELECT * FROM demand_words"))]))


def _received(found: Actual) -> dict[str, list[str]]:
    """What came at once, what waits for the morning, and what had been held and came now; cards without the word."""
    got: dict[str, list[str]] = {}
    for part in (found.told, found.held, found.arrived):
        for who, names in part.items():
            got.setdefault(who, []).extend(name.partition(" ")[0] for name in names)
    return got


def _texts(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(v) for v in value] if isinstance(value, list) else [str(value)]
