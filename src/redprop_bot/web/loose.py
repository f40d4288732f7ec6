"""Files that were kept for a form which was then refused go at once, unless some row names them after all."""

import asyncio
import logging
from collections.abc import Sequence

from redprop_bot.dialogue.office import Office
from redprop_bot.errors import StorageFault
from redprop_bot.loop.publicity import Paper
from redprop_bot.store import media

log = logging.getLogger(__name__)


async def let_go(office: Office, names: Sequence[str]) -> None:
    """Remove those that nobody names; what cannot be removed now is found by the sweep of loose files."""
    if not names or office.media is None:
        return
    held = await office.store.read(lambda tx: media.held(tx, names))
    for name in names:
        if name in held:
            continue
        try:
            await asyncio.to_thread(office.media.remove, name)
        except StorageFault as fault:
            log.error("a file of a refused form cannot be removed: %s", fault)  # noqa: TRY400 - it says it all


async def paper(office: Office, file: Paper) -> None:
    """The same for the one file of a form."""
    await let_go(office, [file.name])
