"""`python -m bench [understand|intake|drain|sweep|lists|figures|matching …]`: runs all benchmarks, or those named.

`python -m bench quarter` is none: it lets a quarter go by and accounts for it, and takes minutes.
"""

import importlib
import sys

ALL = ("understand", "intake", "drain", "sweep", "lists", "figures", "matching")


def main() -> int:
    named = [name for name in sys.argv[1:] if not name.startswith("-")]
    for name in named or ALL:
        print(f"\n== {name} ==", flush=True)
        importlib.import_module(f"bench.{name}").main()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
