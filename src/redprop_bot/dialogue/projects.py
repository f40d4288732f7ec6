"""项目 in chat: the secretary opens, adds measures and ends; whoever works at one looks at it.

How somebody says how far a measure is stands in `measures`.
"""

import re
from datetime import datetime
from typing import Any, Final

from redprop_bot.council import into_project, measure_telling, project
from redprop_bot.council import measure as steps
from redprop_bot.council.hands import Hand, of_posts
from redprop_bot.council.project import MeasureDraft, ProjectDraft
from redprop_bot.dialogue import meeting_times, tasks, written_days
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Conflict, Invalid, NotFound, Refused
from redprop_bot.rules import projects as rules
from redprop_bot.store import projects
from redprop_bot.store.tables import Measure, Project

NO: Final = r"(?P<no>P\d{8}-\d{4,}|P?\d{1,6})"
_OPEN: Final = re.compile(
    r"(?:立项|立个项|(?:新?立|新?开|新建)一?个?项目)[：:，,\s]*(?P<title>[^，,：:。]{2,60})(?:[，,：:。](?P<rest>.+))?",
    re.DOTALL,
)
_ADD: Final = re.compile(
    rf"(?:添|加|新增)?措施\s*{NO}\s*[：:]\s*(?P<title>[^，,。]{{2,60}})[，,]\s*(?P<rest>.+)", re.DOTALL
)
_ADD_TO: Final = re.compile(
    r"(?:给|在|往)(?P<no>\S{2,40}?)(?:里面?|上)?(?:再)?(?:加|添|新增|增加)上?一?[条项个]?措施\s*[：:，,]\s*"
    r"(?P<title>[^，,。]{2,60})[，,]\s*(?P<rest>.+)",
    re.DOTALL,
)
_END: Final = re.compile(rf"结项\s*{NO}[：:，,\s]+(?P<said>.+)", re.DOTALL)
_STOP: Final = re.compile(rf"撤项\s*{NO}[：:，,\s]+(?P<said>.+)", re.DOTALL)
_LIST: Final = re.compile(r"(?:看|查)?(?:一下)?项目(?:清单|进度|进展|列表)?[？?。]?")
_ONE: Final = re.compile(rf"(?:看|查)?项目\s*{NO}")
_MINE: Final = re.compile(r"(?:看|查)?我的措施")
_DAY: Final = re.compile(
    r"(?:在|到)?((?:20\d\d[-年/])?\d{1,2}[-月/]\d{1,2}[日号]?)(?:之?前)?(?:完成|办好|办完|做完)?"
)
_BEFORE: Final = re.compile(r"(?:前|以内)(?:完成|办好|办完|做完)?$")
_BY: Final = re.compile(r"(?:由)?(?P<a>\S{2,30}?)(?:来?负责|去办|来办|主办)|负责人?[：:]?(?P<b>\S{2,30})")
_LEAD: Final = re.compile(r"(?:由)?(?P<a>\S{2,30}?)牵头|牵头(?:单位)?[：:]?(?P<b>\S{2,30})")
SHOWN: Final = 9


def run(turn: Turn) -> bool:
    """Do what a sentence about a project says; returns whether it was one."""
    text = turn.inbound.text.strip()
    if turn.speaker.role == "resident" or len(text) > turn.tx.content.limits.text_length:
        return False
    for pattern, step in _STRICT:
        if match := pattern.fullmatch(text):
            try:
                return step(turn, match)
            except Refused as refusal:
                turn.refuse(refusal)
                return True
    return False


def hand(turn: Turn) -> Hand:
    """The speaker as the council sees them."""
    return of_posts(turn.speaker.name, turn.person_id, turn.speaker.posts)


# -- the secretary


def _opened(turn: Turn, match: re.Match[str]) -> bool:
    if turn.speaker.role != "secretary":
        return False
    plan = _plan(turn, match["rest"] or "")
    owner, lead = plan["owner"], plan["lead"]
    if owner in turn.register.organisation_names and lead is None:  # a unit leads; a person answers for it
        owner, lead = None, owner
    who = hand(turn)
    community = None if who.keeps is None else tasks.community_of(turn)
    with turn.tx.savepoint():
        made = project.open_project(
            turn.tx,
            who,
            ProjectDraft(
                title=match["title"],
                community_id=community,
                kind=turn.tx.content.projects.kind_of(turn.inbound.text),
                note=plan["note"],
                owner=owner,
                lead=lead,
                ends_at=plan["day"],
            ),
        )
    kind = turn.tx.content.projects.kinds[made.kind].name
    turn.say("project.opened", kind=kind, link=_link(turn, made), **measure_telling.about(turn.tx, made))
    return True


def _plan(turn: Turn, rest: str) -> dict[str, Any]:
    """The parts after a title: a day, who leads, who answers for it; the rest is a note."""
    found: dict[str, Any] = {"day": None, "owner": None, "lead": None, "note": ""}
    for part in (p.strip() for p in re.split(r"[，,；;。\n]", rest)):
        if (day := _DAY.fullmatch(part)) is not None:
            found["day"] = written_days.day_of(turn, day[1])
            if found["day"] is None:
                raise Invalid("project_end", field="ends_at")
        elif _BEFORE.search(part) and (said := meeting_times.day_said(turn, part)):  # 年底前, 下个月底前完成
            found["day"] = datetime.fromisoformat(said[:10]).replace(hour=18, tzinfo=turn.tx.content.zone)
        elif (lead := _LEAD.fullmatch(part)) is not None:
            found["lead"] = lead["a"] or lead["b"]
        elif (owner := _BY.fullmatch(part)) is not None:
            found["owner"] = owner["a"] or owner["b"]
        elif part and found["owner"] is None and _is_somebody(turn, part):
            found["owner"] = part
        elif part:
            found["note"] = f"{found['note']}，{part}".lstrip("，")
    return found


def _is_somebody(turn: Turn, name: str) -> bool:
    reg = turn.register
    return name in reg.organisation_names or reg.person_named(name) is not None


def _added(turn: Turn, match: re.Match[str]) -> bool:
    found = _named(turn, match["no"])
    plan = _plan(turn, match["rest"])
    owner = plan["owner"] or plan["note"] or ""  # who is nobody of the register is told back
    if not owner:
        raise Invalid("measure_owner", field="owner", no=found.no)
    draft = MeasureDraft(match["title"], owner, note=plan["note"] if plan["owner"] else "", due_at=plan["day"])
    with turn.tx.savepoint():
        made = project.add_measure(turn.tx, found, hand(turn), draft)
    turn.say("project.measure_added", **measure_telling.about(turn.tx, found, made))
    return True


def _named(turn: Turn, said: str) -> Project:
    """By number, or by its title: 给老旧管网改造加一条措施."""
    if re.fullmatch(NO, said):
        return called(turn, said)
    who = hand(turn)
    home = None if who.keeps is None else tasks.community_of(turn)
    return into_project.named(turn.tx, home, re.sub(r"^(?:这个|那个)|的?项目$", "", said))


def _ended(turn: Turn, match: re.Match[str]) -> bool:
    with turn.tx.savepoint():
        done = project.complete(turn.tx, called(turn, match["no"]), hand(turn), result=match["said"])
    turn.say("project.completed", **measure_telling.about(turn.tx, done))
    return True


def _stopped(turn: Turn, match: re.Match[str]) -> bool:
    with turn.tx.savepoint():
        over = project.cancel(turn.tx, called(turn, match["no"]), hand(turn), reason=match["said"])
    turn.say("project.cancelled", **measure_telling.about(turn.tx, over))
    return True


def called(turn: Turn, no: str) -> Project:
    """The project with this number, or whose number ends so, among those that are the speaker's to see."""
    exact = projects.by_no(turn.tx, no)
    found = [exact] if exact else projects.by_tail(turn.tx, no.removeprefix("P"))
    mine = [one for one in found if _sees(turn, one)]
    if not mine:
        raise NotFound("no_project", no=no)
    live = [one for one in mine if one.stage == "open"] or mine
    if len(live) > 1:
        raise Conflict("which_number", number=no, numbers="、".join(one.no for one in live[:SHOWN]))
    return live[0]


def _sees(turn: Turn, found: Project) -> bool:
    return steps.concerns(turn.tx, hand(turn), turn.speaker.posts, found)


# -- looking


def _listed(turn: Turn, _match: re.Match[str]) -> bool:
    if turn.speaker.role != "secretary":
        return _mine(turn)
    who = hand(turn)
    own = None if who.keeps is None else sorted({p.community_id for p in turn.speaker.posts if p.community_id})
    found = projects.page(turn.tx, communities=own, limit=50)
    live = [one for one in found if one.stage == "open"] or found[:SHOWN]
    if not live:
        turn.say("project.none")
        return True
    say, known = turn.tx.content.replies.say, projects.measures(turn.tx, [one.id or 0 for one in live])
    lines = []
    for one in live[:SHOWN]:
        mine = known[one.id or 0]
        late = sum(rules.is_late(m, turn.tx.now) for m in mine)
        end = say("project.late", number=str(late)) if late else _over(turn, one)
        about = measure_telling.about(turn.tx, one)
        lines.append(say("project.line", percent=str(rules.percent(mine)), late=end, **about))
    link = f"{turn.tx.content.address}/console/projects"
    turn.say("project.listed", number=str(len(live)), lines="\n".join(lines), link=link)
    return True


def _over(turn: Turn, found: Project) -> str:
    if found.stage == "open":
        return ""
    say = turn.tx.content.replies.say
    stage = say("project.stage_done") if found.stage == "done" else say("project.stage_cancelled")
    return say("project.over", stage=stage)


def _one(turn: Turn, match: re.Match[str]) -> bool:
    found = called(turn, match["no"])
    mine = projects.measures(turn.tx, [found.id or 0])[found.id or 0]
    lines = "\n".join(line(turn, found, one) for one in mine if one.stage != "cancelled")
    about = measure_telling.about(turn.tx, found)
    turn.say("project.one", percent=str(rules.percent(mine)), lines=lines, link=_link(turn, found), **about)
    return True


def line(turn: Turn, found: Project, one: Measure) -> str:
    """A measure in a line."""
    say = turn.tx.content.replies.say
    late = say("project.step_late") if rules.is_late(one, turn.tx.now) else ""
    return say("project.step", late=late, **measure_telling.about(turn.tx, found, one))


def _mine(turn: Turn, _match: re.Match[str] | None = None) -> bool:
    mine = owned(turn)
    if not mine:
        turn.say("project.nothing_mine")
        return True
    found = {one.id: turn.tx.get(Project, one.project_id) for one in mine}
    lines = [f"{found[m.id].no}-{line(turn, found[m.id], m)}" for m in mine[:SHOWN]]
    turn.say("project.mine", no=found[mine[0].id].no, number=str(mine[0].position), lines="\n".join(lines))
    return True


def _link(turn: Turn, found: Project) -> str:
    return f"{turn.tx.content.address}/m/projects/{found.no}"


def owned(turn: Turn) -> list[Measure]:
    """Open measures of the speaker and of their units."""
    return projects.owned(turn.tx, turn.person_id, sorted(hand(turn).units))


_STRICT: Final = (
    (_OPEN, _opened),
    (_ADD, _added),
    (_ADD_TO, _added),
    (_END, _ended),
    (_STOP, _stopped),
    (_MINE, _mine),
    (_LIST, _listed),
    (_ONE, _one),
)
