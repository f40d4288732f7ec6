"""What the code on a poster holds, and the code as SVG.

The platform gives an address for a scene, for ever; it is asked once and remembered. The demo has no platform
whose address a phone could open, so its codes hold an address that people can read.
"""

from typing import Final
from urllib.parse import quote

import segno

from redprop_bot.channels import OfficialAccountSender
from redprop_bot.dialogue.office import Office
from redprop_bot.ports import Channel
from redprop_bot.store import publicity

LONGEST: Final = 64
"""Characters of a scene."""


def scene(estate: str, building: str, key: int) -> str:
    """The scene of an estate or a building, by its name; by its key where the name is too long."""
    name = estate if len(estate) + len(building) < LONGEST - 12 else f"e{key}"
    return f"building:{name}/{building}" if building else f"estate:{name}"


async def address(office: Office, scene: str, *, board: str) -> str:
    """What the code for a scene holds; `board` is where it leads without an account. Raises PlatformError."""
    if office.settings.demo:
        return f"{office.settings.address}/demo?scan={quote(scene, safe=':/')}"
    sender = office.senders.get(Channel.OA)
    if not isinstance(sender, OfficialAccountSender):
        return board
    known = await office.store.read(lambda tx: publicity.code(tx, scene))
    if known is not None:
        return known
    made = await sender.api.code(scene)
    await office.store.write(lambda tx: publicity.keep_code(tx, scene, made.url))
    return made.url


def drawn(content: str) -> str:
    """The code as an SVG without a size of its own; correct even where a fifth of it is dirty."""
    code = segno.make(content, error="m", micro=False)
    return str(code.svg_inline(scale=1, border=0, omitsize=True, svgclass=None, lineclass=None))
