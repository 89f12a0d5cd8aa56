"""Where benchmarks keep what they make, and which ports they take."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
# On a real disk, where flushing costs what it costs, and where PostgreSQL's own user may go.
WORK = Path(os.environ.get("MAGPIE_BENCH_DIR", f"/var/tmp/magpie-bench-{os.getuid()}"))  # noqa: S108  # kept for the next run
PORT = int(os.environ.get("MAGPIE_BENCH_PORT", "8180"))
WEB, BARE, NGINX = PORT, PORT + 1, PORT + 2
SECRET = "only for benchmarks, where nothing is secret"  # noqa: S105
