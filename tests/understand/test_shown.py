"""The page of hard messages is written from the rules and weights there are."""

from pathlib import Path

import pytest

from redprop_bot.understand import shown

ROOT = Path(__file__).resolve().parents[2]
PAGE = "# 难话\n\n前言\n\n## 我被困在电梯里了\n\n说话人：resident\n\n旧的说法\n"


def test_what_stands_under_a_message_is_written_anew():
    """Title, preface and messages stay; the answer is today's; twice is as once."""
    first = shown.page(PAGE, [ROOT])
    assert first.startswith("# 难话\n\n前言\n\n## 我被困在电梯里了\n\n说话人：resident\n\n| 意思 |")
    assert "旧的说法" not in first
    assert "| demand.report | elevator | emergency |" in first
    assert "险情:电梯困人" in first
    assert shown.page(first, [ROOT]) == first


def test_the_page_in_docs_is_of_this_state():
    """Whoever changes rules or weights writes it anew."""
    written = (ROOT / "docs/understanding/ten_hard_messages.md").read_text("utf-8")
    assert written.count("\n## ") == 10
    assert shown.page(written, [ROOT]) == written


def test_a_page_without_messages_is_refused():
    """Nothing is overwritten by mistake."""
    with pytest.raises(ValueError, match="没有"):
        shown.page("# 别的\n", [ROOT])
