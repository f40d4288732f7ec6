# ruff: noqa: E501 - Chinese signs count twice, and a list of words is read best in one line
"""The little pictures that WeChat draws for [微笑] and /:strong: they say how somebody feels, never what is the matter.

The names are those of the platform, so they stand here and not among the content of a community.
"""

import re
from typing import Final

_NAMES: Final = (
    "微笑 撇嘴 色 发呆 得意 流泪 害羞 闭嘴 睡 大哭 尴尬 发怒 调皮 呲牙 惊讶 难过 囧 抓狂 吐 偷笑 愉快 白眼 傲慢 困 惊恐 憨笑 悠闲 咒骂 疑问 嘘 晕 衰 骷髅"
    " 敲打 再见 擦汗 抠鼻 鼓掌 坏笑 右哼哼 左哼哼 哈欠 鄙视 委屈 快哭了 阴险 亲亲 可怜 笑脸 生病 脸红 破涕为笑 恐惧 失望 无语 嘿哈 捂脸 奸笑 机智 皱眉 耶"
    " 吃瓜 加油 汗 天啊 emm 社会社会 旺柴 好的 打脸 哇 翻白眼 666 让我看看 叹气 苦涩 裂开 嘴唇 爱心 心碎 拥抱 强 弱 赞 握手 胜利 抱拳 勾引 拳头 ok 合十"
    " 啤酒 咖啡 蛋糕 玫瑰 凋谢 菜刀 炸弹 便便 月亮 太阳 庆祝 礼物 红包 发 福 烟花 爆竹 猪头 跳跳 发抖 转圈 闪电 刀 足球 瓢虫 篮球 乒乓 饭 西瓜 差劲 爱你 no"
)
_CODES: Final = (
    "strong weak rose heart ok handclap hug share sun moon gift cake beer coffee shit pig fade showlove break bome footb"
    " ladybug li kn eat basketb oo bye wipe dig pd v jj bad lvu no love jump shake circle kotow turn skip oy hiphot xx @x"
    " :) :~ :b :| 8-) :< :$ :x :z :'( :-| :@ :p :d :o :( :+ --b :q :t ,@p ,@-d ,@o :g |-) :! :l :> :,@ ,@f :-s ? ,@x ,@@"
    " :8 ,@! !!! &-( b-) <@ @> :-o >-| p-( :'| x-) :* 8* <w> @) @@ <l> <o> #-0 &> <&"
)


def _one_of(words: str) -> str:
    return "|".join(re.escape(word) for word in sorted(words.split(), key=len, reverse=True))


_FACE: Final = re.compile(rf"\[(?:{_one_of(_NAMES)})\]|/:(?:{_one_of(_CODES)})(?![a-z])")
_UP: Final = re.compile(
    r"\[(?:强|赞|ok|好的|鼓掌|666|玫瑰|爱心)\]|/:(?:strong|ok|handclap|rose|heart)(?![a-z])|[👍👏💯🌹❤💐👌🎉]"
)
_DOWN: Final = re.compile(r"\[(?:弱|差劲|发怒|咒骂|鄙视|便便)\]|/:(?:weak|bad)(?![a-z])|[👎😡😤🤬😠💩🖕]")
_EMOJI: Final = re.compile("[\u2600-\u27bf\ufe0f\u200d\U0001f300-\U0001faff]")


def blanked(norm: str) -> str:
    """The text with blanks in the place of faces; the length stays."""
    if "[" not in norm and "/:" not in norm:
        return norm
    return _FACE.sub(lambda found: " " * len(found[0]), norm)


def thumb(norm: str) -> bool | None:
    """Whether faces alone say well done (True) or not (False); None when they say neither, or anything else is said."""
    if _EMOJI.sub("", blanked(norm)).strip() or bool(_UP.search(norm)) == bool(_DOWN.search(norm)):
        return None
    return _UP.search(norm) is not None
