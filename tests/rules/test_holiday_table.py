"""A community's own days off: how they are written, and how every fault is told with file and line."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from redprop_bot.content.yaml import parse
from redprop_bot.errors import ContentError
from redprop_bot.rules.holiday_table import coverage, merge_holidays, parse_holidays, read_holidays
from redprop_bot.rules.workdays import known_until

DATA = Path(__file__).parents[2] / "data"


def test_the_shipped_table_is_empty():
    raw = yaml.safe_load((DATA / "holidays" / "holidays.yaml").read_text("utf-8"))
    assert parse_holidays(raw, "holidays.yaml") == {}
    assert parse_holidays(None, "holidays.yaml") == {}


def test_bare_on_and_off_are_read_though_yaml_takes_them_for_booleans():
    raw = yaml.safe_load('off: [2027-02-05, "2027-02-06"]\non: [2027-02-20]\n')
    assert parse_holidays(raw, "h.yaml") == {
        date(2027, 2, 5): False,
        date(2027, 2, 6): False,
        date(2027, 2, 20): True,
    }


def test_every_fault_of_a_table_is_reported_at_once_with_its_line():
    raw = yaml.safe_load("off: [2027-02-05, 2027-02-30x, 7]\non: [2027-02-05, 2027-02-06 10:00:00]\nopen: []\n")
    lines = {"off": 1, "on": 2, "open": 3}
    with pytest.raises(ContentError) as caught:
        parse_holidays(raw, "h.yaml", lambda path: lines[path[0]])
    assert [fault.where for fault in caught.value.faults] == [
        "h.yaml:1 off.1",
        "h.yaml:1 off.2",
        "h.yaml:2 on.0",
        "h.yaml:2 on.1",
        "h.yaml:3 open",
    ]
    assert "同时写在" in caught.value.faults[2].what


@pytest.mark.parametrize("raw", [[], "off", {"off": "2027-02-05"}, {3: []}])
def test_a_table_of_another_shape_is_a_fault(raw):
    with pytest.raises(ContentError):
        parse_holidays(raw, "h.yaml")


def read(name: str, text: str):
    raw, line_of = parse(text, name)
    return read_holidays(raw, name, line_of)


def faults_of(name: str, text: str) -> list[str]:
    with pytest.raises(ContentError) as caught:
        read(name, text)
    return [str(fault) for fault in caught.value.faults]


def test_a_range_means_all_its_days():
    table = read("h.yaml", "off: [2027-02-05/2027-02-07]\n").days
    assert table == {date(2027, 2, d): False for d in (5, 6, 7)}


def test_ranges_that_overlap_and_days_said_twice_are_faults_with_their_lines():
    text = "off:\n  - 2027-02-05/2027-02-07\n  - 2027-02-07/2027-02-09\n  - 2027-02-05\non:\n  - 2027-02-06\n"
    found = faults_of("h.yaml", text)
    assert [fault.split(" ")[0] for fault in found] == ["h.yaml:3", "h.yaml:4", "h.yaml:6"]
    assert "重叠" in found[0]
    assert "同时写在 off 和 on 里" in found[2]


@pytest.mark.parametrize("item", ["2027-02-09/2027-02-05", "2027-01-01/2027-12-31", "2027-02-05/", "/", "春节"])
def test_a_range_that_cannot_be_is_a_fault(item):
    assert faults_of("h.yaml", f'off: ["{item}"]\n')[0].startswith("h.yaml:1 off.0")


def test_two_files_that_name_one_day_are_a_fault_with_both_places():
    one = read("a.yaml", "off:\n  - 2027-02-05\n")
    for text, word in (("on:\n\n  - 2027-02-05\n", "矛盾"), ("off:\n\n  - 2027-02-05\n", "重复")):
        with pytest.raises(ContentError, match=rf"b\.yaml:3 o.*: 2027-02-05 与 a\.yaml:2 off\.0 {word}"):
            merge_holidays([one, read("b.yaml", text)])


def test_two_files_about_different_days_are_one_table():
    tables = [read("a.yaml", "off: [2027-02-05]\n"), read("b.yaml", "on: [2027-02-06]\n")]
    assert merge_holidays(tables) == {date(2027, 2, 5): False, date(2027, 2, 6): True}


def test_the_end_of_the_published_years_is_told_in_time_and_an_own_table_silences_it():
    """Sixty days before the end it is time to look; after it days are guessed, unless somebody wrote them down."""
    until = known_until()
    early, soon, after = until.replace(month=5), until.replace(day=1), until.replace(year=until.year + 1)
    assert not coverage({}, early).is_ending
    assert coverage({}, soon).is_ending
    assert not coverage({}, soon).is_over
    assert coverage({}, after).is_over
    own = {after.replace(month=1): False}
    assert not coverage(own, soon).is_ending
    assert not coverage(own, after).is_over
