"""Ports for servers that a test starts: no other worker, and no socket that the system numbers itself, can have them."""

import os
import re
import socket
from itertools import count
from typing import Final

FIRST: Final = 10_000
"""From here on: below what Linux and others give to sockets that ask for any port."""

EACH: Final = 1_000
WORKERS: Final = 20

_turn = count(os.getpid() * 7)


def free_port() -> int:
    """A port of this worker's own that is free now.

    A port that the system gave, and took back, may be somebody else's by the time the server listens; then a test
    would find the other one ready and speak with it.
    """
    worker = int((re.findall(r"\d+", os.environ.get("PYTEST_XDIST_WORKER", "")) or ["0"])[0]) % WORKERS
    for _ in range(EACH):
        port = FIRST + worker * EACH + next(_turn) % EACH
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"none of {EACH} ports is free")
