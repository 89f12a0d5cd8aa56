"""Lists in a scheme document that a form shows as rows: tie-breaks, values that become statuses, needs, sections."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from api.web.desk.rules.fields import MISSING, Field, Given, Value, inside, put, read_take, show_take, shown, taken
from scoring.schemes.parts import BOUNDS

LOT = "lot"
SPARE = 1  # empty rows to fill in
Row = dict[str, Value]


class Rows(NamedTuple):
    """A list: its name in the form, where it stands, the columns of a row, how a row is shown and read."""

    name: str
    path: tuple[str, ...]
    columns: tuple[Field, ...]
    show: Callable[[Row], dict[str, str]]
    read: Callable[[Row, Given], Row]


def cells(holder: Mapping[str, Value], rows: Rows) -> dict[str, str]:
    """Every row as its form shows it."""
    return {
        f"{rows.name}_{number}_{name}": text
        for number, row in enumerate(listed(holder, rows))
        for name, text in rows.show(row).items()
    }


def take(holder: Row, rows: Rows, given: Given) -> None:
    """What was typed in the rows; those left empty go."""
    old = listed(holder, rows)
    made = []
    for number in range(len(old) + SPARE):
        typed = {one.name: given.get(f"{rows.name}_{number}_{one.name}", "") for one in rows.columns}
        if any(text.strip() for text in typed.values()):
            made.append(rows.read(dict(old[number]) if number < len(old) else {}, typed))
    if made != old:
        put(holder, rows.path, made or MISSING)


def listed(holder: Mapping[str, Value], rows: Rows) -> list[Row]:
    """The rows that the document has."""
    found = inside(holder, rows.path)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def plain_rows(name: str, dotted: str, *columns: Field) -> Rows:
    """Rows whose columns are fields of each object."""

    def show(row: Row) -> dict[str, str]:
        return {key: text for one in columns for key, text in shown(row, one).items()}

    def read(row: Row, given: Given) -> Row:
        for one in columns:
            taken(row, one, given)
        return row

    return Rows(name, tuple(dotted.split(".")), columns, show, read)


def _show_tie(row: Row) -> dict[str, str]:
    return {"node": LOT if "lot" in row else str(row.get("node", "")), "better": str(row.get("better", ""))}


def _read_tie(row: Row, given: Given) -> Row:
    if given["node"] == LOT:
        return {"lot": True}
    return _chosen({name: value for name, value in row.items() if name != "lot"}, given, ("node", "better"))


def _show_when(row: Row) -> dict[str, str]:
    bound = next((bound for bound in BOUNDS if bound in row), "")
    return {"bound": bound, "value": str(row.get(bound, "")), "status": str(row.get("status", ""))}


def _read_when(row: Row, given: Given) -> Row:
    kept = {name: value for name, value in row.items() if name not in (*BOUNDS, "status")}
    bound = {given["bound"] or BOUNDS[0]: given["value"].strip()} if given["bound"] or given["value"].strip() else {}
    return kept | bound | ({"status": given["status"]} if given["status"] else {})


def _show_need(row: Row) -> dict[str, str]:
    return {"take": show_take(row) or "score", "least": str(row.get("least", "")), "most": str(row.get("most", ""))}


def _read_need(row: Row, given: Given) -> Row:
    if not (given["least"].strip() or given["most"].strip()):
        return {}
    return _chosen(read_take(row, given["take"]), given, ("least", "most"))


def _chosen(row: Row, given: Given, names: tuple[str, ...]) -> Row:
    kept = {name: value for name, value in row.items() if name not in names}
    return kept | {name: given[name].strip() for name in names if given[name].strip()}


BETTER = ("higher", "lower")
STATUSES = ("did_not_start", "did_not_finish", "disqualified")
TIES = Rows(
    "ties", ("standings", "tie_breaks"),
    (Field("node", ("node",), "choice", "ties"), Field("better", ("better",), "choice", BETTER)), _show_tie, _read_tie,
)  # fmt: skip
WHENS = Rows(
    "whens", ("status_when",),
    (Field("bound", ("bound",), "choice", BOUNDS), Field("value", ("value",), "decimal"),
     Field("status", ("status",), "choice", STATUSES)), _show_when, _read_when,
)  # fmt: skip
NEEDS = Rows(
    "needs", ("needs",),
    (Field("take", ("take",), "choice", "takes"), Field("least", ("least",), "decimal"),
     Field("most", ("most",), "decimal")), _show_need, _read_need,
)  # fmt: skip
SECTIONS = plain_rows(
    "sections", "standard",
    Field("key", ("key",), "line"), Field("zh", ("title", "zh"), "line"), Field("en", ("title", "en"), "line"),
    Field("weight", ("weight",), "decimal"),
)  # fmt: skip
