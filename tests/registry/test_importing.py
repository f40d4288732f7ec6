"""Importing a roster: what is new, changed, gone; what is left alone; and that faults change nothing."""

from datetime import timedelta

import pytest
from tests.registry.conftest import SMALL

from redprop_bot.errors import ContentError
from redprop_bot.ports import Channel
from redprop_bot.registry.exporting import export_yaml
from redprop_bot.registry.importing import import_file
from redprop_bot.registry.register import register
from redprop_bot.store import numbers, people
from redprop_bot.store.tables import Demand, Estate, Organisation, Person, Responsibility, metadata


@pytest.fixture
def show(store):
    """Everything in the database, as text rows by table."""

    def everything(tx):
        return {t.name: [tuple(r) for r in tx.rows(t.select().order_by(t.c[0]))] for t in metadata.sorted_tables}

    return lambda: store.look(everything)


def at(store, look):
    return store.look(lambda tx: look(register(tx)))


def a_demand(store, **values):
    def job(tx):
        given = {
            "no": f"D20261125-{numbers.bump_revision(tx, 'test'):04d}",
            "intent": "demand.report",
            "text": "x",
            "stage": "dispatched",
            "reported_at": tx.now,
            "created_at": tx.now,
            "updated_at": tx.now,
        }
        return tx.insert(Demand, **(given | values)).id

    return store.run(job)


def test_a_first_import_fills_the_register(store, take):
    """Everything of the file stands in the register afterwards, once."""
    summary = take(SMALL)
    assert (summary.changed, summary.removed) == (0, 0)
    counts = {kind: c.added for kind, c in summary.kinds.items()}
    assert counts == {
        "street": 1, "community": 1, "estate": 2, "building": 2, "organisation": 2,
        "person": 5, "post": 5, "member": 1, "responsibility": 2,
    }  # fmt: skip
    book = store.look(register)
    estate = book.estate("柳岸")
    assert (estate.name, estate.households, estate.property_name) == ("柳岸居", 90, "长柳物业")
    assert [b.no for b in book.buildings[estate.id]] == ["1", "2"]
    assert [p.name for p in book.secretaries(estate.community_id)] == ["齐书记"]
    assert [p.name for p in book.grid(estate.community_id, estate.id)] == ["毛小妹"]
    assert [p.name for p in book.staff(book.organisation("长柳物业").id, category="elevator")] == [
        "金经理",
        "阿强",
    ]
    assert next(iter(book.communities.values())).street_id == next(iter(book.streets))


def test_importing_twice_changes_nothing(store, take, show):
    """The second import of a file touches no row, no version and no revision."""
    take(SMALL)
    before = show()
    summary = take(SMALL)
    assert not summary.touched
    assert summary.same == 21
    assert summary.lines()[0] == "名册没有变化（21 项都一样）。"
    assert show() == before


def test_a_summary_calls_what_it_changes_by_name(store, take):
    """Who agrees to a file sees who is withdrawn, not only how many; of many the first few."""
    assert "单位：新增 2（长柳物业、柳河水厂）" in "\n".join(take(SMALL).lines())
    text = SMALL.replace(", {name: 阿强, duty: worker, trades: [elevator]}", "").replace(
        "households: 90", "households: 91"
    )
    lines = "\n".join(take(text).lines())
    assert "岗位：撤下 1（阿强（长柳物业））" in lines
    assert "小区：改动 1（柳岸居）" in lines
    many = ", ".join(f'{{no: "{n}"}}' for n in range(10, 20))
    lines = "\n".join(take(SMALL.replace('{no: "1", units: 2}, {no: 2}', many)).lines())
    assert "楼栋：新增 10（柳岸居10栋、柳岸居11栋、" in lines
    assert "等），撤下 2（柳岸居1栋、柳岸居2栋）" in lines


def test_a_change_bumps_the_revision_once(store, take):
    """Other processes notice an import by one new revision, and only one that changed something."""
    revision = lambda: store.look(lambda tx: numbers.revision(tx, "register"))  # noqa: E731
    take(SMALL)
    assert revision() == 1
    take(SMALL)
    assert revision() == 1
    take(SMALL.replace("households: 90", "households: 91"))
    assert revision() == 2


def test_an_estate_whose_old_name_becomes_an_alias_is_the_same_estate(store, take):
    """A new name with the old one as alias renames: its orders and all posts stay, and the export imports again."""
    take(SMALL)
    (key,) = at(store, lambda book: [e.id for e in book.estates.values() if e.name == "柳岸居"])
    a_demand(store, estate_id=key)
    renamed = SMALL.replace("{name: 柳岸居, aliases: [柳岸]", "{name: 柳岸雅居, aliases: [柳岸居]")
    places = renamed[: renamed.index("organisations:")].replace("estates: [柳岸]", "estates: [柳岸居]")
    summary = take(places)
    assert summary.notes == ("小区“柳岸居” 改名为“柳岸雅居”，它的居民和单子都跟着。",)
    assert at(store, lambda book: book.estates[key].name) == "柳岸雅居"
    assert at(store, lambda book: {e for posts in book.posts.values() for p in posts for e in p.estates}) == {
        "柳岸雅居"
    }
    assert not take(store.look(export_yaml)).touched


def test_posts_that_the_file_leaves_alone_follow_a_new_name(store, take):
    """A file that speaks of places only: the staff of units name the estate by its new name, too."""
    take(SMALL.replace("trades: [elevator]", "trades: [elevator], estates: [柳岸居]"))
    renamed = SMALL[: SMALL.index("organisations:")].replace("aliases: [柳岸]", "aliases: [柳岸, 柳岸居]")
    take(renamed.replace("name: 柳岸居", "name: 柳岸雅居"))
    assert at(store, lambda book: {e for posts in book.posts.values() for p in posts for e in p.estates}) == {
        "柳岸雅居"
    }


def test_an_estate_in_use_does_not_become_an_alias_of_its_neighbour(store, take, show):
    """Two names for one of two estates that still has orders: refused with row and column, nothing is changed."""
    take(SMALL)
    (key,) = at(store, lambda book: [e.id for e in book.estates.values() if e.name == "老粮站院"])
    a_demand(store, estate_id=key)
    before = show()
    merged = SMALL.replace("      - {name: 老粮站院, kind: old}\n", "").replace("[柳岸]", "[柳岸, 老粮站院]", 1)
    merged = merged.replace("estates: [柳岸, 老粮站院]", "estates: [柳岸]").replace(
        "aliases: [柳岸]", "aliases: [柳岸, 老粮站院]"
    )
    with pytest.raises(
        ContentError, match=r"roster.yaml:8:\d+ communities\[1\].estates\[1\].aliases: 小区“老粮站院” 还有"
    ):
        take(merged)
    assert show() == before


def test_a_faulty_file_changes_nothing(store, take, show):
    """One fault among many sound entries: nothing is imported."""
    take(SMALL)
    before = show()
    faulty = SMALL.replace("households: 90", "households: 95").replace(
        "match: [停水]", "match: [停水], resolve_hours: -1"
    )
    with pytest.raises(ContentError, match=r"roster.yaml:16:51 responsibilities\[2\].resolve_hours: 应在"):
        take(faulty)
    assert show() == before


def test_one_account_in_several_places_is_one_person(store, take):
    """Cross-appointments: one person with several posts, who is a member as well."""
    take(
        SMALL.replace(
            "{name: 柳河水厂, kind: department}",
            "{name: 柳河水厂, kind: department, staff: [{name: 金经理, userid: jin, duty: other}]}",
        )
    )
    book = store.look(register)
    (jin,) = [p for p in book.people.values() if p.userid == "jin"]
    assert sorted(post.duty for post in book.posts[jin.id]) == ["manager", "other"]
    (mao,) = [p for p in book.people.values() if p.userid == "mao"]
    assert book.members[mao.id].party
    assert len(book.posts[mao.id]) == 1


def test_somebody_who_wrote_before_keeps_their_row(store, take):
    """A user of WeCom who was unknown gets the post, not a second row."""
    person = store.run(lambda tx: people.add(tx, Channel.WORK, "jin"))
    take(SMALL)
    assert at(store, lambda book: book.people[person.id].name) == "金经理"


def test_somebody_without_an_account_is_given_one(store, take):
    """Name and owner say who it is; the account is added to the same row. The phone stays when it is not given."""
    take(SMALL.replace("{name: 阿强, ", '{name: 阿强, phone: "13800000888", '))
    before = at(store, lambda book: book.person_named("阿强").id)
    summary = take(SMALL.replace("{name: 阿强, ", "{name: 阿强, userid: aqiang, "))
    assert (summary.added, summary.changed, summary.removed) == (0, 1, 0)
    after = at(store, lambda book: book.person_named("阿强"))
    assert (after.id, after.userid, after.phone) == (before, "aqiang", "13800000888")


def test_two_of_one_name_in_two_units_are_two(store, take):
    """Without accounts, the unit tells people of one name apart."""
    take(
        SMALL.replace(
            "{name: 柳河水厂, kind: department}", "{name: 柳河水厂, kind: department, staff: [{name: 阿强}]}"
        )
    )
    assert at(store, lambda book: len([p for p in book.people.values() if p.name == "阿强"])) == 2


def test_who_is_gone_loses_post_and_membership(store, take):
    """A person missing in the file has no post any more; the person is kept."""
    take(SMALL)
    without = SMALL.replace("      - {name: 毛小妹, userid: mao, duty: grid, estates: [柳岸]}\n", "")
    summary = take(
        without.replace(
            "members: [{name: 毛小妹, userid: mao, party: true, branch: 柳河支部, skills: [剪纸]}]", "members: []"
        )
    )
    assert (summary.added, summary.changed, summary.removed) == (0, 0, 2)
    assert at(store, lambda book: book.person_named("毛小妹")) is None
    assert store.look(lambda tx: people.who(tx, Channel.WORK, "mao"))[0].name == "毛小妹"


def test_a_changed_row_is_a_new_version_of_the_same_row(store, take):
    """Hours, unit or words of a responsibility change: the row that demands cite stays, with the next version."""
    take(SMALL)
    first = {r.category: r.id for r in at(store, lambda book: book.responsibilities)}
    take(SMALL.replace("resolve_hours: 24", "resolve_hours: 12"))
    take(
        SMALL.replace("resolve_hours: 24", "resolve_hours: 12").replace(
            "unit: 长柳物业, respond", "unit: 柳河水厂, respond"
        )
    )
    take(
        SMALL.replace("[停水]", "[停水, 没水]")
        .replace("resolve_hours: 24", "resolve_hours: 12")
        .replace("unit: 长柳物业, respond", "unit: 柳河水厂, respond")
    )
    rows = {r.category: r for r in at(store, lambda book: book.responsibilities)}
    assert {c: r.id for c, r in rows.items()} == first
    assert (rows["elevator"].version, rows["elevator"].resolve_hours) == (3, 12)
    assert (rows["plumbing"].version, rows["plumbing"].match) == (2, ["停水", "没水"])


def test_a_row_that_a_demand_cites_is_retired_and_comes_back(store, take):
    """A removed row stays as history where a demand was dispatched by it, else it goes; written again, it is the same."""
    take(SMALL)
    rows = {r.category: r.id for r in at(store, lambda book: book.responsibilities)}
    a_demand(store, responsibility_id=rows["elevator"])
    head = SMALL[: SMALL.index("responsibilities:")]
    assert take(head + "responsibilities: []\n").removed == 2
    kept = store.look(lambda tx: tx.list(Responsibility))
    assert [(r.id, r.active, r.version) for r in kept] == [(rows["elevator"], False, 2)]
    take(SMALL)
    kept = {r.category: r for r in at(store, lambda book: book.responsibilities)}
    assert (kept["elevator"].id, kept["elevator"].version) == (rows["elevator"], 3)


def test_a_section_that_is_absent_is_left_alone(store, take):
    """A file with nothing but members says nothing about units, rows and places."""
    take(SMALL)
    summary = take("members: [{name: 新人, userid: xin}]\n")
    assert (summary.added, summary.changed, summary.removed) == (2, 0, 1)
    assert summary.kinds["member"].removed == 1
    assert at(store, lambda book: len(book.responsibilities)) == 2


def test_a_part_may_refer_to_what_the_register_holds(store, take):
    """Rows alone, for estates and units that are already there, by name or alias."""
    take(SMALL)
    take("responsibilities:\n  - {category: noise, estate: 柳岸, unit: 长柳物业}\n")
    (row,) = at(store, lambda book: book.responsibilities)
    assert row.category == "noise"
    with pytest.raises(ContentError, match="没有单位“别的物业”"):
        take("responsibilities:\n  - {category: noise, unit: 别的物业}\n")


SECOND = """\
communities:
  - name: 北坡社区
    staff: [{name: 邬书记, userid: wu, duty: secretary}]
    estates: [{name: 北坡苑, property: 长柳物业}]
"""


def test_a_community_that_is_absent_is_left_alone_and_told(store, take):
    """Another community imports its own part; the first keeps staff, estates and rows; both share the street."""
    take(SMALL)
    summary = take(SECOND)
    assert (summary.changed, summary.removed) == (0, 0)
    assert summary.notes == ("社区“柳河社区” 不在这份名册里，原样保留。",)
    book = store.look(register)
    assert {c.street_id for c in book.communities.values()} == set(book.streets)
    rows = SECOND + "organisations: []\nresponsibilities: []\n"
    summary = take(rows)
    assert at(store, lambda book: [r.category for r in book.responsibilities]) == ["elevator"]
    assert "长柳物业" in store.look(register).organisation_names
    assert "柳河水厂" not in store.look(register).organisation_names
    assert any("长柳物业" in note for note in summary.notes)


def test_names_of_estates_that_are_left_alone_stay_theirs(store, take):
    """An alias that means an estate of another community is a fault, with its place."""
    take(SMALL)
    with pytest.raises(ContentError, match=r"roster.yaml:4:16 communities\[1\].estates\[1\].name: 小区名“柳岸”"):
        take(SECOND.replace("北坡苑", "柳岸"))


def test_an_estate_moves_with_its_name(store, take):
    """Listed under another community it is the same estate there, and that is told."""
    take(SMALL)
    before = at(store, lambda book: book.estate("柳岸居").id)
    summary = take(SECOND.replace("北坡苑", "老粮站院"))
    book = store.look(register)
    assert book.community_name(book.estate("老粮站院").community_id) == "北坡社区"
    assert book.estate("柳岸居").id == before
    assert any("转到“北坡社区”" in note for note in summary.notes)


def test_what_an_estate_brings_along_is_as_the_new_file_says_at_once(store, take):
    """It comes out of a community that the file leaves alone: whose matter it is there is the file's, not the old one's."""
    take(SMALL)
    moved = SECOND.replace("北坡苑", "柳岸居") + "responsibilities:\n  - {category: noise, unit: 柳河水厂}\n"
    take(moved)
    assert not take(moved).touched
    assert store.look(lambda tx: [(r.category, r.estate_id) for r in tx.list(Responsibility)]) == [("noise", None)]


def test_an_estate_that_is_gone_is_deleted_only_when_free(store, take):
    """A resident who lives there keeps it; without anybody it goes, with its buildings."""
    take(SMALL)
    estate = at(store, lambda book: book.estate("老粮站院").id)
    gone = SMALL.replace("      - {name: 老粮站院, kind: old}\n", "")
    person = store.run(lambda tx: tx.insert(Person, openid="o1", estate_id=estate, created_at=tx.now))
    summary = take(gone)
    assert (summary.removed, [n for n in summary.notes if "老粮站院" in n]) == (0, list(summary.notes))
    store.run(lambda tx: tx.update(Person, person.id, estate_id=None))
    assert take(gone).removed == 1
    assert store.look(lambda tx: [e.name for e in tx.list(Estate)]) == ["柳岸居"]


def test_a_unit_that_is_gone_is_put_out_of_use_when_free(store, take):
    """With open orders it stays, with its staff, and that is told; later it goes out of use and its staff with it."""
    take(SMALL)
    unit = at(store, lambda book: book.organisation("长柳物业").id)
    gone = SMALL.replace("property: 长柳物业, ", "").replace("unit: 长柳物业", "unit: 柳河水厂")
    gone = gone[: gone.index("  - {name: 长柳物业")] + gone[gone.index("  - {name: 柳河水厂") :]
    demand = a_demand(store, handler_id=unit)
    summary = take(gone)
    assert summary.notes == ("单位“长柳物业” 不在这份名册里，但还有 1 件在办：先改派，再导入一次。",)
    assert at(store, lambda book: len(book.staff(unit))) == 1
    store.run(lambda tx: tx.update(Demand, demand, stage="closed"))
    assert take(gone).removed == 3
    assert at(store, lambda book: book.staff(unit)) == []
    row = store.look(lambda tx: tx.get(Organisation, unit))
    assert (row.active, row.version) == (False, 2)
    assert not take(gone).touched
    take(SMALL)
    assert at(store, lambda book: book.organisation("长柳物业").id) == unit


def test_two_units_for_one_matter_are_told(store, take):
    """Only the older of two rows for the same matter is ever found; the operator hears of it."""
    twice = SMALL + "  - {category: elevator, estate: 柳岸, unit: 柳河水厂}\n"
    assert any("只会派给前一个" in note for note in take(twice).notes)


def test_several_streets_are_named_by_their_communities(store, take, tmp_path):
    """A list of streets: each community says whose it is, and the export says it again."""
    text = (
        "street: [{name: 东街道}, {name: 西街道}]\ncommunities: [{name: 甲社区, street: 西街道}, {name: 乙社区}]\n"
    )
    take(text)
    book = store.look(register)
    street = {c.name: c.street_id and book.streets[c.street_id].name for c in book.communities.values()}
    assert street == {"甲社区": "西街道", "乙社区": None}
    exported = store.look(export_yaml)
    assert not take(exported).touched
    with pytest.raises(ContentError, match="没有叫“南街道” 的街道"):
        take(text.replace("street: 西街道", "street: 南街道"))


def test_a_workbook_is_imported_like_yaml(store, take, tmp_path):
    """The export as a workbook imports into the same register without a change."""
    from redprop_bot.registry.exporting import export_xlsx

    take(SMALL)
    path = tmp_path / "r.xlsx"
    path.write_bytes(store.look(export_xlsx))
    assert not store.run(lambda tx: import_file(tx, path)).touched


def test_imports_wait_for_each_other(postgres_store, open_store, tmp_path):
    """Two processes that import the same file at once leave one register: the second finds everything there."""
    import threading

    path = tmp_path / "r.yaml"
    path.write_text(SMALL, "utf-8")
    other = open_store(postgres_store.url)
    inside, summaries = threading.Event(), []

    def second():
        inside.wait()
        summaries.append(other.run(lambda tx: import_file(tx, path)))

    def first(tx):
        summary = import_file(tx, path)
        inside.set()
        thread.join(timeout=0.3)  # it waits for this transaction
        assert thread.is_alive()
        return summary

    thread = threading.Thread(target=second)
    thread.start()
    assert postgres_store.run(first).added == 21
    thread.join()
    assert not summaries[0].touched


def test_what_other_processes_keep_in_memory_is_renewed(store, open_store, take, clock):
    """A process that has the register in memory sees an import with its next look."""
    other = open_store(store.url)
    take(SMALL)
    assert other.look(register).estate("柳岸居").households == 90
    clock.at += timedelta(minutes=1)
    take(SMALL.replace("households: 90", "households: 91"))
    assert other.look(register).estate("柳岸居").households == 91
