"""`redprop-bot serve` that kills itself with SIGKILL at a chosen point: the n-th time it comes by.

CRASH_POINT  before_commit | after_commit | before_send | after_send, CRASH_COUNT n. Run by test_kill only.
"""

import itertools
import os
import signal
from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine.default import DefaultDialect
from tests.support.patient import be_patient

from redprop_bot.channels import senders
from redprop_bot.cli import main

_seen = itertools.count(1)


def pass_by(point: str) -> None:
    """Die here when it is time."""
    if point == os.environ.get("CRASH_POINT") and next(_seen) == int(os.environ["CRASH_COUNT"]):
        os.kill(os.getpid(), signal.SIGKILL)


def _arm() -> None:
    commit = DefaultDialect.do_commit

    def do_commit(self: Any, connection: Any) -> None:
        pass_by("before_commit")
        commit(self, connection)
        pass_by("after_commit")

    DefaultDialect.do_commit = do_commit  # type: ignore[method-assign]
    be_patient()
    for sender in (senders.OfficialAccountSender, senders.WorkSender):
        _arm_sender(sender)


def _arm_sender(sender: Any) -> None:
    send = sender.send

    async def armed(self: Any, message: Any) -> Any:
        pass_by("before_send")
        receipt = await send(self, message)
        pass_by("after_send")
        return receipt

    sender.send = armed


def die_at_the_point(arguments: Sequence[str]) -> int:
    """The command of the product, in a process of its own."""
    _arm()
    return main(arguments)
