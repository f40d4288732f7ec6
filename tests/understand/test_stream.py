"""The parse command's stream: order kept, a bad line answered and passed over."""

import io
import json

from redprop_bot.understand.stream import run


def _run(reader, gazetteer, lines, **more):
    out = io.StringIO()
    status = run(lines, out, reader=reader, gazetteer=gazetteer, **more)
    return status, [json.loads(line) for line in out.getvalue().splitlines()]


def test_lines_are_answered_in_order(reader, gazetteer):
    """One object each, with the labels of the contract."""
    rows = [
        {"id": "a", "text": "停水了"},
        {"id": "b", "text": "修好了", "role": "provider", "now": "2026-11-25T09:00:00+08:00"},
    ]
    status, out = _run(reader, gazetteer, [json.dumps(row) for row in rows])
    assert status == 0
    assert [row["id"] for row in out] == ["a", "b"]
    assert out[0]["acts"][0]["category"] == "plumbing"
    assert out[1]["acts"][0]["category"] is None


def test_a_bad_line_is_told_and_the_run_goes_on(reader, gazetteer):
    """Exit 1 at the end."""
    lines = [
        "{",
        "[1]",
        '{"id": 1}',
        '{"id": 2, "text": "x", "role": "king"}',
        '{"id": 3, "text": "x", "now": "gestern"}',
        "",
        '{"id": 4, "text": "你好"}',
    ]
    status, out = _run(reader, gazetteer, lines)
    assert status == 1
    assert [row.get("id") for row in out] == [None, None, 1, 2, 3, 4]
    assert all("error" in row for row in out[:5])
    assert "acts" in out[5]


def test_explanations_on_request(reader, gazetteer):
    """Why, and the piece it was read from."""
    _, out = _run(reader, gazetteer, ['{"id": 1, "text": "楼道灯坏了"}'], explain=True)
    assert out[0]["acts"][0]["why"]
    assert out[0]["acts"][0]["text"] == "楼道灯坏了"
