"""Sentences that the demo offers at each phone, so that a visitor need not invent the first ones."""

from collections.abc import Mapping, Sequence
from typing import Final

from redprop_bot.registry.demo import DemoPhone

FIRST_RESIDENT: Final = (
    "3栋2单元电梯今天又不走了，老人下不了楼",
    "3栋2单元楼道灯三天不亮，晚上看不见台阶",
    "我报的事办到哪了",
    "快点吧",
    "满意，谢谢",
    "还是没修好",
    "有人困在3栋2单元电梯里了",
)
OTHER_RESIDENTS: Final = (
    "3栋2单元电梯坏了，推着婴儿车上不去",
    "1栋垃圾桶满了没人收。另外1栋1单元楼道灯不亮",
    "我要投诉物业，打三回电话没人理",
    "我家有把轮椅闲着，可以借给邻居",
    "看公示",
    "转人工",
)
STAFF: Final[Mapping[str, Sequence[str]]] = {
    "manager": ("待办", "接单", "退单，不归我们管", "延2天，等配件"),
    "worker": ("接单", "到现场了，正在查", "修好了"),
    "grid": ("待办", "走访了3栋2单元，住户说楼道堆了旧家具", "帮助"),
    "secretary": ("待办", "这个月办了多少件", "帮助"),
    "street": ("待办", "这个月办了多少件", "帮助"),
    "member": ("我来帮忙", "我来报到，会修家电", "周末可以教老人用手机"),
}


def suggestions(phone: DemoPhone, position: int) -> Sequence[str]:
    """The sentences of a phone; `position` counts the phones of the same kind from 0."""
    if phone.who == "resident":
        return FIRST_RESIDENT if position == 0 else OTHER_RESIDENTS
    return STAFF[phone.who]
