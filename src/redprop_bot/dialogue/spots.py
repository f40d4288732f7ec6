"""A spot or a trouble: 9栋楼顶, 电梯口, 靠停车场那部 say where; 电梯停了, 门口堆了杂物 what is the matter.

Places have the names of things, and troubles are told of things: only what is said of them tells which it is.
"""

import re
from typing import Final

_TROUBLE: Final = re.compile(
    r"坏|漏(?!水[表管井])|渗|滴|堵|不(?:亮|通|动|热|走|转|灵|开|关|停|能|行|好|来|让|给|管|收|扫|见)"
    r"|没(?:人|电|水|气|网|有|法|亮|清|扫|收|修)|停(?:电|水|气|了|运|着)|断|裂|松了|松动|掉|塌|破|脏|臭|味|乱|吵|响|闹"
    r"|打[架人]|骂|偷|抢|丢|堆|占|搭[了建棚]|摆[摊了]|扔|抛|挡|拦|锁住|卡住|撞|倒了|歪|锈|黑[灯漆乎咕]|冒|溢|[反返]水|倒灌"
    r"|积水|淹|投诉|举报|反映|收费|扰民|噪[音声]|违建|违章|杂物|垃圾(?![桶站房箱池亭投分中点])|广场舞(?!那|边|旁)"
    r"|[停拉放搁晾晒拴][在着]|推[进到]|装修(?!那|队)|敲|钻|天天|老是|总是|一直|经常|好几|[几两三四五六七八九十多0-9]天|半夜|太(?!阳|极)|被"
)
_OF_THE_ALARM: Final = re.compile(
    r"门[^,，。坏]{0,3}(?:没|开|关|锁|卡|打|反|虚)|钥匙|密码|一个人|没人在家|里面|呼吸|醒|快|救|血|浓?烟|火"
)


_ENDS: Final = re.compile(
    r"(?:[口边旁侧角位处间房室棚站场道台院库坛顶]|附近|[里内上下]|[上下前后里外对]面|楼[上下道梯顶]|顶[楼层]|天台|对门|隔壁|那[里儿块边家部台层头])"
    r"[吧啊呢的]?[。.！!~ ]?$|(?:[0-9]|[一二三四五六七八九十])(?:号?[栋幢楼层]|单元|室|号)?[吧啊呢的]?[。.！!~ ]?$"
)


def only(text: str) -> bool:
    """金鹿苑1栋电梯口: it ends as a place does, and nothing is told of it."""
    return not tells(text) and _ENDS.search(text.strip()) is not None


def tells(text: str) -> bool:
    """Whether a line tells of a trouble, beside where something is."""
    return _TROUBLE.search(text) is not None


def guides(text: str) -> bool:
    """门没锁, 家里就我一个人, 孩子在里面: for those on their way to an alarm, and no trouble of its own."""
    return _OF_THE_ALARM.search(text) is not None
