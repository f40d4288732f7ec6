"""Whom a complaint is about, as the register knows it, and who looks after it in their stead."""

from dataclasses import dataclass

import pytest
from tests.registry.conftest import SMALL

from redprop_bot.loop.actor import speaking
from redprop_bot.ports import Channel
from redprop_bot.registry import accused as whose
from redprop_bot.registry.importing import import_file
from redprop_bot.registry.people import identify
from redprop_bot.registry.register import register
from redprop_bot.rules.roles import TRUSTED, Capacity
from redprop_bot.store.tables import Demand

TWO_HATS = SMALL.replace(
    "  - {name: 柳河水厂",
    "  - {name: 长青保洁, kind: property, staff: [{name: 毛小妹, userid: mao, duty: manager}]}\n  - {name: 柳河水厂",
)


@dataclass
class Complaint:
    """What the register needs of one."""

    party: str | None
    text: str = ""
    intent: str = "complaint"
    community_id: int | None = 1
    estate_id: int | None = 1


def _names(store, party: str | None, text: str = "", **more) -> tuple[set[str], set[str]]:
    """Who is blamed, and who looks after it."""

    def look(tx):
        reg, matter = register(tx), Complaint(party, text, **more)
        blamed = {reg.people[key].name for key in whose.accused(reg, matter)}
        return blamed, {person.name for person in whose.overseers(reg, matter)}

    return store.look(look)


@pytest.fixture
def town(sqlite_store, tmp_path):
    """The small register, where the grid worker also runs a company."""
    path = tmp_path / "r.yaml"
    path.write_text(TWO_HATS, encoding="utf-8")
    sqlite_store.run(lambda tx: import_file(tx, path))
    return sqlite_store


@pytest.mark.parametrize(
    ("party", "blamed", "told"),
    [
        ("齐书记", {"齐书记"}, {"洪主任"}),
        ("书记", {"齐书记"}, {"洪主任"}),
        ("社区齐书记", {"齐书记"}, {"洪主任"}),
        ("社区的齐副书记", {"齐书记"}, {"洪主任"}),
        ("支部里的一把手", {"齐书记"}, {"洪主任"}),
        ("社区孟书记", {"齐书记"}, {"洪主任"}),  # a name that nobody bears: still nobody's own complaint
        ("小毛网格员", {"毛小妹"}, {"齐书记"}),
        ("社区", {"齐书记", "毛小妹"}, {"洪主任"}),
        ("居委会工作人员", {"齐书记", "毛小妹"}, {"洪主任"}),
        ("网格员毛小妹", {"毛小妹"}, {"齐书记"}),
        ("长柳物业保安", {"金经理", "阿强"}, {"齐书记"}),
        ("物业", {"金经理", "阿强"}, {"齐书记"}),
        ("街道办", {"洪主任"}, {"齐书记"}),
        ("社区食堂", set(), {"齐书记"}),  # it has staff of its own
        ("楼上", set(), {"齐书记"}),
        (None, set(), {"齐书记"}),
    ],
)
def test_the_accused_do_not_look_after_it(town, party, blamed, told):
    """Persons by name, posts by their name, units by theirs; the street where no secretary is left."""
    assert _names(town, party) == (blamed, told)


def test_whoever_is_spoken_to_is_not_complained_of(town):
    """齐书记，我要投诉… begins with a salutation."""
    assert _names(town, "齐书记", "齐书记，我要投诉长柳物业乱收费") == ({"金经理", "阿强"}, {"齐书记"})


def test_only_confidential_matters_pass_anybody_by(town):
    """An ordinary report about the community is the secretary's like every other."""
    assert _names(town, "社区", intent="demand.report") == (set(), {"齐书记"})


def test_where_everybody_is_complained_of_somebody_still_has_it(sqlite_store, tmp_path):
    """Nobody is ever without somebody who is told; the reply says so."""
    path = tmp_path / "r.yaml"
    path.write_text(
        SMALL.replace("staff: [{name: 洪主任, userid: hong, duty: secretary}]", "staff: []"), encoding="utf-8"
    )
    sqlite_store.run(lambda tx: import_file(tx, path))
    assert _names(sqlite_store, "书记") == ({"齐书记"}, {"齐书记"})


def test_two_hats_do_not_read_a_complaint_about_their_own_company(town):
    """A grid worker who manages the company has no say in it, and does not learn who complains."""

    def look(tx):
        actor = speaking(identify(tx, Channel.WORK, "mao"))
        return [
            actor.capacities(tx, Demand(party=unit, intent="complaint", text="", community_id=1, estate_id=1))
            for unit in ("长青保洁", "长柳物业")
        ]

    own, other = town.run(look)
    assert not own & TRUSTED
    assert Capacity.GRID in other


def test_where_there_is_no_company_the_caretaker_is_what_people_call_the_company(sqlite_store, tmp_path):
    """物业 in an estate that is taken care of: whoever works for the caretaker does not look after the complaint."""
    path = tmp_path / "r.yaml"
    text = TWO_HATS.replace("kind: old", "kind: none, caretaker: 长青保洁")
    assert text != TWO_HATS
    path.write_text(text, encoding="utf-8")
    sqlite_store.run(lambda tx: import_file(tx, path))
    assert _names(sqlite_store, "物业", estate_id=2)[0] == {"毛小妹"}
    assert _names(sqlite_store, "物业", estate_id=1)[0] == {"金经理", "阿强"}
