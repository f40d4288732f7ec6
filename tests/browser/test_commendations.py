"""年底评价意见 and 评选表彰 in a real browser: written and confirmed, put to the vote, voted on a phone, both widths."""

from datetime import timedelta

import pytest
from tests.browser.audit import AUDIT
from tests.browser.conftest import NARROW, WIDE, page_of, picture

from redprop_bot.appraise import commendation as steps
from redprop_bot.appraise import commendation_vote as votes
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.registry.care import companies
from redprop_bot.registry.register import register
from redprop_bot.store.tables import Commendation, Person

SECRETARY = "shenxl"
RESIDENT = "demo-resident-1"
ALL = Reviewer("管理员", communities=None, street=True)


def _voting(town, who: str) -> int:
    """A vote among staff of the community's companies; the key. `who`, a resident, lives there."""

    def job(tx):
        reg = register(tx)
        home = reg.estate_names["荷香苑"]
        units = {one.id: one.name for one in companies(reg, home.community_id)}
        row = steps.open_commendation(tx, tx.content.awards.of("staff"), home.community_id, 2026, ALL)
        staff = [p for p in reg.all_posts if p.organisation_id in units][:3]
        for post in staff:
            person = reg.people[post.person_id]
            steps.named(tx, row, ALL, person, name=person.name, about="半夜上门修水管", by_self=True)
        key = next(p.id for p in tx.list(Person) if p.openid == who)
        tx.update(Person, key, estate_id=home.id)
        return steps.vote_opened(tx, row, ALL).id

    return town.office.store.run(job)


@pytest.fixture(scope="module")
def rooms(written, opened, vote):
    """Addresses to look at, with what their pictures are called."""
    return (
        ("/console/opinions", "opinions"),
        (written, "opinion"),
        ("/console/commendations", "list"),
        (opened, "company"),
        (f"/console/commendations/{vote}", "voting"),
        ("/board/荷塘社区", "board"),
    )


@pytest.fixture(scope="module")
def written(town, browser):
    """An opinion that was written and confirmed on its pages; its address."""
    with page_of(browser, town, SECRETARY) as page:
        page.goto("/console/opinions")
        page.click("form.card button.main")
        page.wait_for_selector("text=请写社区的意见")
        address = page.url.partition("?")[0].removeprefix(town.address)
        page.fill("#words", "报修当天有人来，电梯困人两次都在十分钟内到。\n楼道灯坏得多，建议明年换成感应灯。")
        page.fill("#fee_rate", "92.5")
        page.fill("#fee_from", "物业报的收费台账")
        page.click("text=存下来")
        page.wait_for_selector("text=存好了")
        page.click("text=确认这一版")
        page.wait_for_selector("text=可以下载 Word")
        with page.expect_download() as kept:
            page.click("a[href$=docx]")
        assert kept.value.suggested_filename.endswith("综合评价意见第1版.docx")
    return address


@pytest.fixture(scope="module")
def opened(town, browser):
    """A title for companies, opened on its page; its address."""
    with page_of(browser, town, SECRETARY) as page:
        page.goto("/console/commendations")
        page.select_option("#award", label="先进物业企业")
        page.click("form.card button.main")
        page.wait_for_selector("text=请看一看候选")
        return page.url.partition("?")[0].removeprefix(town.address)


@pytest.fixture(scope="module")
def vote(town, opened):
    """A vote that runs."""
    assert opened
    return _voting(town, RESIDENT)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_pages_are_read_on_both_widths(town, browser, size, rooms):
    """Nothing runs out of the page, everything has a name and a label."""
    width = size["width"]
    with page_of(browser, town, SECRETARY, size) as page:
        for path, name in rooms:
            assert page.goto(path).status == 200, path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert page.evaluate(AUDIT) == [], path
            if name == "board":
                page.locator('[aria-labelledby="s-commended"]').scroll_into_view_if_needed()
            picture(page, f"commendation-{name}")


def test_a_resident_votes_and_the_result_stands(town, browser, vote):
    """Picked, changed, ended, confirmed; the page of the vote shows who was commended, covered."""
    with page_of(browser, town, "", NARROW) as page:
        page.goto(f"/demo/phones/{RESIDENT}/open?to=/m/commendations/{vote}")
        assert page.evaluate(AUDIT) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
        page.check("input[value='1']")
        picture(page, "phone-vote")
        page.click("button[value=vote]")
        page.wait_for_selector("text=记下了，截止前可以改")
        page.check("input[value='2']")
        page.click("button[value=vote]")
        page.wait_for_selector("text=之前投的不算了")
        picture(page, "phone-voted")

        def end(tx):
            row = tx.update(Commendation, vote, ends_at=tx.now - timedelta(seconds=1))
            votes.confirmed(tx, row, ALL)

        town.office.store.run(end)
        page.goto(f"/m/commendations/{vote}")
        assert "评上的" in page.inner_text("#ballot")
        assert page.evaluate(AUDIT) == []
        picture(page, "phone-vote-result")
