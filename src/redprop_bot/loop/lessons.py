"""What the staff taught, as a file of examples that a community can put into its own content folder.

Orders that were only given to another unit are handed on as examples where that unit answers for their category;
where it does not, the category is in doubt, and the words stand in the file as a question to its editor.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

from redprop_bot.content.shapes import Labels
from redprop_bot.registry.register import register
from redprop_bot.store import corrections
from redprop_bot.store.tables import Correction
from redprop_bot.store.tx import Tx

_HEAD = """\
# 工作人员改正过的例句，导出于 {day}。姓名、门牌、电话已经拿掉；放进去之前再看一遍，拿不准的删掉。
# 放到自己内容文件夹的 intents/ 里，运行 redprop-bot train 重新学习。
"""
_DOUBT = (
    "# 下面这些只改派了单位，新单位却不管这一类：类别是不是也听错了？机器人没有学。要教就照上面的样子写一组。\n"
)


def listed(tx: Tx, community_id: int | None = None) -> list[str]:
    """A line each: day, what it was heard as, what it is, the scrubbed words."""
    labels, zone = tx.content.labels, tx.content.zone
    return [
        f"{row.at.astimezone(zone):%Y-%m-%d}\t"
        f"{_named(labels, row.heard)} → {_named(labels, _right(row))}\t{_line(row)}"
        for row in corrections.listed(tx, community_id)
    ]


def as_examples(tx: Tx, community_id: int | None = None) -> tuple[str, int]:
    """The YAML text, and how many examples are in it."""
    rows = corrections.listed(tx, community_id)
    taught = [row for row in rows if _is_clear(tx, row)]
    doubtful = [row for row in rows if row not in taught]
    groups: dict[tuple[Any, ...], list[Correction]] = {}
    for row in taught:
        key = (row.intent, row.category, row.urgency, row.role, row.unit)
        groups.setdefault(key, []).append(row)
    labels = tx.content.labels
    body = {"family": "社区改正的例句", "groups": [_group(labels, same) for same in groups.values()]}
    text = _HEAD.format(day=f"{tx.now.astimezone(tx.content.zone):%Y-%m-%d}")
    text += yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=10_000)
    if doubtful:
        text += _DOUBT + "".join(f"# {row.heard.get('unit')} → {row.unit}：{_line(row)}\n" for row in doubtful)
    return text, len(taught)


def _is_clear(tx: Tx, row: Correction) -> bool:
    if any(getattr(row, name) != row.heard.get(name) for name in ("intent", "category", "urgency")):
        return True
    reg = register(tx)
    unit = reg.organisation(row.unit) if row.unit else None
    return unit is not None and any(
        duty.unit_id == unit.id and duty.category == row.category for duty in reg.responsibilities
    )


def _group(labels: Labels, rows: Sequence[Correction]) -> dict[str, Any]:
    one = rows[0]
    found: dict[str, Any] = {"intent": one.intent}
    found |= {name: value for name in ("category", "urgency") if (value := getattr(one, name))}
    found |= {"role": one.role} | ({"unit": one.unit} if one.unit else {})
    found["note"] = "原来听成 " + "；".join(dict.fromkeys(_named(labels, row.heard) for row in rows))
    return found | {"texts": _once(_line(row) for row in rows)}


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _line(row: Correction) -> str:
    return " ".join(row.text.split())


def _right(row: Correction) -> dict[str, str | None]:
    return {name: getattr(row, name) for name in ("intent", "category", "urgency", "unit")}


def _named(labels: Labels, codes: Mapping[str, Any]) -> str:
    """报事·水与排水·紧急·万和物业."""
    parts = (
        labels.intent.get(codes.get("intent") or ""),
        labels.category.get(codes.get("category") or ""),
        labels.urgency.get(codes.get("urgency") or ""),
        codes.get("unit"),
    )
    return "·".join(part for part in parts if part)
