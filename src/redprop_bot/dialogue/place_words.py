"""Words about one's own place at an activity: who only asks, puts off, denies, comes later or speaks for others.

Nothing is booked and nothing given back on such words; and the only activity there is is not taken for another
one that was named.
"""

import re
from typing import Final

from redprop_bot.rules.bigrams import tokens
from redprop_bot.store.tables import Activity

_CLAUSE: Final = re.compile(r"[，,。；;！!\s]+")
_ASKS: Final = re.compile(
    r"(?:吗|么|嘛|没有|是吧|[？?])[。！!？? ]*$|截止|还有.{0,4}名额"
    r"|要不要|怎么|谁|[有是]?几个人|多少|什么(?!都)|在?哪[里儿报]|电话|满了|[再多]加[^我]{1,3}个?名额"
)
_POLITE: Final = re.compile(r"[，, ](?:好|行|可以|成|中)[吗么不][。！!？? ]*$")
_DENIES: Final = re.compile(
    r"(?:不|别|甭|没)(?:想|要|用|必|会|打算|准备|说|急着|是)?(?:要|再|让|叫|给我?|帮我?|替我?)*(?:去|来)?(?:报(?!上)|参加)"
    r"|(?:明天|明儿|后天|改[天日]|过.{0,2}[天日会]|回头|下[次回周]|以后|晚点|等会儿?|到时候?|想想|看看).{0,2}再"
)
_ABOUT: Final = re.compile(r"报|参加")
_DUTY: Final = re.compile(r"值不了|值班|的班")
_PLACE: Final = re.compile(r"[报去来退]|参加|取消|值不|不看|不要|^[^我没不了有是]{2,4}$")
_FAMILY: Final = (
    r"老伴|爱人|[妻老][子婆]|老公|丈夫|孩子|小孩|儿子|女儿|闺女|娃|外?孙[子女]?|[父母]亲|老[爸妈]|[爸妈]{1,2}|爷爷|奶奶|姥[姥爷]|外[公婆]|[公婆]{2}"
    r"|岳[父母]|哥|姐|弟|妹|邻居|朋友|同事|家里?人|他们?|她们?"
)
_KIN: Final = rf"{_FAMILY}|[\u4e00-\u9fff]{{1,2}}(?:阿姨|叔叔?|大[爷妈]|师傅|老师)"
_FOR_OTHERS: Final = re.compile(
    rf"(?:给|帮|替|为)(?:[我俺咱]们?家?的?)?(?:和|跟)?(?:{_KIN})[^，,。]{{0,8}}报|代.{{0,6}}报名"
    rf"|^[我俺咱]?们?家?的?(?:{_FAMILY}){{1,2}}(?:也|说)?(?:想|要|能|可以|打算|愿意)[^，,。我]{{0,4}}(?:去|来|报|参加)"
)
_BESIDE: Final = r"和跟陪与同带"
_THEIRS: Final = re.compile(
    rf"(?<![{_BESIDE}])(?<![{_BESIDE}][我俺咱])(?<![{_BESIDE}]我家)(?:{_FAMILY})(?:也|就|说|她|他)?(?:不[去来想参]|去不|来不|没空|参加不)"
)
_TOGETHER: Final = re.compile(
    rf"(?:[{_BESIDE}](?:着|上)?(?:[我俺咱]们?家?的?)?(?:{_KIN}))|[两二三四五六七八九2-9][个位]?人(?!之)|[我咱俺]们?[俩仨]|老两口|一家[人子]"
)
_MINE_TOO: Final = re.compile(r"我(?:也|们|都|就)*(?:不[去来想参]|去不|来不|参加不)")
_STAYS: Final = re.compile(
    r"(?<![昨今明当])晚(?:点|些|到|来|去|半|一?会|一?小时|[\d一二两三十]+(?:分|小时|个))|迟到?|来不及(?!.{0,6}不[去来参])|(?<!不)可能(?!.*取消(?:一下|了)?吧?$)|也许|说不定|不会不|不知道|不认识|怎么|哪[里儿]"
    r"|(?:肯定|一定|会|都)[去来](?!不)|的话|如果|要是|万一|没取消|(?:[别甭]|不要|不是要?|不想|没有?[想说要])(?:给我|帮我)?取消|取消了?[吗没]|是不是|会不会|要不要|还去不去|还来不来"
)
_QUESTION: Final = re.compile(r"[吗么呢？?][。！!？? ]*$|[扣罚]分")
_PLEASE: Final = re.compile(
    r"(?:能|可以|麻烦|请|帮我?|给我).{0,8}(?:取消|退)|(?:取消|退)[^，,。]{0,8}(?:可以|行|成)[吗么]"
)
_FILLING: Final = re.compile(
    r"几点|开始|结束|多久|\d+|报(?:个|一?下|上)?名|参加|加入|取消|退[出掉了]?|[撤注]销|不[去来参想能要看跳]|[去来]不[了成]|参加不[了成]|[上值]不了|请个?假|我们?|咱们?|俺|自己|本人|也|想|要|去|来|能|可以|愿意"
    r"|给|帮|把|请|麻烦|算|加|留|报|一下|一个|一位|[个名位场次期]|位[置子]|名额|社区|小区|活动|那|这|[的了吧啊呀哦哈呢吗么]|有[空事]|没[空事]|有时间|没时间|时间|临时|突然"
    r"|现在|今天|明天|后天|大后天|[上下]?(?:周|星期|礼拜)[一二三四五六日天末]|[上中下]午|早上|晚上|月|[日号点分半]|[一二三四五六七八九十]+"
    r"|加班|出差|发烧|生病|感冒|舒服|身体|医院|[上下]班|上课|老家|走不开|出门|下雨|孩子|家里|老伴|别忘了?|腿|脚|疼|病|还是|就|都|先|再|不|没|去|你好|您好|谢谢|一起|两|人|俩|和|跟|一定|必须|肯定"
)


def only_asks(text: str) -> bool:
    """Whether who speaks of signing up wants to know something."""
    return bool(_ASKS.search(text)) and not _POLITE.search(text)


def denies(text: str) -> bool:
    """我不报名, 我明天再报名, 我没说要报名; what is said last of it counts: 上次没报名，这次给我报上."""
    said = [clause for clause in _CLAUSE.split(text) if _ABOUT.search(clause)]
    return bool(said) and _DENIES.search(said[-1]) is not None


def for_others(text: str) -> bool:
    """给我妈报个义诊, 我老伴想参加: nobody can be signed up by another."""
    return _FOR_OTHERS.search(text) is not None


def together(text: str) -> bool:
    """Whether more than one want to come: 我和老伴一起去, 两个人报名; one place is taken all the same."""
    return _TOGETHER.search(text) is not None


def stays(text: str) -> bool:
    """Whether no place is given back by words that sound like it: 晚点来, 可能去不了, 我老伴不去了."""
    if _STAYS.search(text) or (_THEIRS.search(text) and not _MINE_TOO.search(text)):
        return True
    return _QUESTION.search(text) is not None and not _PLEASE.search(text) and not _POLITE.search(text)


def of_something_else(text: str, activity: Activity) -> bool:
    """Whether what is named shares nothing with an activity: 合唱团我退出, and there is 包饺子."""
    if _DUTY.search(text) and "班" not in activity.title:
        return True
    clauses = [clause for clause in _CLAUSE.split(text) if _PLACE.search(clause)]
    said = set(tokens(_FILLING.sub(" ", " ".join(clauses))).pairs)
    return bool(said) and not said & set(tokens(f"{activity.title} {activity.place}").pairs)
