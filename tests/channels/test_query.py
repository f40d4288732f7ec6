"""The query is read from its raw form: what the signature covers is exactly what was sent."""

from datetime import timedelta

import pytest
from tests.channels.platform_side import NOW, STAMP

from redprop_bot.channels import Query
from redprop_bot.errors import Malformed, Untrusted


def test_plus_and_its_escape_are_both_a_plus():
    """Base64 in a query never turns into spaces."""
    assert Query.parse("echostr=a+b%2Bc%2F%3d").get("echostr") == "a+b+c/="


def test_other_names_are_not_kept():
    """A parameter of the address itself is nobody's fault, twice or not."""
    assert Query.parse("?site=1&site=2&nonce=3").values == {"nonce": "3"}


@pytest.mark.parametrize(
    "raw",
    [
        "nonce=1&nonce=1",
        "nonce=1&no%6Ece=2",
        "nonce=%ff",
        "nonce=\ud800",
        b"nonce=\xff",
        "nonce=" + "1" * 9000,
    ],
)
def test_doubtful_queries_are_malformed(raw):
    """Two of one name, bytes that are not text, and length without end."""
    with pytest.raises(Malformed):
        Query.parse(raw)


@pytest.mark.parametrize("raw", ["", "nonce=", "nonce", "&&&"])
def test_missing_and_empty_are_the_same(raw):
    """There is no value in either."""
    with pytest.raises(Malformed):
        Query.parse(raw).need("nonce")


@pytest.mark.parametrize(
    "stamp", ["", "123", "12345678901", "123456789a", "١٢٣٤٥٦٧٨٩٠", "-123456789", " 123456789", "1e9"]
)
def test_a_timestamp_has_ten_digits(stamp):
    """Anything else is malformed."""
    with pytest.raises(Malformed):
        Query({"timestamp": stamp}).fresh_timestamp(NOW)


@pytest.mark.parametrize(("seconds", "fresh"), [(0, True), (300, True), (301, False), (-300, True), (-301, False)])
def test_the_window_is_five_minutes_on_either_side(seconds, fresh):
    """A stale query is a replay, a future one is a clock or a forgery."""
    query = Query({"timestamp": str(STAMP)})
    if fresh:
        assert query.fresh_timestamp(NOW + timedelta(seconds=seconds)) == str(STAMP)
    else:
        with pytest.raises(Untrusted):
            query.fresh_timestamp(NOW + timedelta(seconds=seconds))
