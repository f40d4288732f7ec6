"""Agenda and minutes as Word files, out of the same data as the pages."""

from typing import Final

from redprop_bot.council import agenda
from redprop_bot.loop.paper import new_paper
from redprop_bot.notify import words
from redprop_bot.registry.register import register
from redprop_bot.store.tables import Meeting
from redprop_bot.store.tx import Tx

_COUNTED: Final = "一二三四五六七八九十"


def agenda_file(tx: Tx, meeting: Meeting) -> bytes:
    """The agenda: one part a point, with what is known of it."""
    paper = new_paper(tx.content.replies.say("agenda.title", title=meeting.title), tx.now)
    paper.subtitle(words.span(meeting.starts_at, meeting.ends_at, tx.content.zone))
    if meeting.place:
        paper.subtitle(meeting.place)
    points = agenda.points(tx, meeting)
    for number, point in enumerate(points):
        paper.head(f"{counted(number)}、{point['title']}")
        for line in point["lines"]:
            paper.text(line)
        if point["demands"]:
            paper.small(tx.content.replies.say("agenda.orders", nos="、".join(point["demands"])))
    if not points:
        paper.text(tx.content.replies.say("agenda.empty"))
    home = register(tx).community_name(meeting.community_id) or ""
    paper.signed(home, words.full_date(tx.now, tx.content.zone))
    return paper.file()


def minutes_file(tx: Tx, meeting: Meeting) -> bytes:
    """The minutes as they stand; a draft says that it is one."""
    said = meeting.minutes
    paper = new_paper(said["title"], meeting.minutes_at or tx.now)
    if meeting.approved_at is None:
        paper.subtitle(tx.content.replies.say("minutes.draft"))
    for name, text in said["rows"]:
        paper.text(f"{name}：{text}")
    for number, section in enumerate(said["sections"]):
        paper.head(f"{counted(number)}、{section['head']}")
        for line in section["lines"]:
            paper.text(line)
    paper.signed(said["signed"], said["day"])
    return paper.file()


def counted(number: int) -> str:
    """一, 二 … 十, 十一 … 九十九: a number from 0 as the parts of a paper are counted."""
    ten, one = divmod(number + 1, 10)
    tens = "" if ten == 0 else "十" if ten == 1 else f"{_COUNTED[ten - 1]}十"
    return tens + (_COUNTED[one - 1] if one else "")
