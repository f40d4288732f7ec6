"""JSON Lines in, JSON Lines out: the `parse` command, without knowing where the lines come from."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, TextIO

from redprop_bot.understand.acts import ROLES, Act
from redprop_bot.understand.gazetteer import Gazetteer
from redprop_bot.understand.reader import Reader
from redprop_bot.understand.slots.when import ZONE


class BadLineError(ValueError):
    """A line that cannot be read; the text says why."""


def _parse(line: str) -> dict[str, Any]:
    if any(
        "\udc80" <= char <= "\udcff" for char in line
    ):  # a byte that was none of UTF-8; \\udc80 in JSON is no such
        raise BadLineError("不是 UTF-8")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLineError("不是合法的 JSON") from error
    if not isinstance(row, dict):
        raise BadLineError("应为一个对象")
    return row


def _check(row: dict[str, Any], now: datetime) -> tuple[str, str, datetime, str | None]:
    text, role, estate = row.get("text"), row.get("role") or "resident", row.get("estate")
    if not isinstance(text, str):
        raise BadLineError("text 应为文字")
    if role not in ROLES:
        raise BadLineError(f"role 应为 {' | '.join(ROLES)}")
    if estate is not None and not isinstance(estate, str):
        raise BadLineError("estate 应为文字")
    said = row.get("now")
    if said is not None:
        try:
            now = datetime.fromisoformat(said)
        except (TypeError, ValueError) as error:
            raise BadLineError("now 应为 ISO 8601 时间") from error
        now = now.replace(tzinfo=ZONE) if now.tzinfo is None else now.astimezone(ZONE)
    return text, role, now, estate or None


def as_json(act: Act, *, explain: bool = False) -> dict[str, Any]:
    """An act as the contract writes it."""
    row: dict[str, Any] = {
        "intent": act.intent,
        "category": act.category,
        "urgency": act.urgency,
        "slots": dict(act.slots),
        "confidence": round(act.confidence, 4),
    }
    if explain:
        row |= {"why": list(act.why), "text": act.text}
    return row


def run(
    source: Iterable[str], sink: TextIO, *, reader: Reader, gazetteer: Gazetteer, explain: bool = False
) -> int:
    """Read every line in order; 1 when a line was bad, else 0. A bad line is answered with its fault."""
    status = 0
    for line in source:
        if not line.strip():
            continue
        row: dict[str, Any] = {}
        try:
            row = _parse(line)
            text, role, now, estate = _check(row, datetime.now(UTC))
            acts = reader.read(text, role=role, now=now, gazetteer=gazetteer, estate=estate, explain=explain)
            out: dict[str, Any] = {"id": row.get("id"), "acts": [as_json(act, explain=explain) for act in acts]}
        except BadLineError as error:
            out, status = {"id": row.get("id"), "error": str(error)}, 1
        sink.write(json.dumps(out, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8") + "\n")
    return status
