"""Random valid rosters, as a street could write them."""

from datetime import date

from hypothesis import strategies as st

from redprop_bot.content.codes import CATEGORIES
from redprop_bot.registry.roster import (
    CARES,
    COMMUNITY_DUTIES,
    ESTATE_KINDS,
    LACKS,
    PARTY,
    UNIT_DUTIES,
    UNIT_KINDS,
    BuildingEntry,
    CommunityEntry,
    EstateEntry,
    MemberEntry,
    ResponsibilityEntry,
    Roster,
    StaffEntry,
    StreetEntry,
    UnitEntry,
    packaged_words,
)

# names that have caught YAML readers and spreadsheets, beside everyday ones
TRICKY = [
    "no",
    "Yes",
    "null",
    "1",
    "007",
    "1e3",
    "3-1",
    "=1+1",
    "-甲",
    "@甲",
    "甲: 乙",
    "#甲",
    "'甲",
    '甲"',
    "甲、乙",
    "~",
    "😀",
]
words = st.one_of(
    st.sampled_from(TRICKY),
    st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=8),
)
phones = st.none() | st.integers(0, 999).map(lambda n: f"13800000{n:03d}")
hours = st.none() | st.integers(1, 200).map(float) | st.floats(0.25, 100)


def lists(of, size=3):
    return st.lists(of, unique=True, max_size=size).map(tuple)


@st.composite
def rosters(draw):
    """Names are numbered, so that they never collide; who has an account may stand in several places."""
    used = iter(range(10_000))

    def name():
        return f"{draw(words)}{next(used)}"

    accounts = {f"u{n}": (name(), draw(phones)) for n in range(4)}
    estates = [name() for _ in range(draw(st.integers(0, 4)))]
    units = [name() for _ in range(draw(st.integers(0, 3)))]

    def staff(duties, *, ranked=False):
        entries, seen = [], set()
        for _ in range(draw(st.integers(0, 3))):
            userid = draw(st.none() | st.sampled_from(sorted(accounts)))
            who, phone = accounts[userid] if userid else (name(), draw(phones))
            duty = draw(st.sampled_from(duties))
            if (who, duty) in seen:
                continue
            seen.add((who, duty))
            places = draw(lists(st.sampled_from(estates))) if estates else ()
            trades = draw(lists(st.sampled_from(CATEGORIES)))
            fits = [row for row in packaged_words().posts if ranked and duty in row.duties]
            post = draw(st.none() | st.sampled_from(fits)) if fits else None
            grade = draw(st.none() | st.integers(post.lowest, post.highest)) if post else None
            rank = (post.key if post else None, grade)
            entries.append(StaffEntry(who, duty, userid, phone, places, trades, draw(st.booleans()), *rank))
        return tuple(entries)

    def estate(called):
        return EstateEntry(
            called,
            tuple(name() for _ in range(draw(st.integers(0, 2)))),
            draw(st.sampled_from(sorted(ESTATE_KINDS))),
            draw(st.integers(0, 5000)),
            draw(st.none() | st.floats(-90, 90)),
            draw(st.none() | st.integers(-180, 180).map(float)),
            draw(st.none() | st.sampled_from([*units, "外面的物业"])),
            tuple(
                BuildingEntry(no, draw(st.none() | st.integers(1, 9)), draw(st.none() | st.integers(1, 40)))
                for no in draw(lists(st.sampled_from(["1", "2", "30", "A1", "3-1"])))
            ),
            draw(lists(st.sampled_from(sorted(LACKS)))),
            draw(st.none() | st.sampled_from(sorted(CARES))),
            draw(st.none() | st.sampled_from(units)) if units else None,
            draw(st.none() | st.dates(date(2000, 1, 1), date(2100, 12, 31)).map(date.isoformat)),
        )

    streets = [name() for _ in range(draw(st.integers(0, 2)))]
    several = len(streets) > 1
    half = draw(st.integers(0, len(estates)))
    communities = tuple(
        CommunityEntry(
            name(),
            draw(st.none() | st.sampled_from(streets)) if several else None,
            staff(COMMUNITY_DUTIES, ranked=True),
            tuple(map(estate, part)),
            draw(st.none() | st.sampled_from(units)) if units else None,
        )
        for part in ([estates[:half], estates[half:]] if estates else [])
    )
    organisations = tuple(
        UnitEntry(
            unit,
            draw(st.sampled_from(sorted(UNIT_KINDS))),
            draw(st.sampled_from(sorted(PARTY))),
            draw(st.none() | st.sampled_from(estates)) if estates else None,
            9,
            draw(st.none() | st.integers(0, 9)),
            staff(UNIT_DUTIES),
            party_members=draw(st.none() | st.integers(0, 300)),
            reviewed=draw(st.sampled_from([None, "yes", "no", "2026-05-12"])),
        )
        for unit in units
    )
    members = [
        MemberEntry(
            who,
            userid,
            draw(st.booleans()),
            draw(st.none() | words.map(lambda w: w + "部")),
            draw(lists(words.filter(lambda w: w == w.strip()))),
            phone,
        )
        for userid, (who, phone) in accounts.items()
        if draw(st.booleans())
    ]
    members += [MemberEntry(name(), phone=draw(phones)) for _ in range(draw(st.integers(0, 2)))]
    rows = {}
    for _ in range(draw(st.integers(0, 6)) if units else 0):
        match = draw(lists(words))
        place = draw(st.none() | st.sampled_from(estates)) if estates else None
        row = ResponsibilityEntry(
            draw(st.sampled_from(CATEGORIES)), draw(st.sampled_from(units)), place, match, draw(hours), draw(hours)
        )
        rows[row.category, row.estate, row.unit, tuple(sorted(match))] = row
    return Roster(
        streets=tuple(StreetEntry(s, staff(COMMUNITY_DUTIES)) for s in streets) or None,
        communities=communities or None,
        organisations=organisations or None,
        members=tuple(members) or None,
        responsibilities=tuple(rows.values()) or None,
        listed_streets=several,
    )
