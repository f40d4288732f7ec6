"""Full intake of a fresh report in safe mode, beside the limit server of the same machine in the same run.

The two take turns, so that a machine that is faster now and slower then is so for both.
"""

import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from bench.phases import phases

KEY, TOKEN, APP = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "benchtoken", "wxbench0000000001"
COUNT = int(os.environ.get("BENCH_COUNT", "1000"))  # messages of a round
ROUNDS = 5
ROSTER = """
communities:
  - name: 试社区
    staff: [{name: 甲书记, userid: shuji, duty: secretary}]
    estates: [{name: 试苑, property: 试物业}]
organisations:
  - {name: 试物业, kind: property, staff: [{name: 乙经理, userid: jingli, duty: manager}]}
responsibilities:
  - {category: elevator, estate: 试苑, unit: 试物业}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_ready(port: int, process: subprocess.Popen) -> float:
    started = time.perf_counter()
    while time.perf_counter() - started < 60:
        if process.poll() is not None:
            raise SystemExit("the server ended at its start")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
                if answer.status == 200:
                    return time.perf_counter() - started
        except OSError:
            time.sleep(0.02)
    raise SystemExit("the server did not become ready")


def load(port: int, count: int, connections: int, rate: float, start: int) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "bench.load", str(port), APP, TOKEN, KEY, str(count), str(connections), str(rate), str(start)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def memory_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def cpu_seconds(pid: int) -> float:
    """Processor time of a process so far: other work on the machine does not count."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def environment(folder: Path) -> dict[str, str]:
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("REDPROP_")},
        "REDPROP_DATABASE_URL": f"sqlite:///{folder / 'bench.db'}",
        "REDPROP_OA__APP_ID": APP,
        "REDPROP_OA__SECRET": "benchsecret",
        "REDPROP_OA__TOKEN": TOKEN,
        "REDPROP_OA__AES_KEY": KEY,
        "REDPROP_OA__API_BASE": "http://127.0.0.1:9",  # nothing listens: sending is not what is measured
    }


class Server:
    """A server that answers reports, and what was measured of it."""

    def __init__(self, name: str, command: list[str], env: dict[str, str], folder: Path, port: int) -> None:
        self.name, self.port = name, port
        self.rounds: list[dict] = []
        self._process = subprocess.Popen(
            command, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            self.ready = wait_ready(port, self._process)
            load(port, 300, 32, 0, 0)
        except BaseException:
            self.stop()
            raise

    def round(self, number: int) -> None:
        """As many messages as it takes, from 64 connections."""
        before = cpu_seconds(self._process.pid)
        done = load(self.port, COUNT, 64, 0, 1000 + number * COUNT)
        self.rounds.append(done | {"cpu_us": (cpu_seconds(self._process.pid) - before) / COUNT * 1e6})

    def middle(self, key: str) -> float:
        """The median of the rounds."""
        return statistics.median(row[key] for row in self.rounds)

    def told(self) -> str:
        """The figures in a line, those of a steady 100 messages a second with them."""
        steady = load(self.port, 1000, 64, 100, 1_000_000)
        failed = sum(row["failed"] for row in self.rounds) + steady["failed"]
        return (
            f"{self.name:>7}: {self.middle('per_second'):>7} messages/s  p50 {self.middle('p50_ms')} ms  "
            f"p99 {self.middle('p99_ms')} ms  failed {failed}  "
            f"| at 100/s p50 {steady['p50_ms']} ms p99 {steady['p99_ms']} ms  "
            f"| {memory_mib(self._process.pid):.0f} MiB  {self.middle('cpu_us'):.0f} µs of a processor a message  "
            f"ready in {self.ready:.2f} s"
        )

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


def main() -> None:
    root = Path(__file__).resolve().parents[1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "roster.yaml").write_text(ROSTER, "utf-8")
        env = environment(folder) | {"PYTHONPATH": str(root)}
        product = [sys.executable, "-m", "redprop_bot"]
        for command in (["db", "upgrade"], ["roster", "import", "roster.yaml"]):
            subprocess.run([*product, *command], cwd=folder, env=env, check=True, stdout=subprocess.DEVNULL)
        port = free_port()
        database = str(folder / "limit.db")
        bare = [sys.executable, "-m", "bench.limit_server", str(port), database, APP, TOKEN, KEY]
        with contextlib.ExitStack() as running:
            limit = Server("limit", bare, env, folder, port)
            running.callback(limit.stop)
            port = free_port()
            full = Server("intake", [*product, "serve", "--port", str(port)], env, folder, port)
            running.callback(full.stop)
            for number in range(ROUNDS):
                limit.round(number)
                full.round(number)
            print(limit.told(), full.told(), sep="\n")
    pairs = list(zip(full.rounds, limit.rounds, strict=True))
    print("ratio intake/limit, round by round:", _ratios("per_second", pairs), "by throughput,",
          _ratios("cpu_us", [(one, other) for other, one in pairs]), "by processor time")  # fmt: skip
    phases(ROSTER)


def _ratios(key: str, pairs: list[tuple[dict, dict]]) -> str:
    found = [one[key] / other[key] for one, other in pairs]
    return " ".join(f"{ratio:.3f}" for ratio in found) + f" (median {statistics.median(found):.3f})"


if __name__ == "__main__":
    main()
