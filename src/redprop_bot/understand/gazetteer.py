"""The names of a community: estates with aliases, organisations and people. Built from the roster or the store."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from redprop_bot.errors import ConfigError, Fault
from redprop_bot.understand import numerals, pinyin
from redprop_bot.understand.normalise import fold

_SUFFIX = (
    "家属院",
    "小区",
    "花园",
    "家园",
    "新村",
    "新城",
    "华庭",
    "社区",
    "宿舍",
    "公寓",
    "苑",
    "里",
    "庭",
    "府",
    "院",
)
_UNKNOWN = re.compile(
    r"[\u4e00-\u9fff]{2,6}?(?:花园|小区|家园|新村|家属院|新城|华庭|公寓|华府|名苑|雅苑|佳苑|嘉园|水岸|豪庭|宿舍区|苑(?=[0-9a-z一二三四五六七八九十▲]))"
)
_BEFORE_A_HOUSE = re.compile(
    r"(?:^|(?<=[,，。;；!！?？:： 住在是到]))"
    r"(?:[\u4e00-\u9fff]{1,6}(?:园|苑|城|洲|湾|庭|府|坊|郡|墅|邸|轩)|[\u4e00-\u9fff]{2,6}里)"
    r"(?=▲|(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3}|[a-z])(?:号楼|[栋幢座#]|[-—][0-9]))"
)
"""An estate of a short name: 桂花园3栋, 和平里二号楼."""
_NO_NAME = re.compile(
    r"[我你他她它这那哪咱俺家公小]|[楼院屋村校城房心社区]里$|^(?:校园|庭园|花园|幼儿园|老城|新城|县城|政府)$"
)
_LEAD = re.compile(
    r"^(?:.*(?:我们|我家|我在|我住|住在|住|这里是|这边是|就是|是|在|和(?![平谐睦顺悦美])|跟|到|去|从|咱们?|俺们?|你们|请问|我|的|给|来|说|问|下)(?=.{2}))"
)
_SIGNS = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
_NUMBER = re.compile(
    r"[0-9]+|[零〇一二三四五六七八九十百壹贰叁](?:[零〇一二三四五六七八九十百])*(?=[号期区院村组])"
)
_GENERIC = frozenset(
    {
        "我们小区",
        "你们小区",
        "咱们小区",
        "这个小区",
        "整个小区",
        "老旧小区",
        "本小区",
        "全小区",
        "那个小区",
        "个小区",
    }
)
_COMPANY = re.compile(r"物业(?:服务|管理)?(?:有限)?(?:公司)?$")
_STEM_ENDS = r"(?=的|那|去|来|派|办|处理|负责|弄|看|修|上门|跟|[和与、][\u4e00-\u9fff]|[,，。;；！!]|$)"
_HOUSE = r"(?=[的,， ]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3}|[a-z])(?:号楼|[栋幢座#]|[-—][0-9]))"
_TAILS = frozenset({"华庭", "水岸", "江南", "名邸", "天下", "国际", "豪庭"})  # said alone beside a building
_COMMON_STEMS = frozenset({"幸福", "和平", "阳光", "向阳", "锦绣", "金色", "东方", "春天", "美好", "平安", "文明"})


@dataclass(frozen=True)
class EstateName:
    """An estate as the roster writes it, what else it is called, and its building numbers where known."""

    name: str
    aliases: tuple[str, ...] = ()
    buildings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gazetteer:
    """Finds the names of the roster in what people say; everything derived is built once."""

    estates: tuple[EstateName, ...] = ()
    parties: tuple[str, ...] = ()
    _names: dict[str, str] = field(default_factory=dict, compare=False, repr=False)
    _cut: set[str] = field(default_factory=set, compare=False, repr=False)
    _exact: re.Pattern[str] | None = field(default=None, compare=False, repr=False)
    _sounds: dict[str, str] = field(default_factory=dict, compare=False, repr=False)
    _party: re.Pattern[str] | None = field(default=None, compare=False, repr=False)
    _short: dict[str, str] = field(default_factory=dict, compare=False, repr=False)
    _by_house: re.Pattern[str] | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        names = _spellings(self.estates)
        self._names.update(names)
        self._cut.update(
            names.keys() - {"".join(map(fold, s)) for e in self.estates for s in (e.name, *e.aliases)}
        )
        object.__setattr__(self, "_exact", _any_of(names))
        self._sounds.update({pinyin.key(n): full for n, full in names.items() if len(n) >= 3})
        self._short.update(_short_forms(self.estates, names))
        object.__setattr__(self, "_by_house", _before_a_house(self._short))
        object.__setattr__(self, "_party", _any_party(self.parties, self.estates))

    @staticmethod
    def empty() -> "Gazetteer":
        """No roster: estates are kept as said."""
        return Gazetteer()

    @staticmethod
    def from_roster(data: dict[str, Any]) -> "Gazetteer":
        """From a parsed roster (interfaces.md, section 5)."""
        estates: list[EstateName] = []
        parties: list[str] = []
        street = data.get("street") or {}
        parties += _people(street)
        for community in data.get("communities") or []:
            parties += _people(community)
            for row in community.get("estates") or []:
                # YAML reads the key `no` as false
                numbers = tuple(str(b.get("no", b.get(False))) for b in row.get("buildings") or [])
                estates.append(EstateName(str(row["name"]), tuple(map(str, row.get("aliases") or ())), numbers))
        for row in data.get("organisations") or []:
            parties.append(str(row["name"]))
            parties += _people(row)
        return Gazetteer(tuple(estates), tuple(dict.fromkeys(parties)))

    @staticmethod
    def from_roster_file(path: Path) -> "Gazetteer":
        """From a roster in YAML; ConfigError when it is none."""
        try:
            with path.open(encoding="utf-8") as file:
                data = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - the safe loader in C
            if not isinstance(data, dict):
                raise TypeError("应为名册 (street, communities, organisations)")  # noqa: TRY301
            return Gazetteer.from_roster(data)
        except (OSError, yaml.YAMLError, TypeError, KeyError, AttributeError) as error:
            raise ConfigError([Fault(str(path), str(error))]) from error

    def find_estates(self, norm: str) -> list[tuple[int, int, str]]:
        """Estates named in the text: (start, end, name of the roster). Exact names first, then by sound."""
        if self._exact is not None:
            found = [(m.start(), m.end(), self._names[m[0]]) for m in self._exact.finditer(norm)]
            if len(found) > 1:  # 丹枫社区的清水湾: the community, and which of its estates
                found = [one for one in found if not self._is_community(norm, one)] or found
            return found or self._by_sound(norm) or self._beside_a_house(norm)
        return _as_said(norm)

    def _is_community(self, norm: str, found: tuple[int, int, str]) -> bool:
        """Whether a name that nobody has written down, only cut from an estate's, is said of a 社区."""
        start, end, _name = found
        return norm[start:end] in self._cut and norm.startswith("社区", end)

    def estate(self, said: str) -> str | None:
        """The roster's name for one spelling, or None."""
        norm = "".join(map(fold, said))
        found = self.find_estates(norm) if self.estates else []
        return found[0][2] if found else None

    def find_party(self, norm: str) -> str | None:
        """The first organisation or person of the roster that is named."""
        match = self._party.search(norm) if self._party else None
        return match[0] if match else None

    def _beside_a_house(self, norm: str) -> list[tuple[int, int, str]]:
        """幸福3栋, 和平小区: words of every day that are an estate only beside a building or 小区."""
        if self._by_house is None:
            return []
        return [(m.start(), m.end(), self._short[m["n"]]) for m in self._by_house.finditer(norm)]

    def _by_sound(self, norm: str) -> list[tuple[int, int, str]]:
        heads = {key.split(" ", 1)[0] for key in self._sounds}
        sizes = sorted({key.count(" ") + 1 for key in self._sounds}, reverse=True)
        heard = [pinyin.sound(c) for c in norm]
        found = []
        at = 0
        while at < len(heard):
            if heard[at] in heads:
                for size in sizes:
                    name = self._sounds.get(" ".join(heard[at : at + size]))
                    if name:
                        found.append((at, at + size, name))
                        at += size - 1
                        break
            at += 1
        return found


def _any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    body = "|".join(sorted((re.escape(w) for w in words if w), key=len, reverse=True))
    return re.compile(body) if body else None


def _any_party(parties: Iterable[str], estates: Iterable[EstateName]) -> re.Pattern[str] | None:
    """Names as they stand, and a company's without 物业 where that can be nothing else (给和美, 安居的人)."""
    full = _any_of(parties)
    if full is None:
        return None
    named = "".join(estate.name for estate in estates)
    stems = {_COMPANY.sub("", name) for name in parties if _COMPANY.search(name)}
    short = _any_of(stem for stem in stems if len(stem) >= 2 and stem not in named)
    return re.compile(f"{full.pattern}|(?:{short.pattern}){_STEM_ENDS}") if short else full


def _people(row: dict[str, Any]) -> list[str]:
    return [str(person["name"]) for person in row.get("staff") or [] if person.get("name")]


def _stem(name: str) -> str | None:
    """枫林小区 → 枫林, unless what is left is an everyday word or a single sign."""
    for suffix in _SUFFIX:
        stem = name.removesuffix(suffix)
        if stem != name and len(stem) >= 2:
            return None if stem in _COMMON_STEMS else stem
    return None


def _spellings(estates: Iterable[EstateName]) -> dict[str, str]:
    names: dict[str, str] = {}
    stems: dict[str, set[str]] = {}
    for estate in estates:
        for said in (estate.name, *estate.aliases):
            names["".join(map(fold, said))] = estate.name
        stem = _stem(estate.name)
        if stem:
            stems.setdefault(stem, set()).add(estate.name)
        for said in (estate.name, *estate.aliases):
            for other in _other_ways("".join(map(fold, said))):
                stems.setdefault(other, set()).add(estate.name)
    for stem, owners in stems.items():
        if len(owners) == 1 and stem not in names:
            names[stem] = next(iter(owners))
    return names


def _short_forms(estates: Iterable[EstateName], names: dict[str, str]) -> dict[str, str]:
    """Stems that are everyday words (幸福) and tails (水岸), where only one estate has them."""
    owners: dict[str, set[str]] = {}
    for estate in estates:
        for part in {estate.name[:2]} & _COMMON_STEMS | {estate.name[-2:]} & _TAILS:
            owners.setdefault(part, set()).add(estate.name)
    return {short: next(iter(of)) for short, of in owners.items() if len(of) == 1 and short not in names}


def _before_a_house(short: Iterable[str]) -> re.Pattern[str] | None:
    body = _any_of(short)
    return re.compile(f"(?P<n>{body.pattern})(?:(?:小区|村)(?!委)|{_HOUSE})") if body else None


def _other_ways(name: str) -> Iterator[str]:
    """How people write a name with signs or a number: without the signs, the number in the other script."""
    plain = _SIGNS.sub("", name)
    head = _SIGNS.split(name, maxsplit=1)[0]
    if "(" in name and len(head) >= 3:
        yield head
    for spelt in {name, plain} - {""}:
        yield from (spelt, _NUMBER.sub(_arabic, spelt), _NUMBER.sub(_chinese, spelt))


def _arabic(run: re.Match[str]) -> str:
    value = numerals.to_int(run[0])
    return run[0] if value is None else str(value)


def _chinese(run: re.Match[str]) -> str:
    """86 → 八十六; from a hundred on digit by digit, as house numbers are read."""
    value = numerals.to_int(run[0])
    if value is None:
        return run[0]
    tens, ones = divmod(value, 10)
    if value >= 100 or not tens:
        return "".join("零一二三四五六七八九"[int(digit)] for digit in str(value))
    return (
        ("" if tens == 1 else "零一二三四五六七八九"[tens]) + "十" + ("零一二三四五六七八九"[ones] if ones else "")
    )


def _as_said(norm: str) -> list[tuple[int, int, str]]:
    named = [one for one in _named(_UNKNOWN, norm) if len(one[2]) >= 3 and not one[2].endswith(tuple(_GENERIC))]
    return named or [one for one in _named(_BEFORE_A_HOUSE, norm) if not _NO_NAME.search(one[2])]


def _named(pattern: re.Pattern[str], norm: str) -> list[tuple[int, int, str]]:
    """What a pattern finds, without the words that lead to a name (我住, 在)."""
    found = []
    for match in pattern.finditer(norm):
        lead = _LEAD.match(match[0])
        start = match.start() + (lead.end() if lead else 0)
        found.append((start, match.end(), norm[start : match.end()]))
    return found
