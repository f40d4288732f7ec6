"""The benches are only run by hand: what they write into tables by themselves must fit the tables of today."""

from bench import sweep

from redprop_bot.registry.importing import import_file
from redprop_bot.store.tables import Demand
from redprop_bot.store.worker import Store


def test_the_orders_of_the_sweep_fit_the_table(store: Store, tmp_path) -> None:
    """Orders that are not due are written by one statement of its own; what is put among them fires, once each."""
    (tmp_path / "roster.yaml").write_text(sweep.roster(), "utf-8")
    store.run(lambda tx: import_file(tx, tmp_path / "roster.yaml"))
    sweep.prepared(store, 20)
    assert store.run(lambda tx: len(tx.list(Demand))) == 20
    sweep.put_due(store, 0)
    assert sweep.sweep(store)[2] == sweep.DUE
