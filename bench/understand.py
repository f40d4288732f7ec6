"""How fast messages are read: `python bench/understand.py`. Prints messages per second, p50, p99, start and memory."""

import resource
import time
from datetime import datetime
from pathlib import Path

from redprop_bot.understand.gazetteer import Gazetteer
from redprop_bot.understand.load import load_lexicon, load_reader

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = 8000
NOW = datetime.fromisoformat("2026-11-25T09:00:00+08:00")


def main() -> None:
    start = time.perf_counter()
    reader = load_reader([ROOT])
    reader.read("停水了", now=NOW, gazetteer=Gazetteer.empty())
    ready = time.perf_counter() - start
    memory = (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    )  # before the examples, which serving does not hold
    said = [e for e in load_lexicon([ROOT], with_model=False).examples if not e.template and not e.keyword]
    said = said[:: max(len(said) // SAMPLE, 1)]
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
    print(
        f"memory {memory:.0f} MB, {len(said)} messages of {sum(map(len, (e.text for e in said))) / len(said):.0f} characters"
    )


if __name__ == "__main__":
    main()
