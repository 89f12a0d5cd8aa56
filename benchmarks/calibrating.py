"""What the machine can do at this moment: measured before and after a run, which is noisy when the two differ."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.clocks import best
from benchmarks.ground import noted
from benchmarks.harness import wrk
from benchmarks.harness.postgres import REFERENCE, Postgres
from benchmarks.harness.web import FILE, Bare, Nginx, url
from benchmarks.harness.wrk import Load
from benchmarks.places import BARE, NGINX

STEPS = 2_000_000
NOISE = 0.15
CROWD = 256
REQUESTS = 200_000


def calibrate(postgres: Postgres) -> dict[str, float]:
    """A loop in Python, selects and updates by pgbench, and what the stack comes to that does nothing."""
    found = {"loop_ms": best(loop, 3).wall * 1000}
    found["selects"] = postgres.bench(REFERENCE, "-S", clients=8, seconds=2).rate
    found["updates"] = postgres.bench(REFERENCE, "-N", clients=8, seconds=2).rate
    nothing = noted("nothing", (f"none\tkey-{number}\t{{}}" for number in range(REQUESTS)))
    with Bare() as bare:
        asked = Load(url(BARE, "/nothing"), CROWD, 2, "keyed", [nothing])
        found |= wrk.run(asked, {"web": bare}).expect(201).measures("noop_")
        found["uvicorn_file"] = wrk.run(Load(url(BARE, "/file"), 32, 2), {"web": bare}).expect().rate
    with Nginx() as nginx:
        nginx.keep("file", FILE, b"")
        found["nginx_file"] = wrk.run(Load(url(NGINX, "/plain/file"), 32, 2), {"web": nginx}).expect().rate
    return found


def loop() -> int:
    """Two million additions in plain Python."""
    total = 0
    for number in range(STEPS):
        total += number % 7
    return total


def compared(before: Mapping[str, float], after: Mapping[str, float]) -> list[str]:
    """What has become more than 15 % faster or slower, and which way; nothing on a quiet machine."""
    found = {name: after[name] / before[name] for name in ("loop_ms", "selects", "updates", "noop_rate", "nginx_file")}
    return [f"{name} x {ratio:.2f}" for name, ratio in found.items() if not 1 - NOISE <= ratio <= 1 / (1 - NOISE)]
