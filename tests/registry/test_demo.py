"""The demo community is sound, complete, and loads any number of times."""

import re

from tests.registry.conftest import SMALL

from redprop_bot.content import packaged_root
from redprop_bot.content.codes import CATEGORIES
from redprop_bot.ports import Channel
from redprop_bot.registry.demo import PHONES, ROSTER, demo_phones, load_demo
from redprop_bot.registry.importing import import_file
from redprop_bot.registry.people import identify
from redprop_bot.registry.register import register
from redprop_bot.registry.roster_file import read
from redprop_bot.rules.matching import choose
from redprop_bot.store.tables import Person, metadata

ROOT = packaged_root()


def everything(tx):
    return {t.name: [tuple(r) for r in tx.rows(t.select().order_by(t.c[0]))] for t in metadata.sorted_tables}


def test_it_loads_once(store):
    """A second load changes no row."""
    assert store.run(lambda tx: load_demo(tx, ROOT)).touched
    before = store.look(everything)
    assert not store.run(lambda tx: load_demo(tx, ROOT)).touched
    assert store.look(everything) == before


def test_it_never_replaces_a_register_that_is_there(sqlite_store, tmp_path):
    """A roster of one's own, imported into the demo or before it, survives the next start."""
    path = tmp_path / "r.yaml"
    path.write_text(SMALL, "utf-8")
    sqlite_store.run(lambda tx: import_file(tx, path))
    sqlite_store.run(lambda tx: load_demo(tx, ROOT))
    assert sorted(sqlite_store.look(lambda tx: register(tx).organisation_names)) == ["柳河水厂", "长柳物业"]


def test_residents_live_where_the_file_says_until_they_say_otherwise(sqlite_store):
    """The place is known beforehand; what a visitor tells later is not put back by the next start."""
    sqlite_store.run(lambda tx: load_demo(tx, ROOT))
    who = sqlite_store.run(lambda tx: identify(tx, Channel.OA, "demo-resident-1"))
    estates = sqlite_store.look(lambda tx: register(tx).estates)
    assert (estates[who.person.estate_id].name, who.person.building, who.person.unit) == ("荷香苑", "3", "2")
    other = next(e.id for e in estates.values() if e.name != "荷香苑")
    sqlite_store.run(lambda tx: tx.update(Person, who.person.id, estate_id=other, building="9"))
    sqlite_store.run(lambda tx: load_demo(tx, ROOT))
    assert sqlite_store.run(lambda tx: identify(tx, Channel.OA, "demo-resident-1")).person.estate_id == other


def test_every_phone_speaks_in_its_role(sqlite_store):
    """Each phone of the page is the person that its label says."""
    sqlite_store.run(lambda tx: load_demo(tx, ROOT))
    roles = {
        "resident": "resident",
        "manager": "provider",
        "worker": "provider",
        "grid": "secretary",
        "secretary": "secretary",
        "street": "secretary",
        "member": "member",
    }
    for phone in demo_phones(ROOT):
        who = sqlite_store.run(lambda tx, p=phone: identify(tx, p.channel, p.id))
        assert who.role == roles[phone.who], phone
        assert phone.channel == Channel.OA or phone.label.endswith(who.name)
    assert [p.who for p in demo_phones(ROOT)].count("resident") == 2


def test_somebody_answers_for_every_category_everywhere(sqlite_store):
    """No report of the demo is left without a row, except lifts where there are none."""
    sqlite_store.run(lambda tx: load_demo(tx, ROOT))
    book = sqlite_store.look(register)
    missing = {
        (category, estate.name)
        for estate in book.estates.values()
        for category in CATEGORIES
        if choose(book.responsibilities, category=category, estate_id=estate.id, text="") is None
    }
    assert missing == {("elevator", "棉纺新村")}
    worker = next(p for p in demo_phones(ROOT) if p.who == "worker").id
    lift = choose(book.responsibilities, category="elevator", estate_id=book.estate("荷香").id, text="电梯坏了")
    assert worker in {
        p.userid for p in book.staff(lift.unit_id, estate_id=book.estate("荷香").id, category="elevator")
    }


def test_every_unit_has_somebody_to_tell():
    """A unit that answers for something has staff with an account; phones are of a kind that nobody has."""
    roster = read(ROOT / ROSTER)
    staffed = {o.name for o in roster.organisations if any(one.userid for one in o.staff)}
    assert {row.unit for row in roster.responsibilities} <= staffed
    assert len(roster.responsibilities) >= 30
    phones = re.findall(r'"(\d{11})"', (ROOT / ROSTER).read_text("utf-8"))
    assert phones
    assert all(p.startswith("13800000") for p in phones)
    assert len(phones) == len(set(phones))


def test_a_wrong_phone_is_told_with_its_line(tmp_path):
    import pytest

    from redprop_bot.errors import ContentError

    path = tmp_path / PHONES
    path.parent.mkdir(parents=True)
    path.write_text(
        "- {who: resident, channel: oa, id: a, label: x}\n- {who: king, channel: oa, id: b, label: y}\n", "utf-8"
    )
    with pytest.raises(ContentError, match=r"people.yaml:2: "):
        demo_phones(tmp_path)
