"""评选表彰: one person one vote by two processes at once and after a restart; joined, parted, forgotten people."""

from datetime import timedelta

import pytest
from tests.conftest import OpenStore
from tests.golden.play import enrol
from tests.golden.script import ROSTER
from tests.support import rows
from tests.support.together import at_once

from redprop_bot.appraise import commendation as steps
from redprop_bot.appraise import commendation_telling as telling
from redprop_bot.appraise import commendation_vote as votes
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.errors import Conflict, Forbidden, NotFound, Refused
from redprop_bot.loop import forgetting
from redprop_bot.registry.people import speaker
from redprop_bot.registry.register import register
from redprop_bot.store import commendations, one_person
from redprop_bot.store.tables import Commendation, CommendationBallot, Outbox, Person
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

ALL = Reviewer("管理员", communities=None, street=True)
HOME = "槐荫里"


@pytest.fixture
def stores(database_url: str, open_store: OpenStore) -> tuple[Store, Store]:
    """Two processes on one database with the roster, on each engine."""
    one, other = open_store(database_url), open_store(database_url)
    enrol(one, ROSTER)
    return one, other


def _resident(tx: Tx, openid: str, estate: str | None = HOME) -> int:
    estate_id = register(tx).estate_names[estate].id if estate else None
    return rows.person(tx, openid=openid, estate_id=estate_id).id or 0


def _running(tx: Tx, **rule: object) -> int:
    """A vote among three residents of one community that runs for a week; its key."""
    award = tx.content.awards.of("resident")
    assert award is not None
    home = register(tx).estate_names[HOME].community_id
    row = steps.open_commendation(tx, award.model_copy(update=rule), home, 2026, ALL)
    for name in ("罗", "唐", "白"):
        person = tx.get(Person, _resident(tx, f"o-{name}"))
        steps.named(tx, row, ALL, person, name=f"{name}某某", about=None, by_self=True)
    return steps.vote_opened(tx, row, ALL).id or 0


def _vote(store: Store, key: int, person_id: int, *numbers: int) -> bool:
    def job(tx: Tx) -> bool:
        who = speaker(register(tx), tx.get(Person, person_id), {})
        return votes.vote(tx, tx.get(Commendation, key), who, numbers)

    return store.run(job)


def _counted(store: Store, key: int) -> tuple[dict[int, int], int]:
    return store.look(lambda tx: commendations.counted(tx, key))


def _over(store: Store, key: int) -> None:
    """The vote has ended."""
    store.run(lambda tx: tx.update(Commendation, key, ends_at=tx.now - timedelta(minutes=1)))


def test_one_person_votes_once_however_often_and_wherever(
    stores: tuple[Store, Store], open_store: OpenStore, database_url: str
) -> None:
    """Twice at the same moment is one ballot; the last word counts; another process finds it after a restart."""
    key = stores[0].run(_running)
    person = stores[0].run(lambda tx: _resident(tx, "o-voter"))
    failed = at_once(
        *(lambda s=store, n=n: _vote(s, key, person, n) for store, n in zip(stores, (1, 2), strict=True))
    )
    assert failed == [None, None]
    counts, people = _counted(stores[0], key)
    assert (sum(counts.values()), people) == (1, 1)
    assert _vote(stores[1], key, person, 3, 1) is True
    others = stores[0].run(lambda tx: [_resident(tx, f"o-{n}") for n in range(6)])
    failed = at_once(*(lambda p=p, s=stores[n % 2]: _vote(s, key, p, 2) for n, p in enumerate(others)))
    assert failed == [None] * 6
    assert _counted(open_store(database_url), key) == ({1: 1, 3: 1, 2: 6}, 7)


def test_what_is_refused_changes_nothing(stores: tuple[Store, Store]) -> None:
    """Of another community, of none, a strange number, too many, none, before and after its time."""
    key = stores[0].run(_running)
    own, away, nobody = stores[0].run(
        lambda tx: (_resident(tx, "o-a"), _resident(tx, "o-b", "河湾新村"), _resident(tx, "o-c", None))
    )
    staff = stores[0].look(lambda tx: next(p.id for p in register(tx).people.values() if p.name == "方经理"))
    for person, numbers, code in (
        (away, (1,), "commendation_elsewhere"),
        (nobody, (1,), "commendation_no_home"),
        (staff, (1,), "commendation_no_home"),
        (own, (4,), "commendation_number"),
        (own, (0,), "commendation_number"),
        (own, (), "commendation_none"),
    ):
        with pytest.raises(Refused) as refused:
            _vote(stores[0], key, person or 0, *numbers)
        assert refused.value.code == code
    strict = stores[0].run(lambda tx: tx.update(Commendation, key, votes=1)).id or 0
    with pytest.raises(Refused, match="commendation_many"):
        _vote(stores[0], strict, own, 1, 2)
    later = stores[0].run(lambda tx: tx.update(Commendation, key, starts_at=tx.now + timedelta(hours=1))).id or 0
    with pytest.raises(Conflict, match="commendation_early"):
        _vote(stores[0], later, own, 1)
    stores[0].run(lambda tx: tx.update(Commendation, key, starts_at=tx.now - timedelta(days=9)))
    _over(stores[0], key)
    with pytest.raises(Conflict, match="commendation_closed"):
        _vote(stores[0], key, own, 1)
    assert _counted(stores[1], key) == ({}, 0)
    with pytest.raises(Conflict, match="commendation_empty"):
        stores[0].run(lambda tx: votes.confirmed(tx, tx.get(Commendation, key), ALL))


def test_counts_are_told_when_the_rule_says(stores: tuple[Store, Store]) -> None:
    """After the end by one rule, while it runs by another; how many voted at any time."""
    store = stores[0]
    key, person = store.run(_running), store.run(lambda tx: _resident(tx, "o-a"))
    _vote(store, key, person, 2)

    def told(tx: Tx) -> tuple[bool, int, list[int]]:
        count = votes.count(tx, tx.get(Commendation, key))
        return count.hidden, count.people, [one.votes for one in count.placed]

    assert store.look(told) == (True, 1, [])
    store.run(lambda tx: tx.update(Commendation, key, counts="during"))
    assert store.look(told) == (False, 1, [1, 0, 0])
    store.run(lambda tx: tx.update(Commendation, key, counts="after"))
    _over(store, key)
    assert store.look(told) == (False, 1, [1, 0, 0])


def test_it_is_confirmed_once_and_for_whom_is_forgotten(stores: tuple[Store, Store]) -> None:
    """Two at once: one result, everybody told once; the ballots hold nothing any more, the counts stay."""
    key = stores[0].run(_running)
    people = stores[0].run(lambda tx: [_resident(tx, f"o-{n}") for n in range(3)])
    for person, number in zip(people, (2, 2, 3), strict=True):
        _vote(stores[0], key, person, number)

    def confirm(tx: Tx) -> None:
        votes.confirmed(tx, tx.get(Commendation, key), ALL)

    with pytest.raises(Conflict, match="commendation_running"):
        stores[0].run(confirm)
    with pytest.raises(Forbidden):
        stores[0].run(lambda tx: votes.confirmed(tx, tx.get(Commendation, key), Reviewer("别人")))
    _over(stores[0], key)
    refused = at_once(*(lambda store=store: store.run(confirm) for store in stores))
    assert [type(error) for error in refused if error is not None] == [Conflict]

    def seen(tx: Tx) -> tuple[list[list[int]], list[tuple[int, bool]], list[str]]:
        ballots = [row.choices for row in tx.list(CommendationBallot)]
        stand = [(one.votes or 0, one.wins) for one in votes.on_ballot(tx, tx.get(Commendation, key))]
        told = sorted(row.message for row in tx.list(Outbox) if row.message.endswith("won"))
        return ballots, stand, told

    assert stores[1].look(seen) == (
        [[], [], []],
        [(0, False), (2, True), (1, True)],
        ["commendation_not_won", "commendation_won", "commendation_won"],
    )
    count = stores[1].look(lambda tx: votes.count(tx, tx.get(Commendation, key)))
    assert [(one.number, one.votes) for one in count.placed] == [(2, 2), (3, 1), (1, 0)]


def test_one_person_with_two_accounts_counts_once(stores: tuple[Store, Store]) -> None:
    """Both had voted before they were joined: one vote counts; parted again, both do."""
    store = stores[0]
    key = store.run(_running)
    old, new = store.run(lambda tx: (_resident(tx, "o-old"), _resident(tx, "o-new")))
    _vote(store, key, old, 1)
    _vote(store, key, new, 2)

    def join(tx: Tx) -> one_person.Moved:
        moved = one_person.repoint(tx, old, new)
        tx.update(Person, old, merged_into_id=new)
        return moved

    moved = store.run(join)
    assert _counted(store, key) == ({2: 1}, 1)
    assert store.look(lambda tx: votes.count(tx, tx.get(Commendation, key)).people) == 1

    def part(tx: Tx) -> None:
        tx.update(Person, old, merged_into_id=None)
        one_person.put_back(tx, moved, new, old)

    store.run(part)
    assert _counted(store, key) == ({1: 1, 2: 1}, 2)


def test_who_is_forgotten_neither_votes_nor_stands(stores: tuple[Store, Store]) -> None:
    """While it runs the vote goes; where they stood, no name is left and nobody can vote for them."""
    store = stores[0]
    key, person = store.run(_running), store.run(lambda tx: _resident(tx, "o-gone"))
    _vote(store, key, person, 1)

    def forget(tx: Tx) -> None:
        stands = votes.on_ballot(tx, tx.get(Commendation, key))[0].person_id
        for one in (person, stands):
            forgetting.forget(tx, tx.get(Person, one or 0))

    store.run(forget)
    assert _counted(store, key) == ({}, 0)
    stand = store.look(lambda tx: commendations.candidates(tx, key))
    assert [(one.name, one.state) for one in stand] == [
        ("", "declined"),
        ("唐某某", "agreed"),
        ("白某某", "agreed"),
    ]
    voter = store.run(lambda tx: _resident(tx, "o-a"))
    with pytest.raises(Refused, match="commendation_number"):
        _vote(store, key, voter, 1)


def test_who_was_asked_and_enters_their_name_themselves_stands(stores: tuple[Store, Store]) -> None:
    """Asked, or after a no: their own name is a yes, in one row; who was taken off stays so."""

    def job(tx: Tx) -> list[tuple[str, str, str]]:
        award = tx.content.awards.of("resident")
        assert award is not None
        row = steps.open_commendation(tx, award, register(tx).estate_names[HOME].community_id, 2026, ALL)
        asked, off = (tx.get(Person, _resident(tx, openid)) for openid in ("o-asked", "o-off"))
        for person in (asked, off):
            steps.named(tx, row, ALL, person, name="罗老师", about="帮邻居修门")
        own = Reviewer("居民", asked.id)
        steps.named(tx, row, own, asked, name="罗翠", about=None, by_self=True)
        steps.answered(tx, row, asked.id or 0, agree=False)
        steps.named(tx, row, own, asked, name="罗翠", about="教孩子画画", by_self=True)
        second = commendations.candidates(tx, row.id or 0)[1]
        steps.dropped(tx, row, ALL, second.id or 0, note="重名")
        with pytest.raises(Conflict, match="commendation_named"):
            steps.named(tx, row, own, asked, name="罗翠", about=None, by_self=True)
        with pytest.raises(Conflict, match="commendation_named"):
            steps.named(tx, row, own, off, name="罗翠", about=None, by_self=True)
        with pytest.raises(Conflict, match="commendation_named"):
            steps.named(tx, row, ALL, asked, name="罗翠", about=None)
        return [(one.name, one.about, one.state) for one in commendations.candidates(tx, row.id or 0)]

    assert stores[0].run(job) == [("罗翠", "教孩子画画", "agreed"), ("罗老师", "帮邻居修门", "dropped")]


def test_nobody_stands_against_their_word(stores: tuple[Store, Store]) -> None:
    """Put forward by the secretary they are asked; nobody says yes for them; no is heard while the vote runs."""
    store = stores[0]

    def gather(tx: Tx) -> tuple[int, int]:
        award = tx.content.awards.of("staff")
        assert award is not None
        reg = register(tx)
        row = steps.open_commendation(tx, award, reg.estate_names[HOME].community_id, 2026, ALL)
        for name in ("老丁", "小葛", "邵经理"):
            person = reg.person_named(name)
            assert person is not None
            steps.named(tx, row, ALL, person, name=name, about="上门快")
        outsider = reg.person_named("冯工")
        assert outsider is not None
        with pytest.raises(Refused, match="commendation_not_staff"):
            steps.named(tx, row, ALL, outsider, name="冯工", about=None)
        asked = commendations.candidates(tx, row.id or 0)
        with pytest.raises(Conflict, match="commendation_own_word"):
            steps.admitted(tx, row, ALL, asked[0].id or 0, note="他说行")
        with pytest.raises(Conflict, match="commendation_few"):
            steps.vote_opened(tx, row, ALL)
        return row.id or 0, len([one for one in tx.list(Outbox) if one.message == "commendation_asked"])

    key, told = store.run(gather)
    assert told == 3

    def answer(tx: Tx) -> list[tuple[str, bool]]:
        row, reg = tx.get(Commendation, key), register(tx)
        keys = {name: getattr(reg.person_named(name), "id", 0) for name in ("老丁", "小葛", "邵经理", "冯工")}
        steps.answered(tx, row, keys["老丁"], agree=True, shown=True)
        steps.answered(tx, row, keys["小葛"], agree=True)
        steps.answered(tx, row, keys["邵经理"], agree=False, shown=True)
        with pytest.raises(NotFound):
            steps.answered(tx, row, keys["冯工"], agree=True)
        row = steps.vote_opened(tx, row, ALL)
        with pytest.raises(Conflict, match="commendation_voting"):
            steps.answered(tx, row, keys["邵经理"], agree=True)
        ballot = [(telling.public_name(tx, row, one), one.shown) for one in votes.on_ballot(tx, row)]
        steps.answered(tx, row, keys["小葛"], agree=False)
        assert [one.number for one in votes.on_ballot(tx, row)] == [1]
        return ballot

    assert store.run(answer) == [("万和物业老**", True), ("一位物业人", False)]
