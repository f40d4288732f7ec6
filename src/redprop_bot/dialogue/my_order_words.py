# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Short whole sentences that residents say of what they reported before: 天花板都泡坏了, 我找人修好了, 还没看呢.

Pure. They name no place of their own; which order they are of, and what becomes of it, stands in `of_my_order`.
"""

import re
from enum import StrEnum
from typing import Final

LONGEST: Final = 30
"""Characters; who says more says more than one of these."""


class Says(StrEnum):
    """What such a sentence says."""

    DETAIL = "detail"  # for whoever comes
    NEEDLESS = "needless"  # nobody need come any more
    GOOD = "good"  # it works again
    WHEN = "when"  # when does somebody come, will it be mended
    READS = "reads"  # who reads this
    OTHERS = "others"  # who is somebody else
    NEVER_MIND = "never_mind"
    OUT_AGAIN = "out_again"  # what was mended is out again
    HARDLY = "hardly"  # it is mended in part, or said so in irony
    NOT_LOOKED = "not_looked"  # they have not looked yet
    SO_SO = "so_so"  # neither good nor bad


_LEAD: Final = r"(?:(?:哎呀?|唉|那|嗯|对了|还有|而且|现在|你看|我家|家里|我们家|[,，。! ！]){0,3})"
_END: Final = r"[了啦啊呀哦哈呢吧的。.!！~… ]{0,4}"
_SOAKED: Final = re.compile(
    rf"{_LEAD}(?:连)?(?:天花板|墙皮|墙[面壁纸]?|吊顶|地板|木地板|家具|沙发|床|被子|衣柜|柜子|橱柜|电器|楼下(?:人?家)?|东西|地上?)(?:都|也|全|已经|快|要|被|给|[,，]){{0,4}}"
    rf"(?:泡|淹|浸|湿|掉|鼓|裂|塌|发霉|霉|长毛|起皮|起鼓|翘|变形|烂|泡坏|黄)(?:坏|烂|透|了?水|下来|起来|皮|毛|一大?片|一大?块|完)?{_END}"
)
_WATER: Final = frozenset({"plumbing", "building", "gas_heat"})
_HARDER: Final = frozenset({"elevator", "plumbing", "power", "gas_heat", "building"})
"""What makes it worse that somebody can hardly walk; of a parked car it is a matter of its own."""
_FLOOR: Final = re.compile(
    rf"{_LEAD}(?:我)?(?:是)?(?:说)?(?:的)?(?:是)?(?:在)?(?:[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})[楼层](?:的|那[个盏里边]|也是|也一样|也不亮|也有){{0,2}}{_END}"
)
_PLATE: Final = re.compile(
    r"(?:车牌号?(?:是|为)?[:：]?)?[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-z][ ·]?[A-Za-z0-9]{5,6}[。！!]?"
)
_TIME: Final = r"(?:[今明后]天|周[一二三四五六日天末]|[上下中]午|早上|晚上|全天|平时|白天|[0-9一二三四五六七八九十]{1,3}点(?:以?后|以?前|钟|半)?)"
_AT_HOME: Final = re.compile(
    rf"{_LEAD}(?:我|我们|家里)?(?:{_TIME}[,，]?){{1,3}}(?:都|一直|我|家里)*(?:有人(?:在家)?|在家|没人(?:在家)?|不在家?|可以来?|行|方便|都?有空|没空){_END}"
)
_HARD: Final = re.compile(
    rf"{_LEAD}(?:有)?(?:个)?(?:我|我妈|我爸|我婆婆|老人|老伴|孩子|小孩|病人|孕妇|爷爷|奶奶|人)?(?:是|都|又|也|有)?(?:[七八九]十(?:多|几|[一二三四五六七八九])?岁?(?:的?老人)?|住(?:在)?[0-9一二三四五六七八九十]{{1,3}}[楼层])?[,，]?"
    rf"(?:腿脚不(?:好|便|方便|利索)|行动不便|坐(?:着)?轮椅|拄(?:着)?拐|走不(?:动|了)|爬不(?:动|了)|下不(?:了|去)楼|上不(?:了|去)楼|怀(?:着)?孕|大(?:着)?肚子|瘫(?:痪)?在床|卧床|刚出院|要去?透析|看不见|没法(?:洗澡|做饭|睡觉|出门))[,，]?(?:的(?:人|老人)?|下不(?:了|去)楼|上不(?:了|去)楼|怎么(?:办|下楼|出门)|出不了门){{0,2}}{_END}"
)
_LASTS: Final = re.compile(
    rf"{_LEAD}(?:都|已经|就这样)?(?:漏|堵|黑|停|坏|吵|臭|断|响|流|滴|等)(?:了|着)(?:整整|快|有|好|都)?(?:[一二两三四五六七八九十几半0-9]{{1,3}}|好几)(?:个|多)?(?:天|晚上?|夜|小时|钟头|星期|礼拜|月|整天|上午|下午){_END}"
)
_MENDED: Final = re.compile(
    rf"(?:不用(?:来|修)?了?[,，]?)?(?:我|我们|我家|家里|我儿子|我老公|儿子|邻居|亲戚)?(?:已经|刚才?)?(?:自己|找人|请人|叫人|(?:找|请|叫|喊)(?:了)?(?:个|外面的?)?(?:电工|水工|师傅|工人|朋友|亲戚|人))(?:来|给|把|已经){{0,2}}[^,，。没不]{{0,4}}?(?:修|弄|换|通|搞|装|处理|解决)(?:(?:好|完|通|掉)了(?:[,，]?不用(?:来|修|麻烦)[^,，。]{{0,4}})?|了[,，]?不用(?:来|修|麻烦)[^,，。]{{0,4}}){_END}"
    rf"|(?:别|不用|不要)(?:来)?(?:修|弄|换|管)?了?[,，。 ]?(?:我|我们|我家)?(?:已经|都|要)?(?:不住(?:这|那)[里儿]?|搬(?:走|家)|退租|卖(?:房|掉)|租期到)了?{_END}"
)
_GOOD: Final = re.compile(
    r"(?:不用|不要|别)(?:再)?(?:来|修|弄)?了?[,，。 ]?(?:已经|都|现在)?(?:自己)?(?:好|可以|能用|正常|修好|弄好|通|亮)了.{0,4}"
)
_WHEN: Final = re.compile(
    r"(?:那|到底|究竟|师傅|你们|物业|请问|[,，。 ]){0,3}(?:什么时候|啥时候?|几时|几点(?:钟)?|多久|好久|多会儿?|啥辰光|啥物时阵|甚么时候|何时|哪天|[今明]天几点)(?:才|能|会|可以|有|再|给|[我咱]们?家?){0,3}(?:人|师傅)?(?:会)?(?:来(?![水电气网暖])|到|修|弄|上门|过来|来人|来修|来看|能好|修好|弄好|好)(?:人|修|水|电|气|看看)?[啊呀呢哦嘛了]?[?？。]{0,2}"
)
_WHO_READS: Final = re.compile(
    r"(?:请问|那|[,，。 ]){0,2}(?:谁(?:能|会|可以)?看(?:得)?(?:到|见)(?:我)?(?:说的?话?|发的|报的|的(?:话|信息|电话))?[^,，。]{0,4}|(?:会不会|会|要)?(?:告诉|让|给|被)(?:对方|他们?|她|楼[上下]|邻居|隔壁|物业|别人|人家)(?:知道|看到|看见|说)?(?:是我)?(?:报|说|投诉|举报)?的?[吗么嘛]|(?:对方|他们?|她|楼[上下]|邻居|隔壁|物业|别人|人家)(?:会不会|会|能|能不能)?(?:知道|看到|看见|晓得)(?:是我|我)?(?:报|说|投诉|举报|反映)?的?(?:话|名字|电话)?[吗么嘛]?|(?:能|可以)?(?:保密|匿名)[吗么嘛不]?.{0,2}|(?:会|能)?(?:替我|帮我|给我)保密[吗么嘛]?)[?？。]{0,2}"
)
_WHO_IS: Final = re.compile(
    r"(?:请问|那|到底|是|[,，。 ]){0,3}(?:(?:是)?(?:谁|哪[个家位])(?:投诉|举报|告|报)(?:的)?(?:我|的我|我们|我家)(?:的)?|(?:[0-9]{3,4}|楼[上下]|隔壁|对门)(?:家|室)?(?:住的?)?(?:是)?(?:谁|哪家|什么人|叫什么(?:名字)?)|(?:(?!1(?:10|19|20|22)(?![0-9]))[0-9]{3,4}|楼[上下]|隔壁|对门)(?:家|室)?(?:业主|房东|户主)?的?(?:电话|手机号?|名字)(?:是?多少|叫?什么|给我)?)[啊呀呢]?[?？。]{0,2}"
)
_OUT_AGAIN: Final = re.compile(
    rf"(?:我|刚才?|今天|昨天|昨晚|晚上|早上|回来|一|现在|去|看了?一?下?|又|怎么|结果|它|[,，。! ！]){{0,5}}又(?:坏|漏|堵|不亮|不行|停|黑|灭|响|断|掉|闪|臭|不通|不热|不走|不动|这样|开始[^,，。]{{1,3}}|一样)[^,，。没好]{{0,4}}{_END}"
)

_CONCEDES: Final = re.compile(
    r"(?P<a>[好亮通修走能换来])是(?P=a)了?[,，。 ]{0,2}(?:但是?|可是?|就是|不过|却|只是)?[^没,，。]{0,4}(?:异响|响|吵|忽明忽暗|闪|漏|滴|渗|慢得|堵|臭|有味|不稳|卡|抖|晃|松|还是|又|不亮|不牢|不行)[^,，。]{0,8}[。.!！]?"
)

_NOT_OURS: Final = re.compile(
    rf"{_LEAD}不是我家(?:的)?[,，]?(?:是)?(?:我)?(?:帮|替|给)(?:邻居|别人|人家|老人|楼上|楼下|隔壁)[^,，。]{{0,4}}(?:报|说|反映)的?{_END}"
)
_WATER_GOES: Final = re.compile(
    rf"{_LEAD}(?:我)?(?:先|已经|自己)?把?(?:总)?(?:水?阀|水闸|闸|总阀)(?:门)?(?:先|都|已经)?(?:关|拧)(?:了|上了|死了)|{_LEAD}水(?:都|已经)?(?:顺着|流到|淹到|漫到|淌到|漏到)[^,，。电插]{{1,8}}(?:往下[淌流滴])?{_END}"
)
_LIFT_DOES: Final = re.compile(
    rf"{_LEAD}(?:电梯)?门一直(?:开着|关着|关不上|打不开)[^,，。人]{{0,6}}{_END}|{_LEAD}爬楼(?:梯)?爬?得?[^,，。心晕喘白]{{0,6}}(?:断了|累死|受不了|疼){_END}|{_LEAD}(?:现在)?一动就[^,，。人]{{1,6}}响{_END}|{_LEAD}(?:快递|外卖|菜)都?(?:送|拿|提)不(?:上来|了){_END}"
)
_NEVER_MIND: Final = re.compile(r"(?:那)?算了(?:吧|不修了|不用了)?[。.！!]?")
_WILL_IT: Final = re.compile(
    rf"{_LEAD}(?:今晚|今天|明天|到底)?(?:能|会)?(?:修|弄|搞)(?:得|不修得|不弄得)?好(?:不|吗|么|哦|不好)[^,，。没]{{0,2}}(?:[,，][^没]{{1,10}})?[?？。]?|{_LEAD}修不修得好[哦啊呀吗]?[?？。]?"
)
_NOT_LOOKED: Final = re.compile(
    rf"{_LEAD}(?:我)?(?:还没|没)(?:有)?(?:看|试|回家|到家|(?<=还没)用)(?:呢|过|到)?(?:[,，][^没坏漏]{{1,14}})?{_END}|(?:天黑|晚上|回去|明天)[^,，。]{{0,6}}才(?:知道|看得出)[^,，。]{{0,6}}|(?:暂时|目前)[^,，。]{{0,4}}不[漏响堵滴闪]了?[,，](?:再)?(?:观察|看)[^,，。]{{0,6}}|(?:真的?)?(?:修好|弄好)了[?？][,，]?我去看看"
)
_PARTLY: Final = re.compile(
    rf"{_LEAD}[0-9一二三四五六七八九十]{{1,3}}[楼层](?:的)?(?:亮|好|通|修好)了[,，][^,，。]{{0,3}}[0-9一二三四五六七八九十]{{1,3}}[楼层](?:的)?(?:没|还|不)[^,，。?？]{{1,6}}{_END}"
    rf"|{_LEAD}(?:好像)?还(?:是|有点|在)(?:有点|在|老)?(?:抖|响|慢|渗|漏|滴|闪|暗|黑|堵|臭|卡|吵)(?:[,，][^?？好]{{1,10}})?{_END}"
    rf"|能用是能用[,，][^?？]{{2,10}}|(?:呵呵|哈哈)[,，。]?[^?？]{{0,10}}(?:不亮|不动|不走|不通|没亮|没好|还漏)[^?？]{{0,4}}"
)
_SO_SO: Final = re.compile(
    r"(?:勉强|凑合|将就)(?:能用|能行|行|可以|用|吧)?[了吧。]{0,2}|马马虎虎[吧。]?|(?:师傅)?人?(?:还)?(?:不错|可以|行|挺好)[,，]就是(?:来得?|有点|太)?(?:晚|慢)(?:了|了点|了些|点)?[。]?|不能说不满意[。]?"
)
_SAID: Final = (
    (Says.OTHERS, (_WHO_IS,)),
    (Says.OUT_AGAIN, (_OUT_AGAIN,)),
    (Says.HARDLY, (_CONCEDES, _PARTLY)),
    (Says.NOT_LOOKED, (_NOT_LOOKED,)),
    (Says.SO_SO, (_SO_SO,)),
    (Says.WHEN, (_WHEN, _WILL_IT)),
    (Says.READS, (_WHO_READS,)),
    (Says.NEEDLESS, (_MENDED,)),
    (Says.GOOD, (_GOOD,)),
    (Says.NEVER_MIND, (_NEVER_MIND,)),
    (Says.DETAIL, (_FLOOR, _AT_HOME, _HARD, _LASTS, _NOT_OURS, _SOAKED, _PLATE, _WATER_GOES, _LIFT_DOES)),
)


def says(text: str) -> Says | None:
    """What a sentence says of an order of theirs; None where it is none of these."""
    if len(text) > LONGEST:
        return None
    return next((what for what, patterns in _SAID if any(p.fullmatch(text) for p in patterns)), None)


def of_kind(text: str) -> frozenset[str]:
    """The categories that such words are of, where they are of some."""
    if _SOAKED.fullmatch(text) or _WATER_GOES.fullmatch(text):
        return _WATER
    if _LIFT_DOES.fullmatch(text):
        return frozenset({"elevator"})
    if _HARD.fullmatch(text):
        return _HARDER
    return frozenset({"parking"}) if _PLATE.fullmatch(text) else frozenset()
