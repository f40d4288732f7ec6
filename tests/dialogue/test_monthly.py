"""每月告诉我: said by a resident it is agreed to, and nothing else they say is."""

import pytest
from tests.golden.play import Theatre

from redprop_bot.simulated.talking import Phone, Town
from redprop_bot.store.tables import Person


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Theatre:
    return Theatre(tmp_path_factory.mktemp("monthly"))


def wants(theatre: Theatre, who: str, *said: str) -> bool | None:
    """Whether somebody is told once a month after having said this; None for who is no person yet."""
    office = theatre.office
    office.store = theatre.enrolled()
    try:
        town = Town(office, series=f"{who}-{len(said)}")
        for text in said:
            town.say(Phone.of(who), text)
        key = who.partition(":")[2]
        people = office.store.look(lambda tx: tx.list(Person))
        return next((p.monthly for p in people if key in (p.openid, p.userid)), None)
    finally:
        office.store.close()


@pytest.mark.parametrize(
    ("who", "said", "told"),
    [
        ("resident:o-a", ("每月告诉我",), True),
        ("resident:o-b", ("每个月告诉我。",), True),
        ("resident:o-c", ("每月告诉我", "不用每月告诉我"), False),
        ("resident:o-d", ("物业每月告诉我一次电费行不行",), False),
        ("work:qinsj", ("每月告诉我",), False),
    ],
)
def test_who_is_told_once_a_month(theatre: Theatre, who: str, said: tuple[str, ...], told: bool) -> None:
    """The sentence and its opposite, by a resident; a sentence that only holds it, or said by staff, is none."""
    assert wants(theatre, who, *said) is told
