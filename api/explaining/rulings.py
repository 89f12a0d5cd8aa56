"""Why something is given or not, in words, once what the reason is filled with is."""

from collections.abc import Mapping

from api.explaining.teller import NOTHING
from api.wording import Lang, say

BOUNDS = ("least", "most")


def ruled(code: str, params: Mapping[str, object], lang: Lang, *, given: bool) -> str:
    """The reason of a ruling of scoring/grants.py."""
    if code == "need":
        return _need(params, lang)
    if code == "tie" and not given:
        return say(lang, "rulings.tie_outside")
    return say(lang, f"rulings.{code}", **params)


def _need(params: Mapping[str, object], lang: Lang) -> str:
    """What an entry lacks."""
    bounds = [say(lang, f"rulings.need_{bound}", value=params[bound]) for bound in BOUNDS if bound in params]
    asked = say(lang, "rulings.and").join(bounds)
    return say(lang, "rulings.need", take=params["take"], value=params["value"] or NOTHING, bounds=asked)
