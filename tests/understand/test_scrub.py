"""What is kept as an example tells nobody who said it, and still teaches what the message would have taught."""

import pytest

from redprop_bot.understand.features import ADDRESS, PHONE
from redprop_bot.understand.scrub import as_read, scrub, unreachable
from redprop_bot.understand.words import people_in

CASES = [
    ("我是章建国，桂花园3栋2单元501漏水，电话139 1234 5678", ["章建国", "桂园", "501", "3栋", "5678"]),
    ("三号楼贰单元五零一的王阿姨摔了，幺三九一二三四五六七八", ["五零一", "王阿姨", "一二三四"]),
    ("3-2-501，小周来过，老赵没来", ["501", "小周", "老赵"]),
    ("602家和703住户吵架，孙师傅劝的", ["602", "703", "孙师傅"]),
    ("车牌皖HA1234挡路，微信zhoufang_88，邮箱zf@a.com", ["HA1234", "zhoufang", "zf@"]),
    ("身份证340811199001011234忘在大厅", ["34081119"]),
    ("本人姓祝，找冯工，张总答应过", ["姓祝", "冯工", "张总"]),
    ("业主刘晓芬天天扔垃圾", ["刘晓芬"]),
    ("座机0556-5551234打不通", ["5551234"]),
]


@pytest.mark.parametrize(("text", "secrets"), CASES)
def test_persons_rooms_and_phones_go(text, secrets, gazetteer):
    """In every written form; and scrubbing twice changes nothing."""
    done = scrub(text, gazetteer=gazetteer, guess=people_in)
    assert [secret for secret in secrets if secret in done] == []
    assert scrub(done, gazetteer=gazetteer, guess=people_in) == done


@pytest.mark.parametrize(
    "text",
    [
        "电梯又停了，老人下不了楼",
        "工程总是拖，施工到半夜",
        "养老钱被骗了三万块",
        "小区里小孩的玩具被偷",
        "D20261122-0007那单还没办",
        "楼道灯坏了两盏，十八楼也黑",
        "物业费一平1块5太贵",
    ],
)
def test_what_tells_nobody_stays(text, gazetteer):
    """The matter itself is what is to be learnt."""
    assert scrub(text, gazetteer=gazetteer, guess=people_in) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("天天帮邻居拿快递，我的电话是137 0000 1234", "天天帮邻居拿快递"),
        ("住3栋2单元501，给孤寡老人送饭，微信号laoliu_66", "给孤寡老人送饭"),
        ("座机0556-5551234，带队捡了300次垃圾", "带队捡了300次垃圾"),
        ("义务修3栋的门，2019年起每周两次", "义务修3栋的门，2019年起每周两次"),
    ],
)
def test_who_is_praised_is_not_reached_by_it(text, left):
    """Phones and flats go, and what led to them; the deed stays."""
    assert unreachable(text) == left


def test_known_names_and_rooms_go_whatever_they_look_like():
    """Nicknames of the register, the room of the reporter."""
    assert scrub("阿猫说A12的门坏了", names={"阿猫"}, rooms={"A12"}) == "〔人名〕说〔地址〕的门坏了"


def test_a_scrubbed_text_counts_as_what_it_came_from():
    """The signs of the reader stand where they would have stood."""
    assert as_read("〔地址〕漏水，打〔电话〕") == f"{ADDRESS}漏水，打{PHONE}"
    assert as_read("电梯坏了") == "电梯坏了"


def test_a_long_text_takes_no_longer_than_it_should():
    """Bounded repetition: twenty thousand signs that nearly fit everywhere."""
    import time

    began = time.process_time()
    scrub("王" * 5000 + "微信" * 2500 + "1 " * 5000)
    assert time.process_time() - began < 5
