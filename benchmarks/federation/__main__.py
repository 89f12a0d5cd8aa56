"""Builds the year in an empty database, looks whether it is sound, and tells what that took."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.federation import building, importing, people, sound, statistics
from benchmarks.federation.building import Step
from benchmarks.federation.plan import Year


def main() -> None:
    """Prints a line for each step, and writes JSON where that is wanted."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.federation", description=__doc__)
    asked.add_argument("--database", help="sqlite:PATH or postgresql://..., empty")
    asked.add_argument("--share", type=float, default=1.0, help="how much of the year: 0, 0.1, 1")
    asked.add_argument("--members", type=float, help="how much of the members and unions, if another share")
    asked.add_argument("--files", type=Path, help="only unions and people, by files in this folder")
    asked.add_argument("--json", type=Path, help="write what was measured here")
    given = asked.parse_args()
    year = Year(given.share, datetime.now(UTC), given.members)
    if given.files and not given.database:
        people.write_files(year, given.files)
        return
    told = asyncio.run(_built(given.database, year, given.files))
    if given.json:
        given.json.write_text(json.dumps(told, indent=1))
    if not told["sound"]:
        sys.exit("The data are not sound.")


def say(step: Step) -> None:
    """Print a step."""
    each = (step.cpu + step.server) / step.rows * 1e6 if step.rows else 0
    cpu = f"CPU {step.cpu:7.1f} s + server {step.server:7.1f} s"
    told = f"{step.name:10} {step.wall:8.1f} s  {cpu}  {step.rows:10,} rows, {each:7.1f} us of CPU each"
    sys.stdout.write(f"{told}\n")
    sys.stdout.flush()


async def _built(url: str, year: Year, files: Path | None) -> dict[str, object]:
    made = importing.import_all(url, year, files, say) if files else building.build(url, year, say)
    built = await made
    with built.step("statistics") as rows:
        rows.append(len(await statistics.by_kind_city_and_month()))
    with built.step("doctor"):
        wrong = await sound.doctor()
    with built.step("checks"):
        wrong += await sound.faults()
    sys.stdout.write("".join(f"WRONG: {one}\n" for one in wrong))
    steps = [asdict(one) for one in built.steps]
    return {"share": year.share, "steps": steps, "sound": not wrong, "wrong": wrong}


if __name__ == "__main__":
    main()
