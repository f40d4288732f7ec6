"""Who is told of what: the receivers at the platform, exactly, for every act of the loop (section 6)."""

import re
import time

from tests.blackbox.conftest import Town

PROPERTY = {"fangjl", "shisf"}  # the manager and the matching worker of 梧桐里
OFFICE = {"musj", "xiewg"}  # secretary and grid worker


def test_the_loop_by_words_and_cards(town: Town):
    """Report → card → tap → fulfil → resident told → rated → closed; each step tells its people and nobody else."""
    lives = town.stairs()
    who, worker = town.resident(), town.staff("shisf")
    mark = town.platform.mark()
    number = who.reports(f"{lives}电梯坏了，老人下不来")
    card = town.platform.wait_for(number, to="shisf", since=mark)
    assert card.kind == "template_card"
    assert card.card["card_type"] == "button_interaction"
    town.settle()
    assert town.platform.told(number, since=mark) == PROPERTY

    mark = town.platform.mark()
    answer = worker.taps(card, "接单")
    assert number in answer or town.platform.about(number, since=mark) or town.platform.updates
    town.platform.wait_for(number, to=who.who, since=mark)
    town.settle()
    assert town.platform.told(number, since=mark) == {who.who}
    assert [one for one in town.platform.updates if one["agentid"] == 1000017]

    mark = town.platform.mark()
    worker.taps(card, "接单")
    town.settle()
    assert not town.platform.told(number, since=mark), "a card acts once"

    mark = town.platform.mark()
    worker.says(f"{number} 配件到了，下午装")
    town.platform.wait_for(number, to=who.who, since=mark)
    worker.says(f"{number} 修好了，换了门机")
    town.platform.wait_for(number, "换了门机", to=who.who, since=mark)
    town.settle()
    assert town.platform.told(number, since=mark) == {who.who}

    who.says("满意，五星")
    found = town.api().demand(number)
    assert (found["stage"], found["rating"]["stars"]) == ("closed", 5)
    acts = [event["act"] for event in found["events"]]
    assert acts == ["order", "dispatch", "accept", "progress", "fulfil", "rate"]
    assert [event["by"] for event in found["events"]][2:5] == ["石师傅"] * 3


def test_nobody_answers_for_it(town: Town):
    """Where no row of the responsibility list fits, the secretary and the grid worker are asked."""
    mark = town.platform.mark()
    number = town.resident().reports("云杉苑2栋楼下几只野狗乱跑没人管")
    assert town.api().demand(number)["stage"] == "new"
    ask = town.platform.wait_for(number, to="musj", since=mark)
    assert ask.keys, "asked with buttons"
    town.settle()
    assert town.platform.told(number, since=mark) == OFFICE


def test_return_goes_to_the_secretary(town: Town):
    """A return tells the secretary with a copy to the grid worker; the resident is spared."""
    number = town.resident().reports(f"{town.stairs()}电梯异响")
    town.settle()
    mark = town.platform.mark()
    town.staff("fangjl").says(f"{number} 不归我们管，是厂家质保")
    assert town.api().demand(number)["stage"] == "returned"
    town.settle()
    assert town.platform.told(number, since=mark) == OFFICE

    mark = town.platform.mark()
    town.staff("musj").says(f"{number} 派给乐居物业")
    found = town.api().demand(number)
    assert (found["stage"], found["handler"]) == ("dispatched", "乐居物业")
    town.settle()
    assert town.platform.told(number, since=mark) >= {"qujl", "jiaosf"}
    assert not town.platform.told(number, since=mark) & (PROPERTY | OFFICE | {"jiangsj", "luzr"})


def test_unsatisfied_reopens(town: Town):
    """No by the resident: back to the same unit, with a new clock; handler and secretary (copy: grid) are told."""
    who = town.resident()
    number = who.reports(f"{town.stairs()}电梯门关不上了", at=time.time() - 3600)
    api = town.api()
    assert api.act(number, "fulfil", note="好了").status == 200
    before = api.demand(number)
    assert before["stage"] == "done"
    town.settle()
    mark = town.platform.mark()
    reply = who.says("没修好，还是关不上")
    found = api.demand(number)
    assert (found["stage"], found["handler"]) == ("dispatched", "恒信物业"), reply
    assert found["due_at"] != before["due_at"] or found["respond_by"] != before["respond_by"]
    town.settle()
    assert town.platform.told(number, since=mark) == PROPERTY | OFFICE


def test_urging_reaches_who_holds_it(town: Town):
    """An urge goes to who holds it now: first the handler's staff, after a return the secretary."""
    who = town.resident()
    number = who.reports(f"{town.stairs()}电梯按键全不灵了")
    town.settle()
    mark = town.platform.mark()
    who.says("快点吧，等半天了")
    town.settle()
    assert town.api().acts(number)[-1] == "urge"
    assert town.platform.told(number, since=mark) == PROPERTY
    town.staff("fangjl").says(f"{number} 退单，不归我们管")
    town.settle()
    mark = town.platform.mark()
    assert town.api().act(number, "urge").status == 200
    town.settle()
    assert town.platform.told(number, since=mark) - {"xiewg"} == {"musj"}


def test_withdrawing_tells_the_handler(town: Town):
    """A report taken back is withdrawn and its handler hears of it."""
    who = town.resident()
    number = who.reports(f"{town.stairs()}电梯停了")
    town.settle()
    mark = town.platform.mark()
    who.says("不用来了，自己好了")
    assert town.api().demand(number)["stage"] == "withdrawn"
    town.settle()
    assert town.platform.told(number, since=mark) == PROPERTY


def test_neighbours_join_and_stay_when_one_leaves(town: Town):
    """A neighbour's same report joins; all are told; a withdrawal leaves the rest in; it goes on for them."""
    lives = town.stairs()
    first, second, third = town.resident(), town.resident(), town.resident()
    number = first.reports(f"{lives}电梯坏了")
    assert number in second.says(f"{lives}电梯坏了，上不去楼")
    assert number in third.says(f"{lives}的电梯又停了")
    api = town.api()
    assert api.demand(number)["supporters"] == 2
    town.settle()
    mark = town.platform.mark()
    assert api.act(number, "accept").status == 200
    town.settle()
    assert town.platform.told(number, since=mark) >= {first.who, second.who, third.who}
    first.says(f"{number} 不用修了，撤销")
    found = api.demand(number)
    assert (found["stage"], found["supporters"]) == ("accepted", 1)
    mark = town.platform.mark()
    assert api.act(number, "fulfil", note="换了主板").status == 200
    town.settle()
    assert town.platform.told(number, since=mark) & {first.who, second.who, third.who} == {second.who, third.who}


def test_emergency(town: Town):
    """Danger: the number to call within the first sixty characters; staff, grid and secretary within five seconds.

    What the reply itself took says how slow the machine is at the moment.
    """
    mark, began = town.platform.mark(), time.monotonic()
    who = town.resident()
    reply = who.says(f"{town.stairs()}电梯困人了，里面有个孩子！")
    replied = time.monotonic() - began
    assert re.search(r"11[09]|120", reply[:60]), reply
    (number,) = set(re.findall(r"D\d{8}-\d{4,}", reply))
    for person in ("fangjl", "shisf", "xiewg", "musj"):
        assert town.platform.wait_for(number, to=person, since=mark).at - began < 5 + 4 * replied
    town.settle()
    assert town.platform.told(number, since=mark) == PROPERTY | OFFICE
    assert town.api().demand(number)["urgency"] == "emergency"


def test_escalation_tells_street_secretary_reporter(town: Town):
    """Escalating tables it and tells the street, the secretary and the reporter."""
    who = town.resident()
    number = who.reports(f"{town.stairs()}电梯老是坏，修了又坏")
    town.settle()
    mark = town.platform.mark()
    assert (
        town.api("secretary", "--community", "梧桐社区").act(number, "escalate", reason="三次没修好").status == 200
    )
    assert town.api().demand(number)["stage"] == "tabled"
    town.settle()
    assert town.platform.told(number, since=mark) - {"musj"} == {"luzr", who.who}


def test_extension_and_grant(town: Town):
    """A request for days tells the reporter; the grant moves `due_at`, once, within the limit of who grants."""
    who = town.resident()
    number = who.reports(f"{town.stairs()}单元门坏了，关不上")
    worker = town.staff("fangjl")
    before = town.api().demand(number)["due_at"]
    mark = town.platform.mark()
    worker.says(f"{number} 申请延期3天，等配件")
    assert town.api().acts(number)[-1] == "extend"
    town.settle()
    assert who.who in town.platform.told(number, since=mark)
    secretary = town.api("secretary", "--community", "梧桐社区")
    assert secretary.act(number, "grant", days=9).status in {400, 403, 409, 422}
    assert town.api().demand(number)["due_at"] == before
    assert secretary.act(number, "grant", days=3).status == 200
    moved = town.api().demand(number)["due_at"]
    assert moved > before
    assert secretary.act(number, "grant", days=2).status == 409
    assert town.api().demand(number)["due_at"] == moved


def test_merging_keeps_everybody_told(town: Town):
    """Both numbers stay valid after a merge, and both reporters are told."""
    one, two = town.resident(), town.resident()
    kept = one.reports(f"{town.stairs()}电梯坏了")
    gone = two.reports(f"{town.stairs()}电梯坏了")
    assert kept != gone
    api = town.api()
    assert api.act(gone, "merge", into=kept).status == 200
    assert api.demand(gone)["stage"] == "merged"
    assert api.demand(kept)["supporters"] == 1
    town.settle()
    mark = town.platform.mark()
    assert api.act(kept, "fulfil", note="好了").status == 200
    town.settle()
    assert town.platform.told(since=mark) >= {one.who, two.who}
    assert api.act(gone, "urge").status == 409
    assert gone in two.says(f"{gone} 怎么样了")


def test_complaint_goes_to_the_secretary_first(town: Town):
    """A complaint reaches the secretary only; the unit sees its part, without the reporter, once released."""
    who = town.resident()
    mark = town.platform.mark()
    number = who.reports("投诉恒信物业保安骂人，态度太差。我叫王大锤，住梧桐里8栋1单元702，电话13712345678")
    found = town.api().demand(number)
    assert (found["intent"], found["stage"]) == ("complaint", "new")
    town.platform.wait_for(number, to="musj", since=mark)
    town.settle()
    assert town.platform.told(number, since=mark) <= OFFICE
    unit = town.api("provider", "--organisation", "恒信物业")
    assert unit.call("GET", f"/demands/{number}").status == 404
    mark = town.platform.mark()
    assert town.api().act(number, "dispatch", to="恒信物业").status == 200
    town.settle()
    assert "fangjl" in town.platform.told(number, since=mark)
    seen = unit.call("GET", f"/demands/{number}").text + str(
        [one.words for one in town.platform.sent[mark:] if one.to not in OFFICE]
    )
    for private in ("王大锤", "13712345678", "702", who.who):
        assert private not in seen, private


def test_mediation_goes_to_the_secretary_first(town: Town):
    """A quarrel is the secretary's: no unit hears of it before."""
    mark = town.platform.mark()
    number = town.resident().reports("梧桐里楼上楼下因为漏水吵起来了，请社区来调解一下")
    assert town.api().demand(number)["intent"] == "mediation"
    town.platform.wait_for(number, to="musj", since=mark)
    town.settle()
    assert town.platform.told(number, since=mark) <= OFFICE
