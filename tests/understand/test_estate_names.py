"""Names of estates as rosters write them, and as people write the same names."""

from datetime import datetime

import pytest

from redprop_bot.understand.gazetteer import EstateName, Gazetteer

NAMES = (
    "松涛家园(东区)",
    "松涛家园(西区)",
    "碧水·云台",
    "62号院",
    "滨河城三期",
    "春晓“听雨轩”",
    "枫桥新居（一期）",
)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("松涛家园东区2栋灯不亮", "松涛家园(东区)"),
        ("松涛家园（西区）2栋灯不亮", "松涛家园(西区)"),
        ("我住碧水云台", "碧水·云台"),
        ("六十二号院没水", "62号院"),
        ("62号院没水", "62号院"),
        ("滨河城3期没水", "滨河城三期"),
        ("春晓听雨轩没水", "春晓“听雨轩”"),
        ("枫桥新居1期没水", "枫桥新居（一期）"),
        ("枫桥新居没水", "枫桥新居（一期）"),
        ("松涛家园没水", None),
    ],
)
def test_signs_and_numbers_of_a_name_may_be_written_otherwise(said: str, name: str | None) -> None:
    """Without brackets and dots, the number in either script; a head that two estates share names neither."""
    assert Gazetteer(tuple(map(EstateName, NAMES))).estate(said) == name


def test_a_name_that_stands_in_the_roster_goes_before_another_way_to_write_one() -> None:
    """`三期` and `3期` of the same roster stay two estates."""
    both = Gazetteer((EstateName("滨河城三期"), EstateName("滨河城3期")))
    assert [both.estate(said) for said in ("滨河城三期", "滨河城3期")] == ["滨河城三期", "滨河城3期"]


SHORT = ("幸福家园", "锦绣山庄", "锦绣新城", "金色水岸", "和平新村")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("幸福8栋没水", "幸福家园"),
        ("和平，四号楼没水", "和平新村"),
        ("幸福小区没水", "幸福家园"),
        ("水岸6幢没水", "金色水岸"),
        ("锦绣2栋没水", None),
        ("祝大家幸福", None),
        ("幸福村委会在哪", None),
        ("住在水岸边上", None),
    ],
)
def test_words_of_every_day_name_an_estate_beside_a_building(said: str, name: str | None) -> None:
    """幸福 alone is happiness; 幸福8栋 is an address, unless two estates are called so."""
    assert Gazetteer(tuple(map(EstateName, SHORT))).estate(said) == name


def test_a_company_is_known_without_its_trade_where_nothing_else_can_be_meant() -> None:
    """和美 of 和美物业; not in 和美容店, and not where an estate is called so."""
    names = Gazetteer((EstateName("长安居"),), ("和美物业", "安居物业"))
    assert names.find_party("给和美处理") == "和美"
    assert names.find_party("我和美容店吵起来了") is None
    assert names.find_party("长安居的路灯") is None


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("松涛社区白鹭湾3栋门禁坏了", "白鹭湾"),
        ("我是松涛社区的白鹭湾3栋，门禁坏了", "白鹭湾"),
        ("白鹭湾3栋门禁坏了，松涛社区也没人管", "白鹭湾"),
        ("松涛3栋门禁坏了", "松涛家园"),
        ("松涛社区3栋门禁坏了", "松涛家园"),  # nothing else is named: as before
    ],
)
def test_a_community_beside_one_of_its_estates_is_no_estate(said: str, name: str) -> None:
    """松涛社区 shares two signs with 松涛家园, but 白鹭湾 was said."""
    assert Gazetteer((EstateName("松涛家园"), EstateName("白鹭湾"))).estate(said) == name


NOW = datetime.fromisoformat("2026-11-25T09:00:00+08:00")
BOOK = Gazetteer(tuple(map(EstateName, NAMES)))


@pytest.mark.parametrize(
    ("said", "asked", "building"),
    [
        ("碧水云台A1电梯不走了", None, "A1"),
        ("碧水云台b2 1203没水", None, "B2"),
        ("碧水云台B2车库灯不亮", None, None),
        ("B2的灯不亮", None, None),
        ("A1", "place", "A1"),
        ("b2的，十八楼", "place", "B2"),
    ],
)
def test_buildings_that_are_called_by_a_letter_and_a_number(reader, said, asked, building):
    """Behind the estate, or as the answer to "where?"; B2 by itself may be a floor under the ground."""
    acts = reader.read(said, now=NOW, gazetteer=BOOK, asked=asked)
    assert acts[0].slots.get("building") == building


def test_the_next_visit_does_not_tell_where_the_last_ones_trouble_is(reader):
    """While the place is asked a secretary may go on with the next house."""
    said = "走访松涛家园东区6栋谭婶，样样都好"
    assert reader.read(said, role="secretary", now=NOW, gazetteer=BOOK, asked="place")[0].intent == "visit.log"
    where = reader.read("6栋", role="secretary", now=NOW, gazetteer=BOOK, asked="place")[0]
    assert (where.intent, where.slots["building"]) == ("demand.supplement", "6")
