"""The fixtures of `echo`, for every test of the twin."""

from tests.simulated.echo import bot, clock, mode, session, twin

__all__ = ["bot", "clock", "mode", "session", "twin"]
