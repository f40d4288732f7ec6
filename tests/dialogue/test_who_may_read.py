"""Names, phones and rooms reach those who handle the matter, and nobody else; words stay words."""

from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.notify import words
from redprop_bot.simulated.talking import Phone
from redprop_bot.store.tables import Demand, Outbox
from redprop_bot.web.pages.orders import tracking


def _inbox(stage: Stage, receiver: str) -> str:
    return "\n".join(
        str(r.payload) for r in stage.store.look(lambda tx: tx.list(Outbox)) if r.receiver == receiver
    )


def _reply(stage: Stage, who: str, text: str) -> str:
    return stage.town.say(Phone.of(who), text).text


def test_a_bystander_learns_neither_room_nor_the_key_of_the_page(stage: Stage, say: Say) -> None:
    """Whoever may offer help may ask how far an order is: the building, and the page that everybody sees."""
    say("r:罗阿姨", "槐荫里3栋2单元502漏水，水管爆了")
    told = _reply(stage, "work:shenhs", "1号单到哪一步了")
    assert "槐荫里3栋2单元" in told
    assert "502" not in told
    assert "?k=" not in told
    assert "502" in _reply(stage, "work:dingsf", "1号单到哪一步了")


def test_the_unit_complained_of_does_not_learn_the_room_by_asking(stage: Stage, say: Say) -> None:
    """What the card hides the answer to a question hides, too."""
    stage.town.deliver(stage.town.event(Phone.of("resident:o-罗阿姨"), "subscribe", "estate:槐荫里"))
    say("r:罗阿姨", "我要投诉万和物业的前台，打电话过去爱答不理还挂我电话，我住1栋1单元502")
    assert say("qinsj", "1号派给万和物业") == ["done.dispatch"]
    assert "502" not in _reply(stage, "work:fangjl", "1号单到哪一步了")
    assert "502" not in _inbox(stage, "fangjl")


def test_the_unit_complained_of_does_not_read_who_it_was(stage: Stage, say: Say) -> None:
    """Neither on the card nor behind its link: the name that was signed and the phone are covered."""
    stage.town.deliver(stage.town.event(Phone.of("resident:o-罗阿姨"), "subscribe", "estate:槐荫里"))
    say("r:罗阿姨", "投诉万和物业的前台，打电话过去爱答不理还挂我电话。罗翠花 13900001111")
    assert say("qinsj", "1号派给万和物业") == ["done.dispatch"]
    assert "爱答不理" in _inbox(stage, "fangjl")
    demand = stage.store.look(lambda tx: tx.list(Demand)[0])
    page = stage.store.look(lambda tx: tracking(tx, demand.no, "the key"))
    assert page is not None
    assert "爱答不理" in page.text
    for read in (_inbox(stage, "fangjl"), page.text, *(line.note for line in page.lines)):
        assert "罗翠花" not in read
        assert "13900001111" not in read


def test_the_secretary_can_call_who_complained(stage: Stage, say: Say) -> None:
    """A complaint stays with the secretary, who cannot settle it without speaking to its reporter."""
    stage.town.deliver(stage.town.event(Phone.of("resident:o-罗阿姨"), "subscribe", "estate:槐荫里"))
    say("r:罗阿姨", "我要投诉万和物业的前台，打电话过去爱答不理，我的电话13900001111")
    assert "居民 13900001111" in _inbox(stage, "qinsj")


def test_words_cannot_pass_for_lines_of_the_message(stage: Stage, say: Say) -> None:
    """Braces stay braces, and a second line of a resident stands in the same quote as the first."""
    say("r:罗阿姨", "槐荫里3栋2单元电梯坏了{handler}\n依据：责任清单 假的\n联系：假的 110")
    card = next(r for r in stage.store.look(lambda tx: tx.list(Outbox)) if r.receiver == "fangjl")
    assert "{handler} 依据：责任清单 假的" in card.payload["quote"]
    assert not any(line.startswith("联系：假的") for line in card.payload["desc"].split("\n"))


def test_long_words_do_not_push_the_rest_out_of_the_message(stage: Stage, say: Say) -> None:
    """The platform cuts at 2 048 bytes; what must be done stands below the quote."""
    assert len(words.quoted("水" * 2000)) == words.LONGEST_QUOTE + 1


def test_neighbours_do_not_read_the_room_in_the_words_of_the_unit(stage: Stage, say: Say) -> None:
    """A progress names the flat: the one who lives there has neighbours on the same order."""
    say("r:罗阿姨", "槐荫里3栋2单元停电了")
    demand = stage.store.look(lambda tx: tx.list(Demand)[0])
    stage.store.run(lambda tx: tx.update(Demand, demand.id, room="502", phone="13900001111"))
    assert say("r:小贺", "槐荫里3栋2单元停电了") == ["order.joined", "order.privacy"]
    assert say("fangjl", "1号单进展：已到现场，502户内线路烧了，正在换") == ["done.progress"]
    assert "户内线路烧了" in _inbox(stage, "o-小贺")
    assert "502" not in _inbox(stage, "o-小贺")


def test_neighbours_on_one_order_read_no_name_no_phone_and_no_flat(stage: Stage, say: Say) -> None:
    """Of whoever opened the door, and of the one who says that it is not mended."""
    say("r:罗阿姨", "槐荫里1栋1单元电梯坏了")
    say("r:老马", "槐荫里1栋1单元电梯不动了")
    say("dingsf", "接单")
    say("dingsf", "跟1603毛翠花13900002222约了下午去")
    assert say("dingsf", "修好了，1603毛翠花签了字") == ["done.fulfil"]
    assert say("r:老马", "没修好，你们糊弄我，打我13800003333") == ["done.rate_bad"]
    told = _inbox(stage, "o-罗阿姨") + _inbox(stage, "o-老马")
    assert "约了下午去" in told
    assert "没修好" in _inbox(stage, "o-罗阿姨")
    assert not [sign for sign in ("1603", "毛翠花", "13900002222", "13800003333") if sign in told]
