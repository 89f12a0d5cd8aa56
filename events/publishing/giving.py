"""What a board gives: awards, places in the next stage, and the ruling behind each; entries go by their codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from events.publishing.structs import Award, Ruling
from events.text import Bilingual
from scoring import grants
from scoring.outcomes import Outcome
from scoring.problems import Param
from scoring.schemes import Scheme

NOTHING: Mapping[str, Any] = MappingProxyType({"awards": [], "advances": False, "rulings": []})


class Given:
    """The rulings of an outcome by the entry that they are about; `codes` of the entries."""

    def __init__(self, codes: Callable[[str], str], found: Outcome) -> None:
        self._codes = codes
        self._held = grants.holders(found.awards)
        self._going = set(found.going)
        self._rulings: defaultdict[str | None, list[Ruling]] = defaultdict(list)
        for award in (True, False):
            for ruling in found.awards if award else found.advancing:
                self._rulings[ruling.entry].append(self._ruling(ruling, award=award))

    def to(self, entry: str) -> Mapping[str, Any]:
        """What stands in the row of an entry."""
        if entry not in self._rulings:  # whoever holds something, or goes on, does by a ruling
            return NOTHING
        return {
            "awards": self._held.get(entry, []),
            "advances": entry in self._going,
            "rulings": self._rulings[entry],
        }

    def head(self, rules: Scheme) -> dict[str, Any]:
        """What stands above the rows."""
        return {
            "scaled": rules.scaled is not None,
            "awards": awards_of(rules),
            "advances": bool(rules.advance),
            "vacant": self._rulings.get(None, []),
        }

    def _ruling(self, found: grants.Ruling, *, award: bool) -> Ruling:
        params = dict(self._told(found.params.items()))
        return Ruling(award=found.grant if award else None, given=found.given, code=found.code, params=params)

    def _told(self, params: Iterable[tuple[str, Param]]) -> Iterable[tuple[str, str]]:
        """Particulars without the delegation, which the row names where it may be known."""
        for name, value in params:
            if name != "delegation":
                yield name, self._codes(str(value)) if name == "to" else str(value)


def awards_of(rules: Scheme) -> list[Award]:
    """The awards of a scheme, the first one first."""
    return [
        Award(key=one.key, title=Bilingual(one.title.zh, one.title.en), series=one.series)
        for one in rules.awards
        if one.title
    ]
