"""Telling people: who must know what, in which words, when, and that it really leaves.

Steps do not call this room; it listens to their events. Nothing is sent inside a transaction: messages are queued
there and leave through `delivery`.
"""
