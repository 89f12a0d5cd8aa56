"""Schemes: the rules of marking as data. `parse` reads a document, `JSON_SCHEMA` publishes its form.

Problem codes are listed in scoring.schemes.parsing.
"""

from __future__ import annotations

from collections.abc import Mapping

from scoring.problems import Problem as Problem
from scoring.problems import ProblemError
from scoring.schemes.model import Aspect as Aspect
from scoring.schemes.model import Criterion as Criterion
from scoring.schemes.model import Node as Node
from scoring.schemes.model import Scheme as Scheme
from scoring.schemes.model import Title as Title

JSON_SCHEMA: dict[str, object] = {}


class SchemeError(ProblemError):
    """A document that is no scheme, with every problem at once."""


def parse(document: Mapping[str, object]) -> Scheme:
    """The scheme that a JSON document (read with parse_float=Decimal) describes; raises SchemeError."""
    raise NotImplementedError


def aspects(scheme: Scheme) -> tuple[Aspect, ...]:
    """The aspects that take marks, in document order (root first, then aside)."""
    raise NotImplementedError
