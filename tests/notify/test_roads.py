"""By which road messages leave, what each costs, and what becomes of it: on rows, with a platform that plays along."""

import asyncio
import threading
from datetime import timedelta

import pytest
from tests.notify.conftest import Post
from tests.support import rows

from redprop_bot.content.templates import Template
from redprop_bot.errors import (
    ContentRefused,
    CredentialError,
    NotEntitled,
    PlatformAway,
    PlatformBusy,
    PlatformRefused,
    Unreachable,
)
from redprop_bot.loop import due
from redprop_bot.notify import outcomes, roads, settling, templates, waiting
from redprop_bot.notify.delivery import PARALLEL, Delivery
from redprop_bot.ports import Channel, Form, Inbound, Kind, Outbound, Receipt
from redprop_bot.rules.budget import Road, Terms, Window
from redprop_bot.store import outgoing
from redprop_bot.store.tables import ClosedRoad, Grant, Timer
from redprop_bot.store.tables import Post as Post_
from redprop_bot.store.worker import Store

SEND = "message/custom/send"
SUBSCRIBED = Template(
    kind="subscription", title="办结提醒", id="T1", messages=("*",), fields={"thing1": "what", "phrase2": "stage"}
)
TEMPLATE = Template(kind="template", title="进度", id="T2", messages=("*",), fields={"thing1": "what"})
BRIEF = {"what": "电梯", "stage": "待评价", "link": "http://x/m"}


def owe_closing(post: Post, text: str = "办好了", **values) -> None:
    """A message that matters to its reader to the end."""
    payload = {"text": text, "brief": BRIEF}
    filled = {
        "channel": "oa",
        "receiver": "o1",
        "rank": "closing",
        "weight": "answer",
        "payload": payload,
        **values,
    }
    post.store.run(lambda tx: rows.owed(tx, **filled))


def failing(error: Exception, times: int = 1):
    """A platform that fails so often, then takes everything."""
    left = [times]

    def answer(_: Outbound) -> Receipt:
        if left[0]:
            left[0] -= 1
            raise error
        return Receipt()

    return answer


# -- the budget


async def test_three_small_ones_and_two_for_the_end(post: Post) -> None:
    """Of five after a word, small messages get three; what closes a matter gets the rest; the sixth waits."""
    post.heard()
    for n in range(4):
        post.owe(f"小{n}", weight="answer")  # not merged, so that each is counted
    assert await post.deliver() == ["小0", "小1", "小2"]
    owe_closing(post, "好1")
    owe_closing(post, "好2")
    owe_closing(post, "好3")
    assert await post.deliver() == ["好1", "好2"]
    assert post.states() == ["sent"] * 3 + ["waiting"] + ["sent"] * 2 + ["waiting"]
    assert [r.error for r in post.rows() if r.state == "waiting"] == ["kept", "used_up"]
    assert {r.road for r in post.rows() if r.state == "sent"} == {"custom"}
    assert [r.attempts for r in post.rows()] == [1, 1, 1, 0, 1, 1, 0]


async def test_a_new_word_fills_the_window(post: Post) -> None:
    """After it five are there again; nothing says that anything waits until something does."""
    assert post.heard() is False
    for n in range(5):
        owe_closing(post, str(n))
    await post.deliver()
    owe_closing(post, "等")
    await post.deliver()
    assert (post.left(), post.states()[-1]) == (0, "waiting")
    assert post.heard() is True
    assert post.left() == 5


async def test_a_scan_gives_three_in_a_minute(post: Post) -> None:
    """And after the minute none."""
    post.heard(window=Window.TAP)
    for n in range(4):
        post.owe(str(n), weight="answer")
    assert await post.deliver() == ["0", "1", "2"]
    post.heard(window=Window.TAP)
    post.clock.at += timedelta(minutes=1)
    post.owe("晚了", weight="answer")
    assert await post.deliver() == []
    assert post.rows()[-1].error == "no_window"


async def test_who_left_is_not_written_to(small_post: Post) -> None:
    """Unfollowing closes every window."""
    small_post.heard()
    left = Inbound(Channel.OA, "k", "o1", Kind.EVENT, small_post.clock.at, event="unsubscribe")
    small_post.store.run(lambda tx: waiting.heard(tx, left))
    small_post.owe("在吗")
    assert await small_post.deliver() == []
    assert small_post.states() == ["waiting"]


@pytest.mark.parametrize(
    ("error", "left"),
    [
        (PlatformBusy(SEND, -1, "busy"), 5),  # an answer: surely not sent
        (PlatformBusy(SEND, None, "no answer: TimeoutError"), 4),  # it may have arrived
        (PlatformBusy("stable_token", None, "no answer"), 5),  # no token, so nothing was sent
        (PlatformAway("oa:wx1", None, "token store: OperationalError"), 5),  # likewise
        (PlatformAway(SEND, None, "no connection: ClientConnectorError"), 5),  # the platform heard nothing of it
        (CredentialError(SEND, 40001, "invalid credential"), 5),
        (RuntimeError("of ours"), 4),
    ],
)
async def test_a_failed_one_is_given_back_unless_the_answer_was_lost(small_post: Post, error, left) -> None:
    """And it is tried again after its pause, with the reason on the row."""
    small_post.heard()
    small_post.owe("一")
    small_post.platform.answer = failing(error)
    assert await small_post.deliver() == []
    row = small_post.rows()[0]
    assert (row.state, row.attempts, small_post.left()) == ("pending", 1, left)
    assert row.error
    assert row.not_before - small_post.clock.at == timedelta(seconds=2)
    small_post.clock.at += timedelta(seconds=2)
    assert await small_post.deliver() == ["一"]
    assert (small_post.left(), small_post.rows()[0].error) == (left - 1, None)


async def test_several_processes_never_spend_one_twice(store: Store, open_store, post: Post) -> None:
    """Two processes claim for forty residents at once: nobody gets more than three small messages a word."""
    people = [f"o{n}" for n in range(8)]
    for openid in people:
        post.heard(openid)
        for n in range(6):
            post.owe(f"{n}", receiver=openid, weight="answer")
    sent: list[str] = []
    errors: list[Exception] = []

    def drain(mine: Store, owner: str) -> None:
        try:
            while True:
                claimed = mine.run(
                    lambda tx: roads.claim(tx, owner=owner, lease=timedelta(minutes=1), limit=3, channels=["oa"])
                )
                mine.run(
                    lambda tx, c=claimed: settling.mark(tx, [settling.Outcome(m, Receipt()) for m in c.messages])
                )
                sent.extend(m.receiver for m in claimed.messages)
                if not claimed.messages and not claimed.more:
                    return
        except Exception as error:  # noqa: BLE001 - shown by the test
            errors.append(error)

    both = [
        threading.Thread(target=drain, args=(s, f"p{n}")) for n, s in enumerate((store, open_store(store.url)))
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(120)
    assert errors == []
    assert {openid: sent.count(openid) for openid in people} == dict.fromkeys(people, 3)
    assert {openid: post.left(openid) for openid in people} == dict.fromkeys(people, 2)


async def test_a_word_while_one_is_on_its_way_counts_it(post: Post) -> None:
    """The platform may count it after the word: four are left, five again when it surely was not sent."""
    post.heard()
    post.owe("一")
    claimed = post.store.run(
        lambda tx: roads.claim(tx, owner="p", lease=timedelta(minutes=1), limit=9, channels=["oa"])
    )
    post.heard()
    assert post.left() == 4
    failed = settling.Outcome(claimed.messages[0], error=PlatformBusy(SEND, -1))
    post.store.run(lambda tx: settling.mark(tx, [failed]))
    assert post.left() == 5


async def test_after_a_crash_it_comes_once_more_and_is_counted_once_more(post: Post) -> None:
    """A process died between claim and mark: whether it was sent nobody knows, so both are paid for."""
    post.heard()
    post.owe("一")
    post.store.run(lambda tx: roads.claim(tx, owner="gone", lease=timedelta(minutes=1), limit=9, channels=["oa"]))
    assert await post.deliver() == []
    post.clock.at += timedelta(minutes=2)
    assert await post.deliver() == ["一"]
    assert await post.deliver() == []
    assert post.left() == 3


# -- the platform knows better


async def test_our_count_was_wrong(small_post: Post) -> None:
    """45047 and 45015 close the window at once: the message waits, it is not dead and not tried in vain."""
    for errcode in (45047, 45015):
        small_post.heard()
        small_post.owe("一")
        small_post.platform.answer = failing(PlatformRefused(SEND, errcode, "limit"))
        assert await small_post.deliver() == []
        assert (small_post.rows()[-1].state, small_post.left()) == ("waiting", 0)


async def test_an_account_without_such_messages(small_post: Post) -> None:
    """48001 closes the road for everybody for a day; then it is tried again, in case it was certified."""
    small_post.heard()
    small_post.heard("o2")
    small_post.owe("一")
    small_post.platform.answer = failing(PlatformRefused(SEND, 48001, "api unauthorized"))
    assert await small_post.deliver() == []
    small_post.owe("二", receiver="o2")
    assert await small_post.deliver() == []
    assert small_post.states() == ["waiting", "waiting"]
    assert small_post.rows()[1].error == "closed"
    assert [r.name for r in small_post.store.look(lambda tx: tx.list(ClosedRoad))] == ["custom"]
    small_post.clock.at += timedelta(hours=25)
    small_post.heard()
    small_post.owe("三")
    assert await small_post.deliver() == ["一\n\n三", "二"]  # with what waited for that, where a window is open


@pytest.mark.parametrize("errcode", [48004, 50002])
async def test_an_account_that_is_limited_for_a_while(small_post: Post, errcode: int) -> None:
    """Nothing is given up: it waits for the resident's next word, or for the account to be let in again."""
    small_post.heard()
    small_post.owe("一")
    owe_closing(small_post)
    small_post.platform.answer = failing(NotEntitled(SEND, errcode, "user limited"))
    assert await small_post.deliver() == []
    assert set(small_post.states()) == {"waiting"}
    assert small_post.left() == 5
    small_post.clock.at += timedelta(hours=25)
    assert await small_post.deliver() == ["一", "办好了"]


@pytest.mark.parametrize("errcode", [40056, 48002, 301002])
async def test_a_secret_that_was_set_wrongly_costs_no_card(small_post: Post, errcode: int) -> None:
    """WeCom refuses everything until an operator has set it right; then it goes."""
    small_post.owe("新单", channel="work", receiver="limgr")
    small_post.platform.answer = failing(Unreachable(SEND, errcode, "api forbidden"))
    assert await small_post.deliver() == []
    assert small_post.states() == ["pending"]
    small_post.clock.at += timedelta(minutes=30)
    assert await small_post.deliver() == ["新单"]


async def test_an_outage_does_not_use_up_what_may_be_said(small_post: Post) -> None:
    """No connection for a while: tried ever again, and the five are still there afterwards."""

    def away(_: Outbound) -> Receipt:
        raise PlatformAway(SEND, None, "no connection: ClientConnectorDNSError")

    small_post.heard()
    small_post.owe("一")
    calm, small_post.platform.answer = small_post.platform.answer, away
    for _ in range(8):
        assert await small_post.deliver() == []
        small_post.clock.at += timedelta(minutes=10)
    assert (small_post.left(), small_post.states()) == (5, ["pending"])
    small_post.platform.answer = calm
    assert await small_post.deliver() == ["一"]
    assert small_post.left() == 4


async def test_a_day_that_is_used_up(small_post: Post) -> None:
    """45009 closes the road until the moment that the client names."""
    error = PlatformBusy(SEND, 45009, "quota")
    error.until = small_post.clock.at + timedelta(hours=3)  # type: ignore[attr-defined]
    small_post.heard()
    small_post.owe("一")
    small_post.platform.answer = failing(error)
    assert await small_post.deliver() == []
    road = small_post.store.look(lambda tx: tx.list(ClosedRoad)[0])
    assert road.until == error.until  # type: ignore[attr-defined]
    assert small_post.left() == 5


async def test_a_subscription_account_by_configuration(small_post: Post) -> None:
    """Nothing is tried that it cannot do."""
    small_post.configure(account="subscription")
    small_post.heard()
    small_post.owe("一")
    assert await small_post.deliver() == []
    assert small_post.states() == ["waiting"]


# -- grants and templates


async def test_a_grant_serves_once(post: Post) -> None:
    """Outside the window what matters goes by the subscription message that was said yes to, and only once."""
    post.use(SUBSCRIBED)
    for _ in range(2):  # the same event again is no second yes
        post.store.run(lambda tx: outcomes.granted(tx, "event1", "o1", "T1", accepted=True))
    owe_closing(post, "好1")
    owe_closing(post, "好2")
    await post.deliver()
    (sent,) = post.platform.sent
    assert (sent.form, sent.payload["template_id"]) == (Form.SUBSCRIPTION, "T1")
    assert (sent.payload["data"], sent.payload["url"]) == ({"thing1": "电梯", "phrase2": "待评价"}, "http://x/m")
    assert [(r.state, r.road) for r in post.rows()] == [("sent", "subscription"), ("waiting", None)]


async def test_43101_the_platform_knows_of_no_grant(small_post: Post) -> None:
    """Ours is struck out; the next road is taken, and when there is none the message waits."""
    small_post.use(SUBSCRIBED)
    small_post.store.run(lambda tx: outcomes.granted(tx, "event1", "o1", "T1", accepted=True))
    owe_closing(small_post)
    small_post.platform.answer = failing(PlatformRefused("message/subscribe/bizsend", 43101, "user refuse"))
    assert await small_post.deliver() == []
    row = small_post.rows()[0]
    assert (row.state, row.refused) == ("waiting", "subscription")
    assert all(g.used_at for g in small_post.store.look(lambda tx: tx.list(Grant)))


async def test_a_refused_field_does_not_cost_the_grant(small_post: Post) -> None:
    """47003 is our fault: the yes stays, the template message is tried."""
    small_post.use(SUBSCRIBED, TEMPLATE)
    small_post.store.run(lambda tx: outcomes.granted(tx, "event1", "o1", "T1", accepted=True))
    owe_closing(small_post)
    small_post.platform.answer = failing(PlatformRefused("message/subscribe/bizsend", 47003, "thing1.value"))
    await small_post.deliver()
    assert [m.form for m in small_post.platform.sent] == [Form.TEMPLATE]
    assert [g.used_at for g in small_post.store.look(lambda tx: tx.list(Grant))] == [None]


async def test_small_things_cost_no_grant(small_post: Post) -> None:
    """They wait for the next word."""
    small_post.use(SUBSCRIBED, TEMPLATE)
    small_post.store.run(lambda tx: outcomes.granted(tx, "event1", "o1", "T1", accepted=True))
    small_post.owe("小")
    assert await small_post.deliver() == []
    assert small_post.states() == ["waiting"]


async def test_a_yes_brings_what_waits(small_post: Post) -> None:
    """The message that waited leaves by the road that was just opened; a no takes it away again."""
    small_post.use(SUBSCRIBED)
    owe_closing(small_post)
    await small_post.deliver()
    assert small_post.states() == ["waiting"]
    small_post.store.run(lambda tx: outcomes.granted(tx, "event1", "o1", "T1", accepted=True))
    await small_post.deliver()
    assert small_post.states() == ["sent"]
    small_post.store.run(lambda tx: outcomes.granted(tx, "event2", "o1", "T1", accepted=True))
    small_post.store.run(lambda tx: outcomes.granted(tx, "event3", "o1", "T1", accepted=False))
    owe_closing(small_post)
    await small_post.deliver()
    assert small_post.states() == ["sent", "waiting"]


@pytest.mark.parametrize("status", ["failed:user block", "failed: system failed", "failed:system failed"])
async def test_a_template_message_that_did_not_arrive(small_post: Post, status: str) -> None:
    """Told later by its msgid: it is owed again, by another road; told twice it changes nothing."""
    small_post.use(TEMPLATE)
    small_post.platform.answer = lambda _: Receipt(msgid="200228332")
    owe_closing(small_post)
    await small_post.deliver()
    assert [(r.state, r.road, r.msgid) for r in small_post.rows()] == [("sent", "template", "200228332")]
    for _ in range(2):
        small_post.store.run(lambda tx: outcomes.told_early(tx, "200228332", status))
    await small_post.deliver()
    row = small_post.rows()[0]
    assert (row.state, row.outcome, row.refused) == ("waiting", status, "template")
    assert small_post.store.run(lambda tx: outcomes.outcome(tx, "999", status)) is False


@pytest.mark.parametrize("road", [Road.TEMPLATE, Road.SUBSCRIPTION])
async def test_an_outcome_that_is_faster_than_our_own_note(small_post: Post, road: Road) -> None:
    """The failure comes while the message is still marked as under way: it is not taken for sent."""
    small_post.use(TEMPLATE if road == Road.TEMPLATE else SUBSCRIBED)
    small_post.store.run(lambda tx: outcomes.granted(tx, "e", "o1", "T1", accepted=True))
    told = {"receiver": "o1", "road": road}

    def early(_: Outbound) -> Receipt:
        small_post.store.run(lambda tx: outcomes.told_early(tx, "77", "failed:user block", **told))
        return Receipt(msgid="77" if road == Road.TEMPLATE else "")

    small_post.platform.answer = early
    owe_closing(small_post)
    await small_post.deliver()
    assert small_post.states() == ["sent"]
    small_post.clock.at += outcomes.A_MOMENT
    small_post.store.run(due.sweep)
    await small_post.deliver()
    assert [(r.state, r.refused) for r in small_post.rows()] == [("waiting", road.value)]


async def test_outcomes_of_other_systems_of_the_account(small_post: Post) -> None:
    """Looked at once more, then forgotten; good news of them is no work at all."""
    small_post.store.run(lambda tx: outcomes.told_early(tx, "1", "success"))
    small_post.store.run(lambda tx: outcomes.told_early(tx, "2", "failed:user block"))
    small_post.store.run(lambda tx: outcomes.told_early(tx, "", "failed:user block"))
    small_post.clock.at += outcomes.A_MOMENT
    assert small_post.store.run(due.sweep)["outcome"] == 1
    timers = small_post.store.look(lambda tx: tx.list(Timer))
    assert [t.done_at is not None for t in timers] == [True]


async def test_a_template_message_that_arrived(small_post: Post) -> None:
    """Success is noted and changes nothing."""
    small_post.use(TEMPLATE)
    small_post.platform.answer = lambda _: Receipt(msgid="7")
    owe_closing(small_post)
    await small_post.deliver()
    small_post.store.run(lambda tx: outcomes.outcome(tx, "7", "success"))
    assert [(r.state, r.outcome) for r in small_post.rows()] == [("sent", "success")]


# -- several in one


async def test_small_ones_to_one_person_leave_as_one(post: Post) -> None:
    """Their texts in order, one message of the budget, all of them sent; others' stay their own."""
    post.heard()
    post.heard("o2")
    post.owe("一", "二", "三")
    post.owe("别人的", receiver="o2")
    assert sorted(await post.deliver()) == sorted(["一\n\n二\n\n三", "别人的"])
    assert post.states() == ["sent"] * 4
    assert (post.left(), post.left("o2")) == (4, 4)
    assert [r.lead_id for r in post.rows()] == [None, 1, 1, None]
    assert all(r.sent_at for r in post.rows())


async def test_nothing_overtakes_what_stands_between(small_post: Post) -> None:
    """Only what stands directly behind goes with it, and only as far as it fits."""
    small_post.heard()
    small_post.owe("一")
    small_post.owe("答", weight="answer")
    small_post.owe("二", "长" * 700)
    assert await small_post.deliver() == ["一", "答", "二"]
    assert small_post.states() == ["sent", "sent", "sent", "waiting"]


async def test_members_too(small_post: Post) -> None:
    """Plain texts in WeCom leave as one; cards do not."""
    small_post.owe("一", "二", receiver="li", channel="work")
    small_post.owe("卡", receiver="li", channel="work", form="card")
    assert await small_post.deliver() == ["一\n\n二", "卡"]


# -- the next word


async def test_what_waits_is_told_once(post: Post) -> None:
    """In front of the reply to the next word, as far as it fits; then it is sent, by that road."""
    post.owe("一", "二")
    post.owe("长" * 640, weight="answer")
    await post.deliver()
    assert post.states() == ["waiting", "merged", "waiting"]
    post.heard()
    text = post.store.run(lambda tx: waiting.beside(tx, "o1", "回" * 50, alarm=False))
    assert text.endswith("一\n\n二\n\n" + "回" * 50)
    assert len(text.encode()) <= 2048
    assert [(r.state, r.road) for r in post.rows()[:2]] == [("sent", "passive")] * 2
    assert await post.deliver() == ["长" * 640]  # what did not fit leaves by the window that the word has opened
    assert post.store.run(lambda tx: waiting.beside(tx, "o1", "回", alarm=False)) == "回"


async def test_a_call_is_planned_only_for_what_matters(small_post: Post) -> None:
    """Small things wait as long as it takes; after a month they are dead, and visible."""
    small_post.owe("小", weight="answer")
    owe_closing(small_post)
    await small_post.deliver()
    timers = small_post.store.look(lambda tx: tx.list(Timer))
    assert [(t.kind, t.due_at - small_post.clock.at) for t in timers] == [("phone", timedelta(hours=4))]
    small_post.clock.at += timedelta(days=31)
    await small_post.deliver()
    assert small_post.states() == ["dead", "dead"]
    assert {r.error for r in small_post.rows()} == {"nobody asked"}


# -- members


async def test_thirty_a_minute_to_one_member(post: Post) -> None:
    """What is above waits until the platform would show it; others are not held up."""
    for n in range(32):
        post.owe(f"{n}", receiver="li", channel="work", form="card", weight="pressing")
    post.owe("别人的", receiver="zhou", channel="work", weight="pressing")
    sent = await post.deliver()
    assert len(sent) == 31
    assert "别人的" in sent
    held = [r for r in post.rows() if r.state == "pending"]
    assert [(r.error, r.attempts) for r in held[:1]] == [("frequency", 0)]
    assert held[0].not_before == post.clock.at + timedelta(minutes=1)
    post.clock.at += timedelta(minutes=1)
    assert await post.deliver() == ["30", "31"]


async def test_the_last_of_a_minute_are_for_what_is_pressing(post: Post) -> None:
    """When 25 have been sent a calm card waits, and an alarm behind it goes at once; five alarms, not six."""
    at = post.clock.at - timedelta(seconds=10)
    post.owe(*map(str, range(25)), receiver="li", channel="work", state="sent", sent_at=at)
    post.owe("不急", receiver="li", channel="work", form="card", weight="plain")
    for n in range(6):
        post.owe(f"急{n}", receiver="li", channel="work", form="card", weight="pressing")
    assert await post.deliver() == [f"急{n}" for n in range(5)]
    waits = {r.key: r.not_before for r in post.rows() if r.state == "pending"}
    assert set(waits.values()) == {at + timedelta(minutes=1)}
    assert len(waits) == 2


async def test_a_thousand_an_hour(small_post: Post) -> None:
    """Counted over what was sent to this member in the last hour; what was carried along does not count."""
    at = small_post.clock.at - timedelta(minutes=30)
    sent = {"channel": "work", "state": "sent", "sent_at": at, "receiver": "li"}
    small_post.owe(*map(str, range(999)), **sent)
    small_post.owe("捎带", lead_id=1, **sent)
    small_post.owe("更新", **{**sent, "form": "card_update"})
    small_post.owe("第一千", "下一条", receiver="li", channel="work", weight="pressing")
    assert await small_post.deliver() == ["第一千"]
    assert small_post.rows()[-1].not_before == at + timedelta(hours=1)


# -- for good not


async def test_dead_letters_keep_reason_and_count(small_post: Post) -> None:
    """A day of pauses, none above half an hour, then dead; what matters becomes a call at once."""
    small_post.platform.answer = failing(PlatformBusy(SEND, -1, "busy"), times=10_000)
    small_post.heard()
    owe_closing(small_post)
    pauses = []
    for _ in range(100):
        await small_post.deliver()
        row = small_post.rows()[0]
        if row.state == "dead":
            break
        pauses.append(row.not_before - small_post.clock.at)
        small_post.clock.at = row.not_before
    assert row.state == "dead"
    assert max(pauses) == timedelta(minutes=30)
    assert timedelta(hours=24) < small_post.clock.at - row.created_at <= timedelta(hours=24, minutes=30)
    assert row.attempts == len(pauses) + 1
    assert "-1" in row.error
    assert [t.kind for t in small_post.store.look(lambda tx: tx.list(Timer))] == ["phone"]


async def test_what_it_carried_dies_with_it(small_post: Post) -> None:
    """Nothing stays merged into a dead message."""
    small_post.heard()
    small_post.owe("一", "二")
    small_post.platform.answer = failing(PlatformRefused(SEND, 40003, "invalid openid"))
    assert await small_post.deliver() == []
    assert small_post.states() == ["dead", "dead"]


def test_states_and_roads_can_be_counted(sqlite_store: Store) -> None:
    """For the console and the figures: channel, state and road."""
    assert sqlite_store.look(outgoing.counts) == []


def test_terms_are_data(small_post: Post) -> None:
    """What ships is what the platform grants today."""
    assert small_post.store.content.roads.terms == Terms(5, 48 * 3600, 3, 60, 2)


async def test_a_channel_that_hangs_holds_up_nobody_on_the_other(small_post: Post) -> None:
    """With every place of one platform taken by calls that never end, the other's messages leave."""
    gate, reached = asyncio.Event(), asyncio.Event()

    class Hanging:
        async def send(self, _message: Outbound) -> Receipt:
            await gate.wait()
            return Receipt()

    class Reaching:
        async def send(self, _message: Outbound) -> Receipt:
            reached.set()
            return Receipt()

    for n in range(PARALLEL + 10):
        small_post.heard(f"o{n}")
        small_post.owe("一", receiver=f"o{n}")
    small_post.owe("特急", receiver="li", channel="work", weight="pressing")
    delivery = Delivery(small_post.store, {Channel.OA: Hanging(), Channel.WORK: Reaching()})
    work = asyncio.create_task(delivery.run())
    await asyncio.wait_for(reached.wait(), 30)
    gate.set()
    delivery.stop()
    await work


async def test_a_member_who_is_not_there(post: Post) -> None:
    """invaliduser: dead with the reason; the secretary is told, once for this person."""

    def people(tx):
        community = rows.community(tx)
        secretary = rows.person(tx, userid="wangsj", name="王书记")
        tx.insert(Post_, person_id=secretary.id, community_id=community.id, duty="secretary")
        gone = rows.person(tx, userid="gone", name="老林")
        return community.id, gone.id

    community_id, gone_id = post.store.run(people)

    def answer(message: Outbound) -> Receipt:
        if message.receiver == "gone":
            raise PlatformRefused("message/send", 81013, "invaliduser")
        return Receipt()

    post.platform.answer = answer
    about = {"channel": "work", "weight": "pressing", "person_id": gone_id, "community_id": community_id}
    for _ in range(2):
        post.owe("新单", receiver="gone", **about)
        await post.deliver()
    told = [m for m in post.platform.sent if m.receiver == "wangsj"]
    assert len(told) == 1
    assert "老林" in told[0].payload["text"]
    dead = [r for r in post.rows() if r.receiver == "gone"]
    assert [r.state for r in dead] == ["dead", "dead"]
    assert all("invaliduser" in r.error for r in dead)


async def test_a_template_taken_away_meanwhile(small_post: Post) -> None:
    """Chosen and claimed, then its number is deleted from the data: refused, so that another road is chosen."""
    small_post.use(TEMPLATE)
    owe_closing(small_post)
    claimed = small_post.store.run(
        lambda tx: roads.claim(tx, owner="me", lease=timedelta(minutes=1), limit=1, channels=["oa"])
    )
    (message,) = claimed.messages
    now = small_post.clock.now()
    assert templates.outbound(small_post.store.content, message, now).payload["data"] == {"thing1": "电梯"}
    small_post.use()
    with pytest.raises(ContentRefused):
        templates.outbound(small_post.store.content, message, now)


async def test_a_keyword_that_nothing_fills_is_no_road(small_post: Post) -> None:
    """The message would be refused whole: it waits instead, and no grant is spent on it."""
    small_post.use(SUBSCRIBED.model_copy(update={"fields": {"phone_number1": SUBSCRIBED.fields["thing1"]}}))
    small_post.store.run(lambda tx: outcomes.granted(tx, "event1", "o1", "T1", accepted=True))
    owe_closing(small_post)
    await small_post.deliver()
    assert small_post.states() == ["waiting"]
    assert [g.used_at for g in small_post.store.look(lambda tx: tx.list(Grant))] == [None]
