"""Which earlier rulings are like a matter."""

from dataclasses import dataclass, field

from redprop_bot.rules.precedents import most_like, words_in


@dataclass
class Kept:
    id: int
    matter: str
    words: list[str] = field(default_factory=list)
    estate_id: int | None = None


def ids(rulings, text, words=(), estate_id=None, most=2):
    found = most_like(rulings, text=text, estate_id=estate_id, words=words, most=most, places=["一号院"])
    return [ruling.id for ruling in found]


def test_words_of_the_list_go_before_the_estate_and_that_before_the_sentence():
    rulings = [Kept(1, "楼道没水"), Kept(2, "停水了", ["停水"]), Kept(3, "停水三天", ["停水"], estate_id=7)]
    assert ids(rulings, "又停水了", ["停水"], estate_id=7) == [3, 2]


def test_of_two_alike_the_newer_is_quoted():
    assert ids([Kept(1, "路灯不亮"), Kept(2, "路灯不亮")], "路灯不亮了", most=1) == [2]


def test_the_same_place_alone_makes_no_two_matters_alike():
    assert ids([Kept(1, "一号院3单元停水")], "一号院3单元电梯异响") == []


def test_words_are_found_once_and_in_order():
    assert words_in("停水，水压也低，停水", ["水压", "停水", "停水", "没水"]) == ["水压", "停水"]
