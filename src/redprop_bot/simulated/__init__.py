"""Both platforms played over HTTP on loopback: for the demo and for tests of the real clients and callbacks.

    async with Twin() as twin:
        settings = twin.oa_settings(), twin.work_settings()    # what a real operator would be given
        twin.callbacks("http://127.0.0.1:8080")                # where the bot listens
        await twin.oa.say("o1", "电梯坏了")                      # signed, encrypted, posted
        twin.ledger.phone("o1")                                # what the person sees, reply included

It judges the bot as the platforms would: signatures, fields, quotas, one-time codes. It knows the platforms, never
the product: of the rooms only `channels` is used, and nothing here decides what a message means. The exception is
`talking`, the same phones without HTTP, which hands messages to the office itself. Behaviour without a published
source is marked as a guess where it stands.
"""

from redprop_bot.simulated.faults import Trouble
from redprop_bot.simulated.ledger import Entry, Ledger
from redprop_bot.simulated.phone import Outcome
from redprop_bot.simulated.twin import Twin

__all__ = ["Entry", "Ledger", "Outcome", "Trouble", "Twin"]
