"""docs/performance.md and its pictures, made of the newest results: `python -m benchmarks.report`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks import results, verdicts
from benchmarks.pictures import Bar, Part, linear, logarithmic
from benchmarks.places import ROOT
from benchmarks.results import Result, Run
from benchmarks.verdicts import Targets, Verdict, against, number

DOCS = ROOT / "docs"
NOTES = ROOT / "benchmarks" / "notes"
CALIBRATION = {
    "loop_ms": "two million steps of plain Python, ms",
    "selects": "pgbench -S, 8 clients, a second",
    "updates": "pgbench -N, 8 clients, a second",
    "noop_rate": "a POST that does nothing, the same stack, 2 workers, 256 connections, a second",
    "uvicorn_file": "1,000 bytes out of memory by the same stack, a second",
    "nginx_file": "1,000 bytes as a file by nginx, a second",
}
SPLIT = ("registration", "marks", "sheets", "board", "events", "calendar")
SHOWN = {
    "rate": "a second", "p50_ms": "p50 ms", "p99_ms": "p99 ms", "web_cpu_ms": "web CPU ms",
    "database_cpu_ms": "database CPU ms", "load_cpu_ms": "load CPU ms", "memory_mb": "memory MB",
}  # fmt: skip
COLOURS = {True: "a", False: "c", None: "n"}


def write(run: Run, docs: Path = DOCS) -> None:
    """Write the document and its pictures."""
    known = verdicts.targets()
    found = list(verdicts.verdicts(run, known))
    for name, picture in pictures(run, found, known).items():
        (docs / "pictures" / f"speed-{name}.svg").write_text(picture, "utf-8")
    (docs / "performance.md").write_text(document(run, found, known), "utf-8")


def document(run: Run, found: Sequence[Verdict], known: Targets) -> str:
    """The whole text."""
    parts = [
        note("head"), _where(run), _targets(found), _peers(run, known), _split(run), note("unmet"), _scenarios(run),
        note("method"),
    ]  # fmt: skip
    return "\n\n".join(part.strip() for part in parts) + "\n"


def note(name: str) -> str:
    """What is written by hand."""
    return (NOTES / f"{name}.md").read_text("utf-8")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def _where(run: Run) -> str:
    rows = [[name, value] for name, value in run.machine.items()]
    measured = [[text, number(run.before[name]), number(run.after[name])] for name, text in CALIBRATION.items()]
    noise = (
        f"**This run was noisy**: {', '.join(run.differing)}." if run.differing
        else "Before and after differ by less than 15 %."
    )  # fmt: skip
    return (
        f"## The machine\n\nThe newest run ended at {run.made_at}.\n\n{table(['', ''], rows)}\n\n"
        f"What it could do before the run and after it:\n\n{table(['', 'before', 'after'], measured)}\n\n{noise}"
    )


def _targets(found: Sequence[Verdict]) -> str:
    rows = [
        [one.target.scenario, one.target.what, one.database, one.target.wanted, number(one.value), f"**{one.word}**"]
        for one in found
    ]
    met = sum(one.met is True for one in found)
    return (
        f"## What was to be reached\n\n{met} of {len(found)} are met.\n\n"
        "![How many times over each target is reached](pictures/speed-targets.svg)\n\n"
        f"{table(['scenario', 'what', 'database', 'target', 'reached', ''], rows)}"
    )


def _peers(run: Run, known: Targets) -> str:
    rows = [
        [peer.name, peer.version, number(peer.cpu_ms), result.database, number(result.measures.get(peer.figure)),
         times(against(peer, result, known)), times(against(peer, result, known, "rate"))]
        for peer in known.peer for result in run.of(peer.scenario) if not result.failed
    ]  # fmt: skip
    head = ["program, work", "", "its CPU ms", "our database", "our CPU ms", "by CPU time", "by rate"]
    return (
        "## Beside other programs\n\nTheir figures are frozen: measured once on another machine of this kind, and "
        "scaled by what a POST that does nothing takes on both "
        f"({known.peers.noop_cpu_ms} CPU ms there, the load included).\n\n"
        f"![CPU time for one request, theirs divided by ours](pictures/speed-peers.svg)\n\n{table(head, rows)}"
    )


def times(value: float | None) -> str:
    """A ratio."""
    return "-" if value is None else f"{number(value)} x"


def _split(run: Run) -> str:
    rows = [
        [one.name, one.database, *(number(one.measures.get(name)) for name in SHOWN)]
        for one in run.results
        if "web_cpu_ms" in one.measures and not one.failed
    ]
    return (
        "## Where the time goes\n\n"
        "![CPU milliseconds for one request, web and database](pictures/speed-split.svg)\n\n"
        f"{table(['scenario', 'database', *SHOWN.values()], rows)}"
    )


def _scenarios(run: Run) -> str:
    return "## Every scenario\n\n" + "\n\n".join(_scenario(result) for result in run.results)


def _scenario(result: Result) -> str:
    title = f"### {result.name}{f', {result.database}' if result.database else ''}"
    told = [f"{result.at}, {result.seconds:.0f} s. {result.ran}."]
    if result.failed:
        told.append(f"**Failed**: {result.failed}")
    if result.differing:
        told.append(f"Noisy: {', '.join(result.differing)}.")
    found = " · ".join(f"{name} {number(value)}" for name, value in result.measures.items())
    checks = "".join(f"\n- {check}" for check in result.checks)
    return "\n\n".join([title, " ".join(told), *([found] if found else []), *([checks.strip()] if checks else [])])


def pictures(run: Run, found: Sequence[Verdict], known: Targets) -> dict[str, str]:
    """The three pictures."""
    return {
        "targets": logarithmic(
            list(_target_bars(found)), "How many times over each target is reached",
            "The line is the target, the scale logarithmic. Blue: met, and how many times over. Red: not met.",
        ),
        "peers": logarithmic(
            list(_peer_bars(run, known)), "CPU time for one request: other programs' divided by ours",
            "At the line both take the same, the scale is logarithmic. To the right: theirs takes more.",
        ),
        "split": linear(
            list(_split_bars(run)), "CPU milliseconds for one request", "Blue: web processes. Yellow: PostgreSQL.",
        ),
    }  # fmt: skip


def _target_bars(found: Sequence[Verdict]) -> Iterator[Bar]:
    for one in found:
        if one.value is not None and (over := one.target.reached(one.value)) > 0:
            yield Bar(_labelled(one.target.label, one.database), [Part(over, COLOURS[one.met])], times(over))


def _peer_bars(run: Run, known: Targets) -> Iterator[Bar]:
    for peer in known.peer:
        for result in run.of(peer.scenario):
            if (over := against(peer, result, known)) is not None:
                yield Bar(_labelled(peer.name, result.database), [Part(over)], times(over))


def _split_bars(run: Run) -> Iterator[Bar]:
    for name in SPLIT:
        for result in run.of(name):
            web, database = (result.measures.get(f"{who}_cpu_ms", 0.0) for who in ("web", "database"))
            if web:
                parts = [Part(web), *([Part(database, "b")] if database else [])]
                yield Bar(_labelled(name, result.database), parts, f"{web + database:.3g} ms")


def _labelled(what: str, database: str) -> str:
    return ", ".join(filter(None, (what, {"postgresql": "PostgreSQL", "sqlite": "SQLite"}.get(database, database))))


def main() -> None:
    """Make them of what is kept."""
    write(results.load())


if __name__ == "__main__":
    main()
