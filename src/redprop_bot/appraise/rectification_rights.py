"""Who has a say in 整改: who opens and re-checks an order, who answers it, who is told; by role and post.

Whoever has a post in the company neither opens nor decides anything about it.
"""

from redprop_bot.appraise.scorers import Hand, posted
from redprop_bot.errors import Forbidden
from redprop_bot.registry.register import Register, register
from redprop_bot.rules.discipline import RUNNING, Extension, Side, State
from redprop_bot.store import rectifications
from redprop_bot.store.tables import Person, Rectification
from redprop_bot.store.tx import Tx


def may_run(reg: Register, community_id: int, who: Hand) -> bool:
    """Whether orders of a community are theirs to open and to re-check: the secretary's, or the street's."""
    return who.reviewer.street or who.reviewer.secretary_of(reg, community_id)


def runs(reg: Register, row: Rectification, who: Hand) -> bool:
    """The same of one order."""
    return row.organisation_id not in posted(reg, who.person_id) and may_run(reg, row.community_id, who)


def held(tx: Tx, row: Rectification, who: Hand) -> Rectification:
    """The order as it is now, held, for who runs it. Raises Forbidden."""
    found = rectifications.held(tx, row.id or 0)
    if not runs(register(tx), found, who):
        raise Forbidden("rectification_open")
    return found


def answers(row: Rectification, who: Hand) -> bool:
    """Whether they speak for the company."""
    return row.organisation_id in who.units


def checkers(reg: Register, row: Rectification) -> list[Person]:
    """Who is told: the secretaries, and the street of what it opened."""
    found = [*reg.secretaries(row.community_id), *(reg.street_staff if row.opened_side == Side.STREET else ())]
    there = [one for one in found if row.organisation_id not in posted(reg, one.id)] or reg.street_staff
    return list({one.id: one for one in there}.values())


def may_check(tx: Tx, row: Rectification) -> bool:
    """Whether it can be re-checked: the company says it is done, or time is up."""
    return row.state == State.REPORTED or (row.state == State.OPEN and tx.now > row.due_at)


def may_extend(tx: Tx, row: Rectification) -> bool:
    """Whether the company can ask for more days: once, and in time."""
    return row.state == State.OPEN and not row.extension and tx.now <= row.due_at


def acts(tx: Tx, reg: Register, row: Rectification, who: Hand, *, proposed: bool) -> list[str]:
    """What somebody may do with an order now, by the names of the API."""
    found = []
    if answers(row, who):
        found += ["report"] if row.state == State.OPEN else []
        found += ["extend"] if may_extend(tx, row) else []
    if runs(reg, row, who):
        asked = row.state == State.OPEN and row.extension == Extension.ASKED
        found += ["grant", "refuse"] if asked else []
        found += ["pass", "fail"] if may_check(tx, row) else []
        found += ["talk"] if row.state != State.VOID else []
        found += ["no_talk"] if proposed else []
        found += ["withdraw"] if row.state in RUNNING else []
    return found
