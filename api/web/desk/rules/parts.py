"""The parts of a scheme document that can be looked at one by one, and the fields that each of them has."""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias, get_args

from api.web.desk.rules.fields import Field, Value, field
from api.web.desk.rules.rows import NEEDS, SECTIONS, STATUSES, TIES, WHENS, Rows
from scoring.schemes import model
from scoring.schemes.after import Base, CapOf, Counted, Each, Ties, ToleranceMode, Vacant, WhenTaken, WhenTied

One: TypeAlias = Field | Rows
SCHEME, STANDINGS, SCALED, STANDARD, JSON = "", "/standings", "/scaled", "/standard", "json"
GRANTS = {"awards": "award", "advance": "advance", "promotions": "promotion"}
BETTER, COMBINE = get_args(model.Better), get_args(model.Combine)
MODES, KINDS = get_args(model.RoundingMode), get_args(model.Kind)


class Group(NamedTuple):
    """Fields that stand together; the first group ("") is in sight, the others open."""

    name: str
    fields: tuple[One, ...]


TITLE = field("title", "both")
KEY = field("key", "line")
WEIGHT = field("weight", "decimal")
JUDGES = field("judges", "whole")
SCALE = (field("scale.min", "decimal"), field("scale.max", "decimal"), field("scale.step", "decimal"))
VALUE = field("value", "decimal")
LEVELS = field("levels", "levels")
SECTION = field("section", "choice", "sections")
DROPS = (field("drop_high", "whole"), field("drop_low", "whole"))
ROUND = (field("round.digits", "whole"), field("round.mode", "choice", MODES))
CAP, FLOOR = field("cap", "decimal"), field("floor", "decimal")
TABLE = field("convert.table", "pairs")
PICK = (
    field("combine", "choice", COMBINE), *DROPS, field("drop_from", "whole"), field("best", "whole"),
    field("better", "choice", BETTER), field("outliers.by", "decimal"),
    field("outliers.around", "choice", get_args(model.Around)), field("outliers.then", "choice", get_args(model.Then)),
    field("outliers.round.digits", "whole"),
)  # fmt: skip
SHAPE = (field("factor", "decimal"), field("plus", "decimal"), FLOOR, CAP, *ROUND)
REPEAT = (
    field("repeat.times", "whole"), field("repeat.combine", "choice", COMBINE), field("repeat.needed", "whole"),
    field("repeat.drop_high", "whole"), field("repeat.drop_low", "whole"), field("repeat.drop_from", "whole"),
    field("repeat.best", "whole"), field("repeat.better", "choice", BETTER),
    field("repeat.statuses", "choice", get_args(model.StatusRule)), field("repeat.round.digits", "whole"),
    field("repeat.round.mode", "choice", MODES),
)  # fmt: skip
MARKS = (
    JUDGES, field("needed", "whole"), *SCALE, VALUE, LEVELS, field("max_spread", "decimal"),
    field("when_missing", "decimal"),
)  # fmt: skip
CONVERT = (
    field("convert.target", "decimal"), TABLE, field("convert.linear.at", "decimal"),
    field("convert.linear.gives", "decimal"), field("convert.linear.per_unit", "decimal"),
)  # fmt: skip
AS_RANKS = (
    field("as_ranks", "there"), field("as_ranks.better", "choice", BETTER),
    field("as_ranks.style", "choice", get_args(model.RankStyle)),
)  # fmt: skip
CARRIED = (
    field("carried.stage", "whole"), field("carried.members", "tick"),
    field("carried.take", "choice", ("score", "scaled", "points", "rank")), field("carried.node", "line"),
    field("carried.round.digits", "whole"), field("carried.absent", "choice", STATUSES),
)  # fmt: skip
KIND = field("kind", "choice", KINDS)

# What is in sight for each kind of node.
FIRST: dict[str, tuple[One, ...]] = {
    "criterion": (field("combine", "choice", COMBINE), WEIGHT, CAP, *ROUND),
    "again": (field("of", "choice", "nodes"), WEIGHT),
    "panel": (JUDGES, *SCALE, *DROPS, WEIGHT, *ROUND),
    "judgement": (VALUE, JUDGES, LEVELS),
    "measurement": (*SCALE[:2], TABLE, WEIGHT),
    "pass": (VALUE,),
    "time": (field("scale.max", "decimal"), TABLE, WEIGHT),
    "count": (VALUE, CAP),
    "given": (*SCALE[:2], WEIGHT),
    "deduction": (field("factor", "decimal"), CAP),
    "theory": (field("scale.max", "decimal"), WEIGHT),
}
STATUS_RULE = field("statuses", "choice", get_args(model.StatusRule))
VALUED = frozenset({"judgement", "pass", "count"})
QUOTA = (
    field("places", "whole"), field("share", "decimal"), Field("share_of", ("of",), "choice", get_args(Base)),
    field("counted", "choice", get_args(Counted)), Field("at_cut", ("ties",), "choice", get_args(Ties)),
)  # fmt: skip
LIMITS = (
    field("least", "whole"), field("most", "whole"), field("mode", "choice", MODES),
    field("each", "choice", get_args(Each)), field("cap.most", "whole"), field("cap.of", "choice", get_args(CapOf)),
    field("vacant", "choice", get_args(Vacant)),
)  # fmt: skip
REACH = (
    field("tolerance.value", "decimal"), Field("tolerance_take", ("tolerance",), "take", "takes"),
    field("tolerance.mode", "choice", get_args(ToleranceMode)), field("when_taken", "choice", get_args(WhenTaken)),
)  # fmt: skip
ORDER = (
    field("standings.better", "choice", BETTER), field("standings.style", "choice", get_args(model.RankStyle)), TIES,
    field("standings.points", "numbers"), field("standings.points_when_tied", "choice", get_args(WhenTied)),
)  # fmt: skip
EQUAL = (
    field("standings.tolerance.value", "decimal"),
    field("standings.tolerance.mode", "choice", get_args(ToleranceMode)),
    *(Field(f"ranked_{status}", ("standings", "ranked_statuses"), "one", (status,)) for status in STATUSES),
)  # fmt: skip
BOARD = (
    field("scaled.at", "decimal"), field("scaled.per", "decimal"), field("scaled.min", "decimal"),
    field("scaled.max", "decimal"), field("scaled.centre", "line"), field("scaled.spread", "line"),
    field("scaled.factor", "decimal"), field("scaled.round.digits", "whole"), field("scaled.no_spread", "decimal"),
)  # fmt: skip
# Objects that are there because of one of these fields; without it they go.
ANCHORS = {
    "repeat": ("times",), "outliers": ("by",), "carried": ("stage", "members"), "tolerance": ("value",),
    "cap": ("most",),
}  # fmt: skip


def groups(at: str, part: dict[str, Value]) -> list[Group]:
    """The fields of a part, each once: the first group in sight, the others by what they are about."""
    if at == SCHEME:
        return [Group("", (TITLE, field("description", "both"), KEY))]
    if at == STANDINGS:
        return [Group("", ORDER), Group("equal", EQUAL)]
    if at == SCALED:
        return [Group("", BOARD)]
    if at == STANDARD:
        return [Group("", (SECTIONS,))]
    name = at.split("/")[1]
    return _of_grant(GRANTS[name]) if name in GRANTS else list(_of_node(str(part.get("kind"))))


def _of_grant(kind: str) -> list[Group]:
    who = (field("with_award", "words"), field("for_levels", "words")) if kind == "promotion" else ()
    head: tuple[One, ...] = () if kind == "advance" else (TITLE,)
    tail: tuple[One, ...] = () if kind == "advance" else (field("series", "line"), KEY)
    groups = [Group("", (*head, *QUOTA, NEEDS, *who)), Group("near", REACH), Group("limits", LIMITS)]
    return [*groups, Group("place", tail)] if tail else groups


def _of_node(kind: str) -> Iterator[Group]:
    known = kind if kind in FIRST else "given"
    first = (TITLE, *((KIND,) if known not in ("criterion", "again") else ()), *FIRST[known])
    yield Group("", first)
    seen = {one.name for one in first}
    for name, fields in _further(known):
        left = tuple(one for one in fields if one.name not in seen)
        if left:
            yield Group(name, left)


def _further(kind: str) -> Iterator[tuple[str, tuple[One, ...]]]:
    aspect = kind not in ("criterion", "again")
    if aspect:
        yield "marks", tuple(one for one in MARKS if one is not VALUE or kind in VALUED)
        yield "convert", CONVERT
    if kind != "again":
        yield "combine", PICK
    if aspect:
        yield "ranks", AS_RANKS
    yield "shape", SHAPE
    yield "repeat", REPEAT
    yield "status", (WHENS, *((STATUS_RULE,) if kind == "criterion" else ()))
    if aspect:
        yield "carried", CARRIED
    yield "place", (WEIGHT, SECTION, KEY)
