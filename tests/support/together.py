"""Jobs at the same moment, as two processes would do them."""

import threading
from collections.abc import Callable
from typing import Any


def at_once(*jobs: Callable[[], Any]) -> list[BaseException | None]:
    """Run them together; what each raised."""
    failed: list[BaseException | None] = [None] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def run(n: int, job: Callable[[], Any]) -> None:
        gate.wait()
        try:
            job()
        except Exception as error:  # noqa: BLE001 - handed to the test
            failed[n] = error

    threads = [threading.Thread(target=run, args=(n, job)) for n, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed
