"""The demo's shop, wish wall and places live from the first start, quietly, and nothing is there twice."""

from redprop_bot.bootstrap.demo_helping import load_helping
from redprop_bot.bootstrap.demo_places import load_places
from redprop_bot.content import packaged_root
from redprop_bot.media import FileMedia
from redprop_bot.registry.demo import load_demo
from redprop_bot.store import shop, soundness, wishes
from redprop_bot.store.tables import Booking, Goods, Outbox, PointEntry, Redemption, Resource, Wish


def test_it_is_filled_once_by_the_steps_and_tells_nobody(sqlite_store, tmp_path):
    """Each picture is a kept file; wishes wait, are given, came true; a second start brings back nothing."""
    files = FileMedia(tmp_path / "media")

    def start(tx):
        load_demo(tx, packaged_root())
        load_places(tx, packaged_root())
        load_helping(tx, packaged_root(), files)

    def counted(tx):
        return [len(tx.list(model)) for model in (Goods, Wish, PointEntry, Redemption, Resource, Booking)]

    sqlite_store.run(start)
    before = sqlite_store.look(counted)
    assert all(number > 0 for number in before)
    pictured = [one for one in sqlite_store.look(lambda tx: tx.list(Goods)) if one.picture]
    assert len(pictured) >= 4
    assert all(len(files.get(one.picture) or b"") == one.picture_size for one in pictured)
    assert sum(one.picture_size for one in pictured) < 70_000  # all of them stand on one light page
    stand = {one.status for one in sqlite_store.look(lambda tx: tx.list(Wish))}
    assert stand == {"published", "claimed", "fulfilled"}
    assert {one.state for one in sqlite_store.look(lambda tx: tx.list(Outbox))} <= {"sent"}
    assert sqlite_store.look(soundness.problems) == []
    sqlite_store.run(lambda tx: tx.update(Goods, 1, active=False))
    sqlite_store.run(start)
    assert sqlite_store.look(counted) == before
    assert not sqlite_store.look(lambda tx: shop.goods(tx, 1)).active
    waiting = sqlite_store.look(lambda tx: wishes.page(tx, communities=None, statuses=["published"], limit=9))
    assert len(waiting) >= 3
