"""Schemes: the rules of marking as data. `parse` reads a document, `JSON_SCHEMA` publishes its form.

Codes of problems in a document, each with a JSON pointer (params): not_object, not_list, not_text, not_integer,
not_true, not_decimal (also: a float, more than 12 digits before or 9 after the point); missing_field,
unknown_field; too_long (most), out_of_range (least, most), wrong_length (least, most), not_one_of (options),
key_format, not_positive, negative; least_above_most, nothing_left (everything dropped), not_for_kind (kind),
combine_not_here, two_conversions, table_order, too_deep (most), value_or_status, node_or_lot; key_taken (key),
unknown_node (key), node_repeats (key: a tie-break cannot name a node inside a repeat), root_repeats, repeat_nested,
again_of_again, again_needs_repeat, product_too_large (most), lot_not_last; not_boolean, one_of_needed (options: exactly
one of them, or for a grant at least one), take_or_node, not_with_judges, places_or_share, share_above_one,
without_number, not_scaled, no_points, tolerance_needed, unknown_section (key), section_within_section,
section_not_added, unknown_award (key), unknown_promotion (key), too_many_nodes (most).
"""

from __future__ import annotations

from collections.abc import Mapping

from scoring.problems import Problem as Problem
from scoring.problems import ProblemError
from scoring.schemes import after_rules, granting, parsing, rules
from scoring.schemes.after import Grant as Grant
from scoring.schemes.document import Scheme as Scheme
from scoring.schemes.json_schema import JSON_SCHEMA as JSON_SCHEMA
from scoring.schemes.model import Again as Again
from scoring.schemes.model import Aspect as Aspect
from scoring.schemes.model import Criterion as Criterion
from scoring.schemes.model import Node as Node
from scoring.schemes.model import Title as Title
from scoring.schemes.reading import Reader


class SchemeError(ProblemError):
    """A document that is no scheme, with every problem at once."""


def parse(document: Mapping[str, object]) -> Scheme:
    """The scheme that a JSON document (read with parse_float=Decimal) describes; raises SchemeError."""
    if not isinstance(document, Mapping):
        raise SchemeError([Problem("", "not_object")])
    found, problems = read(document)
    if problems:
        raise SchemeError(problems)
    return found


def read(document: Mapping[str, object]) -> tuple[Scheme, tuple[Problem, ...]]:
    """The scheme as far as the document can be understood (defaults stand for what is wrong), and every problem."""
    problems: list[Problem] = []
    found = parsing.scheme(Reader(document, "", problems))
    return found, tuple(problems) or tuple(rules.problems(found))


def places(scheme: Scheme) -> dict[str, Node]:
    """Every node by its JSON pointer in the document, top down, the root first, `aside` nodes last."""
    return {spot.pointer: spot.node for spot in rules.spots(scheme)}


def nodes(scheme: Scheme) -> dict[str, Node]:
    """Every node by its key, top down, the root first, `aside` nodes last."""
    return {spot.node.key: spot.node for spot in rules.spots(scheme)}


def aspects(scheme: Scheme) -> tuple[Aspect, ...]:
    """The aspects that take marks, in document order (root first, then aside)."""
    return tuple(node for node in nodes(scheme).values() if isinstance(node, Aspect))


def attempts(scheme: Scheme) -> dict[str, int]:
    """How many attempts a mark on each node may have: the `times` of the repeat at or above it, else 1."""
    return {
        spot.node.key: max((node.repeat.times for node in (spot.node, *spot.above) if node.repeat), default=1)
        for spot in rules.spots(scheme)
    }


def steps(listed: object) -> tuple[Grant, ...]:
    """Steps by which entries go on, as in a scheme's `advance` but without a scheme; raises SchemeError."""
    problems: list[Problem] = []
    found = granting.advance(Reader({"advance": listed}, "", problems))
    problems += [
        problem for number, step in enumerate(found) for problem in after_rules.fits(f"/advance/{number}", step)
    ]
    if problems:
        raise SchemeError(problems)
    return found


def is_relative(scheme: Scheme) -> bool:
    """Whether one entry's marks can move another's total (marks that count as ranks)."""
    return any(aspect.as_ranks for aspect in aspects(scheme))
