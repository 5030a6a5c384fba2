"""``python -m tests.bench NAME [...]``: the benchmark of that name, with the rest of the line as its own."""

import runpy
import sys

NAMES = {"serve": "serve", "publish": "publish", "slow-clients": "slow_clients", "search": "search"}

if len(sys.argv) < 2 or sys.argv[1] not in NAMES:
    raise SystemExit(f"Name one of the benchmarks: {', '.join(NAMES)}.")
del sys.argv[0]
runpy.run_module(f"tests.bench.{NAMES[sys.argv[0]]}", run_name="__main__")
