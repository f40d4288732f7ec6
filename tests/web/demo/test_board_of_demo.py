"""The demo's board has something on it from the first start, and nothing twice."""

from redprop_bot.bootstrap.demo_board import load_board
from redprop_bot.content import packaged_root
from redprop_bot.registry.demo import load_demo
from redprop_bot.registry.register import register
from redprop_bot.store import publicity


def test_what_hangs_there_passes_the_rules_and_hangs_once(sqlite_store):
    """The steps themselves have put it there; a second start changes nothing, nor brings back what was taken down."""

    def start(tx):
        load_demo(tx, packaged_root())
        load_board(tx, packaged_root())

    def standing(tx):
        keys = register(tx).communities
        return [(len(publicity.lines(tx, key)), len(publicity.posted(tx, key))) for key in keys]

    sqlite_store.run(start)
    before = sqlite_store.look(standing)
    assert all(lines for lines, _ in before)
    assert max(posted for _, posted in before) >= 3
    key = sqlite_store.look(lambda tx: publicity.lines(tx, 1)[0].id)
    sqlite_store.run(lambda tx: publicity.drop_line(tx, key))
    sqlite_store.run(start)
    assert sqlite_store.look(standing)[0] == (before[0][0] - 1, before[0][1])
