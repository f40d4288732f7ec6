# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Who is meant: the unit an order goes to, or the one complained of; in the speaker's words."""

import re
from collections.abc import Iterable

_CN = r"[\u4e00-\u9fff]"
# What may stand before the trade in a unit's name (顺达|物业), and what may not, because it is the sentence's.
_BRAND = r"[^\W\d_的那这给派转让请叫喊把去来了吧我你他她它们和跟与由交找是归及在到说就先再也都咱您该下要快带个]"
_TITLE = r"(?:师傅|队长|经理|主任|科长|所长|站长|班长)"
_PERSON = rf"(?:[老小大阿](?!中午|早上|晚上|白天|热天|冷天|清早|半夜|夏天|冬天)[^\W\d_是在把不爱说往拿要放占搞骂让给叫打跟嫌偷用去来家人门区伙姑孩朋党]头?(?![疼痛晕]))|{_BRAND}{{1,2}}(?:{_TITLE}|工(?![程作人地会])|大姐|大哥|大爷|大妈|大叔|警官|主席|院长|园长|律师|医生|姐|哥|书记)"
_ANY_UNIT = rf"(?:就业{_BRAND}{{0,6}}?|{_BRAND}{{1,8}}?)(?:公司|物业|中心|服务站|卫生站|集团|厂家|事务所|食堂|协会|支部|银行|医院|学校|单位|部门|[局所站](?![以有着在长里门楼起])|处(?![理置在里])|队(?![伍长])|(?<![重快督补协代交主承经帮催速])办(?![理一好结完了掉事法公])|科(?!长)|部(?![分长])|委(?![托员会屈]))"
_STRONG = r"应该是|应是|改成|改为|改派给?|改给|换成|改由|换|(?:->|→|=>|➡)"
_GIVE = rf"{_STRONG}|派单给|转派给?|派给|转给|转交给?|转到|转|交给|交由|分给|发给|推给|排给|拍给|指派给?|归口[给到]?|推送[给到]?|流转[给到]?|(?<!一)下发[给到]?|(?<!一)下派[给到]?|分派给?|甩给|递给|转办给?|指给|划给|就定|定给|给到|拨给|派到|派往|派(?!出所)|移交给?|挂给|丢给|联系|通知|安排|麻烦|烦请|劳烦|拜托|协调|责成|委托|@|由|请|让|喊|叫|找|归(?!档)|给|交(?![警通费钱了])"
_VERB = re.compile(rf"(?P<v>{_GIVE})(?:一下|下|咱们?|我们|你们|那边|[ :：]){{0,2}}")
_CALL = re.compile(
    r"(?:请|恳请|提请|邀请?|叫|喊|让|找|呼叫|吹哨给?|哨|报告?给?|上报|上交|提[到给](?=街道|区|上级)|升级?给?到?|提级[给到至]|吹给|往|向|@|移交给?|转交?给?|交给?|由|需要?|盼|等)(?:一下|下|到|至|[ :：!！,，])?"
)
_COMES = re.compile(
    r"(?:[两三四几]家)?(?:请|得|要|必须|能|都|也|一起|赶紧|马上|速)?(?:来(?:人|一[下趟])|到场|报到|牵头|介入|出面|支援|来看|派人|到现场|处置)"
)
_MEETING = re.compile(r"联席|议事会|会议")
_PLAINLY = re.compile(
    r"派单给|转派给?|推送给|流转给|下派给?|分派给|转办给|派给?|转给|转交给?|交给|交由|分给|推给|指派给?|改派给?|改给|移交给?|->|→|=>|➡"
)
_SHORT = re.compile(rf"(?![一个单人急])(?:{_BRAND}){{2,4}}(?=$|[,，。;； ])")  # 派安居
_ARROWS = ("->", "→", "=>", "➡")
_NAMED = re.compile(rf"(?:{_BRAND}){{2,8}}(?=$|[,，。;； ])")  # 1102 → 法律顾问小许
_DOES = r"(?:负责|牵头|承担|落实|去办|跟进|出方案|出钱|来做|来办|尽快|限期|限|[0-9一二三四五六七八九十两]{1,3}[天日个])"
_NOT_TO = re.compile(r"(?:之前|原来|不是|不该|本来|别|不|上次|昨天|刚才?)[^,，。]{0,3}$")
_BY = re.compile(r"由[^,，。]{1,10}?(?:改|换|转)")
_ALSO = re.compile(r"[、和与跟及]|以及|还有")
_HELPER = re.compile(r"^(?:社区|居委会?|街道办?|帮帮团|网格[员长]|社工|调解员|书记|社区主任|志愿者|司法所|律师)$")
# The other side of a quarrel, when no unit is: 楼上那家, 三楼老周, 对面麻将馆老板.
_NEIGHBOUR = re.compile(
    r"(?<!我是)(?<!我住)(?<!我家)(?<!我们)(?<!俺是)(?<!俺住)(?:[一二三四五六七八九十0-9]{1,3}楼|楼[上下]|对门|隔壁|对面|邻居|邻居家|边上|旁边)(?:那?[家户]|的?(?:那?个?(?:[老小][^\W\d_是在把不爱说往拿要放占搞骂让给叫打跟嫌偷用去来家人]|[^\W\d_]家|邻居|大[姐妈爷叔]|阿姨|小伙子?|租户|租客|房东|住户|业主|人家)|[^\W\d_]{1,4}(?:店|馆|摊)的?(?:老板娘?)?))?"
    r"|(?:租户|租客|租房的|房东|二房东|[^\W\d_我们跟和与同]{0,3}(?:店|馆|摊)的?老板娘?|广场舞(?:队|大妈们?|那帮人)|跳舞的(?:大妈|阿姨|那帮人)?|车主|狗主人|养狗的(?:那家)?)"
)
_ABOVE = re.compile(r"街道(?:办(?:事处)?)?|区里|上级")
_THIRD = re.compile(r"派出所|民警|片警|公安|法院|医院")  # where a quarrel ended up
_ASKED = re.compile(r"(?:请|求|找|让|望|盼|烦|叫|喊|想|指望|拜托|你们)[^,，。]{0,3}$")
_HELPS = re.compile(r"(?:能不能|能|可以|快|来|出|帮|给|主持|调解|评|牵|介入|管管|协调|劝|说说|做|有没有|是不是)")
_BETWEEN = re.compile(r"^(?:和|跟|与|同)")
# 物业|前台, 社区|窗口: where of the unit somebody sits.
_DESK = r"(?:前台|窗口|柜台|大厅|收费处|办公室|维修部|工程部|岗亭|值班室|监控室)"
_TRADES_TAIL = rf"(?:里?的?{_DESK})?(?:(?:的|那个|那位|那帮|派来的?个?|新来的|打[饭菜]的|里?那个姓[^\W\d_]的|那[个位][^\W\d_]{{2,3}}(?=[女男]的))?(?:小姑娘|姑娘|小伙子|小伙|小哥|小妹|胖子|瘦子|大姐|大妈|大爷|大叔|阿姨|师傅|老头|老汉|老太太|女的|男的|女同志|男同志|老倌儿?|电工|水工|工人|保安|老板|接线员|值班员|收费员|客服|前台|工作人员|护工|护士|主席|老总|干事|社工|楼长|抄表员|安检员|管理员|机器人|(?<=那帮)人|经理|主任|队长|组长|领导)|的?(?:{_PERSON}))?"
# What a unit's name begins but is no unit: 物业费, 消防栓, 绿化带, 燃气管道.
_THING = r"费|资金|基金|押金|(?<=消防)(?:[栓门水箱柜演]|车(?!队)|通道)|(?<=绿化)[带树]|(?<=[水电气力])(?:管[道网线子]|表(?!示)|[箱井])|(?<=燃气)灶"
_SECTION = r"(?:抢修|维修|工程|售后|客服|巡查|应急|热线)?(?:公司|科(?!长)|班(?!长)|组(?![织长成])|站(?![长着在了岗起楼上下])|队(?!长)|部(?![分长]))"
_SOMEONE = rf"(?:^|(?<=[,，。 ])){_BRAND}{{2,5}}的(?:师傅|大姐|大妈|大爷|阿姨|小伙子|小姑娘|老头|那个人)"
_WORK = r"[修做开收送装补刷管守看扫搬拆清通换站打拉抄带巡][^\W\d_的了过好完在]{1,3}的"
_MAN = rf"(?:师傅|工人|老板|大哥|大姐|大爷|大妈|阿姨|小伙子?|小姑娘|那帮人|{_PERSON})"
_BY_TRADE = re.compile(
    rf"{_WORK}(?:{_MAN}|(?=来|去|上门|看|弄|处理|[,，。;；]|$))"
)  # after a verb of giving: 让修锁的来
_BY_LOOKS = re.compile(  # who is blamed and belongs to no unit that was named
    rf"(?:(?<=那个)|(?<=这个))(?:[戴穿留姓长烫][^\W\d_的了过]{{1,3}}的|{_WORK}(?:{_MAN})?|光头|大胡子|[胖瘦]子|[高矮]个子?|师傅|经理|主任|队长|大姐|大妈|大爷|阿姨|小伙子?|小姑娘|老头)"
    rf"|(?:^|(?<=投诉)|(?<=那个)|(?<=这个)|(?<=你们)|(?<=[,，。的 ]))(?:{_WORK}{_MAN}|{_BRAND}{_TITLE})"
)
# A unit that no list knows, and somebody of it: 外包公司来的人, 快递站老板. At the head of what is said of it.
_BUILT_SO = re.compile(
    rf"(?:^|(?<=[,，。;；:： ])|(?<=那个)|(?<=这个)|(?<=你们)|(?<=投诉))[^\W\d_的我俺咱你他她它有没在到去从把被给跟和]{{1,5}}(?:公司|中心|站|店|馆|厂|医院|诊所|银行|学校|幼儿园|超市|食堂|队)(?:来?的)?(?:{_MAN}|老板娘?|护士|医生|大夫|服务员|收银员|管理员|那帮人|人)(?!多|少|满|太)"
)
_TWO_SIDES = re.compile(r"[两俩二]家|[双两]方|两口子|他们|两边|两户|他俩|业主[们]?(?:和|跟|与|同)")
_VOCATIVE = re.compile(rf"(?P<n>{_PERSON})[,，:： ].{{0,20}}(?:你|去|跑|辛苦|负责|跟进|看看|处理)")
_TAIL = re.compile(_TRADES_TAIL)
_BUILT = re.compile(_ANY_UNIT + _TRADES_TAIL)
_SOMEBODY = re.compile(_PERSON)
_LONGER = 4  # characters by which a built name may go beyond a listed one: 社区 of 社区食堂


class PartyWords:
    """The words for units, trades and posts."""

    def __init__(self, units: Iterable[str] = ()) -> None:
        body = "|".join(sorted(map(re.escape, set(units)), key=len, reverse=True)) or "(?!)"
        self._units = re.compile(
            rf"(?:夜班|白班|新来的|[a-z])?(?:{body})(?!{_THING})(?:{_SECTION}|(?:办事|服务)?(?:{body}))?{_TRADES_TAIL}|{_SOMEONE}"
        )
        named = rf"(?:{_BRAND}|(?<={_BRAND})和(?={_BRAND}?(?:{body})))"  # 万和物业: its name holds an "and"
        self._heads = re.compile(rf"{named}{{0,6}}?(?:{body})(?!{_THING})(?:{_SECTION}|{body})?{_TRADES_TAIL}")
        self._known = re.compile(rf"{_BRAND}{{0,6}}?(?:{body})(?!{_THING})(?:{_SECTION}|{body})?{_TRADES_TAIL}")
        self._doing = re.compile(rf"(?P<n>{_BRAND}{{0,4}}?(?:{body})){_DOES}")

    def receiver(self, text: str, known: str | None) -> str | None:
        """The unit an order is given to: the one behind a verb of giving, else the first one named."""
        given = self.given(text, known)
        if given or known:
            return given or self.whole(text, known or "")
        unit = self._units.search(text)
        if unit:
            return unit[0]
        spoken_to = _VOCATIVE.match(text)
        return spoken_to["n"] if spoken_to else None

    def doing(self, text: str, known: str | None = None) -> str | None:
        """Who is to do what was resolved: 业委会负责, 物业出方案."""
        match = self._doing.search(text)
        if match and known and known.endswith(match["n"]):
            return known
        return match["n"] if match else None

    def given(self, text: str, known: str | None = None, *, plainly: bool = False) -> str | None:
        """The unit behind a verb of giving; 改为 goes before 派给. `plainly`: only verbs that can mean nothing else."""
        best: tuple[int, str] | None = None
        for match in _VERB.finditer(text):
            named = self._name(text, match.end(), known)
            if named is None and _PLAINLY.fullmatch(match["v"]):
                short = (_NAMED if match["v"] in _ARROWS else _SHORT).match(text, match.end())
                named = short.span() if short else None
            if named is None or _NOT_TO.search(text[max(0, match.start() - 6) : match.start()]):
                continue
            if plainly and not _PLAINLY.fullmatch(match["v"]):
                continue
            if match["v"] == "由" and _BY.match(text, match.start()):
                continue
            rank = 0 if re.fullmatch(_STRONG, match["v"]) else 1
            if best is None or rank < best[0]:
                best = rank, self._and_more(text, named)
        return best[1] if best else None

    def called(self, text: str) -> str | None:
        """Who is called to the spot or told: 请住建来人, 报街道."""
        above = None
        for match in _CALL.finditer(text):
            named = self._name(text, match.end())
            if named and not _MEETING.match(text, match.end()):
                if not _ABOVE.fullmatch(text, *named):
                    return self._and_more(text, named)
                above = above or self._and_more(text, named)  # 报街道，请市政来: who is wanted is 市政
        for match in _COMES.finditer(text):
            units = list(self._units.finditer(text, max(0, match.start() - 12), match.start()))
            if units and units[-1].end() == match.start():
                return self._and_more(text, units[0].span())
        return above

    def whole(self, text: str, known: str) -> str:
        """和美物业 with the person of it who is blamed: 和美物业的小杜."""
        at = text.find(known)
        tail = _TAIL.match(text, at + len(known)) if at >= 0 else None
        return known + (tail[0] if tail else "")

    def named(self, text: str, at: int) -> int | None:
        """Where the name of a unit of the word list that begins at `at` ends."""
        found = self._heads.match(text, at) or (
            self._heads.match(text, at + 1) if text.startswith("和", at) else None
        )
        return found.end() if found else None  # 和美物业 begins like "and"

    def _name(self, text: str, at: int, known: str | None = None) -> tuple[int, int] | None:
        """The name of a unit or a person that begins here: one of the roster, of the word list, or built like one."""
        if known and text.startswith(known, at):
            tail = _TAIL.match(text, at + len(known))
            return at, tail.end() if tail else at + len(known)
        first = at + text.startswith("和", at)  # 和美物业 begins like "and"
        listed, built = self._known.match(text, first), _BUILT.match(text, first)
        if listed and built and listed.end() < built.end() <= listed.end() + _LONGER:
            return at, built.end()
        found = listed or built or _BY_TRADE.match(text, at) or _SOMEBODY.match(text, at)
        return (at, found.end()) if found else None

    def _and_more(self, text: str, named: tuple[int, int]) -> str:
        """城管和消防: the units that are called together."""
        start, end = named
        for _ in range(3):
            joined = _ALSO.match(text, end)
            following = self._name(text, joined.end()) if joined else None
            if following is None:
                break
            end = following[1]
        return text[start:end]

    def blamed(self, text: str, known: str | None, *, quarrel: bool = False) -> str | None:
        """The unit or person complained of: the first one named.

        In a `quarrel` it is the other side; whoever is asked to settle it is not meant, and two parties that are both named give none.
        """
        for unit in self._units.finditer(text):
            before, after = text[max(0, unit.start() - 6) : unit.start()], text[unit.end() : unit.end() + 8]
            if quarrel and _THIRD.match(unit[0]):
                continue
            if quarrel and re.search(r"(?:我|俺|我们|咱)(?:家?[是住]|家在)?$", before):
                continue  # 我是楼下的: who speaks
            if quarrel and _HELPER.match(unit[0]) and (_ASKED.search(before) or _HELPS.match(after)):
                continue
            joined = _BETWEEN.match(after) if quarrel else None
            if joined and not after[joined.end() :].startswith(("我", "俺", "咱")):
                return None
            if quarrel and re.search(r"(?:业主|住户|居民|大家)们?(?:和|跟|与|同)$", before):
                return None
            if known and text.find(known) <= unit.start():
                return known
            return unit[0]
        if quarrel:
            looks = None if known or _TWO_SIDES.search(text) else _NEIGHBOUR.search(text)
        else:
            looks = None if known else _BY_LOOKS.search(text) or _BUILT_SO.search(text)
        return looks[0] if looks else known
