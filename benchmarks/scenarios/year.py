"""A provincial federation's year, built in bulk. It takes long, and is measured only when it is asked for by name."""

from __future__ import annotations

import json
import subprocess
import sys
import time

from benchmarks.ground import Ground, Outcome
from benchmarks.places import WORK

DATABASE = "year"


def year(ground: Ground) -> Outcome:
    """14,000 events, 2.5 million registrations, 6.5 million members, from nothing."""
    told = WORK / "year.json"
    command = [sys.executable, "-m", "benchmarks.federation", "--database", ground.storage.create(DATABASE)]
    began = time.monotonic()
    try:
        subprocess.run([*command, "--json", str(told)], check=True)  # noqa: S603  # ours
        minutes = (time.monotonic() - began) / 60
        steps = json.loads(told.read_text())["steps"]
    finally:
        ground.storage.drop(DATABASE)
    cpu = {f"{who}_cpu_s": sum(step[part] for step in steps) for who, part in (("web", "cpu"), ("database", "server"))}
    longest = {f"{step['name']}_s": step["wall"] for step in sorted(steps, key=lambda step: -step["wall"])[:8]}
    return Outcome("the whole year, one process", {"minutes": minutes} | cpu | longest, ["the builder found it sound"])
