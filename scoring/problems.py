"""What is said about bad input: a place, a stable code and parameters. Words in any language are made elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Param = str | int


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: a JSON pointer (RFC 6901) into the input, a stable code, and what its text is filled with."""

    pointer: str
    code: str
    params: Mapping[str, Param] = field(default_factory=dict)


class ProblemError(ValueError):
    """Input that was refused, with every problem found at once in `problems`."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(f"{problem.pointer}:{problem.code}" for problem in self.problems))
