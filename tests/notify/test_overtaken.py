"""What waited until it was not so any more: it is told on no road, and what is left is told once."""

from typing import Any

import pytest
from tests.notify.conftest import Post
from tests.support import rows

from redprop_bot.content import Content
from redprop_bot.loop import phoning
from redprop_bot.notify import outcomes, overtaken, waiting
from redprop_bot.rules import overtaken as rule
from redprop_bot.rules.flow import Stage
from redprop_bot.rules.telling import TELLING, Audience
from redprop_bot.store import messages
from redprop_bot.store.tables import Demand, Outbox, Person, Task, Timer
from redprop_bot.store.tx import Tx
from redprop_bot.web.pages import orders

RANKS = {"fulfilled": "closing", "closed": "closing", "progress": "small", "accepted": "small"}


def story(post: Post, stage: str, *told: str, **demand: Any) -> Demand:
    """A demand in this stage, and what was told of it on the way, all of it waiting; None is about nothing."""

    def job(tx: Tx) -> Demand:
        person = tx.find(Person, Person.__table__.c.openid == "o1") or rows.person(tx, openid="o1")
        row = rows.demand(tx, stage=stage, reporter_id=person.id, **demand)
        for number, name in enumerate(told):
            rows.owed(
                tx,
                channel="oa",
                receiver="o1",
                person_id=person.id,
                demand_id=row.id,
                message=name,
                payload={"text": f"{name} {number}", "brief": {"no": f"{name} {number}"}},
                weight="plain",
                rank=RANKS.get(name, "matters"),
                state="waiting",
            )
        return row

    return post.store.run(job)


def beside(post: Post) -> str:
    post.heard()
    return post.store.run(lambda tx: waiting.beside(tx, "o1", "回话", alarm=False))


@pytest.mark.parametrize(
    ("stage", "told", "left"),
    [
        (
            "done",
            ["fulfilled", "reopened_resident", "fulfilled", "reopened_resident", "fulfilled"],
            ["fulfilled 4"],
        ),
        (
            "accepted",
            ["dispatched", "accepted", "progress", "progress"],
            ["accepted 1", "progress 2", "progress 3"],
        ),
        ("dispatched", ["accepted", "progress", "fulfilled", "reopened_resident"], ["reopened_resident 3"]),
        ("accepted", ["paused", "resumed"], ["resumed 1"]),
        ("suspended", ["accepted", "progress", "paused"], ["progress 1", "paused 2"]),
        ("accepted", ["extension_asked_resident", "granted_resident"], ["granted_resident 1"]),
        ("done", ["extension_asked_resident", "granted_resident", "forecast", "fulfilled"], ["fulfilled 3"]),
        ("done", ["forecast", "fulfilled", "callback"], ["fulfilled 1", "callback 2"]),
        ("done", ["climbed_resident", "fulfilled"], ["fulfilled 1"]),
        ("accepted", ["forecast", "progress"], ["forecast 0", "progress 1"]),
        ("closed", ["fulfilled", "callback", "closed"], ["closed 2"]),
        ("closed", ["fulfilled", "closed"], ["closed 1"]),
        ("closed", ["fulfilled"], ["fulfilled 0"]),  # closed by time: nobody has told them that it is done
        ("merged", ["accepted", "merged"], ["merged 1"]),
        ("withdrawn", ["accepted", "progress", "forecast"], []),
        ("tabled", ["accepted", "progress", "escalated_resident"], ["progress 1", "escalated_resident 2"]),
        ("new", ["answer", "media"], ["answer 0", "media 1"]),  # what speaks of no stage always holds
    ],
)
def test_only_what_still_holds_is_told(small_post: Post, stage: str, told: list[str], left: list[str]) -> None:
    """Reopened twice and then done: one sentence. What is left out stands in the outbox as overtaken."""
    story(small_post, stage, *told)
    said = beside(small_post)
    assert [line for line in said.splitlines() if line and line != "回话"][1:] == left
    states = small_post.states()
    assert (states.count("sent"), states.count("overtaken")) == (len(left), len(told) - len(left))
    assert beside(small_post) == "回话"


def test_another_matter_is_not_touched(small_post: Post) -> None:
    """Nor what was told to somebody else of the same one."""
    story(small_post, "accepted", "accepted")
    story(small_post, "done", "accepted", "fulfilled")
    said = beside(small_post)
    assert "accepted 0" in said
    assert small_post.states() == ["sent", "overtaken", "sent"]


def test_something_newer_that_went_another_way_counts(small_post: Post) -> None:
    """Done once, reopened, and the newer word of it was sent by a template."""
    story(small_post, "done", "fulfilled", "fulfilled")
    newest = small_post.rows()[-1].id
    small_post.store.run(lambda tx: tx.update(Outbox, newest, state="sent", road="template"))
    assert beside(small_post) == "回话"


def test_something_newer_that_died_does_not(small_post: Post) -> None:
    """The older is all they will hear of it."""
    story(small_post, "done", "fulfilled", "fulfilled")
    newest = small_post.rows()[-1].id
    small_post.store.run(lambda tx: tx.update(Outbox, newest, state="dead"))
    assert "fulfilled 0" in beside(small_post)


def test_what_they_rated_is_not_asked_for(small_post: Post) -> None:
    """The reporter has; a neighbour who has not is still told that it is done."""
    demand = story(small_post, "closed", "fulfilled", stars=5)
    neighbour = small_post.store.run(lambda tx: rows.person(tx, openid="o2"))
    small_post.store.run(
        lambda tx: rows.owed(
            tx, channel="oa", receiver="o2", person_id=neighbour.id, demand_id=demand.id, message="fulfilled",
            state="waiting", payload={"text": "办好了"},
        )
    )  # fmt: skip
    assert beside(small_post) == "回话"
    small_post.heard("o2")
    assert "办好了" in small_post.store.run(lambda tx: waiting.beside(tx, "o2", "回话", alarm=False))


async def test_a_message_that_carries_others_is_taken_apart(post: Post) -> None:
    """Merged while it waited to leave: the part that is over goes, what another matter says stays, each once."""
    one = story(post, "accepted", "accepted")
    story(post, "accepted", "accepted", "progress")
    post.store.run(lambda tx: tx.execute(Outbox.__table__.update().values(state="pending", not_before=tx.now)))
    await post.deliver()
    assert post.states() == ["waiting", "merged", "merged"]
    post.store.run(lambda tx: tx.update(Demand, one.id, stage="withdrawn"))
    said = beside(post)
    assert said.splitlines()[1:] == ["accepted 0", "", "progress 1", "", "回话"]
    assert post.states() == ["overtaken", "sent", "sent"]
    assert beside(post) == "回话"


async def test_what_is_taken_apart_has_its_own_words_for_a_template(small_post: Post) -> None:
    """While it carried others a template would have shown the one that matters most."""
    over = story(small_post, "accepted", "accepted")
    story(small_post, "accepted", "progress")
    small_post.store.run(
        lambda tx: tx.execute(Outbox.__table__.update().values(state="pending", not_before=tx.now))
    )
    await small_post.deliver()
    lead = small_post.rows()[0]
    assert (lead.payload["brief"], lead.payload["own_brief"]) == ({"no": "progress 0"}, {"no": "accepted 0"})
    small_post.store.run(lambda tx: tx.update(Demand, over.id, stage="done"))
    small_post.store.run(lambda tx: overtaken.sifted(tx, "o1"))
    lead, other = small_post.rows()
    assert lead.payload == {"text": "accepted 0", "brief": {"no": "accepted 0"}}
    assert (lead.state, other.state, other.lead_id) == ("overtaken", "waiting", None)


def test_a_call_tells_only_what_holds(small_post: Post) -> None:
    """And is not made for what does not; what was carried gets a call of its own if it matters."""
    story(small_post, "done", "reopened_resident", "fulfilled")
    first, second = small_post.rows()
    small_post.store.run(lambda tx: phoning.ask(tx, first.id))
    assert small_post.store.look(lambda tx: tx.list(Task)) == []
    small_post.store.run(lambda tx: phoning.ask(tx, second.id))
    [task] = small_post.store.look(lambda tx: tx.list(Task))
    assert task.slots["outbox"] == [second.id]
    assert "reopened" not in task.text


def test_what_was_carried_and_matters_is_called_for(small_post: Post) -> None:
    """Its own call is planned when its lead is over."""
    story(small_post, "done", "accepted", "fulfilled")
    lead, carried = small_post.rows()
    small_post.store.run(lambda tx: tx.update(Outbox, lead.id, carries=1))
    small_post.store.run(lambda tx: tx.update(Outbox, carried.id, state="merged", lead_id=lead.id))
    small_post.store.run(lambda tx: messages.plan(tx, f"phone:{lead.id}", "phone", tx.now, subject_id=lead.id))
    small_post.store.run(lambda tx: phoning.ask(tx, lead.id))
    timers = small_post.store.look(lambda tx: [t.key for t in tx.list(Timer)])
    assert timers == [f"phone:{lead.id}", f"phone:{carried.id}"]


def test_a_yes_is_not_spent_on_what_is_over(small_post: Post) -> None:
    """The first that still holds goes by the road that was opened."""
    story(small_post, "done", "reopened_resident", "fulfilled")
    small_post.store.run(lambda tx: outcomes.granted(tx, "k", "o1", "tpl", accepted=True))
    assert small_post.states() == ["overtaken", "pending"]


async def test_a_road_that_is_open_again_brings_only_what_holds(small_post: Post) -> None:
    """The day's quota was used up; at midnight the window is still open."""
    small_post.heard()
    demand = story(small_post, "accepted", "accepted", "progress")
    small_post.store.run(lambda tx: tx.execute(Outbox.__table__.update().values(error="closed")))
    small_post.store.run(lambda tx: tx.update(Demand, demand.id, stage="suspended"))
    assert await small_post.deliver() == ["progress 1"]
    assert small_post.states() == ["overtaken", "sent"]


def test_the_page_of_the_order_shows_only_what_holds(small_post: Post) -> None:
    """It changes nothing by being looked at."""
    demand = story(small_post, "done", "fulfilled", "reopened_resident", "fulfilled")
    shown = small_post.store.look(lambda tx: orders.tracking(tx, demand.no, "key"))
    assert shown.waiting == ["fulfilled 2"]
    assert small_post.states() == ["waiting"] * 3


def test_the_table_speaks_of_messages_that_there_are(content: Content) -> None:
    """Everything residents are told of an order, by its events or by the clock, and the card that a unit takes."""
    told = {row.message for rows_ in TELLING.values() for row in rows_ if row.to == Audience.REPORTERS}
    told |= {row.message for timed in content.reminders for row in timed.tell if row.to == Audience.REPORTERS}
    assert set(rule.STAGES) - {"order"} == told
    assert all(stages <= set(Stage) for stages in rule.STAGES.values())


@pytest.mark.parametrize(
    ("newer", "older", "over"),
    [
        ("fulfilled", "progress", True),
        ("progress", "progress", False),  # each is news of its own
        ("accepted", "dispatched", True),
        ("accepted", "progress", False),
        ("granted_resident", "accepted", False),
        ("paused", "granted_resident", True),
        ("answer", "accepted", False),
        ("fulfilled", "answer", False),
    ],
)
def test_what_leaves_nothing_to_say(newer: str, older: str, *, over: bool) -> None:
    """Pairs about one order."""
    assert rule.replaces(newer, older) is over
