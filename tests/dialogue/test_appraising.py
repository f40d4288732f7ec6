"""考评 as people say it: points in one sentence, what waits, the result, an appeal; and what merely sounds like it."""

import pytest

from redprop_bot.appraise import periods, scorecard, scorers
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.appraise.scorers import Hand
from redprop_bot.registry.register import register
from redprop_bot.store import appraisals
from redprop_bot.store.tables import Appraisal, Outbox

SECRETARY, STREET, GRID, MANAGER, RESIDENT = "qinsj", "gaozr", "yaowg", "fangjl", "r:罗阿姨"
ALL = Hand(Reviewer("管理员", communities=None, street=True))
GOOD = "环境20 秩序20 维修20 态度20"


def _open(stage, sheet="month", period="2026-10", unit="万和物业"):
    def job(tx):
        reg = register(tx)
        estate = next(e for e in reg.estates.values() if e.property_name == unit)
        wanted, of = tx.content.appraisal.of(sheet), periods.ended_by_key(period)
        (row,) = scorecard.begin(
            tx, wanted, of, estate.community_id, [reg.organisation_names[unit].id], by="管理员"
        )
        return row.id

    return stage.store.run(job)


def _given(stage, row):
    rows = stage.store.look(lambda tx: appraisals.ballots(tx, [row])[row])
    return [(one.party, one.by_name, tuple(one.points.values())) for one in rows]


def _told(stage, message):
    rows = stage.store.look(lambda tx: tx.list(Outbox))
    return sorted(row.receiver for row in rows if row.message == message)


def test_a_party_scores_in_a_sentence_and_says_it_again(stage, say):
    """The last word counts; a grid worker is no name in it; what lacks, is too much or is said twice changes nothing."""
    row = _open(stage)
    assert _told(stage, "appraisal_asked") == [SECRETARY, "songls", GRID]
    assert say(SECRETARY, f"万和物业10月 {GOOD}") == ["appraisal.scored"]
    assert say(SECRETARY, "万和物业10月份 环境25，秩序20，维修20，服务态度18分") == ["appraisal.scored"]
    assert say(GRID, f"万和物业2026年10月月度测评：{GOOD}") == ["appraisal.scored"]
    assert say("songls", f"万和物业 {GOOD}") == ["appraisal.scored"]
    assert _given(stage, row) == [
        ("community", "秦书记", (25, 20, 20, 18)),
        ("grid", "", (20, 20, 20, 20)),
        ("members", "", (20, 20, 20, 20)),
    ]
    before = _given(stage, row)
    assert say(GRID, "万和物业10月 环境20 秩序20") == ["error.appraisal_lacking"]
    assert say(GRID, "万和物业10月 环境26 秩序20 维修20 态度20") == ["error.appraisal_points"]
    assert say(GRID, "万和物业10月 环境20 卫生20 维修20 态度20") == ["error.appraisal_said_twice"]
    assert say(GRID, f"万和物业9月 {GOOD}") == ["error.appraisal_no_round"]
    assert say(GRID, f"康居物业10月 {GOOD}") == ["error.appraisal_no_round"]
    assert say(STREET, f"万和物业10月 {GOOD}") == ["error.appraisal_no_round"]  # not asked
    assert say(MANAGER, f"万和物业10月 {GOOD}") == ["error.appraisal_no_round"]  # never of one's own
    assert say("lusj", f"万和物业10月 {GOOD}") == ["error.appraisal_no_round"]  # another community
    assert _given(stage, row) == before


def test_two_open_sheets_are_told_apart(stage, say):
    """Without a period it is asked which; what waits is listed; others' points are written down on the page."""
    _open(stage)
    _open(stage, period="2026-09")
    assert say(GRID, f"万和物业 {GOOD}") == ["appraisal.which"]
    assert say(GRID, "考评打分") == ["appraisal.waiting"]
    assert say(GRID, f"万和物业9月 {GOOD}") == ["appraisal.scored"]
    assert say(GRID, f"万和物业10月 {GOOD}") == ["appraisal.scored"]
    assert say(GRID, "考评打分") == ["appraisal.waiting_none"]
    row = _open(stage, "quarter", "2026-Q3")
    quarter = "公开18 配合16 环境20 秩序20 整改16"
    assert say(STREET, f"万和物业第三季度 {quarter}") == ["appraisal.scored"]
    assert say(STREET, f"万和物业三季度 {quarter}") == ["appraisal.scored"]
    assert _given(stage, row) == [("street", "高主任", (18, 16, 20, 20, 16))]


def test_a_company_asks_and_appeals(stage, say):
    """Only its manager; once; the secretary hears why."""
    row = _open(stage)
    assert say(MANAGER, "我们公司的考评结果") == ["appraisal.result_none"]
    assert say(MANAGER, "考评申诉：不公平") == ["error.appraisal_no_appeal"]
    for who in (SECRETARY, GRID):
        assert say(who, f"万和物业10月 {GOOD}") == ["appraisal.scored"]

    def result(tx):
        held = appraisals.one(tx, row)
        tx.update(Appraisal, row, plan={**held.plan, "least": 40}, due_at=tx.now)
        scorecard.publish(tx, appraisals.one(tx, row), None, "到期自动")

    stage.store.run(result)
    assert _told(stage, "appraisal_published") == [MANAGER, "shaojl"]
    assert say(MANAGER, "考评结果") == ["appraisal.result"]
    assert say(SECRETARY, "万和物业10月的考评结果怎么样") == ["appraisal.result"]
    assert say("lusj", "万和物业考评结果") == ["appraisal.result_none"]
    assert say(MANAGER, "考评申诉：维修那一条看漏了") == ["appraisal.appealed"]
    assert _told(stage, "appraisal_appealed") == [SECRETARY]
    assert say(MANAGER, "10月考评申诉：再看看") == ["error.appraisal_appealed"]
    assert stage.store.look(lambda tx: appraisals.one(tx, row).appeal) == "维修那一条看漏了"


def test_points_are_heard_in_other_words(stage, say):
    """A short name, numerals, one number for each, a word that changes one of them; never a report of who is asked."""
    row = _open(stage)
    assert say(SECRETARY, "万和环境十八，秩序二十，维修十五，态度二十二") == ["appraisal.scored"]
    assert _given(stage, row) == [("community", "秦书记", (18, 20, 15, 22))]
    assert say(SECRETARY, "上次打的分改一下，万和物业维修改成21，其他不变") == ["appraisal.scored"]
    assert _given(stage, row) == [("community", "秦书记", (18, 20, 21, 22))]
    assert say(SECRETARY, "我打的分改一下，秩序改成9") == ["appraisal.scored"]
    assert say(SECRETARY, "万和物业10月各项都给23分") == ["appraisal.scored"]
    assert say(SECRETARY, "给万和物业打分：环境20 秩序20 维修20 态度18.5") == ["error.appraisal_whole"]
    assert say(SECRETARY, "万和态度改成30") == ["error.appraisal_points"]
    assert say(SECRETARY, "万和物业环境18，秩序20，维修态度你看着办") == ["appraisal.unclear"]
    assert _given(stage, row) == [("community", "秦书记", (23, 23, 23, 23))]
    assert say(GRID, "万和物业态度改成20") == ["error.appraisal_lacking"]  # nothing before that could stay
    assert say(GRID, "还有哪些等我打分") == ["appraisal.waiting"]
    _open(stage, period="2026-09")
    assert say(SECRETARY, "我打的分改一下，秩序改成9") == ["appraisal.which_unit"]


def test_who_is_several_parties_is_told_of_all(stage, say):
    """What they say in chat counts for the first; the others are written down on the page."""
    row = _open(stage, "quarter", "2026-Q3")
    told = stage.store.look(
        lambda tx: [str(one.payload) for one in tx.list(Outbox) if one.message == "appraisal_asked"]
    )
    assert ["您是街道党工委、组织部门（在网页上记）、住建部门（在网页上记）" in text for text in told] == [True]
    assert say(STREET, "万和物业三季度 公开18 配合16 环境20 秩序20 整改16") == ["appraisal.scored"]
    assert _given(stage, row) == [("street", "高主任", (18, 16, 20, 20, 16))]


def test_after_the_day_it_says_that_it_is_over(stage, say):
    """Until there is a result points are taken; nobody is told of a day that is past."""
    row = _open(stage)
    stage.store.run(lambda tx: tx.update(Appraisal, row, due_at=tx.now))
    assert say(GRID, f"万和物业10月 {GOOD}") == ["appraisal.scored_late"]


def test_a_worker_does_not_appeal(stage, say):
    """It is the manager's word, and no report."""
    assert say("dingsf", "考评申诉：打得不公道") == ["error.appraisal_appeal_role"]


EVERYDAY = (
    (RESIDENT, f"万和物业10月 {GOOD}"),
    (RESIDENT, "考评打分"),
    (RESIDENT, "考评申诉：我不服"),
    (RESIDENT, "万和物业服务1分"),
    (SECRETARY, "万和物业服务1分都不给"),
    (SECRETARY, "万和物业10月保洁来了20次"),
    (GRID, "万和物业秩序乱，3栋门口停了20辆车"),
    (GRID, "万和物业态度差，叫了5次没人来，环境也脏"),
    (SECRETARY, "万和维修3栋、秩序5栋都没弄好"),
    ("lusj", "万和环境20，秩序20，维修20，态度20"),
    (RESIDENT, "物业考评结果公布了吗"),
)


@pytest.mark.parametrize(("who", "text"), EVERYDAY)
def test_everyday_sentences_stay_what_they_were(stage, say, who, text):
    """Whoever it does not concern, and what only holds such words, goes its usual way."""
    row = _open(stage)
    assert not any(key.startswith(("appraisal", "error.appraisal")) for key in say(who, text))
    assert _given(stage, row) == []


def test_who_works_for_the_company_is_no_party_of_it(stage):
    """A secretary with a post there neither scores nor decides."""

    def job(tx):
        reg = register(tx)
        row = appraisals.one(tx, key)
        person = reg.person_named("方经理")
        of = Reviewer("方经理", person.id, communities=None, street=True)
        return (
            scorers.theirs(reg, row, Hand(of)),
            scorers.may_run(reg, row, Hand(of)),
            scorers.theirs(reg, row, ALL),
        )

    key = _open(stage)
    own, runs, all_ = stage.store.look(job)
    assert (own, runs) == ([], False)
    assert [party["key"] for party in all_] == ["community"]
