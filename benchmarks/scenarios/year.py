"""A provincial federation's year, built in bulk. It takes long, and is measured only when it is asked for by name."""

from __future__ import annotations

import json
import subprocess
import sys

from benchmarks.ground import Ground, Outcome
from benchmarks.places import WORK

DATABASE = "year"
AFTERWARDS = {"statistics", "doctor", "checks"}  # what is done with the year once it is built


def year(ground: Ground) -> Outcome:
    """14,000 events, 2.5 million registrations, 6.5 million members, from nothing."""
    told = WORK / "year.json"
    command = [sys.executable, "-m", "benchmarks.federation", "--database", ground.storage.create(DATABASE)]
    try:
        subprocess.run([*command, "--json", str(told)], check=True)  # noqa: S603  # ours
        steps = json.loads(told.read_text())["steps"]
    finally:
        ground.storage.drop(DATABASE)
    minutes = sum(step["wall"] for step in steps if step["name"] not in AFTERWARDS) / 60
    cpu = {f"{who}_cpu_s": sum(step[part] for step in steps) for who, part in (("web", "cpu"), ("database", "server"))}
    each = {f"{step['name']}_s": step["wall"] for step in steps}
    return Outcome("the whole year, by one process", {"minutes": minutes} | cpu | each, ["the builder finds it sound"])
