"""Who meets whom: the public list of matches, tables and places."""

from litestar import get

from api import ready
from api.kinds import Asker, Id
from api.problems import lang_of
from api.web.draw_words import meeting_in_words
from api.web.event import stage_url
from api.web.pages import Asked, Page, page
from api.wording import Lang, say
from events import contests, organising, pairing
from events.pairing import FixturesView, FixtureView, FromView, LineView, SideView


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/fixtures", ready=ready.page(ready.PLAN))
async def fixtures_page(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Page:
    """The fixtures of a stage, as they stand."""
    lang = lang_of(request.scope)
    event = await organising.event(actor, event_id)
    found = await pairing.fixtures(actor, event_id, stage_id)
    stage = await contests.stage(actor, event_id, stage_id)
    contest = await contests.contest(actor, event_id, stage.contest_id)
    context = {
        "event": {"id": event_id, "title": event.title},
        "contest": {"title": contest.title},
        "stage": stage.title,
        "draw_url": stage_url(event_id, stage_id, "draw"),
        **fixtures_shown(found, lang),
    }
    return await page(request, "fixtures.html", context)


def fixtures_shown(found: FixturesView, lang: Lang) -> dict[str, object]:
    """Matches by round, tables and places, as macros/fixtures.html shows them."""
    return {
        "format": meeting_in_words(found.meeting, lang),
        "rounds": _rounds(found, lang),
        "tables": [
            {"title": group_name(one.group, lang), "lines": [_line(line, lang) for line in one.lines]}
            for one in found.tables
        ],
        "over": found.over,
        "places": [{"place": one.place, "who": side_shown(one.side, lang)} for one in found.places],
    }


def match_shown(one: FixtureView, lang: Lang) -> dict[str, object]:
    """A match as it is listed."""
    score = "" if one.home_score is None else f"{one.home_score} : {one.away_score}"
    bye = say(lang, "fixtures.bye") if one.number == 0 else ""
    third = one.home_from is not None and one.home_from.loser
    return {
        "number": one.number,
        "note": say(lang, "fixtures.third") if third else group_name(one.group, lang),
        "home": side_shown(one.home, lang) if one.home else None,
        "away": side_shown(one.away, lang) if one.away else None,
        "home_from": _from(one.home_from, lang),
        "away_from": bye or _from(one.away_from, lang),
        "winner": one.winner or "",
        "score": score or _in_words(one, lang),
        "ready": one.ready,
        "bracket": one.bracket,
        "scores": ("" if one.home_score is None else one.home_score, "" if one.away_score is None else one.away_score),
    }


def side_shown(side: SideView, lang: Lang) -> dict[str, str]:
    """Who plays, by name, or by code while names are not to be known."""
    union = side.union_name.in_language(lang) if side.union_name else ""
    return {"name": side.name or "", "union": union, "code": "" if side.name else side.code}


def group_name(group: int | None, lang: Lang) -> str:
    """Group A, B, C ...; by its number behind Z."""
    if group is None:
        return ""
    return say(lang, "fixtures.group", name=chr(ord("A") + group - 1) if group <= 26 else group)


def round_name(found: FixturesView, number: int, lang: Lang) -> str:
    """What a round is called: the last ones of a bracket by how many are left in it."""
    of_round = [one for one in found.fixtures if one.round == number]
    last = max(one.round for one in found.fixtures)
    if of_round[0].bracket and last - number < 3:
        return say(lang, ("fixtures.final", "fixtures.semi_finals", "fixtures.quarter_finals")[last - number])
    return say(lang, "fixtures.round", n=number)


def _rounds(found: FixturesView, lang: Lang) -> list[dict[str, object]]:
    numbers = sorted({one.round for one in found.fixtures})
    return [
        {
            "title": round_name(found, number, lang),
            "matches": [match_shown(one, lang) for one in found.fixtures if one.round == number],
        }
        for number in numbers
    ]


def _from(side: FromView | None, lang: Lang) -> str:
    return say(lang, "fixtures.loser_of" if side.loser else "fixtures.winner_of", n=side.match) if side else ""


def _in_words(one: FixtureView, lang: Lang) -> str:
    return say(lang, f"fixtures.won_{one.winner}") if one.winner else ""


def _line(line: LineView, lang: Lang) -> dict[str, object]:
    return {
        "rank": line.rank,
        "who": side_shown(line.side, lang),
        "played": line.played,
        "record": f"{line.won}–{line.drawn}–{line.lost}",
        "goals": f"{line.scored} : {line.conceded}",
        "points": line.points,
    }


ROUTES = [fixtures_page]
