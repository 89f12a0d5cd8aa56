"""One human kept twice: the suspected pairs, both side by side, and which one stays."""

from uuid import UUID

from litestar import get, post
from msgspec import Struct

from api.kinds import Asker
from api.problems import STATUS, lang_of
from api.reading import read
from api.web.desk.filling import REFUSED, do, fill, fresh
from api.web.desk.frame import SHOWN, cursor_of, keeper, pager
from api.web.desk.people import LIST, person_line, person_path
from api.web.forms import Form, Option, asked, typed, wrong
from api.web.pages import Answer, Asked, page
from api.wording import Lang, say, words
from events import people
from events.access import Actor, Right
from events.people import MergePreview, SuspectedDuplicate

PAIRS = f"{LIST}/duplicates"
# The lines of the comparison: what of a person, and under which words.
LINES = (
    ("name", "common.name_of_person"),
    ("union", "common.union"),
    ("joined", "people.joined"),
    ("sex", "desk.sex"),
    ("born", "people.born"),
    ("identity_number", "people.identity_number"),
    ("phone", "register.phone"),
    ("mail", "register.mail"),
    ("account", "people.account"),
)


class Pair(Struct, frozen=True):
    """The two that are compared."""

    one: UUID
    other: UUID
    found: bool = False  # looked for from the page of `one`, where the way back leads then


class Choice(Struct, frozen=True):
    """Which of the two stays."""

    keep: UUID


@get(PAIRS)
async def duplicates(request: Asked, actor: Asker) -> Answer:
    """Pairs of one name who share a birth date or a phone."""
    keeper(actor, Right.KEEP_PEOPLE)
    lang = lang_of(request.scope)
    found = await people.suspected_duplicates(actor, cursor=cursor_of(request), limit=SHOWN)
    context = {"pairs": [_pair(one, lang) for one in found.items], "pager": pager(request, found)}
    return await page(request, "desk/duplicates.html", context)


@get(f"{LIST}/merge")
async def compare(request: Asked, actor: Asker) -> Answer:
    """Both side by side, and what would move."""
    keeper(actor, Right.KEEP_PEOPLE)
    return await _page(request, actor, read(asked(request), Pair, strict=False), fresh())


@post(f"{LIST}/merge")
async def merge(request: Asked, actor: Asker) -> Answer:
    """Make them one."""
    keeper(actor, Right.KEEP_PEOPLE)
    pair, given = read(asked(request), Pair, strict=False), await typed(request)

    async def work() -> str:
        keep = fill({"keep": given.get("keep", "")}, Choice).keep
        drop = pair.one if keep == pair.other else pair.other
        return person_path((await people.merge(actor, keep, drop)).id)

    try:
        return await do(request, actor, given, work, said="said.people_merged")
    except REFUSED as refusal:
        form = wrong(given, refusal, lang_of(request.scope), {"drop": "keep"})
        return await _page(request, actor, pair, form, status=STATUS[type(refusal)])


def merge_path(one: UUID, other: UUID, *, found: bool = False) -> str:
    """Where two persons are compared; `found` by a search from the page of the one."""
    return f"{LIST}/merge?one={one}&other={other}{'&found=true' if found else ''}"


def _pair(pair: SuspectedDuplicate, lang: Lang) -> dict[str, object]:
    return {
        "people": [person_line(one, lang) for one in (pair.older, pair.younger)],
        "because": [say(lang, f"people.same_{reason}") for reason in pair.because],
        "url": merge_path(pair.older.id, pair.younger.id),
    }


async def _page(request: Asked, actor: Actor, pair: Pair, form: Form, *, status: int = 200) -> Answer:
    lang = lang_of(request.scope)
    ways = [
        await people.preview_merge(actor, pair.one, pair.other),
        await people.preview_merge(actor, pair.other, pair.one),
    ]
    possible = [way for way in ways if not way.obstacles]
    context = {
        "form": form,
        "people": [person_line(way.keep, lang) for way in ways],
        "lines": _lines(ways, lang),
        "choices": [_choice(way, number, lang) for number, way in enumerate(ways, 1)],
        "possible": bool(possible),
        "way": (ways[0].keep.name, person_path(pair.one)) if pair.found else (say(lang, "people.duplicates"), PAIRS),
        "back": f"{person_path(pair.one)}/merge" if pair.found else PAIRS,
        "obstacles": [] if possible else [words(reason, lang) for reason in ways[0].obstacles],
    }
    return await page(request, "desk/merge.html", context, status=status)


def _lines(ways: list[MergePreview], lang: Lang) -> list[dict[str, object]]:
    """What is known of each, line by line; `differs` where both are known and are not the same."""
    both = [person_line(way.keep, lang) for way in ways]
    both = [one | {"name": way.keep.name, "union": one["union_name"]} for one, way in zip(both, ways, strict=True)]
    return [
        {"label": say(lang, key), "values": [one[name] for one in both], "differs": name in ways[0].lost}
        for name, key in LINES
    ]


def _choice(way: MergePreview, number: int, lang: Lang) -> Option:
    """One way of merging: who stays, and what comes of the other's things."""
    label = say(lang, "people.keep", which=say(lang, f"people.record_{number}"), name=way.keep.name)
    if way.obstacles:
        told = [words(reason, lang) for reason in way.obstacles]
    else:
        told = [say(lang, f"people.merge_{key}", **params) for key, params in _moves(way, lang)]
    return Option(label, value=str(way.keep.id), note="".join(told), disabled=bool(way.obstacles))


def _moves(way: MergePreview, lang: Lang) -> list[tuple[str, dict[str, object]]]:
    comma = "、" if lang == "zh" else ", "
    names = dict(LINES)
    listed = [comma.join(say(lang, names[name]) for name in some) for some in (way.filled, way.lost)]
    ended = way.keep.union is not None and way.drop.union not in (None, way.keep.union)
    moves: list[tuple[str, dict[str, object], object]] = [
        ("registrations", {"n": way.registrations}, way.registrations),
        ("entries", {"n": way.entries}, way.entries),
        ("account", {}, way.account),
        ("filled", {"what": listed[0]}, way.filled),
        ("lost", {"what": listed[1]}, way.lost),
        ("membership", {}, ended),
        ("nothing", {}, not (way.registrations or way.entries or way.account or way.filled or way.lost or ended)),
    ]
    return [(key, params) for key, params, wanted in moves if wanted]


ROUTES = [duplicates, compare, merge]
