"""三岗十八级 in the register: taken in, given out in both formats, and every change of them is kept."""

import pytest
from tests.registry.conftest import SMALL

from redprop_bot.errors import ContentError
from redprop_bot.registry import contacts
from redprop_bot.registry.exporting import export_xlsx, export_yaml
from redprop_bot.registry.importing import import_data
from redprop_bot.store.tables import Event, Post, WorkerEvent

GRID = "userid: mao, duty: grid, estates: [柳岸]"


def _kept(tx) -> list[tuple[str, int, dict]]:
    return [(row.kind, row.number, row.data) for row in tx.list(WorkerEvent, order=WorkerEvent.__table__.c.id)]


def test_each_change_of_a_grade_is_kept_once(store, take):
    """Given, raised, taken away with the post; the same file again, or another change of the person, keeps nothing."""
    take(SMALL)
    assert store.look(_kept) == []
    ranked = SMALL.replace(GRID, GRID + ", post: 工作人员岗, grade: 6")
    for _ in range(2):
        take(ranked)
    take(ranked.replace("estates: [柳岸]", "estates: [老粮站院]"))
    take(ranked.replace("grade: 6", "grade: 7"))
    take(SMALL.replace(f"      - {{name: 毛小妹, {GRID}}}\n", ""))
    first = {"post": "staff", "grade": 6, "was_post": None, "was_grade": None}
    second = {"post": "staff", "grade": 7, "was_post": "staff", "was_grade": 6}
    third = {"post": None, "grade": None, "was_post": "staff", "was_grade": 7}
    assert store.look(_kept) == [("graded", 1, first), ("graded", 2, second), ("graded", 3, third)]


def test_a_refused_file_keeps_nothing(store, take):
    """A grade beyond the post is a fault; neither register nor history knows it."""
    take(SMALL)
    wrong = SMALL.replace(GRID, GRID + ", post: staff, grade: 18")
    with pytest.raises(ContentError, match="1 到 12"):
        take(wrong)
    assert store.look(_kept) == []
    assert store.look(lambda tx: {row.grade for row in tx.list(Post)}) == {None}


def test_both_formats_give_it_out_and_take_it_in(store, take):
    """What is exported imports unchanged, with the names that people pick in a sheet."""
    take(SMALL.replace(GRID, GRID + ", post: staff, grade: 6"))
    assert "post: staff, grade: 6" in store.look(export_yaml)
    sheet = store.look(export_xlsx)
    assert not store.run(lambda tx: import_data(tx, sheet, "名册.xlsx")).touched


def test_who_rises_to_another_post_has_one_change(store, take):
    """From a grid worker's to the secretary's: not a gain, and a loss as the last word of it."""
    take(SMALL.replace(GRID, GRID + ", post: staff, grade: 6"))
    take(SMALL.replace(GRID, "userid: mao, duty: secretary, post: chief, grade: 7"))
    rise = {"post": "chief", "grade": 7, "was_post": "staff", "was_grade": 6}
    assert [row[2] for row in store.look(_kept)][1:] == [rise]


def test_who_comes_back_is_graded_as_before(store, take):
    """The directory takes a post away and gives it back: both are kept, and nothing of it where nothing is forgotten."""
    take(SMALL.replace(GRID, GRID + ", post: staff, grade: 6"))
    store.run(lambda tx: contacts.follow(tx, {"change_type": "delete_user", "user_id": "mao"}))
    store.run(lambda tx: contacts.follow(tx, {"change_type": "create_user", "user_id": "mao", "name": "毛小妹"}))
    assert [(row[2]["post"], row[2]["grade"]) for row in store.look(_kept)] == [
        ("staff", 6),
        (None, None),
        ("staff", 6),
    ]
    assert store.look(lambda tx: [(row.post, row.grade) for row in tx.list(Post) if row.post]) == [("staff", 6)]
    assert not store.look(lambda tx: [one for one in tx.list(Event) if "grade" in str(one.data)])
