"""The figures of a small world, computed by hand, on both engines; and the report and tables made of them."""

import io
from datetime import date
from zipfile import ZipFile

import pytest
from docx import Document
from openpyxl import load_workbook
from tests.appraise.world import Keys, small_world

from redprop_bot.appraise import periods, tables
from redprop_bot.appraise.overview import Overview, Where, overview
from redprop_bot.appraise.report import Report, report
from redprop_bot.appraise.word import as_docx
from redprop_bot.rules.figures import Counts, score
from redprop_bot.store import counting
from redprop_bot.store.worker import Store
from redprop_bot.web import spreadsheets

TODAY = date(2026, 11, 25)
NOVEMBER = periods.asked("2026-11", "", "", TODAY)


@pytest.fixture(params=[False, True], ids=["waiting", "settled"])
def keys(request: pytest.FixtureRequest, store: Store) -> Keys:
    """The world, before and after it was counted: nobody can tell."""
    made = store.run(small_world)
    while request.param and store.run(counting.settle):
        pass
    return made


def seen(store: Store, where: Where) -> Overview:
    return store.look(lambda tx: overview(tx, where, NOVEMBER))


def test_a_community(store: Store, keys: Keys) -> None:
    """Inflow, closing, three rates, punctuality, with the last month and the last year."""
    found = seen(store, Where(keys.here))
    assert found.total.now == Counts(
        came=21, closed=20, due=21, on_time=15, asked=21, signed=18, to_solve=21, solved=20, rated=17, content=13
    )
    assert (found.total.before.came, found.total.last_year.came) == (1, 1)
    assert [(step.begin.day, step.came, step.closed) for step in found.course if step.came] == [(25, 21, 20)]
    assert len(found.course) == 25
    lines = {line.name: line for line in found.categories}
    assert {name: (line.now.came, line.before.came) for name, line in lines.items()} == {
        "电梯": (16, 1),
        "噪声": (5, 0),
    }
    assert [line.name for line in found.topics] == ["电梯", "噪声"]
    assert [(spot.name, spot.came) for spot in found.buildings] == [("梧桐苑3栋", 12), ("梧桐苑5栋", 8)]
    assert [(line.name, line.now.came) for line in found.estates] == [("梧桐苑", 21)]
    assert found.communities == []


def test_far_too_many_waiting_are_told_as_a_round_number(store: Store, keys: Keys, monkeypatch) -> None:
    """With more than are counted while somebody reads the page says so; settled, it says nothing."""
    waits = store.look(counting.waiting) > 10
    monkeypatch.setattr(counting, "MANY", 10)
    assert seen(store, Where(keys.here)).waiting == (10 if waits else 0)


def test_units_and_ranks(store: Store, keys: Keys) -> None:
    """A unit with twenty orders has a score, one with two has none; one alone has no rank."""
    found = {line.name: line for line in seen(store, Where(keys.here)).units}
    assert found["和顺物业"].now.came == 20
    assert found["永宁物业"].now.came == 1
    assert {line.rank for line in found.values()} == {None}
    weights = store.content.digests.weights
    exact = 30 * 18 / 20 + 35 * 20 / 20 + 35 * 13 / 17
    assert score(found["和顺物业"].now, weights) == pytest.approx(exact)
    assert score(found["永宁物业"].now, weights) is None


def test_one_unit_an_estate_and_the_street(store: Store, keys: Keys) -> None:
    """Each place has its own figures, and sections that say nothing there are left out."""
    small = seen(store, Where(keys.here, keys.small))
    assert (small.total.now.came, small.total.now.to_solve, small.units, small.estates) == (1, 1, [], [])
    assert seen(store, Where(None, keys.good)).total.now.came == 20
    assert seen(store, Where(keys.here, None, keys.estate)).total.now.came == 21
    street = seen(store, Where())
    assert {line.name: line.now.came for line in street.communities} == {"梧桐社区": 21, "白杨社区": 1}
    assert street.total.now.came == 22
    empty = store.look(lambda tx: overview(tx, Where(keys.there), periods.asked("2024-02", "", "", TODAY)))
    assert empty.total.now.nothing
    assert empty.units == empty.categories == empty.buildings == []


def written(store: Store, where: Where) -> Report:
    return report(store.content, seen(store, where), "梧桐社区", TODAY)


def test_the_report_says_what_is_counted(store: Store, keys: Keys) -> None:
    """Numbers in sentences are those of the figures; every rate has its counts."""
    made = written(store, Where(keys.here))
    assert made.title == "梧桐社区群众诉求办理情况月报"
    assert made.period == "（2026年11月，截至11月25日）"
    overall = "".join(made.sections[0].sentences)
    assert "共收到群众诉求 21 件，2026年10月是 1 件，上年同期 1 件" in overall
    assert "响应率：86%（18/21）；解决率：95%（20/21）；满意率：76%（13/17）" in overall
    assert made.sections[1].table.rows[0] == [
        "和顺物业", "20", "1", "1", "90%（18/20）", "100%（20/20）", "76%（13/17）", "75%（15/20）", "不排名",
    ]  # fmt: skip
    none = report(
        store.content,
        store.look(lambda tx: overview(tx, Where(keys.there), periods.asked("2024-02", "", "", TODAY))),
        "白杨社区",
        TODAY,
    )
    assert [section.sentences for section in none.sections] == [["2024年2月没有收到群众诉求。"]]


def test_the_word_file_opens_and_names_chinese_fonts(store: Store, keys: Keys) -> None:
    """A4, title and day as in official papers, every run with a font for Chinese characters."""
    made = written(store, Where(keys.here))
    data = as_docx(made, store.clock.now())
    document = Document(io.BytesIO(data))
    text = [paragraph.text for paragraph in document.paragraphs]
    assert text[0] == made.title
    assert text[-1] == "2026年11月25日"
    assert round(document.sections[0].page_width.cm, 1) == 21.0
    assert document.tables[0].cell(1, 0).text == "和顺物业"
    xml = ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    assert xml.count("<w:r>") == xml.count("w:eastAsia=")
    assert "方正小标宋简体" in xml
    assert document.core_properties.author == ""


def test_the_tables_open(store: Store, keys: Keys) -> None:
    """The sheets of the workbook hold the same numbers; rates are numbers."""
    found = seen(store, Where(keys.here))
    book = load_workbook(io.BytesIO(spreadsheets.as_xlsx(tables.sheets(found, "梧桐社区"))))
    assert book.sheetnames == ["总数", "单位", "类别", "小区", "楼栋", "每天"]
    rows = list(book["总数"].values)
    head = dict(zip(rows[0], rows[1], strict=True))
    assert (head["范围"], head["进来"], head["办结"], head["响应率"]) == ("梧桐社区", 21, 20, round(18 / 21, 4))
    assert head["进来 2026年10月"] == 1
    text = spreadsheets.as_csv([["=1+1", "好"]]).decode()
    assert text == "\ufeff'=1+1,好\r\n"
