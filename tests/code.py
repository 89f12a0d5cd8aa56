"""Our own source as data, for the tests that keep its shape."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
RINGS = ("api", "events", "scoring")


@cache
def sources() -> dict[str, str]:
    """The text of every module of the three rings, by its path from the root."""
    found = sorted(path for ring in RINGS for path in (ROOT / ring).rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in found}


@cache
def trees() -> dict[str, ast.Module]:
    """Every module parsed, by its path from the root."""
    return {path: ast.parse(source, path) for path, source in sources().items()}


def imported(tree: ast.AST) -> Iterator[str]:
    """The full names of what a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def named(tree: ast.AST) -> Iterator[str]:
    """The dotted names that a module reads, such as `os.environ`."""
    dotted = (ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    return (name for name in dotted if name.replace(".", "").isidentifier())
