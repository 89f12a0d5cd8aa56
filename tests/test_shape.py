"""Size that stays readable. An exception is argued where it stands: `# shape: why` above a function, or atop a file."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median, quantiles

from tests.code import sources, trees

LINES_OF_A_FUNCTION = 40
LINES_OF_A_FILE = 400
POSITIONAL_PARAMETERS = 4
ARGUED = re.compile(r"# shape: \w+(\W+\w+){2,}")

FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
# Routes, commands and tasks are called by the frameworks, which pass everything by name.
CALLED_BY_NAME = frozenset({"get", "post", "put", "patch", "delete", "route", "command", "runs"})


@dataclass(frozen=True)
class Function:
    """What is measured of a function: its body without the docstring, and what is passed to it by position."""

    where: str
    lines: int
    positional: int
    argued: bool


def measured(path: str, source: str, tree: ast.Module) -> Iterator[Function]:
    """Every function of a module, those inside others too."""
    lines = source.splitlines()
    for node in ast.walk(tree):
        if isinstance(node, FUNCTION):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            argued = bool(ARGUED.search(lines[first - 2])) if first > 1 else False
            yield Function(f"{path}:{node.lineno} {node.name}", _body(node), _positional(node), argued)


def _body(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """From the first statement after the docstring to the last line."""
    told = ast.get_docstring(node, clean=False) is not None
    statements = node.body[told:]
    return (node.end_lineno or 0) - statements[0].lineno + 1 if statements else 0


def _positional(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    if any(_decorator(found) in CALLED_BY_NAME for found in node.decorator_list):
        return 0
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def _decorator(node: ast.expr) -> str:
    called = node.func if isinstance(node, ast.Call) else node
    return ast.unparse(called).rpartition(".")[2]


def functions() -> list[Function]:
    """Every function of the three rings."""
    return [found for path, tree in trees().items() for found in measured(path, sources()[path], tree)]


def files() -> dict[str, int]:
    """The lines of every module that holds more than its docstring."""
    return {path: len(source.splitlines()) for path, source in sources().items() if len(trees()[path].body) > 1}


def test_half_of_the_functions_have_five_lines_or_fewer() -> None:
    assert median(function.lines for function in functions()) <= 5


def test_nine_functions_in_ten_have_fifteen_lines_or_fewer() -> None:
    assert quantiles((function.lines for function in functions()), n=10)[-1] <= 15


def test_no_function_is_long() -> None:
    assert [f for f in functions() if f.lines > LINES_OF_A_FUNCTION and not f.argued] == []


def test_no_function_takes_many_things_by_position() -> None:
    assert [f for f in functions() if f.positional > POSITIONAL_PARAMETERS and not f.argued] == []


def test_half_of_the_files_have_120_lines_or_fewer() -> None:
    assert median(files().values()) <= 120


def test_no_file_is_long() -> None:
    long = {path: lines for path, lines in files().items() if lines > LINES_OF_A_FILE}
    assert {path: lines for path, lines in long.items() if not _argued_atop(path)} == {}


def _argued_atop(path: str) -> bool:
    return any(ARGUED.match(line) for line in sources()[path].splitlines()[:10])


SAMPLE = '''
class Desk:
    # shape: six readings of one instrument
    @staticmethod
    async def read(a, b, c, d, e, f=0, *, g):
        """Told."""
        one = 1

        return one

    def bare(self, a):
        """Only told."""
'''


def test_the_body_is_measured_without_docstring_and_signature() -> None:
    read, bare = measured("sample.py", SAMPLE, ast.parse(SAMPLE))
    assert read == Function("sample.py:5 read", lines=3, positional=6, argued=True)
    assert bare == Function("sample.py:11 bare", lines=0, positional=1, argued=False)
