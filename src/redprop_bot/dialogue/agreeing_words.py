"""Yes or no to 想请您搭把手, as people write it: 行，我去 / 今天没空，去不了 / 可以，让他来拿. Pure."""

import re
from typing import Final

from redprop_bot.rules.intended import TROUBLE, clauses

_LONGEST: Final = 30  # characters: whoever says more says something else besides
_END: Final = r"[的了吧啊哦呀呢哈嘛啦就]{0,3}[~～]*"
_WHEN: Final = (
    r"(?:今天|今晚|明天|明早|明晚|后天|大后天|这[两几]天|最近|这周|下周|周末|[周礼星][拜期]?[一二三四五六日天]"
    r"|早上|上午|中午|下午|傍晚|晚上|晚点|等下|待会儿?|一会儿?|马上|这就|现在|这会儿|\d{1,2}[点号日](?:半|钟)?|半(?:小时|点))"
)
_SOFT: Final = rf"(?:{_WHEN}|我们?|那|就|也|都|真的?|太|实在|恐怕|可能|怕是|应该|吧|，|[嗯哦啊哎呀])*"
_GO: Final = (
    r"(?:再|能|可以|会|先)*(?:过去|过来|去|来|到|上门|去看看?|帮[他她忙]?们?|搭把手"
    r"|送(?:过去|来|去|给[他她])|拿(?:过去|给[他她]))(?:一趟|帮忙?|看看?|修|弄|一下|[他她]家)*"
)
_FETCH: Final = (
    r"(?:让|叫|请)?(?:[他她](?:们|家)?|人)?(?:自己|直接|随时|什么时候)?(?:都)?(?:可以|能)?"
    r"来(?:我[家这]|楼下)?(?:拿|取|借|搬)"
)
_BARE_YES: Final = (
    r"可以|行|好|好嘞|好滴|没问题|没事儿?|愿意|能|嗯+|中|要得|成|得嘞|包在我身上|交给我|当然|(?i:ok)"
)
_YES: Final = re.compile(
    rf"{_SOFT}(?:{_BARE_YES}|(?:我们?|{_WHEN})+{_GO}|{_GO}|{_FETCH}|(?:可以|能|愿意)借){_END}"
)
_CANNOT: Final = (
    r"没空|没时间|没功夫|去不了|来不了|去不成|来不成|帮不[了上]|帮不上忙|走不开|腾不出[手空]来?|抽不[出开]身?|不在家?|在外地"
    r"|出差|不方便|不行|不巧|不成|不了|有(?:点)?事|忙着?|忙不过来|借不了|不借|不想去|算了|不能去?|不去|不会(?:[修弄做教]这?个?)?|够呛"
)
_GONE: Final = r"[^不没]{0,6}(?:借出去|借走|借给[别人家他她]{1,3}|被?人?借走|用着|要用)"
_NO: Final = re.compile(rf"{_SOFT}(?:{_CANNOT}|{_GONE}|没有){_END}")
_POLITE: Final = re.compile(
    rf"(?:谢谢|感谢|不好意思|抱歉|对不起|对不住|您?你?好|收到|知道|辛苦|麻烦|别客气|不客气|不用谢|应该的|下次|{_WHEN}|是)*{_END}"
)
_OF_HELP: Final = re.compile(r"去|来|帮|借|拿|取|搬")
_OTHER: Final = re.compile(r"[?？]|[吗么]$|怎么|多少|谁|哪|星|分|报名|活动|单号|投诉")


def answer(text: str, *, of_help: bool = False) -> bool | None:
    """Yes, no, or None where a short text is neither; `of_help`: only what speaks of going, lending or fetching.

    Its first clause that is more than politeness decides; what follows may say more, but asks and reports nothing.
    """
    said = [clause for clause in clauses(text) if not _POLITE.fullmatch(clause)]
    if len(text) > _LONGEST or not said or (of_help and not _OF_HELP.search(text)):
        return None
    if any(_NO.fullmatch(clause) for clause in said[:2]):
        return None if _OTHER.search(text) else False
    if not _YES.fullmatch(said[0]) or _OTHER.search(text):
        return None
    return None if any(TROUBLE.search(clause) for clause in said[1:]) else True
