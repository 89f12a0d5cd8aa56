"""The form of what follows from the scores: standings, the scale of the board, and what is given down it."""

from __future__ import annotations

from scoring.schemes import after, model
from scoring.schemes.after_parsing import CENTRES, MAD
from scoring.schemes.forms import YES, Form, many, obj, one_of, ref, whole
from scoring.schemes.granting import MOST_GRANTS, MOST_PLACES
from scoring.schemes.parts import MANY, OF_ENTRIES, WHATS

ENTRY_STATUS: Form = {"enum": list(OF_ENTRIES)}
TAKEN: dict[str, Form] = {"take": {"enum": list(WHATS)}, "node": ref("key")}
STANDINGS = obj(
    "",
    better=one_of(model.Better),
    style=one_of(model.RankStyle),
    tie_breaks=many(
        {"oneOf": [obj("node", node=ref("key"), better=one_of(model.Better)), obj("lot", lot=YES)]}, most=MANY
    ),
    tolerance=obj("value", value=ref("decimal"), mode=one_of(after.ToleranceMode)),
    ranked_statuses={**many(ENTRY_STATUS, most=len(OF_ENTRIES)), "uniqueItems": True},
    points=many(ref("decimal"), most=1000),
    points_when_tied=one_of(after.WhenTied),
)
SCALED = obj(
    "",
    centre={"anyOf": [{"enum": list(CENTRES)}, ref("decimal")]},
    spread={"anyOf": [{"const": MAD}, ref("decimal")]},
    at=ref("decimal"),
    per=ref("decimal"),
    factor=ref("decimal"),
    min=ref("decimal"),
    max=ref("decimal"),
    round=ref("round"),
    no_spread=ref("decimal"),
)
GRANT: dict[str, Form] = {
    "places": whole(0, MOST_PLACES),
    "share": ref("decimal"),
    "mode": one_of(model.RoundingMode),
    "of": one_of(after.Base),
    "least": whole(0, MOST_PLACES),
    "most": whole(0, MOST_PLACES),
    "counted": one_of(after.Counted),
    "ties": one_of(after.Ties),
    "needs": many(ref("need"), most=MOST_GRANTS),
    "each": one_of(after.Each),
    "cap": obj("most", most=whole(1, MOST_PLACES), of=one_of(after.CapOf)),
    "vacant": one_of(after.Vacant),
    "tolerance": obj("value", value=ref("decimal"), mode=one_of(after.ToleranceMode), **TAKEN),
    "when_taken": one_of(after.WhenTaken),
}
NAMED: dict[str, Form] = {"key": ref("key"), "title": ref("title"), "series": ref("key"), **GRANT}
WORDS = many(ref("text"), most=MOST_GRANTS)
AFTER_DEFINITIONS: dict[str, Form] = {
    "need": obj("", **TAKEN, least=ref("decimal"), most=ref("decimal")),
    "award": obj("key title", **NAMED),
    "step": obj("", **GRANT),
    "promotion": obj("key title", **NAMED, with_award=WORDS, for_levels=WORDS),
}
AFTER: dict[str, Form] = {
    "standings": STANDINGS,
    "scaled": SCALED,
    "awards": many(ref("award"), most=MOST_GRANTS),
    "advance": many(ref("step"), most=MOST_GRANTS),
    "promotions": many(ref("promotion"), most=MOST_GRANTS),
}
