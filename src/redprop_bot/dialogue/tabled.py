"""What a unit says of an order that waits for the joint meeting: nothing moves, and the secretary is told."""

from redprop_bot.dialogue import tasks
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop.tasks import open_task
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.store.tables import Demand


def noted(turn: Turn, demand: Demand, act: Act) -> bool:
    """Keep that it is done or how far it is; returns whether the order is one that waits and is the speaker's."""
    units = {post.organisation_id for post in turn.speaker.posts if post.organisation_id}
    if demand.stage != Stage.TABLED or act not in (Act.FULFIL, Act.PROGRESS) or demand.handler_id not in units:
        return False
    task = open_task(
        turn.tx,
        f"order.{act.value}",
        f"{demand.no}：{turn.inbound.text}"[: turn.tx.content.limits.text_length],
        community_id=demand.community_id,
        person_id=turn.person_id,
        slots={"order": demand.no},
    )
    tasks.tell_secretaries(turn, task, ("done",))
    turn.say("done.tabled", no=demand.no, secretary=_secretary(turn, demand))
    return True


def _secretary(turn: Turn, demand: Demand) -> str:
    found = turn.register.secretaries(demand.community_id)
    return (found[0].name if found else None) or "同志"
