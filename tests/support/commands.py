"""The product's commands as processes of their own: each is forked from a server that has only imported the product.

A start of the interpreter with all its imports costs seconds, and the suite starts hundreds of commands. What a
process does with its arguments, environment, folder and streams is the same; that `python -m redprop_bot` and the
installed command work is tried by the tests of the wheel and of the house.
"""

import contextlib
import io
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path

PRELOADED = ["redprop_bot.cli.access", "redprop_bot.cli.lists", "redprop_bot.cli.menu", "redprop_bot.cli.roster"]
PRELOADED += [
    "redprop_bot.cli.service",
    "redprop_bot.cli.talk",
    "redprop_bot.cli.teaching",
    "redprop_bot.cli.database",
]
PRELOADED += ["redprop_bot.cli.understanding"]

Main = Callable[[Sequence[str]], int]


@cache
def _server() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context


class Command:
    """One process; the interface of `subprocess.Popen` as far as tests need it.

    Standard input is read from the file `said`, if any; both streams are appended to the files `out` and `err`.
    """

    def __init__(
        self,
        main: Main,
        arguments: Sequence[str],
        *,
        folder: Path,
        env: Mapping[str, str],
        out: Path,
        err: Path | None = None,
        said: Path | None = None,
    ) -> None:
        streams = (str(said or os.devnull), str(out), str(err or out))
        given = (main, list(arguments), str(folder), dict(env), streams)
        self._process = _server().Process(target=_run, args=given, daemon=True)
        self._process.start()
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    @property
    def returncode(self) -> int | None:
        """The exit code, the negative number of the signal that ended it, or None while it runs."""
        return self._process.exitcode

    def poll(self) -> int | None:
        return self.returncode

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()

    def wait(self, seconds: float | None = None) -> int:
        """Wait for its end; raises subprocess.TimeoutExpired."""
        # Not `join`: several threads may wait for the same process.
        end = time.monotonic() + (seconds if seconds is not None else 3600)
        while (code := self._process.exitcode) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired(str(self.pid), seconds or 3600)
            time.sleep(0.01)
        return code


def product(arguments: Sequence[str]) -> int:
    """The command `redprop-bot`."""
    from redprop_bot.cli import main

    if "serve" in arguments:
        from tests.support.patient import be_patient

        be_patient()
    return main(arguments)


def _run(
    main: Main, arguments: list[str], folder: str, env: dict[str, str], streams: tuple[str, str, str]
) -> None:
    """In the new process: take the place of a program that was started just now."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    said, out, err = streams
    append = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    for number, file in enumerate((os.open(said, os.O_RDONLY), os.open(out, append), os.open(err, append))):
        os.dup2(file, number)
        os.close(file)
    sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False), encoding="utf-8")
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w", closefd=False)), encoding="utf-8")
    sys.stderr = io.TextIOWrapper(
        io.FileIO(2, "w", closefd=False), encoding="utf-8", errors="backslashreplace", write_through=True
    )
    code = main(arguments)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BrokenPipeError):
            stream.flush()
    sys.exit(code)
