"""Who has a say in 黑名单 and 退出: who opens and decides a case, who answers it, who is told; by role and post.

Whoever has a post in the company neither opens nor decides anything about it.
"""

from redprop_bot.appraise.scorers import Hand, posted
from redprop_bot.errors import Forbidden
from redprop_bot.registry.care import companies
from redprop_bot.registry.register import Register, register
from redprop_bot.rules.discipline import Side
from redprop_bot.rules.sanctions import State
from redprop_bot.store import sanctions
from redprop_bot.store.tables import Person, Sanction
from redprop_bot.store.tx import Tx


def may_run(reg: Register, by: str, community_id: int | None, who: Hand) -> bool:
    """Whether cases are theirs: the street's, and of an estate the secretary's where the rules say so."""
    if who.reviewer.street:
        return True
    return by == "secretary" and community_id is not None and who.reviewer.secretary_of(reg, community_id)


def runs(reg: Register, row: Sanction, who: Hand) -> bool:
    """The same of one case."""
    theirs = posted(reg, who.person_id)
    return row.organisation_id not in theirs and may_run(reg, row.plan["by"], row.community_id, who)


def held(tx: Tx, row: Sanction, who: Hand) -> Sanction:
    """The case as it is now, held, for who runs it. Raises Forbidden."""
    found = sanctions.held(tx, row.id or 0)
    if not runs(register(tx), found, who):
        raise Forbidden("sanction_role")
    return found


def answers(row: Sanction, who: Hand) -> bool:
    """Whether they speak for the company."""
    return row.organisation_id in who.units


def may_answer(tx: Tx, row: Sanction) -> bool:
    """Whether the company can say something: once, and in its days."""
    return row.state == State.HEARING and not row.answer and tx.now <= row.answer_until


def may_go_on(tx: Tx, row: Sanction) -> bool:
    """Whether it can be taken further: the company has spoken, or its days are over."""
    return row.state == State.HEARING and (bool(row.answer) or tx.now > row.answer_until)


def here(reg: Register, row: Sanction, community_id: int) -> bool:
    """Whether a case concerns a community: one of its estates, or a company that works there."""
    if row.community_id is not None:
        return row.community_id == community_id
    return any(unit.id == row.organisation_id for unit in companies(reg, community_id))


def runners(reg: Register, row: Sanction) -> list[Person]:
    """Who is told what waits: secretaries of an estate's case, the street of its own and of what it opened.

    In a register without a street: the secretaries of the communities that it concerns.
    """
    of_community = row.community_id is not None and row.plan["by"] == "secretary"
    found = reg.secretaries(row.community_id) if of_community and row.community_id is not None else []
    if not of_community or row.opened_side == Side.STREET:
        found = [*found, *reg.street_staff]
    there = [one for one in found if row.organisation_id not in posted(reg, one.id)] or reg.street_staff
    return list({one.id: one for one in there}.values()) or neighbours(reg, row)


def neighbours(reg: Register, row: Sanction) -> list[Person]:
    """Secretaries of the communities that a case concerns."""
    keys = [key for key in reg.communities if here(reg, row, key)]
    found = [person for key in keys for person in reg.secretaries(key)]
    return list({one.id: one for one in found if row.organisation_id not in posted(reg, one.id)}.values())


def acts(tx: Tx, reg: Register, row: Sanction, who: Hand) -> list[str]:
    """What somebody may do with a case now, by the names of the API."""
    found = ["answer"] if answers(row, who) and may_answer(tx, row) else []
    if runs(reg, row, who):
        found += ["go"] if may_go_on(tx, row) else []
        found += ["drop"] if row.state == State.HEARING else []
        if row.state == State.RUNNING:
            found += ["step"] if row.plan["steps"] else []
            found += ["stop"]
    return found
