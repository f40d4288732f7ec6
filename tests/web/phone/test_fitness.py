"""Pages for old phones and old eyes: light, without scripts, everything labelled, readable and in order."""

import itertools
import re

import pytest
from bs4 import BeautifulSoup
from tests.web.phone.conftest import finished, report

from redprop_bot.web.pages.rendering import STATIC

WEIGHT = 100_000
STYLE = (STATIC / "page.css").read_text("utf-8")


async def pages(hand) -> dict[str, BeautifulSoup]:
    """Every kind of page that a resident gets, the refused and the late ones too."""
    no = await finished(hand)
    found = {}
    for path in (
        "/m/mine",
        "/m/report",
        "/m/me",
        f"/m/orders/{no}",
        "/board/海棠社区",
        "/board/海棠社区/海棠苑",
        "/m/near",
    ):
        found[path] = await hand.look(path)
    found["sent"] = await hand.seen(await report(hand, "楼道灯不亮"))
    found["refused"] = await hand.seen(await report(hand, ""))
    found["over"] = await (await hand.send("/m/me", {"name": "许小满"}, mark="x" * 43)).text()
    found["missing"] = await (await hand.get("/m/orders/none")).text()
    found["gone"] = await (await hand.send("/m/orders/none/act", {"act": "rate"})).text()
    return {name: BeautifulSoup(text, "html.parser") for name, text in found.items()}


async def test_each_page_with_all_it_loads_is_light(hand):
    """Under 100 KB, from our own site; without a script but the one that keeps what was typed in a report."""
    for name, soup in (await pages(hand)).items():
        total = len(str(soup).encode())
        for tag in soup.select("link[href], script[src], img[src]"):
            address = tag.get("href") or tag.get("src")
            assert address.startswith("/static/"), (name, address)
            total += len(await (await hand.get(address)).read())
        assert total < WEIGHT, (name, total)
        scripts = [tag.get("src", "").split("?")[0].rpartition("/")[2] for tag in soup.find_all("script")]
        assert scripts == (["keep.js"] if name == "sent" or soup.select_one("[data-keep]") else []), name


async def test_forms_say_where_they_stand(hand):
    """A page that kept its own address to itself would send its forms from nowhere, and they would be refused."""
    for name, soup in (await pages(hand)).items():
        assert soup.find("meta", attrs={"name": "referrer"})["content"] == "same-origin", name
    refused = await hand.send("/m/type", {"size": "large"}, Origin="null")
    assert refused.status == 403


async def test_everything_has_a_label_and_a_place(hand):
    """Language, title, one heading of the first order, none skipped, labels, names of links and buttons, no tabindex."""
    for name, soup in (await pages(hand)).items():
        assert soup.html["lang"] == "zh-CN", name
        assert soup.title.text.strip(), name
        levels = [int(tag.name[1]) for tag in soup.find_all(re.compile("^h[1-6]$"))]
        assert levels.count(1) == 1, (name, levels)
        assert all(b - a <= 1 for a, b in itertools.pairwise(levels)), (name, levels)
        assert soup.select_one("a.skip")["href"] == "#main", name
        assert soup.find("main", id="main"), name
        ids = [tag["id"] for tag in soup.find_all(id=True)]
        assert len(ids) == len(set(ids)), (name, ids)
        for field in soup.select("input:not([type=hidden]), textarea, select"):
            named = field.get("aria-label") or soup.find("label", attrs={"for": field.get("id", "-")})
            assert named or field.find_parent("label"), (name, field)
        for control in soup.select("a, button"):
            assert control.text.strip() or control.get("aria-label") or control.find("img", alt=True), (
                name,
                control,
            )
        assert not [tag for tag in soup.find_all(tabindex=True) if int(tag["tabindex"]) > 0], name
        for image in soup.find_all("img"):
            assert image.get("alt"), (name, image)
        for field in soup.select("[aria-describedby]"):
            assert soup.find(id=field["aria-describedby"]), name


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, as WCAG has it."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("ink", "ground"),
        ("soft", "ground"),
        ("soft", "paper"),
        ("green", "paper"),
        ("green", "pale"),
        ("green", "ground"),
        ("red", "paper"),
        ("red", "rose"),
        ("#ffffff", "green"),
        ("#7d4d00", "#fbf1de"),
        ("#955800", "paper"),
    ],
)
def test_colours_stand_out(ink, ground):
    """Four and a half to one."""
    named = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})", STYLE))

    def value(name):
        colour = named.get(name, name)
        return colour if len(colour) == 7 else "#" + "".join(2 * c for c in colour[1:])

    lighter, darker = sorted((luminance(value(ink)), luminance(value(ground))), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_type_is_large_and_grows():
    """Eighteen points to begin with, a third more when asked for; no size is fixed in points elsewhere."""
    assert "html { font-size: 18px; }" in STYLE
    assert "html.large { font-size: 24px; }" in STYLE
    screen = STYLE.split("@media print")[0]
    assert re.findall(r"font-size: [\d.]+px", screen) == ["font-size: 18px", "font-size: 24px"]
    assert min(float(size) for size in re.findall(r"font-size: ([\d.]+)rem", STYLE)) >= 0.8


def test_old_browsers_understand_the_style():
    """What the WeChat browser of an old phone does not know stands where nothing hangs on it."""
    for newer in ("@layer", "@container", "color-mix", "oklch", "subgrid", ":is(", "inset:", "dvh", "@scope"):
        assert newer not in STYLE, newer
