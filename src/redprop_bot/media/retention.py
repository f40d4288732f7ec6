"""Keeping what people sent no longer than is needed, by the days of `data/limits/limits.yaml`.

    kept ──days after its order ended──▶ leaving (hidden) ──▶ file removed ──▶ row removed, counted
    a file that belongs to no row (a crash between the two) ──a few days──▶ removed, counted

Safe at any point: what is hidden and not gone is taken up by the next sweep, a file that is gone is gone, and a
row is removed, and so counted, by one sweeper only. Nothing of an open order is touched: see `store.media.leave`.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from redprop_bot.errors import StorageFault
from redprop_bot.ports import MediaStore
from redprop_bot.store import media
from redprop_bot.store.tables import Attachment
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

log = logging.getLogger(__name__)

BATCH: Final = 200
LOOK: Final = timedelta(hours=6)
"""So often a process looks through the whole folder for what belongs to nobody."""


class Retention:
    """The sweeper of one process; several may sweep at once."""

    def __init__(self, store: Store, files: MediaStore) -> None:
        self._store, self._files = store, files
        self._looked: datetime | None = None

    async def sweep(self) -> Counter[str]:
        """Let go what is over: how many `media_over` (with their rows) and `media_loose` (files of nobody)."""
        done: Counter[str] = Counter()
        while hidden := await self._store.write(_leave):
            if hidden < BATCH:
                break
        done["media_over"] = await self._remove()
        if self._looked is None or self._store.clock.now() - self._looked >= LOOK:
            done["media_loose"] = await self._loose()
            self._looked = self._store.clock.now()
        return +done

    async def _remove(self) -> int:
        number, after = 0, 0
        while items := await self._store.read(partial(media.leaving, after=after, limit=BATCH)):
            removed = await asyncio.to_thread(self._files_of, items)
            number += await self._store.write(partial(media.gone, keys=removed))
            after = items[-1].id or 0
        return number

    def _files_of(self, items: Sequence[Attachment]) -> list[int]:
        """Remove their files; the keys of those that have none any more."""
        removed = []
        for item in items:
            try:
                if item.name is not None:
                    self._files.remove(item.name)
            except StorageFault as fault:
                log.error("attachment %s cannot be removed: %s", item.id, fault)  # noqa: TRY400 - it says it all
                continue
            removed.append(item.id or 0)
        return removed

    async def _loose(self) -> int:
        limits = self._store.content.limits
        before = self._store.clock.now() - timedelta(days=limits.media_loose_days)
        try:
            names = await asyncio.to_thread(self._files.older, before)
        except StorageFault as fault:
            log.error("the folder of media cannot be looked through: %s", fault)  # noqa: TRY400 - it says it all
            return 0
        number = 0
        others = await self._store.read(media.others) if names else set()
        for start in range(0, len(names), BATCH):
            some = {name: _owner(name) for name in names[start : start + BATCH] if name not in others}
            known = await self._store.read(partial(media.names, keys=set(some.values())))
            loose = [name for name, key in some.items() if _is_loose(name, known.get(key))]
            number += await asyncio.to_thread(self._drop, loose)
        return number

    def _drop(self, names: Sequence[str]) -> int:
        number = 0
        for name in names:
            try:
                self._files.remove(name)
            except StorageFault as fault:
                log.error("a file of nobody cannot be removed: %s", fault)  # noqa: TRY400 - it says it all
            else:
                number += 1
        return number


def _leave(tx: Tx) -> int:
    before = tx.now - timedelta(days=tx.content.limits.media_days)
    return media.leave(tx, before=before, limit=BATCH)


def _owner(name: str) -> int:
    """The key of the attachment whose file it was made for, as `gathering` names them; 0 where it tells none."""
    key = name.partition("/")[2].partition("-")[0]
    return int(key) if key.isdecimal() and len(key) < 19 else 0


def _is_loose(name: str, owner: tuple[str, str | None] | None) -> bool:
    """Whether it is nobody's; what is still fetched may be about to become its owner's."""
    if owner is None:
        return True
    state, kept = owner
    return state not in ("wanted", media.LEAVING) and kept != name
