"""What a board gives, in words: awards, who goes on, and why or why not."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from api.explaining.rulings import ruled
from api.wording import Lang, say
from events.publishing import Award, Board, PromotionView, Row, Ruling
from events.text import Bilingual
from scoring.schemes import Scheme, nodes

PROMOTING = ("promoted", "listed", "level", "no_award")
TAKEN = ("score", "scaled", "points", "rank")


class Told(Struct, frozen=True):
    """A ruling in words: of what, whether it is given, and why."""

    label: str
    given: bool
    words: str


def titles_of(awards: Sequence[Award], lang: Lang) -> dict[str, str]:
    """What the awards are called, by key."""
    return {one.key: one.title.in_language(lang) for one in awards}


def node_titles(rules: Scheme, lang: Lang) -> dict[str, str]:
    """What every node of a scheme is called, by key."""
    return {key: Bilingual(node.title.zh, node.title.en).in_language(lang) for key, node in nodes(rules).items()}


def given(row: Row, awards: Mapping[str, str]) -> list[str]:
    """The awards of an entry by name."""
    return [awards.get(key, key) for key in row.awards]


def at_the_cut(row: Row) -> bool:
    """Whether people have to say if this entry goes on."""
    return any(one.award is None and one.code == "to_decide" for one in row.rulings)


def told(rulings: Sequence[Ruling], awards: Mapping[str, str], nodes: Mapping[str, str], lang: Lang) -> list[Told]:
    """Rulings in words; `awards` and `nodes` are what these are called."""
    return [
        Told(awards.get(one.award, one.award) if one.award else say(lang, "rulings.advances"), one.given, words)
        for one in rulings
        if (words := _words(one, nodes, lang))
    ]


def shares(board: Board, lang: Lang) -> list[dict[str, object]]:
    """How many have each award."""
    held = [key for row in board.rows for key in row.awards]
    found: list[dict[str, object]] = [
        {"label": one.title.in_language(lang), "n": held.count(one.key)} for one in board.awards
    ]
    going = sum(row.advances for row in board.rows)
    return [*found, {"label": say(lang, "rulings.advances"), "n": going}] if board.advances else found


def promotion_words(one: PromotionView, lang: Lang) -> str:
    """Why somebody is proposed for a level, or is not."""
    if one.code in PROMOTING:
        return say(lang, f"outcomes.{one.code}")
    return _words(Ruling(award=None, given=one.proposed, code=one.code, params=one.params), {}, lang)


def _words(ruling: Ruling, nodes: Mapping[str, str], lang: Lang) -> str:
    name = ruling.params.get("take", "")
    take = say(lang, f"rulings.take_{name}") if name in TAKEN else nodes.get(name, name)
    return ruled(ruling.code, {**ruling.params, "take": take}, lang, given=ruling.given)
