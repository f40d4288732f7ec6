"""How fast messages are read: `python bench/understand.py`. Prints messages per second, p50, p99, start and memory."""

import resource
import time
from datetime import datetime
from pathlib import Path

from redprop_bot.understand.gazetteer import Gazetteer
from redprop_bot.understand.load import load_reader

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime.fromisoformat("2026-11-25T09:00:00+08:00")


def main() -> None:
    start = time.perf_counter()
    reader = load_reader([ROOT])
    reader.read("停水了", now=NOW, gazetteer=Gazetteer.empty())
    ready = time.perf_counter() - start
    said = [e for e in reader.lexicon.examples if not e.template and not e.keyword]
    times = []
    book = Gazetteer.empty()
    for example in said:
        began = time.perf_counter()
        reader.read(example.text, role=example.role, now=NOW, gazetteer=book)
        times.append(time.perf_counter() - began)
    total = sum(times)
    times.sort()
    print(f"ready {ready:.2f} s")
    print(
        f"{len(said) / total:.0f} messages/s, p50 {times[len(times) // 2] * 1000:.2f} ms, p99 {times[int(len(times) * 0.99)] * 1000:.2f} ms"
    )
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
