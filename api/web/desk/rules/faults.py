"""What is wrong with a draft, in words, at the part and the field where it is."""

import re
from collections.abc import Iterable, Sequence

from api.web.desk.rules.fields import Field
from api.web.desk.rules.parts import SCHEME, One
from api.wording import Lang, say, texts, words
from events.errors import Reason
from scoring.problems import Problem

PART = re.compile(r"(/root|/aside/\d+)(/children/\d+)*|/(awards|advance|promotions)/\d+|/(standings|scaled|standard)")
CHILDREN = "children"
Problems = Sequence[Problem]


def part_of(pointer: str) -> str:
    """The part of the document that a problem belongs to."""
    found = PART.match(pointer)
    return found[0] if found else SCHEME


def by_part(problems: Problems) -> dict[str, list[Problem]]:
    """Every problem under the part that it belongs to."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(part_of(problem.pointer), []).append(problem)
    return found


def sentence(problem: Problem, lang: Lang) -> str:
    """One problem in words: those of a form where the words of a document would say too much."""
    empty = problem.code == "wrong_length" and problem.pointer.endswith(CHILDREN)
    plain = "scheme.fault_nothing_inside" if empty else f"scheme.fault_{problem.code}"
    if plain in texts(lang):
        return say(lang, plain)
    return words(Reason(problem.code, problem.pointer, problem.params), lang)


def errors(problems: Iterable[Problem], prefix: str, fields: Iterable[One], lang: Lang) -> dict[str, str]:
    """Each problem of a part at its field; those of no field that the form has stand under "", with their place."""
    known = list(fields)
    found: dict[str, list[str]] = {}
    for problem in problems:
        path = problem.pointer.removeprefix(prefix).split("/")[1:]
        name, told = _at(path, known), sentence(problem, lang)
        if not name and path and path != [CHILDREN]:
            told = f"{'/'.join(path)}{say(lang, 'common.colon')}{told}"
        found.setdefault(name, []).append(told)
    return {name: " ".join(dict.fromkeys(told)) for name, told in found.items()}


def _at(path: list[str], fields: Sequence[One]) -> str:
    """The name of the form's field that a place in the document is shown in."""
    fit = [(length, one) for one in fields if (length := _alike(path, one.path))]
    if not fit:
        return ""
    one = max(fit, key=lambda found: found[0])[1]
    if isinstance(one, Field) and one.kind == "both":
        return f"{one.name}_{'en' if path[-1] == 'en' else 'zh'}"
    return one.name


def _alike(path: Sequence[str], field: Sequence[str]) -> int:
    """How many steps two paths share, if one is the begin of the other."""
    short = min(len(path), len(field))
    return short if list(path[:short]) == list(field[:short]) else 0
