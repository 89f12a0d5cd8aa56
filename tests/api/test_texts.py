"""Every reason that is given anywhere has words in both languages, and what they are filled with."""

import ast
import string
from collections.abc import Iterator

import pytest

from api import problems, reading
from api.openapi.document import REASONS
from api.openapi.operations import operations
from api.wording import texts, words
from events.errors import Reason
from events.scheduling import clashing
from events.terms import Sex
from tests.code import trees

# Where the code stands among the arguments of what makes a reason.
MAKERS = {"Reason": 0, "conflict": 0, "invalid": 0, "Problem": 1, "problem": 1, "refuse": 0}
# Codes that are put together from parts, or chosen elsewhere.
COMPOSED = {
    *(code for _, code in reading.CODES),
    *clashing.POINTERS,
    *(f"only_{sex}" for sex in Sex),
    *(f"title_{slug.replace('-', '_')}" for slug in [*problems.SLUGS.values(), "problem"]),
    "malformed", "method", "too_large", "media_type", "wrong_value", "merge_registered", "merge_other_way",
    "identity_form", "identity_date", "identity_check",
    "meeting_too_few", "meeting_many_groups", "meeting_many_places", "meeting_many_rounds",
}  # fmt: skip


def codes() -> dict[str, str]:
    """Every code, and where it is given."""
    found = dict.fromkeys(COMPOSED, "composed")
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in MAKERS:
                found |= dict.fromkeys(_given(node, MAKERS[_name(node.func)]), f"{path}:{node.lineno}")
    return found


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _given(call: ast.Call, position: int) -> Iterator[str]:
    if len(call.args) > position:
        chosen = call.args[position]
        for part in (chosen.body, chosen.orelse) if isinstance(chosen, ast.IfExp) else (chosen,):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_code_has_words(lang: str) -> None:
    known = texts("en" if lang == "en" else "zh")
    assert {code: where for code, where in codes().items() if f"problem.{code}" not in known} == {}


def test_no_words_are_left_over() -> None:
    ours = {key.removeprefix("problem.").removesuffix("_plain") for key in texts("zh") if key.startswith("problem.")}
    assert ours - set(codes()) == set()


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    zh, en = texts("zh"), texts("en")
    assert set(zh) == set(en)
    assert {key for key in zh if placeholders(zh[key]) != placeholders(en[key])} == set()


def test_a_reason_without_its_particulars_is_said_plainly() -> None:
    assert words(Reason("closed"), "en") == "Registration has closed."
    assert words(Reason("missing", "/title"), "zh") == "这一项必须填写。"


def test_every_refusal_of_an_operation_has_words_on_its_page() -> None:
    assert {f"reference.status_{status}" for status in REASONS} - set(texts("zh")) == set()


def test_operations_are_told_in_english_as_their_code_tells_them() -> None:
    told = {key: text for key, text in texts("en").items() if key.startswith("operations.") and ".tag_" not in key}
    assert told == {f"operations.{one.id}": " ".join(one.description.split()) for one in operations()}
