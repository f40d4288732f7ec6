"""Several `serve` processes on one port: started together, started again when one dies, ended together."""

import signal
import subprocess
import sys
import time
from types import FrameType

from redprop_bot.errors import ConfigError, Fault

PAUSE = 1.0
"""Seconds before a process that died is started again."""


def run(host: str, port: int, number: int) -> int:
    """Keep so many processes running until SIGTERM or SIGINT; returns the worst exit code of the end."""
    if port == 0:
        raise ConfigError([Fault("--port", "几个进程要用同一个端口，不能是 0")])
    command = [sys.executable, "-m", "redprop_bot", "serve", "--host", host, "--port", str(port), "--shared"]
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for which in (signal.SIGTERM, signal.SIGINT):
        signal.signal(which, stop)
    children = [subprocess.Popen(command) for _ in range(number)]  # noqa: S603 - our own command
    while not stopping:
        time.sleep(PAUSE / 4)
        if any(child.poll() == 2 for child in children):
            stopping = True
        children = [child if child.poll() is None or stopping else _again(command) for child in children]
    for child in children:
        child.terminate()
    return max(abs(child.wait()) for child in children)


def _again(command: list[str]) -> subprocess.Popen[bytes]:
    time.sleep(PAUSE)
    return subprocess.Popen(command)  # noqa: S603 - our own command
