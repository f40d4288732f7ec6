"""Finding demands by pairs of characters: whatever the words, old rows too, on both engines."""

import itertools

import pytest
from sqlalchemy import text
from tests.support import rows

from redprop_bot.rules import bigrams
from redprop_bot.store import finding, migrate, schema, sifting
from redprop_bot.store.sifting import Scope, Sieve
from redprop_bot.store.tables import Demand
from redprop_bot.store.worker import Store

SAID = "３栋2单元电梯坏了，老人下不了楼。ＬＩＦＴ stops🙂'\\"


@pytest.fixture
def said(store: Store) -> str:
    """A demand with those words among others; its number."""

    def job(tx):
        for other in ("楼道灯不亮", "梯子坏", "电 梯", "老楼下人"):
            rows.demand(tx, text=other)
        return rows.demand(tx, text=SAID).no

    return store.run(job)


def _nos(store: Store, q: str) -> list[str]:
    return [d.no for d in store.look(lambda tx: sifting.search(tx, Scope(), q=q))]


@pytest.mark.parametrize("long", range(1, 9))
def test_every_part_of_a_text_finds_it(store: Store, said: str, long: int) -> None:
    """Any one to eight characters in a row, also where a dictionary would cut otherwise."""
    run = "电梯坏了"
    whole = "3栋2单元电梯坏了" if long > 4 else run
    for start in range(len(whole) - long + 1):
        assert said in _nos(store, whole[start : start + long])


def test_only_what_holds_it_is_found(store: Store, said: str) -> None:
    """Characters in another order or apart are not it; several words must all be there, in any order."""
    assert _nos(store, "电梯") == [said]
    assert _nos(store, "梯电") == []
    assert _nos(store, "了老人") == []  # a comma stands between
    assert _nos(store, "老人 电梯") == [said]
    assert _nos(store, "老人 水管") == []


def test_width_case_and_signs_do_not_count(store: Store, said: str) -> None:
    """Full width, capital letters, pictures and the signs of both query languages are harmless."""
    for q in ("lift", "ＬＩＦＴ", "3栋２单元", "STOPS🙂", "“电梯”", "电梯*", '电梯"', "电梯' | 'x", "电梯\\"):
        assert (_nos(store, q) == [said]) is ("x" not in q), q
    for q in ('"', "*", "NOT", "(", ":", "🙂", " "):
        assert _nos(store, q) == [], q


def test_numbers_are_found_by_any_part(store: Store, said: str) -> None:
    """The number of a demand is among its words."""
    for part in (said, said.lower(), said[1:9], said[-4:]):
        assert said in _nos(store, part)


def test_old_rows_are_in_the_index_that_is_made_later(store: Store, said: str) -> None:
    """Where the index is missing, an upgrade makes it with everything in it, and until then says so."""
    with store.engine.begin() as connection:
        connection.execute(text(f"DROP TABLE {finding.TABLE}"))
    assert schema.state(store.engine) is schema.State.UNGUARDED
    migrate.upgrade(store.engine)
    assert schema.current(store.engine)
    assert _nos(store, "电梯") == [said]
    assert store.look(finding.lost) is None


@pytest.mark.parametrize("near", [1, 3, 100])
@pytest.mark.parametrize("mine", [False, True], ids=["all", "a unit"])
def test_however_many_are_looked_through_first_the_same_are_found(
    store: Store, monkeypatch, near: int, mine: bool
) -> None:
    """What is said often is taken from the newest, what is said seldom from all: nothing twice, nothing left out."""
    monkeypatch.setattr(sifting, "NEAR", near)
    monkeypatch.setattr(sifting, "WINDOWS", (1, 2))

    def job(tx):
        units = [rows.unit(tx, name).id for name in ("甲物业", "乙物业")]
        said = [("路灯灭了" if n % 3 == 0 else "路灯不亮", units[n % 2]) for n in range(12)]
        made = [rows.demand(tx, text=words, handler_id=unit) for words, unit in said]
        return units[0], [(d.no, *one) for d, one in zip(made, said, strict=True)]

    unit, said = store.run(job)
    scope = Scope(handler_id=unit) if mine else Scope()
    for q in ("路灯", "灭了", "灭了 路灯", "打雷"):
        wanted = [
            no
            for no, words, whose in reversed(said)
            if set(q.split()) <= {"路灯", words[2:]} and whose in (unit, mine or whose)
        ]
        assert [d.no for d in store.look(lambda tx, q=q: sifting.search(tx, scope, q=q))] == wanted
        assert [no for page in _pages(store, scope, Sieve(q=q)) for no in page] == wanted


def test_a_demand_outside_of_the_index_is_told(store: Store, said: str) -> None:
    """`db check` names it."""
    store.run(lambda tx: tx.execute(text(f"DELETE FROM {finding.TABLE}")))
    assert store.look(finding.lost) is not None


def test_pages_go_on_where_a_window_ends(store: Store, monkeypatch) -> None:
    """A page that is short for rare rows tells where to go on, and following it gives each row once."""
    monkeypatch.setattr(sifting, "WINDOWS", (2, 3))

    def job(tx):
        home = rows.community(tx).id
        return home, [
            rows.demand(tx, community_id=home, urgency="urgent" if n % 6 == 0 else "normal").no for n in range(20)
        ]

    home, nos = store.run(job)
    pages = _pages(store, Scope([home]), Sieve(urgency="urgent"))
    assert [no for page in pages for no in page] == [no for n, no in reversed(list(enumerate(nos))) if n % 6 == 0]
    assert len(pages) > 2
    assert store.look(lambda tx: sifting.count(tx, Scope([home]), Sieve(stage="new"))) == 20


def _pages(store: Store, scope: Scope, sieve: Sieve) -> list[list[str]]:
    """The numbers on each page of two, one page after the other."""
    pages: list[list[str]] = []
    below = None
    while not pages or below is not None:
        page = store.look(lambda tx, b=below: sifting.sift(tx, scope, sieve, below=b, limit=2))
        pages.append([d.no for d in page.rows])
        assert len(pages) < 50
        below = page.below
    return pages


def test_whatever_is_asked_the_pages_hold_what_is_meant(store: Store, monkeypatch) -> None:
    """All filters with all seats, over windows shorter than what fits: what a look at every row finds, once each."""
    monkeypatch.setattr(sifting, "WINDOWS", (3, 5))
    choices = (("new", "closed"), ("noise", "power"), ("urgent", "normal"), (1, 2), (1, 2))
    names = ("stage", "category", "urgency", "community_id", "handler_id")

    def job(tx):
        for name in ("甲", "乙"):
            rows.community(tx, name)
            rows.unit(tx, f"{name}物业")
        for values in [*itertools.product(*choices)] * 2:
            rows.demand(tx, **dict(zip(names, values, strict=True)))
        return tx.list(Demand)

    made = store.run(job)
    for stage, category, urgency, home, unit in itertools.product(*((None, *some) for some in choices)):
        scope, sieve = Scope(home and [home], unit), Sieve(stage=stage, category=category, urgency=urgency)
        meant = dict(zip(names, (stage, category, urgency, home, unit), strict=True))
        wanted = [one.no for one in made if all(v in (None, getattr(one, k)) for k, v in meant.items())]
        found = [no for page in _pages(store, scope, sieve) for no in page]
        assert found == sorted(wanted, reverse=True), meant


@pytest.mark.parametrize("sieve", [Sieve(q="楼道灯"), Sieve(urgency="urgent")], ids=["words", "filters"])
def test_below_the_last_one_there_is_nothing_to_go_on_to(store: Store, said: str, sieve: Sieve) -> None:
    """An old address leads behind the end: an empty page without a way on, not to itself again and again."""
    page = store.look(lambda tx: sifting.sift(tx, Scope(), sieve, below=1, limit=2))
    assert (page.rows, page.below) == ([], None)


def test_tokens_are_pairs_and_single_characters():
    """The same text gives the same tokens whatever words there are."""
    made = bigrams.tokens("电梯坏，3 栋")
    assert made.pairs == ("电梯", "梯坏")
    assert made.singles == ("电", "梯", "坏", "3", "栋")
    assert bigrams.wish("电梯 坏") == [("电梯",), ("坏",)]
    assert bigrams.wish("！") == []
