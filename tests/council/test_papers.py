"""Agenda and minutes as Word files, opened by LibreOffice: the words are there, in order, on a plausible number of pages."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from tests.council.conftest import chair_in, home
from tests.support import rows
from tests.support.office import converted, pages

from redprop_bot.council import attending, minutes, papers, resolving
from redprop_bot.council.resolving import Decision
from redprop_bot.loop import arrange
from redprop_bot.loop.actor import RULE
from redprop_bot.store import numbers
from redprop_bot.store.tables import Meeting

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


@pytest.mark.parametrize(
    ("number", "said"), [(0, "一"), (9, "十"), (10, "十一"), (19, "二十"), (20, "二十一"), (98, "九十九")]
)
def test_parts_are_counted_in_chinese(number, said):
    """一 to 九十九."""
    assert papers.counted(number) == said
