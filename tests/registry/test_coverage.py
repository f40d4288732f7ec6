"""From a roster to rates: units prove what there is, `lacks` says what there is not, silence is listed as silence."""

from zoneinfo import ZoneInfo

import pytest
from tests.registry.conftest import faults_of

from redprop_bot.content import load_content, roots
from redprop_bot.registry import coverage_words as words
from redprop_bot.registry.coverage import communities_of, coverage, estate_of, street_of
from redprop_bot.registry.register import register

CONTENT = load_content(roots(None), zone=ZoneInfo("Asia/Shanghai"), address="http://x")
ROSTER = """\
street: {name: 竹溪街道}
communities:
  - name: 东桥社区
    estates:
      - {name: 竹园, property: 青竹物业}
      - {name: 梅园, property: 青竹物业, lacks: [业委会]}
      - {name: 松园, property: 没有的物业}
      - {name: 老仓库, kind: none, lacks: [committee, party]}
  - name: 西桥社区
    estates:
      - {name: 兰园, property: 兰亭物业}
      - {name: 菊园}
organisations:
  - {name: 青竹物业, kind: property, party: branch}
  - {name: 兰亭物业, kind: property, party: instructor, party_members: 4}
  - {name: 竹园业委会, kind: committee, estate: 竹园, seats: 5, party_seats: 2, reviewed: 2026-05-12}
  - {name: 兰园业委会, kind: committee, estate: 兰园, seats: 7, reviewed: no}
  - {name: 联合业委会, kind: committee, seats: 5, party_seats: 1}
  - {name: 竹园小区党支部, kind: party, estate: 竹园, party: branch}
"""


@pytest.fixture
def seen(store, take):
    """Coverage of a place that is picked from the register."""
    take(ROSTER)

    def look(pick):
        def job(tx):
            reg = register(tx)
            return coverage(reg, CONTENT, pick(reg))

        return store.look(job)

    return look


def of_street(reg):
    return street_of(reg)


def of_community(name):
    return lambda reg: communities_of(reg, [key for key, one in reg.communities.items() if one.name == name])


def told(found) -> dict[str, str]:
    return {
        one.code + str(one.percent or ""): f"{one.count}/{one.of}" + f"+{len(one.unknown)}" * bool(one.unknown)
        for one in found.rates
    }


def test_the_rates_of_a_street(seen):
    """Each company once, committees without an estate counted and told, companies nobody knows set apart."""
    assert told(seen(of_street)) == {
        "organised": "1/2+2",
        "covered": "2/2+2",
        "due": "0/1",
        "branch": "1/2+4",
        "committee": "2/4+3",
        "seats": "3/10+1",
        "mark30": "1/2+1",
        "mark50": "0/2+1",
        "reviewed": "1/2+1",
    }


def test_what_is_to_be_done_and_what_is_not_said_has_names(seen):
    """A secretary reads what to do next, each thing once."""
    found = seen(of_street)
    assert words.all_missing(CONTENT, found.rates) == [
        "兰亭物业：党员够 3 名，该建党组织，还没建",
        "老仓库：还没有党支部",
        "梅园：业委会没有成立",
        "老仓库：业委会没有成立",
        "联合业委会：党员 1/5，不到 30%",
        "竹园业委会：党员 2/5，不到 50%",
        "兰园业委会：候选人还没有联审",
    ]
    assert words.all_unsaid(CONTENT, found.rates) == [
        "没有的物业：小区写着这家物业，单位里没有",
        "菊园：没写物业公司是哪家",
        "梅园：没写有没有党支部",
        "松园：没写有没有党支部",
        "兰园：没写有没有党支部",
        "菊园：没写有没有党支部",
        "松园：没写有没有业委会",
        "菊园：没写有没有业委会",
        "联合业委会：没写是哪个小区的",
        "兰园业委会：没写委员几人、其中党员几人",
        "联合业委会：没写候选人联审没有",
    ]


def test_a_community_and_an_estate_have_their_own(seen):
    """A committee without an estate is in none of them."""
    east, estate = seen(of_community("东桥社区")), seen(lambda reg: estate_of(reg.estate("竹园")))
    assert (told(east)["organised"], told(east)["committee"], told(east)["seats"]) == ("1/1+1", "1/3+1", "2/5")
    assert (told(estate)["organised"], told(estate)["branch"], told(estate)["committee"]) == ("1/1", "1/1", "1/1")
    assert told(seen(of_community("西桥社区")))["seats"] == "0/0+1"


def test_an_old_roster_says_nothing_and_counts_nothing(store, take):
    """Without the new fields there is no committee that is missing and no company that is due."""
    take(
        "communities: [{name: 丁社区, estates: [{name: 甲, property: 乙}]}]\norganisations: [{name: 乙, kind: property}]\n"
    )
    found = store.look(lambda tx: coverage(register(tx), CONTENT, street_of(register(tx))))
    assert told(found) == {
        "organised": "0/1", "covered": "0/1", "due": "0/0+1", "branch": "0/0+1", "committee": "0/0+1",
        "seats": "0/0", "mark30": "0/0", "mark50": "0/0", "reviewed": "0/0",
    }  # fmt: skip


def test_a_committee_that_is_there_although_it_is_said_not_to_be_is_there_and_noted(take, store):
    """The unit is the proof; whoever imports hears of the contradiction."""
    summary = take(ROSTER.replace("{name: 竹园, property", "{name: 竹园, lacks: [committee], property"))
    assert "小区“竹园” 写着还没有业委会，单位里却有“竹园业委会”：按有算。" in "\n".join(summary.notes)
    found = store.look(lambda tx: coverage(register(tx), CONTENT, street_of(register(tx))))
    assert told(found)["committee"] == "2/4+3"
    assert not take(ROSTER.replace("{name: 竹园, property", "{name: 竹园, lacks: [committee], property")).touched


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("lacks: [业委会]", "lacks: [党员]", "没有“党员”"),
        ("lacks: [业委会]", "lacks: 没有", "没有“没有”"),
        ("party_members: 4", "party_members: -1", "应在 0 到 100000 之间"),
        ("party_members: 4", "party_members: 四", "应为数字"),
        ("reviewed: 2026-05-12", "reviewed: 通过", "写联审的日期"),
        ("reviewed: 2026-05-12", 'reviewed: "2026-02-30"', "写联审的日期"),
    ],
)
def test_what_is_written_wrong_is_told_with_its_line(before, after, said):
    """One fault, where it stands."""
    assert before in ROSTER
    found = faults_of(ROSTER.replace(before, after))
    line = next(n for n, text in enumerate(ROSTER.splitlines(), 1) if before in text)
    assert len(found) == 1
    assert found[0].startswith(f"r.yaml:{line}:")
    assert said in found[0]
