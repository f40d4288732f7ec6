"""Full intake of a fresh report in safe mode, beside the limit server of the same machine in the same run."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from bench.phases import phases

KEY, TOKEN, APP = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "benchtoken", "wxbench0000000001"
COUNT = int(os.environ.get("BENCH_COUNT", "3000"))
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


def measured(name: str, command: list[str], env: dict[str, str], folder: Path, port: int) -> dict:
    process = subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        ready = wait_ready(port, process)
        load(port, 300, 32, 0, 0)
        before = cpu_seconds(process.pid)
        full = load(port, COUNT, 64, 0, 1000)
        cpu = cpu_seconds(process.pid) - before
        steady = load(port, 1000, 64, 100, 100_000)
        return {
            "name": name,
            "ready_s": round(ready, 2),
            "rss_mib": round(memory_mib(process.pid)),
            "cpu_us": round(cpu / COUNT * 1e6),
            **full,
            "steady": steady,
        }
    finally:
        process.terminate()
        process.wait()


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
        limit = measured(
            "limit",
            [sys.executable, "-m", "bench.limit_server", str(port), str(folder / "limit.db"), APP, TOKEN, KEY],
            env,
            folder,
            port,
        )
        port = free_port()
        full = measured("intake", [*product, "serve", "--port", str(port)], env, folder, port)
    for row in (limit, full):
        print(
            f"{row['name']:>7}: {row['per_second']:>7} messages/s  p50 {row['p50_ms']} ms  p99 {row['p99_ms']} ms  "
            f"failed {row['failed']}  | at 100/s p50 {row['steady']['p50_ms']} ms p99 {row['steady']['p99_ms']} ms  "
            f"| {row['rss_mib']} MiB  {row['cpu_us']} µs of a processor a message  ready in {row['ready_s']} s"
        )
    print(
        f"ratio intake/limit: {full['per_second'] / limit['per_second']:.3f} by throughput, "
        f"{limit['cpu_us'] / full['cpu_us']:.3f} by processor time"
    )
    phases(ROSTER)


if __name__ == "__main__":
    main()
