"""Who holds a claim or a lease: a name for one process, by which others can tell that it is gone."""

import os
import secrets
import socket


def this_process() -> str:
    """A new name of this process: host, number, and something that no later process of the same number has."""
    return f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"


def is_dead(owner: str) -> bool:
    """Whether the process of that name is known to be gone; of other machines nothing is known."""
    host, _, rest = owner.partition("/")
    pid = rest.partition("/")[0]
    if host != socket.gethostname() or not pid.isdecimal():
        return False
    if int(pid) == os.getpid():
        return True  # a number used again, as in a container
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
