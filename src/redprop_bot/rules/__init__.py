"""Rules of the game as pure tables and functions: no I/O, no async, no clock, no database.

Whoever wants to know what may happen reads here; nothing else compares stages or roles.
"""
