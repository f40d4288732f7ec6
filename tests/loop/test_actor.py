"""Who is what to a demand: from posts of the roster, from the demand itself, from the role of a token."""

import pytest
from tests.loop import cells

from redprop_bot.errors import Conflict
from redprop_bot.loop import accept, speak
from redprop_bot.loop.actor import Actor, holding, speaking
from redprop_bot.registry.people import speaker
from redprop_bot.registry.register import register
from redprop_bot.store.tables import Demand, Person, Supporter
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

# to a demand of 槐荫社区 in the hands of 万和物业 | to one that no community has yet | to none
STAFF = {
    "方经理": ("anyone unit handler manager", "anyone unit", "anyone unit"),
    "老丁": ("anyone unit handler", "anyone unit", "anyone unit"),
    "汪经理": ("anyone unit", "anyone unit", "anyone unit"),
    "沈护士": ("anyone unit", "anyone unit", "anyone unit"),
    "秦书记": ("anyone secretary", "anyone", "anyone"),
    "小姚": ("anyone grid", "anyone", "anyone"),
    "陆书记": ("anyone", "anyone", "anyone"),
    "老许": ("anyone", "anyone", "anyone"),
    "高主任": ("anyone street", "anyone street secretary", "anyone street"),
    "宋老师": ("anyone member", "anyone member", "anyone member"),
}

TOKENS = {
    "admin": ("admin anyone", "admin anyone"),
    "street": ("street anyone", "street anyone secretary"),
    "secretary": ("secretary anyone", "secretary anyone"),
    "clerk": ("clerk anyone", "clerk anyone"),
    "provider": ("unit anyone", "unit anyone"),
    "viewer": ("", ""),
}


def _named(tx: Tx, name: str) -> Actor:
    reg = register(tx)
    person = reg.person_named(name)
    assert person is not None
    return speaking(speaker(reg, person, {}))


def _demands(tx: Tx) -> tuple[Demand, Demand]:
    there = cells.scene(tx)
    homeless = tx.update(Demand, there.demands["new"].id, community_id=None, estate_id=None)
    return there.demands["accepted"], homeless


def _held(tx: Tx, who: Actor, demand: Demand | None) -> str:
    return " ".join(sorted(who.capacities(tx, demand)))


def _words(text: str) -> str:
    return " ".join(sorted(text.split()))


@pytest.mark.parametrize("name", STAFF)
def test_staff_are_what_the_roster_says_and_nothing_more(name: str, town_store: Store) -> None:
    """Capacities follow from the post and from whose the demand is; another community's staff have none."""

    def check(tx: Tx) -> None:
        here, homeless = _demands(tx)
        seen = [_held(tx, _named(tx, name), demand) for demand in (here, homeless, None)]
        assert seen == [_words(text) for text in STAFF[name]]

    town_store.run(check)


@pytest.mark.parametrize("role", TOKENS)
def test_a_token_is_what_its_role_says(role: str, town_store: Store) -> None:
    """The roles of tokens and accounts; a viewer may not act at all."""

    def check(tx: Tx) -> None:
        here, homeless = _demands(tx)
        who = holding(role, name="令牌")
        assert [_held(tx, who, here), _held(tx, who, homeless)] == [_words(text) for text in TOKENS[role]]

    town_store.run(check)


def test_a_secretary_s_token_ends_at_the_community(town_store: Store) -> None:
    """With a community it is worth nothing elsewhere."""

    def check(tx: Tx) -> None:
        here, homeless = _demands(tx)
        community = here.community_id
        mine = holding("secretary", name="令牌", community_id=community)
        other = holding("secretary", name="令牌", community_id=(community or 0) + 1)
        assert _held(tx, mine, here) == "anyone secretary"
        assert _held(tx, other, here) == "anyone"
        assert _held(tx, mine, homeless) == "anyone"

    town_store.run(check)


def test_a_provider_s_token_is_its_unit_s(town_store: Store) -> None:
    """It handles what its organisation has, and only that."""

    def check(tx: Tx) -> None:
        here, _homeless = _demands(tx)
        mine = holding("provider", name="令牌", organisation_id=here.handler_id)
        other = holding("provider", name="令牌", organisation_id=(here.handler_id or 0) + 1)
        assert _held(tx, mine, here) == "anyone handler manager unit"
        assert _held(tx, other, here) == "anyone unit"

    town_store.run(check)


def test_residents_are_reporter_or_supporter_of_what_they_said(town_store: Store) -> None:
    """A neighbour who joined supports; somebody else is anyone."""

    def check(tx: Tx) -> None:
        here, _homeless = _demands(tx)
        neighbour = tx.insert(Person, openid="o-n", created_at=tx.now)
        stranger = tx.insert(Person, openid="o-s", created_at=tx.now)
        tx.insert(Supporter, demand_id=here.id, person_id=neighbour.id, at=tx.now)
        here = tx.update(Demand, here.id, supporters=1)
        reporter = tx.get(Person, here.reporter_id or 0)
        seen = [
            _held(tx, speaking(speaker(register(tx), person, {})), here)
            for person in (reporter, neighbour, stranger)
        ]
        assert seen == ["anyone reporter", "anyone supporter", "anyone"]

    town_store.run(check)


def test_a_helper_reports_progress_but_accepts_for_nobody(town_store: Store) -> None:
    """Who helps may say how far it is once the unit has accepted; before that the order is not theirs to take."""

    def check(tx: Tx) -> None:
        there = cells.scene(tx)
        helper = _named(tx, "宋老师")
        running = speak.assist(tx, there.demands["accepted"], helper)
        assert accept.progress(tx, running, helper, note="先挡上了").stage == "accepted"
        waiting = speak.assist(tx, there.demands["dispatched"], helper)
        with pytest.raises(Conflict):
            accept.progress(tx, waiting, helper, note="先挡上了")

    town_store.run(check)
