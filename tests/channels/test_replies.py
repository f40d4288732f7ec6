"""What goes back to a phone: escaped, cleaned, cut, and readable by the platform and by another implementation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.channels.platform_side import NOW, STAMP
from wechatpy.replies import deserialize_reply

from redprop_bot.channels.nodes import parse_xml
from redprop_bot.channels.replies import text_xml
from redprop_bot.channels.texts import CUT, clean, cut_bytes, cut_chars, harmless


def content(text):
    root = parse_xml(text_xml(to="o1", sender="gh_1", text=text, at=NOW).encode())
    assert [node.name for node in root.children].count("Content") == 1
    return root.raw("Content")


@pytest.mark.parametrize(
    "text", ["]]>", "a]]>b]]>", "]]]]>>", "x]]></Content><Content><![CDATA[evil", "&lt;&amp;", "<x>"]
)
def test_the_end_of_cdata_comes_back_as_text(text):
    """No text breaks out of its node."""
    assert content(text) == text


def test_a_reply_has_what_the_platform_wants():
    """Receiver and sender swapped, type, time in whole seconds, content."""
    root = parse_xml(text_xml(to="o1", sender="gh_1", text="收到", at=NOW).encode())
    values = {node.name: node.text for node in root.children}
    assert values == {
        "ToUserName": "o1",
        "FromUserName": "gh_1",
        "CreateTime": str(STAMP),
        "MsgType": "text",
        "Content": "收到",
    }


def test_wechatpy_reads_the_reply():
    """Another implementation finds the same text."""
    reply = deserialize_reply(text_xml(to="o1", sender="gh_1", text="已派单]]>给安居物业", at=NOW))
    assert (reply.target, reply.source, reply.content) == ("o1", "gh_1", "已派单]]>给安居物业")


@given(st.text(max_size=2000))
def test_any_text_makes_a_valid_reply_within_the_limit(text):
    """Control characters, lone surrogates and lengths never break the XML."""
    assert len(content(text).encode()) <= 2048


@pytest.mark.parametrize(
    ("text", "kept"), [("好" * 682 + "ab", True), ("好" * 683, False), ("a" * 2048, True), ("a" * 2049, False)]
)
def test_2048_bytes(text, kept):
    """The last character that fits stays whole; a cut says that it is one."""
    shown = content(text)
    assert (shown == text) == kept
    assert len(shown.encode()) <= 2048
    if not kept:
        assert shown.endswith(CUT)
        assert text.startswith(shown.removesuffix(CUT))


def test_control_characters_go_and_line_ends_are_one():
    """Tabs and newlines stay."""
    assert clean("a\x00b\x0bc\r\nd\re\tf\ufffe\ud800") == "abc\nd\ne\tf"


@pytest.mark.parametrize(
    "text",
    [
        "<a href='http://evil'>点我</a>",
        "<@all>",
        "< @all>",
        "</A>",
        '<font color="warning">',
        "<div class='x'>",
        "<br>",
    ],
)
def test_markup_of_residents_is_only_text(text):
    """Links, mentions and colours of the clients are not opened by somebody's report."""
    assert "<" not in harmless(text).replace("＜", "")
    assert harmless(text).replace("＜", "<") == text


@pytest.mark.parametrize("text", ["3<5", "<3栋>", "a<b 还是 <about", "x <abbr>"])
def test_other_angle_brackets_stay(text):
    """What is no markup to the clients is left alone."""
    assert harmless(text) == text


def test_cutting_never_splits_a_character():
    """Bytes for texts, characters for fields, the ending included."""
    assert cut_bytes("四个汉字", 12) == "四个汉字"
    assert cut_bytes("四个汉字和更多", 13, ending="…") == "四个汉…"
    assert cut_chars("一二三四五\n六七八九十一", 10) == "一二三四五 六七八…"
    assert cut_chars("一二三", 3) == "一二三"
