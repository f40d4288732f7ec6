"""The shop and the wish wall on a phone: what is shown to whom, and that a form does what the chat does."""

import re

from tests.web.test_api_shop import GOODS, earned

from redprop_bot.loop.actor import RULE
from redprop_bot.store import wishes as rows
from redprop_bot.store.tables import Goods, Redemption
from redprop_bot.volunteers import ledger, shop, wishes


def stocked(hand, **fields):
    given = {name: value for name, value in GOODS.items() if name != "community"} | fields
    return hand.house.office.store.run(lambda tx: shop.stock_up(tx, shop.Item(**given), RULE))


def key(page: str) -> str:
    return re.search(r'name="key" value="([0-9a-f]{24})"', page)[1]


def redemptions(hand):
    return hand.house.office.store.look(lambda tx: tx.list(Redemption))


async def test_redeemed_and_given_back_on_the_page(hand):
    """The code stands on the page; the same form twice takes one; giving back restores both."""
    goods = stocked(hand)
    await hand.look("/m/shop")
    earned(hand.house, "o-xu", 25)
    page = await hand.look("/m/shop")
    assert "您有 <b>25</b> 分" in page
    form = {"goods": str(goods.id), "quantity": "2", "key": key(page)}
    for _ in range(2):
        assert (await hand.send("/m/shop/redeem", form)).status == 303
    made = redemptions(hand)
    assert [(one.quantity, one.state) for one in made] == [(2, "held")]
    page = await hand.look("/m/shop")
    assert f"{made[0].code[:3]} {made[0].code[3:]}" in page
    assert "您有 <b>5</b> 分" in page
    assert (await hand.send("/m/shop/cancel", {"redemption": str(made[0].id)})).status == 303
    assert (await hand.send("/m/shop/cancel", {"redemption": str(made[0].id)})).status == 409
    left = hand.house.office.store.look(
        lambda tx: (tx.get(Goods, goods.id).stock, ledger.balance(tx, hand.me().id))
    )
    assert left == (10, 25)


async def test_what_cannot_be_is_said_on_the_page_and_moves_nothing(hand, other):
    """Too dear, too many, somebody else's, another community's, no number: refused, the page says why."""
    goods = stocked(hand, points=30)
    earned(hand.house, "o-xu", 25)
    page = await hand.look("/m/shop")
    assert "还差 5 分" in page
    assert "兑换 抽纸" not in page
    cheap = stocked(hand, title="肥皂", points=1)
    fresh = key(await hand.look("/m/shop"))
    for fields, status in (
        ({"goods": str(goods.id), "quantity": "1"}, 409),
        ({"goods": str(cheap.id), "quantity": "11"}, 409),
        ({"goods": str(cheap.id), "quantity": "0"}, 422),
        ({"goods": str(cheap.id), "quantity": "-3"}, 422),
        ({"goods": str(cheap.id), "quantity": "9" * 14}, 422),
        ({"goods": "999", "quantity": "1"}, 404),
    ):
        answer = await hand.send("/m/shop/redeem", {**fields, "key": fresh})
        assert answer.status == status, fields
    assert redemptions(hand) == []
    await hand.send("/m/shop/redeem", {"goods": str(cheap.id), "quantity": "1", "key": fresh})
    await other.look("/m/wishes")  # a page with forms
    theirs = redemptions(hand)[0]
    assert (await other.send("/m/shop/cancel", {"redemption": str(theirs.id)})).status == 404
    assert theirs.code[:3] not in await other.look("/m/shop")


async def test_without_a_session_the_way_leads_through_the_login(small_house, hand):
    """The pages are one's own; a form of a session that is over is kept, nothing is done."""
    from tests.web.phone.conftest import Hand
    from tests.web.test_login import WECHAT

    stranger = Hand(small_house, "o-new", WECHAT)
    for path in ("/m/shop", "/m/wishes"):
        assert (await stranger.get(path)).status == 302
    assert (await stranger.send("/m/wishes", {"text": "想要一本字帖"}, mark="x")).status == 401
    assert (
        small_house.office.store.look(lambda tx: rows.page(tx, communities=None, statuses=rows.LIVE, limit=9))
        == []
    )


async def test_a_wish_on_the_wall_shows_nobody_and_is_confirmed_by_both(hand, other):
    """Wished by one, published, given by a unit; the wisher says that it came."""
    store = hand.house.office.store
    await hand.look("/m/wishes")
    sent = await hand.send("/m/wishes", {"text": "我住海棠苑3栋2单元501，想要一台收音机，电话13812345678"})
    assert sent.status == 303
    wish = store.look(lambda tx: rows.page(tx, communities=None, statuses=["proposed"], limit=1))[0]
    assert "收音机" not in await other.look("/m/wishes")
    store.run(lambda tx: wishes.decide(tx, wish, RULE, publish=True))
    page = await other.look("/m/wishes")
    assert "收音机" in page
    assert not any(word in page for word in ("13812345678", "501", "3栋"))
    assert "我来圆" not in page  # who is no member is told how to become one
    refused = await other.send("/m/wishes/act", {"no": wish.no, "act": "claim"})
    assert refused.status == 403
    unit = hand.house.token("provider", organisation="春晖物业")
    await hand.house.api("POST", f"/wishes/{wish.no}/acts", unit, {"act": "claim"})
    await hand.house.api("POST", f"/wishes/{wish.no}/acts", unit, {"act": "deliver"})
    for verb in ("receive", "miss", "withdraw", "deliver", "release"):
        assert (await other.send("/m/wishes/act", {"no": wish.no, "act": verb})).status in (403, 404), verb
    await hand.look("/m/wishes")
    assert (await hand.send("/m/wishes/act", {"no": wish.no, "act": "miss"})).status == 303
    assert (await hand.send("/m/wishes/act", {"no": wish.no, "act": "receive"})).status == 303
    await hand.house.api("POST", f"/wishes/{wish.no}/acts", unit, {"act": "deliver"})
    assert "已圆满" in await hand.look("/m/wishes")


async def test_what_was_typed_stands_again_when_it_was_refused(hand):
    """Too many wishes at once: said, and the words are still in the form."""
    await hand.look("/m/wishes")
    for text in ("想要一本字帖", "想要一个放大镜", "想要一把轮椅"):
        assert (await hand.send("/m/wishes", {"text": text})).status == 303
    answer = await hand.send("/m/wishes", {"text": "想要一台血压计"})
    text = await hand.seen(answer)
    assert answer.status == 409
    assert "想要一台血压计</textarea>" in text
    assert "已经有 3 个心愿" in text


async def test_the_board_shows_what_waits_in_the_words_of_the_wall(small_house):
    """Only what the secretary agreed to, without who wished it; another community's is not there."""
    store = small_house.office.store

    def job(tx):
        texts = ("卫党员想要一台收音机", "想要一本字帖", "想要一把剪刀")
        one, _two, three = [wishes.make(tx, wishes.Wished(text, None, 1), RULE) for text in texts]
        wishes.decide(tx, one, RULE, publish=True)
        wishes.decide(tx, three, RULE, publish=False)

    store.run(job)
    page = await (await small_house.client.get("/board/海棠社区")).text()
    assert "收音机" in page
    assert not any(word in page for word in ("卫党员", "字帖", "剪刀"))
    assert "收音机" not in await (await small_house.client.get("/board/银杏社区")).text()
