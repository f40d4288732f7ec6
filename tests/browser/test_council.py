"""Projects, mediations and the sheet of whistles in a real browser: sixteen projects with 73 measures, both widths."""

from datetime import timedelta

import pytest
from tests.browser.audit import AUDIT
from tests.browser.conftest import NARROW, WIDE, page_of, picture

from redprop_bot.council import agreement, conducting, mediation, plan, project
from redprop_bot.council import measure as steps
from redprop_bot.council.hands import Hand
from redprop_bot.council.mediation import Party
from redprop_bot.council.plan import Money, Stone
from redprop_bot.council.project import MeasureDraft, ProjectDraft
from redprop_bot.registry.register import register
from redprop_bot.store import projects
from redprop_bot.store.tables import Measure

SECRETARY, MANAGER = "shenxl", "hanlq"
ALL = Hand("管理员", keeps=None, all_of_it=True)
WORDS = ("查清年限和隐患", "请业委会表决方案", "报维修资金", "进场施工", "验收并公示")


@pytest.fixture(scope="module")
def council(town):
    """A year's projects, one of them half done and late, and a mediation that is signed; their numbers."""

    def job(tx):
        reg = register(tx)
        manager = next(p for p in reg.people.values() if p.userid == MANAGER)
        home = next(
            p.community_id for p in reg.posts[next(k for k, p in reg.people.items() if p.userid == SECRETARY)]
        )
        kinds = ("老旧电梯更新攻坚", "污水管网整治", "书记领办停车治理", "楼道飞线专项")
        for n in range(16):
            count = 5 if n < 9 else 4
            begin = tx.now - timedelta(days=40)
            drafts = [
                MeasureDraft(
                    WORDS[k],
                    manager.userid,
                    starts_at=begin + timedelta(days=15 * k),
                    due_at=begin + timedelta(days=15 * k + 20),
                )
                for k in range(count)
            ]
            made = project.open_project(
                tx,
                ALL,
                ProjectDraft(
                    f"{kinds[n % 4]}（第{n + 1}片）",
                    community_id=home,
                    starts_at=begin,
                    ends_at=begin + timedelta(days=120),
                    measures=drafts,
                ),
            )
        lines = projects.measures(tx, [made.id])[made.id]
        steps.finish(tx, tx.get(Measure, lines[0].id), ALL, note="八台电梯都查过，贴在机房门上")
        steps.report(tx, tx.get(Measure, lines[1].id), ALL, percent=60, note="签了 210 户")
        plan.budget(tx, made, ALL, [Money("主机和钢丝绳", 128000, 30000, "维修资金"), Money("监理", 8000)])
        plan.milestones(tx, made, ALL, [Stone("方案定了", made.starts_at + timedelta(days=60), 40)])
        case = mediation.open_case(
            tx, ALL, (Party(name="王大爷"), Party(name="李大妈")), matter="楼道放鞋柜，谁也不让", community_id=home
        )
        other = next(p for p in reg.people.values() if p.userid and p.id != manager.id)
        case = mediation.ask(tx, case, ALL, other)
        conducting.take(tx, case, Hand(other.name or "", other.id))
        conducting.offer(tx, case, ALL, "鞋柜收回家里，楼道一起扫一次")
        for side in "ab":
            case = agreement.accept_on_paper(tx, case, ALL, side)
        return made.no, case.no

    return town.office.store.run(job)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
def test_the_rooms_fit_and_can_be_used(town, browser, council, size):
    """No page is wider than the screen, fields have labels, words contrast; the picture is not cut."""
    no, case = council
    width = size["width"]
    with page_of(browser, town, "admin", size) as page:
        for path in (
            "/console/projects",
            f"/console/projects/{no}",
            "/console/mediations",
            f"/console/mediations/{case}",
            "/console/whistles",
        ):
            assert page.goto(path).status == 200, path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert page.evaluate(AUDIT) == [], path
            picture(
                page,
                f"council-{path.removeprefix('/console/').partition('/')[0]}{'-one' if path.count('/') > 2 else ''}",
            )
    with page_of(browser, town, MANAGER, size) as page:
        assert page.goto(f"/m/projects/{no}").status == 200
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(AUDIT) == []
        picture(page, "council-phone-project")


def test_a_manager_reports_on_the_phone_and_the_secretary_sees_it(town, browser, council):
    """One tap and a number: the console shows it at once."""
    no, _case = council
    with page_of(browser, town, MANAGER, NARROW) as page:
        page.goto(f"/m/projects/{no}")
        page.fill("#percent2", "75")
        page.fill("#note2", "又签了 30 户")
        page.click("#m2 >> text=报进度")
        page.wait_for_selector("text=记下了")
    with page_of(browser, town, "admin", WIDE) as page:
        page.goto(f"/console/projects/{no}")
        assert "又签了 30 户" in page.inner_text("#m2")
        assert "75%" in page.inner_text("#m2")
