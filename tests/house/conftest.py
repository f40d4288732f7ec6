"""What the tests of the house share: commands run in the process of the tests and leave it as it was."""

import logging

import pytest


@pytest.fixture(autouse=True)
def loggers():
    """Levels that `serve` sets for its own process are those of the tests that follow again."""
    listed = [logging.getLogger(name) for name in ("redprop_bot.access", "alembic", "apscheduler")]
    before = [logger.level for logger in listed]
    yield
    for logger, level in zip(listed, before, strict=True):
        logger.setLevel(level)
