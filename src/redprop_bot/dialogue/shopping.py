"""公益超市 in chat: what there is, redeeming, one's codes, cancelling; the clerk hands over by code.

Redeeming is for whoever has points, in whatever role; nobody is asked to.
"""

import re
from datetime import timedelta
from typing import Any, Final

from redprop_bot.dialogue import shop_words, tasks
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Invalid, Refused
from redprop_bot.notify import words
from redprop_bot.registry.people import RESIDENT_NAME, mask_name
from redprop_bot.store import people
from redprop_bot.store import shop as rows
from redprop_bot.store.tables import Goods, Redemption
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.volunteers import ledger, shop, shop_clock

SHOWN: Final = 12
_OF_LATE: Final = timedelta(minutes=10)
_BROWSE: Final = re.compile(
    r"(?:公益|积分|爱心)(?:超市|商城|小店)(?:里?有(?:什么|哪些|啥)(?:东西)?|清单)?[？?。！]?"
)
_MINE: Final = re.compile(
    r"(?:看|查)?(?:一下)?我的兑换(?:码|记录)?|(?:我的)?兑换码(?:是多少)?[？?]?|我?的?取货码"
    r"|我?[换兑]的?东西?.{0,4}(?:哪里?|哪儿|什么时候|怎么)[能可以去]{0,2}[领取拿]的?[？?]?"
)
_CANCEL: Final = re.compile(
    r"(?:取消|撤销|退掉?|不要)(?:这次|刚才|那个|我)?的?(?:兑换|[换兑]的)|(?:兑换|兑的).{0,10}(?:取消|不要|退)|不换了|不兑了"
)
_LOOK: Final = re.compile(
    r"(?:能|可以?|都?有)(?:换|兑换?)?(?:什么|哪些|啥)|换(?:什么|哪些|啥)|有(?:什么|哪些|啥)(?:能|可以)?[换兑]|怎么[换兑]"
)
_PICK: Final = re.compile(r"(?:核销|取货码|兑换码|取货|领货|兑付)\s*[:：]?\s*(?P<code>\d{6})")
_CODE: Final = re.compile(r"(?<!\d)\d{6}(?!\d)")


def redeem(turn: Turn, heard: Heard) -> None:
    """兑换: what is named, else what there is; on a question, a no or a later nothing is booked."""
    text = (heard.text or turn.inbound.text).strip()
    if not _holds(turn):
        text = shop_words.asked_for(text)
    if shop_words.handed_on(text):
        turn.say("shop.not_handed_on")
        return
    if _CANCEL.search(text) and not shop_words.asks(text):
        _cancel(turn, text)
        return
    shelf = _shelf(turn)
    found = shop_words.meant(text, shelf)
    if _books_nothing(turn, text):
        return
    if not shelf:
        turn.say("shop.empty")
        return
    named = shop_words.named(text, shelf)
    if len(named) > 1 and not shop_words.asks(text):
        _redeem_each(turn, text, named)
        return
    if len(found) == 1 and not shop_words.asks(text):
        try:
            _redeem(turn, found[0], _quantity(turn, shop_words.beside(text, found[0].title)))
        except Refused as refusal:
            turn.refuse(refusal)
        return
    _offer(turn, found or shelf, text, unknown=bool(text) and not found and not _LOOK.search(text))


def _redeem_each(turn: Turn, text: str, named: list[tuple[int, Goods]]) -> None:
    """Both of 洗衣液和抽纸; of 洗衣液或者抽纸 it is asked which."""
    both = shop_words.several(text, named)
    if not both:
        _offer(turn, [goods for _start, goods in named], "", unknown=False)
    for goods, part in both:
        try:
            _redeem(turn, goods, _quantity(turn, part))
        except Refused as refusal:
            turn.refuse(refusal)


def _books_nothing(turn: Turn, text: str) -> bool:
    """A no, a later, or a word about what is held already; answered here."""
    asks, held = shop_words.asks(text), rows.waiting_of(turn.tx, turn.person_id)
    if shop_words.refuses(text) and not asks:
        if any(one.title in text for one in held):
            _cancel(turn, text)
        else:
            turn.say("shop.not_redeemed", have=str(ledger.balance(turn.tx, turn.person_id)))
        return True
    if shop_words.of_held(text) or (asks and shop_words.refuses(text)):
        _mine(turn)
        return True
    if shop_words.later(text):
        turn.say("shop.not_redeemed", have=str(ledger.balance(turn.tx, turn.person_id)))
        return True
    return False


def _in_plain_words(turn: Turn, text: str) -> bool:
    """我要换2瓶洗衣液, 大米还有吗 of who has points or holds something; returns whether it was that."""
    if not shop_words.may_be_about_goods(text):
        return False  # most of what is said is not, and the shelf need not be fetched for it
    shelf, held = _shelf(turn), rows.waiting_of(turn.tx, turn.person_id)
    titles = {goods.title for goods in shelf} | {one.title for one in held}
    if not any(title in text and shop_words.about_goods(text, title) for title in titles):
        return False
    if not held and ledger.balance(turn.tx, turn.person_id) <= 0 and not shop_words.redeems(text):
        return False
    if shop_words.wants(text):
        redeem(turn, Heard("points.redeem", text=text))
    elif not _books_nothing(turn, text):
        _offer(turn, shop_words.meant(text, shelf) or shelf, text, unknown=False)
    return True


def run(turn: Turn) -> bool:
    """Sentences about the shop that mean one thing; returns whether it was one."""
    text = turn.inbound.text.strip()
    if len(text) > 40:
        return False
    if (match := _PICK.fullmatch(text)) and turn.speaker.role == "secretary":
        _pick(turn, match["code"])
        return True
    if _BROWSE.fullmatch(text):
        _offer(turn, _shelf(turn), "", unknown=False)
        return True
    if _MINE.fullmatch(text) or (shop_words.lost_code(text) and _holds(turn)):
        _mine(turn)
        return True
    if not turn.session.asked and _swapped(turn, text):
        return True
    if not turn.session.asked and shop_words.drops(text) and (newest := _just_redeemed(turn)):
        _cancel_code(turn, newest[0].code)
        return True
    named = "兑换" in text  # 不换了 may be about anything, of who holds nothing
    if _CANCEL.search(text) and not shop_words.asks(text) and (named or _holds(turn)):
        _cancel(turn, text)
        return True
    if shop_words.handed_on(text):
        turn.say("shop.not_handed_on")
        return True
    return _in_plain_words(turn, text)


def _just_redeemed(turn: Turn) -> list[Redemption]:
    """What was redeemed some minutes ago, where nothing was reported since: 不要了 is of that."""
    held = rows.waiting_of(turn.tx, turn.person_id)
    newest = max(held, key=lambda one: (one.at, one.id or 0), default=None)
    since = turn.tx.now - newest.at if newest is not None else _OF_LATE
    if newest is None or since > _OF_LATE or turn.session.just_reported(int(since.total_seconds())) is not None:
        return []
    return [newest]


def _swapped(turn: Turn, text: str) -> bool:
    """换成洗洁精, 大米换成抽纸: the old goes back and the new is booked, both or neither."""
    sides = shop_words.swapped(text)
    if sides is None or shop_words.asks(text):
        return False
    held, shelf = rows.waiting_of(turn.tx, turn.person_id), _shelf(turn)
    if any(goods.title in sides[0] for goods in shelf):
        olds = [one for one in held if one.title in sides[0]]
    else:  # 换成抽纸, and nothing named before it
        olds = _just_redeemed(turn) if shop_words.only_manners(sides[0]) else []
    found = [goods for goods in shop_words.meant(sides[1], shelf) if goods.title in sides[1]]
    if len(olds) != 1 or len(found) != 1 or found[0].id == olds[0].goods_id:
        return False
    old = olds[0]
    try:
        with turn.tx.savepoint():
            shop.cancel(turn.tx, old, turn.actor, "本人换成别的")
            made = _book(turn, found[0], _quantity(turn, shop_words.beside(sides[1], found[0].title)))
    except Refused as refusal:
        turn.refuse(refusal)
        return True
    turn.say("shop.swapped", old=old.title, given_back=str(old.points))
    _told(turn, made)
    return True


def _holds(turn: Turn) -> bool:
    return bool(rows.waiting_of(turn.tx, turn.person_id, limit=1))


def _quantity(turn: Turn, text: str) -> int:
    return shop_words.quantity(text, turn.tx.content.shop.most_at_once)


def answered(turn: Turn, asked: dict[str, Any], option: str | None, text: str) -> bool:
    """A number or a name out of the list; returns whether it was one."""
    if asked["kind"] == "shop_cancel":
        return option is not None and _cancel_code(turn, option)
    key = option
    if key is None:
        named = [goods for goods in _shelf(turn) if goods.title in text and len(text) <= len(goods.title) + 6]
        key = str(named[0].id) if len(named) == 1 else None
    goods = rows.goods(turn.tx, int(key)) if key is not None else None
    if goods is None:
        return False
    try:
        _redeem(turn, goods, int(asked.get("quantity") or 1))
    except Refused as refusal:
        turn.refuse(refusal)
    return True


def _shelf(turn: Turn) -> list[Goods]:
    community_id = tasks.community_of(turn)
    return rows.shelf(turn.tx, communities=None if community_id is None else [community_id], limit=200)


def _offer(turn: Turn, found: list[Goods], text: str, *, unknown: bool) -> None:
    if not found:
        turn.say("shop.empty")
        return
    found = sorted(found, key=lambda goods: (goods.stock == 0, goods.points))[:SHOWN]
    say = turn.tx.content.replies.say
    lines = [
        say(
            "shop.line" if goods.stock else "shop.line_gone",
            title=goods.title,
            points=str(goods.points),
            stock=str(goods.stock),
        )
        for goods in found
    ]
    try:
        quantity = _quantity(turn, text)
    except Invalid:
        quantity = 1
    turn.session.ask("shop_item", options=[str(goods.id) for goods in found], quantity=quantity)
    turn.say(
        "shop.unknown" if unknown else "shop.shelf",
        lines="\n".join(f"{n}. {line}" for n, line in enumerate(lines, 1)),
        have=str(ledger.balance(turn.tx, turn.person_id)),
        link=f"{turn.tx.content.address}/m/shop",
    )


def _redeem(turn: Turn, goods: Goods, quantity: int) -> None:
    turn.session.asked = None
    try:
        with turn.tx.savepoint():
            made = _book(turn, goods, quantity)
    except Refused as refusal:
        turn.refuse(refusal)
        return
    _told(turn, made)


def _book(turn: Turn, goods: Goods, quantity: int) -> Redemption:
    """Booked once for this message and these goods, whatever is sent again."""
    key = f"chat:{turn.inbound.channel.value}:{turn.inbound.key}"
    if any(said.key == "shop.redeemed" for said in turn.said):
        key = f"{key}:{goods.id}"  # the second of two in one sentence
    return shop.redeem(turn.tx, goods, turn.person_id, quantity=quantity, key=key, by=turn.actor)


def _told(turn: Turn, made: Redemption) -> None:
    until = words.date(turn.tx.now + turn.tx.content.shop.hold, turn.tx.content.zone)
    turn.say(
        "shop.redeemed",
        title=made.title,
        quantity=str(made.quantity),
        points=str(made.points),
        have=str(ledger.balance(turn.tx, turn.person_id)),
        code=made.code,
        until=until,
    )


def _line(turn: Turn, held: Redemption) -> str:
    until = words.date(held.at + turn.tx.content.shop.hold, turn.tx.content.zone)
    return turn.tx.content.replies.say(
        "shop.held", title=held.title, quantity=str(held.quantity), code=held.code, until=until
    )


def _mine(turn: Turn) -> None:
    held = rows.waiting_of(turn.tx, turn.person_id)
    have = str(ledger.balance(turn.tx, turn.person_id))
    if not held:
        turn.say("shop.none_held", have=have)
        return
    turn.say("shop.mine", lines="\n".join(_line(turn, one) for one in held), have=have)


def _cancel(turn: Turn, text: str) -> None:
    held = rows.waiting_of(turn.tx, turn.person_id)
    code = _CODE.search(text)
    found = [one for one in held if code is None or one.code == code[0]]
    named = [one for one in found if one.title in text]
    found = named or found
    if not found:
        turn.say("shop.none_held", have=str(ledger.balance(turn.tx, turn.person_id)))
    elif len(found) > 1:
        turn.session.ask("shop_cancel", options=[one.code for one in found])
        lines = "\n".join(f"{n}. {_line(turn, one)}" for n, one in enumerate(found, 1))
        turn.say("shop.which", lines=lines)
    else:
        _cancel_code(turn, found[0].code)


def _cancel_code(turn: Turn, code: str) -> bool:
    turn.session.asked = None
    held = rows.by_code(turn.tx, code)
    if held is None or held.person_id != turn.person_id:
        return False
    try:
        with turn.tx.savepoint():
            done = shop.cancel(turn.tx, held, turn.actor, "本人取消兑换")
    except Refused as refusal:
        turn.refuse(refusal)
        return True
    turn.say(
        "shop.cancelled",
        title=done.title,
        points=str(done.points),
        have=str(ledger.balance(turn.tx, turn.person_id)),
    )
    return True


def _pick(turn: Turn, code: str) -> None:
    """The clerk's side: what to hand over, and it is on record."""
    held = rows.by_code(turn.tx, code, lock=True)
    street = any(p.street_id for p in turn.speaker.posts)
    own = {p.community_id for p in turn.speaker.posts}
    if held is None or not (street or held.community_id is None or held.community_id in own):
        turn.say("error.shop_code", given=code)
        return
    try:
        with turn.tx.savepoint():
            done = shop.pick(turn.tx, held, turn.actor)
    except Refused as refusal:
        turn.refuse(refusal)
        return
    shop_clock.tell(turn.tx, done, "picked")
    who = people.named(turn.tx, {done.person_id}).get(done.person_id)
    name = mask_name(who.name if who else None) or RESIDENT_NAME
    turn.say("shop.picked", title=done.title, quantity=str(done.quantity), code=code, who=name)
