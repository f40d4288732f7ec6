"""The council's Word files, opened by LibreOffice: the words are there, in order, on a plausible number of pages."""

import io
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from tests.council.conftest import chair_in, home, person
from tests.support import rows
from tests.support.office import converted, pages

from redprop_bot.council import (
    agreement,
    attending,
    conducting,
    measure,
    mediation,
    minutes,
    papers,
    plan,
    project,
    resolving,
)
from redprop_bot.council.hands import Hand
from redprop_bot.council.mediation import Party
from redprop_bot.council.plan import Money, Stone
from redprop_bot.council.project import MeasureDraft, ProjectDraft
from redprop_bot.council.project_paper import project_file
from redprop_bot.council.resolving import Decision
from redprop_bot.loop import arrange
from redprop_bot.loop.actor import RULE
from redprop_bot.store import numbers
from redprop_bot.store import projects as stored
from redprop_bot.store.tables import Mediation, Meeting, Project

START = datetime(2026, 12, 16, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def _held(town):
    """A meeting with thirty orders on the table and twelve decisions, minutes drafted."""
    community = home(town.store)
    chair = town.look(lambda tx: chair_in(tx, "qinsj", frozenset({community})))

    def tabled(tx):
        for n in range(30):
            category = ("elevator", "parking", "building")[n % 3]
            no = numbers.take(tx, "D", tx.now, tx.content.zone)
            demand = rows.demand(tx, no=no, community_id=community, category=category, urgency="normal")
            arrange.escalate(tx, demand, RULE, reason=f"第{n}次没谈拢，差维修资金")

    town.run(tabled)
    meeting = town.call(chair, START, topics=["物业费怎么收", "充电棚建在哪"], place="二楼会议室")
    agenda = town.look(lambda tx: papers.agenda_file(tx, meeting))
    for n in range(12):
        decision = Decision(f"第{n + 1}件：由物业把楼道和车棚一起清理干净，贴出告示", handler="万和物业")
        town.run(lambda tx, d=decision: resolving.resolve(tx, meeting, chair, d))
    town.run(lambda tx: attending.tick(tx, meeting, chair, "秦书记"))
    town.run(lambda tx: minutes.draft(tx, meeting, chair, remarks="散会。\n下次会议另行通知。"))
    draft = town.look(lambda tx: papers.minutes_file(tx, tx.get(Meeting, meeting.id)))
    town.run(lambda tx: minutes.approve(tx, meeting, chair))
    done = town.look(lambda tx: papers.minutes_file(tx, tx.get(Meeting, meeting.id)))
    return {"agenda": agenda, "draft": draft, "minutes": done}


@pytest.mark.slow
def test_the_papers_open_in_libreoffice(small_town, tmp_path):
    """Pages and words of all three; a draft says that it is one, what is approved does not."""
    files = _held(small_town)
    made = {name: pages(pdf) for name, pdf in converted(tmp_path, files, "pdf").items()}
    assert (made["agenda"], made["minutes"], made["draft"]) == (made["agenda"], made["minutes"], made["minutes"])
    assert 1 <= made["agenda"] <= 3
    assert 1 <= made["minutes"] <= 4
    told = {name: text.decode("utf-8-sig") for name, text in converted(tmp_path, files, "txt").items()}
    assert "（草稿" in told["draft"]
    assert "（草稿" not in told["minutes"]
    for words in ("二楼会议室", "一、", "建议：", "物业费怎么收"):
        assert words in told["agenda"], words
    said = told["minutes"]
    assert "2026年12月16日（周三）09:30—11:30" in said
    order = [
        "纪要",
        "时间：",
        "出席：",
        "议题",
        "议定事项",
        "1. 第1件",
        "12. 第12件",
        "其他",
        "下次会议另行通知。",
        "槐荫社区",
    ]
    places = [said.index(words) for words in order[:-1]] + [said.rindex(order[-1])]
    assert places == sorted(places)


DAYS = 24
"""Measures of the project below: more than one page of rows."""


def _project(town):
    """A project of a year: measures one after the other, some done, one late, one dropped; money and milestones."""
    community = home(town.store)
    hand = town.look(lambda tx: Hand("秦书记", person(tx, "qinsj").id, frozenset({community})))
    end = START + timedelta(days=360)
    steps = [
        MeasureDraft(
            f"第{n + 1}段管线：开挖、换管、试压、回填、恢复路面",
            "方经理" if n % 2 else "清源水务",
            starts_at=START + timedelta(days=14 * n),
            due_at=START + timedelta(days=14 * n + 20),
        )
        for n in range(DAYS)
    ]
    draft = ProjectDraft(
        title="老旧管网攻坚",
        community_id=community,
        lead="清源水务",
        note="三个小区的立管用了二十多年，年年漏。",
        starts_at=START,
        ends_at=end,
        measures=steps,
    )
    made = town.run(lambda tx: project.open_project(tx, hand, draft))
    money = [Money("管材", 1_200_000.5, source="维修资金", spent=300_000), Money("监理", 80_000, source="街道")]
    town.run(lambda tx: plan.budget(tx, tx.get(Project, made.id), hand, money))
    stones = [Stone("方案定了", START + timedelta(days=30), 5)]
    town.run(lambda tx: plan.milestones(tx, tx.get(Project, made.id), hand, stones))
    for position in (1, 2, 3):
        note = f"第{position}段试压合格，路面当天恢复"
        town.run(lambda tx, p=position, n=note: measure.finish(tx, _step(tx, made, p), hand, note=n))
    town.run(lambda tx: measure.report(tx, _step(tx, made, 4), hand, percent=60, note="管子到了"))
    town.run(lambda tx: measure.drop(tx, _step(tx, made, 24), hand, reason="并到第23段"))
    town.at(2027, 3, 20, 10)
    return town.look(lambda tx: project_file(tx, tx.get(Project, made.id)))


def _step(tx, made, position):
    return stored.measure(tx, made.id, position)


def _agreement(town):
    """An agreement of two neighbours who are not known here, one of whom signed on paper."""
    community = home(town.store)
    hand = town.look(lambda tx: Hand("秦书记", person(tx, "qinsj").id, frozenset({community})))
    both = (Party(name="老凌"), Party(name="老幸"))
    matter = "楼上晚上挪桌子，楼下睡不好。\n说过几次，吵了一架。"
    case = town.run(lambda tx: mediation.open_case(tx, hand, both, matter=matter, community_id=community))
    town.run(lambda tx: mediation.ask(tx, case, hand, person(tx, "songls")))
    town.run(lambda tx: conducting.take(tx, case, Hand("宋老师", person(tx, "songls").id)))
    offer = "一、楼上给桌脚垫上毡子；\n二、晚上十点以后两家都轻声；\n三、再有事先敲门说。"
    town.run(lambda tx: conducting.offer(tx, case, hand, offer))
    for side in "ab":
        town.run(lambda tx, s=side: agreement.accept_on_paper(tx, case, hand, s))
    return town.look(lambda tx: agreement.paper(tx, tx.get(Mediation, case.id)))


def test_the_drawn_plan_says_how_far_each_measure_is(small_town):
    """What is done is one colour, what is late another; a measure that nobody has begun has none of the first."""
    table = Document(io.BytesIO(_project(small_town))).tables[0]
    fills = [re.findall(r'w:fill="(\w+)"', row._tr.xml) for row in table.rows[1:]]
    assert len(fills) == DAYS - 1
    assert all(fills)  # each bar is seen, however short
    for done in fills[:3]:
        assert set(done) == {"5F9B7B"}
    assert set(fills[3]) == {"5F9B7B", "D58A80"}
    assert [set(row) for row in fills[4:6]] == [{"D58A80"}] * 2
    assert {colour for row in fills[6:] for colour in row} == {"D9D2C8"}


@pytest.mark.slow
def test_project_and_agreement_open_in_libreoffice(small_town, tmp_path):
    """The plan and the rows of a long project go over pages, with their heads; an agreement is one page to sign."""
    files = {"agreement": _agreement(small_town), "project": _project(small_town)}
    made = {name: pages(pdf) for name, pdf in converted(tmp_path, files, "pdf").items()}
    assert made["agreement"] == 1
    assert 3 <= made["project"] <= 5
    told = {name: text.decode("utf-8-sig") for name, text in converted(tmp_path, files, "txt").items()}
    said = told["project"]
    for words in ("老旧管网攻坚", "清源水务", "第1段试压合格", "60%", "1,200,000.50", "维修资金"):
        assert words in said, words
    assert said.count("第23段管线") == 2  # in the picture and in the table
    assert "第24段管线" not in said  # dropped
    parts = ("一、进度图", "二、措施", "三、经费", "槐荫社区")
    assert [said.index(part) for part in parts] == sorted(said.index(part) for part in parts)
    said = told["agreement"]
    order = (
        "调解协议书",
        "一方：老凌",
        "另一方：老幸",
        "宋老师",
        "晚上挪桌子",
        "一、楼上给桌脚垫上毡子",
        "二、晚上十点",
        "秦书记",
        "槐荫社区",
    )
    for words in order:
        assert words in said, words
    assert said.index("老凌") < said.index("宋老师") < said.index("桌脚") < said.rindex("秦书记")


@pytest.mark.parametrize(
    ("number", "said"), [(0, "一"), (9, "十"), (10, "十一"), (19, "二十"), (20, "二十一"), (98, "九十九")]
)
def test_parts_are_counted_in_chinese(number, said):
    """一 to 九十九."""
    assert papers.counted(number) == said
