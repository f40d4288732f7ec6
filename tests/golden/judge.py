"""Holding what a step did against what it was to do; what is not mentioned must not have happened."""

from typing import Any

from tests.golden.actual import Actual, Names, demand_fields
from tests.golden.script import Step

from redprop_bot.store.tables import Demand, Person, Resource, Service, Task, Visit, Wish
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

SILENCE = "无"


def judge(store: Store, names: Names, step: Step, found: Actual) -> list[str]:
    """Every difference, in a line each; empty when all is as it was to be."""
    wanted = step.expected
    problems = list(found.strange)
    problems += _reply(wanted.get("回复"), found, told=not step.is_time)
    problems += [f"回复里没有“{w}”" for w in _texts(wanted.get("文字")) if w not in found.text]
    problems += [f"回复里不该有“{w}”" for w in _texts(wanted.get("文字没有")) if w in found.text]
    problems += [f"前60字里没有“{w}”" for w in _texts(wanted.get("开头")) if w not in found.text[:60]]
    problems += _same("经过", _lists(wanted.get("经过")), found.events)
    problems += _same("状态", wanted.get("状态") or {}, found.stages)
    for name, seen in (
        ("通知", found.told),
        ("明早通知", found.held),
        ("送达", found.arrived),
        ("等下一句", found.waiting),
        ("带上", found.brought),
        ("过时", found.overtaken),
    ):
        problems += _same(name, _sorted(_lists(wanted.get(name))), _sorted(seen))
    for who, words in (wanted.get("内容") or {}).items():
        text = found.contents.get(who, "")
        problems += [f"给{who}的消息里没有“{w}”" for w in _texts(words) if w not in text]
    for who, words in (wanted.get("内容没有") or {}).items():
        text = found.contents.get(who, "")
        problems += [f"给{who}的消息里不该有“{w}”" for w in _texts(words) if w in text]
    problems += _same("另有", wanted.get("另有") or {}, found.others)
    return problems + store.look(lambda tx: closer(tx, names, wanted))


def _reply(wanted: Any, found: Actual, *, told: bool) -> list[str]:
    if not told:
        return []
    keys = [key for key, _slots in found.said]
    if wanted is None:
        return [f"没有写“回复”，实际回了 {keys or SILENCE}"]
    lines = _replies(wanted)
    if [key for key, _slots in lines] != keys:
        return [f"回复应为 {[key for key, _ in lines] or SILENCE}，实际 {keys or SILENCE}"]
    problems = []
    for (key, slots), (_key, seen) in zip(lines, found.said, strict=True):
        for name, value in (slots or {}).items():
            if str(value) != seen.get(name, ""):
                problems.append(f"{key} 的 {name} 应为“{value}”，实际“{seen.get(name, '')}”")
    return problems


def _replies(wanted: Any) -> list[tuple[str, dict[str, Any]]]:
    if wanted == SILENCE:
        return []
    if isinstance(wanted, str):
        return [(wanted, {})]
    if isinstance(wanted, dict):
        return [(key, slots or {}) for key, slots in wanted.items()]
    return [pair for item in wanted for pair in _replies(item)]


def _texts(value: Any) -> list[str]:
    return [] if value is None else [str(v) for v in value] if isinstance(value, list) else [str(value)]


def _lists(value: Any) -> dict[str, list[str]]:
    return {key: _texts(names) for key, names in (value or {}).items()}


def _sorted(value: dict[str, list[str]]) -> dict[str, list[str]]:
    return {key: sorted(names) for key, names in value.items()}


def _same(name: str, wanted: dict[str, Any], seen: dict[str, Any]) -> list[str]:
    problems = []
    for key in dict.fromkeys([*wanted, *seen]):
        one, other = wanted.get(key, SILENCE), seen.get(key, SILENCE)
        if one != other:
            problems.append(f"{name} {key}：应为 {one}，实际 {other}")
    return problems


def closer(tx: Tx, names: Names, wanted: dict[str, Any]) -> list[str]:
    problems = []
    for short, fields in (wanted.get("单子") or {}).items():
        demand = tx.find(Demand, Demand.__table__.c.no == names.full(short))
        assert demand is not None
        seen = demand_fields(tx, names, demand)
        problems += [
            f"{short} 的{field}应为 {value}，实际 {seen[field]}"
            for field, value in fields.items()
            if str(value) != seen[field]
        ]
    for who, fields in (wanted.get("记住") or {}).items():
        seen = _person(tx, names, who)
        problems += [
            f"{who}的{field}应为 {value}，实际 {seen[field]}"
            for field, value in fields.items()
            if str(value) != seen[field]
        ]
    for part in ("事项", "清单"):
        for short, fields in (wanted.get(part) or {}).items():
            row = _row(tx, names.full(short))
            problems += [
                f"{short} 的 {field} 应为 {value}，实际 {getattr(row, field)}"
                for field, value in fields.items()
                if str(value) != str(getattr(row, field))
            ]
    return problems


def _row(tx: Tx, no: str) -> Any:
    model = {"T": Task, "R": Resource, "S": Service, "W": Wish, "V": Visit}[no[0]]
    return tx.find(model, model.__table__.c.no == no)


def _person(tx: Tx, names: Names, who: str) -> dict[str, str]:
    from redprop_bot.registry.register import register

    identity = next(i for i, name in names.people.items() if name == who)
    table = Person.__table__
    person = tx.find(Person, (table.c.openid == identity) | (table.c.userid == identity))
    assert person is not None
    estates = register(tx).estates
    return {
        "小区": estates[person.estate_id].name if person.estate_id else "无",
        "楼栋": person.building or "无",
        "单元": person.unit or "无",
        "室号": person.room or "无",
        "关注": "是" if person.following else "否",
        "先问": "是" if person.ask_first_until and person.ask_first_until > tx.now else "否",
    }
