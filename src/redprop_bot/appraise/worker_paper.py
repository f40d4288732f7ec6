"""Sheets to take along, for the assessor only: rows of a workbook, and one worker's as a Word file."""

from collections.abc import Sequence
from typing import Any

from redprop_bot.appraise import worker_sheets
from redprop_bot.appraise.tables import Sheet as Table
from redprop_bot.appraise.worker_sheets import Sheet
from redprop_bot.loop.paper import new_paper
from redprop_bot.notify import words
from redprop_bot.registry.register import register
from redprop_bot.rules.workers import SPLIT
from redprop_bot.store.tx import Tx


def tables(tx: Tx, sheets: Sequence[Sheet]) -> list[Table]:
    """A workbook: everybody by name, with numbers as numbers; what the figures mean; what residents said."""
    labels, known = tx.content.labels, tx.content.workers
    figures = known.terms.figures
    heads: list[Any] = ["姓名", "职务", "岗位", "岗级"]
    for row in figures:
        heads += [f"{row.title}（{row.unit}）", f"{row.title}：其中", f"{row.title}：平均分钟"]
    rows = [[*heads, "考核意见", "理由", "本人的话"]]
    for sheet in sheets:
        lines = {line.row.key: line.count for line in sheet.lines}
        post, last = known.post(sheet.worker.post.post), sheet.assessment
        said: list[Any] = [sheet.worker.name, labels.duty[sheet.worker.post.duty]]
        said += [post.title if post else "", sheet.worker.post.grade]
        for row in figures:
            count = lines.get(row.key)
            split = count is not None and row.key in SPLIT
            said += [
                count.number if count else None,
                count.met if count and split else None,
                count.mean if count else None,
            ]
        rows.append([*said, *(_written(tx, sheet) if last else ["", "", ""])])
    means = [["哪个数", "怎么数的"], *([row.title, row.means] for row in figures)]
    zone = tx.content.zone
    spoken = [
        [sheet.worker.name, f"{one.at.astimezone(zone):%Y-%m-%d}", one.stars, one.text]
        for sheet in sheets
        for one in sheet.words
    ]
    return [("考核表", rows), ("怎么数的", means), ("居民的话", [["姓名", "哪天", "几星", "说了什么"], *spoken])]


def _written(tx: Tx, sheet: Sheet) -> list[str]:
    last = sheet.assessment
    assert last is not None
    answer = sheet.answer(last.number)
    return [level_name(tx, last.level), last.text, answer.text if answer else ""]


def level_name(tx: Tx, key: str | None) -> str:
    """What a level is called; the key itself where the table has it no more."""
    level = tx.content.workers.level(key)
    return level.title if level is not None else key or ""


def as_docx(tx: Tx, sheet: Sheet) -> bytes:
    """One sheet as a Word file."""
    say, worker = tx.content.replies.say, sheet.worker
    paper = new_paper(say("worker.paper.title", name=worker.name), tx.now)
    community = register(tx).community_name(worker.community_id) or ""
    duty = tx.content.labels.duty[worker.post.duty]
    paper.subtitle(say("worker.paper.subtitle", community=community, duty=duty, period=sheet.span.title))
    paper.head(say("worker.paper.figures"))
    rows = [[one.row.title, worker_sheets.told(tx, one), one.row.means] for one in sheet.lines]
    paper.table(["项目", "数", "怎么数的"], rows)
    paper.head(say("worker.paper.words"))
    for one in sheet.words:
        stars = say("worker.stars", stars=str(one.stars)) if one.stars else say("worker.praise")
        paper.text(f"{words.date(one.at, tx.content.zone)}　{stars}：{one.text}")
    if not sheet.words:
        paper.text(say("worker.paper.no_words"))
    paper.head(say("worker.paper.assessment"))
    last = sheet.assessment
    if last is None:
        paper.text(say("worker.paper.no_assessment"))
    else:
        level, why, answer = _written(tx, sheet)
        paper.text(say("worker.paper.assessed", level=level, reason=why, by=last.by_name))
        if answer:
            paper.text(say("worker.paper.answered", text=answer))
    paper.small(say("worker.paper.note"))
    return paper.file()
