"""The XML parser stands before the signature check: nothing but plain, shallow XML passes it."""

import tracemalloc

import pytest

from redprop_bot.channels.nodes import parse_xml
from redprop_bot.errors import Malformed

LAUGHS = (
    '<!DOCTYPE xml [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    + "]><xml>&j;</xml>"
)

HOSTILE = {
    "external entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Content>&e;</Content></xml>',
    "internal entity": '<!DOCTYPE x [<!ENTITY e "x">]><xml><Content>&e;</Content></xml>',
    "parameter entity": '<!DOCTYPE x [<!ENTITY % e SYSTEM "http://127.0.0.1:1/x">%e;]><xml/>',
    "a billion laughs": LAUGHS,
    "bare doctype": "<!DOCTYPE xml><xml/>",
    "external doctype": '<!DOCTYPE xml SYSTEM "http://127.0.0.1:1/x.dtd"><xml/>',
    "undefined entity": "<xml>&e;</xml>",
    "processing instruction": "<?php x?><xml/>",
    "100 000 deep": "<xml>" + "<a>" * 100_000 + "</a>" * 100_000 + "</xml>",
    "100 000 wide": "<xml><a>" + "<b/>" * 100_000 + "</a></xml>",
    "two roots": "<xml/><xml/>",
    "another root": "<html/>",
    "twice the same node": "<xml><Content>a</Content><Content>b</Content></xml>",
    "twice the same attribute": '<xml><Content x="1" x="2">a</Content></xml>',
    "not closed": "<xml><Content>",
    "control character": "<xml>\x01</xml>",
    "empty": "",
    "JSON": '{"xml": 1}',
    "another encoding": '<?xml version="1.0" encoding="gbk"?><xml><Content>\x81\x40</Content></xml>',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_is_malformed_in_little_memory(name):
    """No entity is read, no file or address opened, no stack or memory used up."""
    body = HOSTILE[name].encode("latin-1" if name == "another encoding" else "utf-8")
    tracemalloc.start()
    with pytest.raises(Malformed):
        parse_xml(body)
    assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    tracemalloc.stop()


@pytest.mark.parametrize(
    "body", [b"\xff\xfe<\x00x\x00m\x00l\x00/\x00>\x00", b"<xml>\xff</xml>", b"<xml>\x00</xml>"]
)
def test_only_utf8(body):
    """Other encodings, and bytes that are no text, are malformed."""
    with pytest.raises(Malformed):
        parse_xml(body)


def test_text_is_kept_as_sent():
    """White space around and inside, several CDATA sections, comments: nothing is lost or added."""
    root = parse_xml(
        b"<xml><Content> a\n<![CDATA[ ]]]]><![CDATA[> ]]>\t<!-- x -->b </Content><Empty/><Blank> </Blank></xml>"
    )
    assert root.raw("Content") == " a\n ]]> \tb "
    assert root.value("Content") == "a\n ]]> \tb"
    assert root.value("Empty") == root.value("Blank") == root.value("Absent") == ""


@pytest.mark.parametrize(("depth", "fine"), [(12, True), (13, False)])
def test_depth_is_bounded(depth, fine):
    """Twelve levels, twice what any event needs."""
    body = ("<xml>" + "<a>" * (depth - 1) + "</a>" * (depth - 1) + "</xml>").encode()
    if fine:
        parse_xml(body)
    else:
        with pytest.raises(Malformed):
            parse_xml(body)


def test_attributes_carry_nothing():
    """A node with an attribute is the same node."""
    assert parse_xml(b'<xml><Content x="1" >a</Content ></xml>').value("Content") == "a"


def test_children_where_text_belongs_are_malformed():
    """A field is text or it is not that field."""
    root = parse_xml(b"<xml><Content>a<b/>c</Content></xml>")
    with pytest.raises(Malformed):
        root.value("Content")


def test_inner_lists_may_repeat_a_node_and_fields_may_not():
    """One item is a node, two are two nodes; asked for one, two are malformed."""
    root = parse_xml(b"<xml><L><i>1</i><i>2</i></L></xml>")
    inner = root.one("L")
    assert [item.text for item in inner.all("i")] == ["1", "2"]
    with pytest.raises(Malformed):
        inner.value("i")
