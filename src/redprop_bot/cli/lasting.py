"""What loading makes stays as long as the process: nobody looks for garbage among it, then or later."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """No looking for garbage while modules and content are loaded: it would cost a quarter of a start."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def settled() -> None:
    """Everything is loaded: from here on only what comes anew is looked through."""
    gc.freeze()
