"""On a busy machine nothing that a test waits for is given up because the seconds of real life are over."""

from typing import Final

import aiohttp

from redprop_bot.channels import client
from redprop_bot.simulated import courier
from redprop_bot.web import intake

UNHURRIED: Final = 120.0
"""Seconds; those who test what happens when they are over set their own."""


def be_patient() -> None:
    """The product waits for its work, its platforms for the product, and the product for them."""
    intake.PATIENCE = UNHURRIED  # type: ignore[misc]
    courier.SECONDS = UNHURRIED  # type: ignore[misc]
    # Hundreds of calls at once to a platform in the same process wait for a connection.
    client.TIMEOUT = aiohttp.ClientTimeout(total=UNHURRIED)  # type: ignore[misc]
