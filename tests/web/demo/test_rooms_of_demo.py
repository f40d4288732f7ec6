"""What a visitor finds in the rooms of the demo that nobody has used yet."""

from redprop_bot.bootstrap import demo as bootstrap
from redprop_bot.simulated import Twin
from redprop_bot.store import appraisals, rectifications
from redprop_bot.store.tables import Outbox


async def test_companies_have_results_and_one_has_something_to_mend(tmp_path):
    """Two results of the last quarter and an order of 整改; nobody's phone has rung."""
    async with Twin() as twin:
        office = bootstrap.prepared(twin, 0, f"sqlite:///{tmp_path / 'demo.db'}")
        try:
            rounds = office.store.look(lambda tx: appraisals.page(tx, communities=None, limit=9))
            orders = office.store.look(lambda tx: rectifications.page(tx, communities=None, limit=9))
            waiting = office.store.look(lambda tx: [m for m in tx.list(Outbox) if m.state != "sent"])
        finally:
            office.close()
    assert sorted((row.sheet, row.state) for row in rounds) == [
        ("quarter", "published"),
        ("quarter", "published"),
    ]
    assert all(row.stars for row in rounds)
    assert [row.state for row in orders] == ["open"]
    assert waiting == []
