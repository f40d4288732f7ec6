"""The verbs of the contract by name: one door for chat, cards, pages and API.

`perform` finds the step, hands it the fields it knows and refuses the others.
"""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from redprop_bot.errors import Invalid, NotFound
from redprop_bot.loop import accept, arrange, confirm, dispatch, extend, speak
from redprop_bot.loop.actor import Actor
from redprop_bot.loop.record import both_held, held
from redprop_bot.rules.flow import Act
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx

Step = Callable[..., Demand]

STEPS: Mapping[Act, Step] = {
    Act.DISPATCH: dispatch.dispatch,
    Act.ASSIGN: dispatch.assign,
    Act.ACCEPT: accept.accept,
    Act.RETURN: accept.give_back,
    Act.PROGRESS: accept.progress,
    Act.FULFIL: accept.fulfil,
    Act.EXTEND: extend.extend,
    Act.GRANT: extend.grant,
    Act.PAUSE: extend.pause,
    Act.RESUME: extend.resume,
    Act.RATE: confirm.rate,
    Act.REOPEN: confirm.reopen,
    Act.WITHDRAW: confirm.withdraw,
    Act.URGE: speak.urge,
    Act.SUPPLEMENT: speak.supplement,
    Act.ASSIST: speak.assist,
    Act.MERGE: arrange.merge,
    Act.ESCALATE: arrange.escalate,
    Act.CORRECT: arrange.correct,
    Act.CLOSE: arrange.close,
}


def perform(tx: Tx, demand: Demand, act: Act, actor: Actor, fields: Mapping[str, Any]) -> Demand:
    """Do an act on a demand as it is by now, whenever it was looked up; returns it as it is afterwards.

    Raises Forbidden, Conflict or Invalid; nothing has changed then.
    """
    step = STEPS[act]
    values = {name: value for name, value in fields.items() if value is not None}
    if act != Act.CORRECT:
        known = inspect.signature(step).parameters
        for name in values:
            if name not in known or name in ("tx", "demand", "actor"):
                raise Invalid("unknown_field", field=name)
        for name, parameter in known.items():
            if (
                parameter.kind == parameter.KEYWORD_ONLY
                and parameter.default is parameter.empty
                and name not in values
            ):
                raise Invalid("missing", field=name)
    if act == Act.MERGE:
        demand, values["into"] = both_held(tx, demand, _target(tx, values["into"]))
    else:
        demand = held(tx, demand)
    return step(tx, demand, actor, **values)


def _target(tx: Tx, no: Any) -> Demand:
    if not isinstance(no, str) or not no:
        raise Invalid("missing", field="into")
    found = demands.by_no(tx, no)
    if found is None:
        raise NotFound("no_demand", field="into", no=no)
    return found
