"""The shapes of `data/menus/oa.yaml` and `work.yaml`: the menu below the chat, checked as each platform would.

Only shapes and their checks. How a menu is put into a platform's words is `channels.menus`; what a click does
stands in `data/menus/clicks.yaml`. Names are counted by width too: the client cuts what the platform takes.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from redprop_bot.content import yaml
from redprop_bot.content.shapes import Shape, check
from redprop_bot.content.yaml import Lines
from redprop_bot.errors import ContentError, Fault

Platform = Literal["oa", "work"]
PLATFORMS: Final[tuple[Platform, ...]] = ("oa", "work")

_NAMES: Final = {"oa": "公众号", "work": "企业微信"}
_TOP, _SUB = 3, 5
_TOP_WIDTH, _SUB_WIDTH = 8, 14  # in letters; a Chinese character is as wide as two
_TOP_BYTES: Final = 16
_SUB_BYTES: Final = {"oa": 60, "work": 40}
_KEY_BYTES, _URL_BYTES = 128, 1024
_BY_KEY: Final = (
    *("click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin"),
    "location_select",
)
_NEEDS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "oa": {
        **dict.fromkeys(_BY_KEY, ("key",)),
        "view": ("url",),
        "miniprogram": ("url", "appid", "pagepath"),
        "media_id": ("media_id",),
        "view_limited": ("media_id",),
        "article_id": ("article_id",),
        "article_view_limited": ("article_id",),
    },
    "work": {**dict.fromkeys(_BY_KEY, ("key",)), "view": ("url",), "view_miniprogram": ("appid", "pagepath")},
}
_URL: Final = re.compile(r"(https?:/)?/[^\s\\]+")


class Button(Shape):
    """One entry: with `buttons` below it, or with a type and what the type needs.

    url: a whole address, or one of our own pages from its slash on (`/m/mine`).
    """

    name: str
    type: str | None = None
    key: str | None = None
    url: str | None = None
    appid: str | None = None
    pagepath: str | None = None
    media_id: str | None = None
    article_id: str | None = None
    buttons: tuple["Button", ...] | None = None

    def given(self) -> dict[str, str]:
        """What it has of the things that types need."""
        values = {name: getattr(self, name) for name in _FIELDS}
        return {name: value for name, value in values.items() if value is not None}


_FIELDS: Final = ("key", "url", "appid", "pagepath", "media_id", "article_id")


class Menu(Shape):
    """One platform's menu."""

    buttons: tuple[Button, ...]

    def sent_keys(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """The key of each button that sends one, with its path in the file."""
        for n, button in enumerate(self.buttons):
            below = button.buttons or ()
            at = ("buttons", str(n))
            for path, one in [(at, button), *(((*at, "buttons", str(m)), sub) for m, sub in enumerate(below))]:
                if one.key is not None:
                    yield path, one.key


@dataclass(frozen=True, slots=True)
class Menus:
    """Both menus; where each stands, for faults that are found by looking at other files."""

    oa: Menu
    work: Menu
    places: Mapping[Platform, tuple[str, Lines]]

    def of(self, platform: Platform) -> Menu:
        """One of them."""
        return self.oa if platform == "oa" else self.work

    def unknown(self, keys: Mapping[str, Any]) -> list[Fault]:
        """Buttons whose click would do nothing: their keys are none of these."""
        return [
            Fault(f"{where}:{line_of((*path, 'key'))}", f"“{key}” 在 data/menus/clicks.yaml 里没有")
            for platform, (where, line_of) in self.places.items()
            for path, key in self.of(platform).sent_keys()
            if key.strip().lower() not in keys
        ]


def read_menus(paths: Mapping[str, Path], faults: list[Fault]) -> Menus | None:
    """Both menus out of the files by their relative path; None, with faults added, when one is not right."""
    found: dict[Platform, Menu] = {}
    places: dict[Platform, tuple[str, Lines]] = {}
    for platform in PLATFORMS:
        name = f"data/menus/{platform}.yaml"
        path = paths.get(name)
        if path is None:
            faults.append(Fault(name, "缺少这个文件"))
            continue
        try:
            value, line_of = yaml.read(path)
        except ContentError as error:
            faults += error.faults
            continue
        menu = check(Menu, value, line_of, str(path), faults)
        if menu is None:
            continue
        wrong = [Fault(f"{path}:{line_of(at)}", what) for at, what in _wrong(platform, menu)]
        faults += wrong
        if not wrong:
            found[platform], places[platform] = menu, (str(path), line_of)
    return Menus(found["oa"], found["work"], places) if len(found) == len(PLATFORMS) else None


Wrong = Iterator[tuple[tuple[str, ...], str]]


def _wrong(platform: Platform, menu: Menu) -> Wrong:
    if not 1 <= len(menu.buttons) <= _TOP:
        yield ("buttons",), f"{_NAMES[platform]}菜单有 1 到 {_TOP} 个一级按钮"
    for n, button in enumerate(menu.buttons):
        at = ("buttons", str(n))
        yield from _name(at, button.name, _TOP_WIDTH, _TOP_BYTES)
        if button.buttons is None:
            yield from _button(platform, at, button)
            continue
        if button.type is not None or button.given():
            yield at, f"“{button.name}” 下面还有按钮，它自己不能有 type、key、url"
        if not 1 <= len(button.buttons) <= _SUB:
            yield (*at, "buttons"), f"“{button.name}” 下面有 1 到 {_SUB} 个按钮"
        for m, sub in enumerate(button.buttons):
            below = (*at, "buttons", str(m))
            yield from _name(below, sub.name, _SUB_WIDTH, _SUB_BYTES[platform])
            yield from _button(platform, below, sub)
            if sub.buttons is not None:
                yield below, f"“{sub.name}” 已是二级，下面不能再有按钮"


def _name(at: tuple[str, ...], name: str, width: int, most: int) -> Wrong:
    here = (*at, "name")
    if not name.strip() or not name.isprintable():
        yield here, "name 不能为空，也不能有换行"
    elif len(name.encode()) > most or wide(name) > width:
        yield here, f"“{name}” 太长：最多 {width // 2} 个汉字（{most} 字节），再长手机上会被截断"


def wide(text: str) -> int:
    """The width of a text in letters: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _button(platform: Platform, at: tuple[str, ...], button: Button) -> Wrong:
    needs = _NEEDS[platform].get(button.type or "")
    if needs is None:
        kinds = "、".join(_NEEDS[platform])
        yield (*at, "type"), f"“{button.name}” 的 type 不对，{_NAMES[platform]}有：{kinds}"
        return
    given = button.given()
    for name in needs:
        if not (given.get(name) or "").strip():
            yield at, f"“{button.name}” 是 {button.type}，要有 {name}"
    for name in given.keys() - set(needs):
        yield (*at, name), f"“{button.name}” 是 {button.type}，用不上 {name}"
    if len(given.get("key", "").encode()) > _KEY_BYTES:
        yield (*at, "key"), f"“{button.name}” 的 key 最多 {_KEY_BYTES} 字节"
    if (url := given.get("url")) is not None and (
        not _URL.fullmatch(url) or url.startswith("//") or len(url.encode()) > _URL_BYTES
    ):
        yield (
            (*at, "url"),
            f"“{button.name}” 的 url 应为 https://… 或 /m/mine 这样，最多 {_URL_BYTES} 字节",
        )
