"""Why: behind 理由 or 因为, or what remains of a message when the order itself is taken away."""

import re

_NAMED = re.compile(r"(?:退单)?(?:理由|原因|情况)(?:是|为|就是)?[:：,， ]?(?P<r>[^。！!；;]{2,60})")
_BECAUSE = re.compile(
    r"(?:因为|由于|主要是|鉴于|考虑到)(?P<r>[^。！!；;]{2,60}?)(?=所以|因此|故|申请|要求|先|需要|想|请|得|,?，?延|$|[。！!；;])"
)
_CLAUSE = re.compile(r"[,，。！!；;：:\n]+|\s{1,}")
_COMMAND = {
    "order.return": re.compile(
        r"退单|退回|退了|打回|退掉|不接|接不了|另派|改派|重派|另找|收回|撤回|请转|转给|转派|派给|你们再派|退一下|申请退|干不了|做不了|派错|^退|退$|交给|找别人|换人"
    ),
    "order.extend": re.compile(
        r"延期|延|宽限|顺延|推迟|晚几天|缓|往后|挪|多给|再给|请批|批准|申请|deadline|push|才能|得等到|得到|要到|能不能|预计|最快|要等到?(?:下|周|月|初|明)|\u25f7"
    ),
    "order.merge": re.compile(
        r"并单|合并|并到|并进|并入|并案|归到|归并|并一下|合一|合成|为主|保留|留第|捆成|并$|并了|合在|并掉|\u2116.{0,4}(?:并|合)"
    ),
    "order.close": re.compile(
        r"办结|归档|关掉|关单|结案|关了|结了|了结|销单|终止|结掉|闭环|销号|可以结|关闭|结单|(?:给它|把它)关|^结|结吧|按无法|除了|其余|其他|回访满意"
    ),
    "order.escalate": re.compile(
        r"吹哨|提级|上报|报街道|报到街道|报联席|请.{0,8}(?:到场|报到|来|支援|牵头|派人|参加|介入|协调)|上会|升级|提请|往上报|提交.{0,6}会|拿到.{0,6}会|报给|报请|哨"
    ),
}
_FILLER = re.compile(
    r"^(?:喂|领导|那个|这个|麻烦|请|书记|主任|您好|你好|师傅|好的|收到|辛苦|谢谢|小[\u4e00-\u9fff]|老[\u4e00-\u9fff])[啊呀哦了]?$"
)
_HEAD = re.compile(r"^(?:因为|由于|主要是|这个|那个|那|是|就是|理由|原因|[^\u4e00-\u9fffa-z0-9]{1,3})")


def find(intent: str, text: str, raw: str) -> str | None:
    """The reason given with an act of the staff; `text` is masked, `raw` has the same length."""
    command = _COMMAND.get(intent)
    if command is None:
        return None
    for pattern in (_NAMED, _BECAUSE):
        match = pattern.search(text)
        if match:
            return raw[match.start("r") : match.end("r")].strip(" ,，。:：") or None
    keep: list[tuple[int, int]] = []
    at = 0
    for cut in [*_CLAUSE.finditer(text), None]:
        end = cut.start() if cut else len(text)
        clause = text[at:end]
        if len(clause) >= 2 and not command.search(clause) and not _FILLER.match(clause) and _says(clause):
            keep.append((at, end))
        elif keep and len(clause) >= 2:
            break
        at = cut.end() if cut else len(text)
    if not keep:
        return None
    found = raw[keep[0][0] : keep[-1][1]]
    return _HEAD.sub("", found).strip(" ,，。:：\u2116") or None


def _says(clause: str) -> bool:
    """More than numbers, signs and pointing words."""
    return len(re.sub(r"[^\u4e00-\u9fffa-z]|单子?|号|那个|这个|那件|这件|的", "", clause)) >= 2
