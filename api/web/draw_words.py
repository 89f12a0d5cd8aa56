"""The rules of a draw in words, and what they come to; for the desk and for whoever checks a draw."""

from collections.abc import Iterator

from api.wording import Lang, say
from events.drawing import CrowdView, DrawPreview, DrawRules, MeetingRules


def rules_in_words(rules: DrawRules, lang: Lang) -> list[str]:
    """A sentence for each thing that is settled."""
    return list(_sentences(rules, lang))


def _sentences(rules: DrawRules, lang: Lang) -> Iterator[str]:
    if rules.meeting:
        yield meeting_in_words(rules.meeting, lang)
    elif rules.heat_size:
        yield say(lang, "draw.heats_of", n=rules.heat_size)
    else:
        yield say(lang, "draw.one_heat")
    if rules.apart != "off":
        yield say(lang, f"draw.apart_{rules.apart}", branch=say(lang, f"draw.branch_{rules.apart_by}"))
    if rules.two_stage:
        yield say(lang, "draw.two_stage")
    if rules.seeds:
        yield say(lang, "draw.seeds_are", seeds=_listed(rules.seeds, lang))
    if rules.stations == "listed":
        yield say(lang, "draw.stations_listed_are", lanes=_listed(rules.lanes, lang))
    elif rules.meeting is None:
        yield say(lang, f"draw.stations_{rules.stations}")


def meeting_in_words(meeting: MeetingRules, lang: Lang) -> str:
    """The format in which entries meet, in a sentence."""
    third = say(lang, "draw.third") if meeting.third and meeting.format in ("knock_out", "groups") else ""
    figures = {"cycles": meeting.cycles, "groups": meeting.groups, "places": meeting.places, "rounds": meeting.rounds}
    return say(lang, f"draw.meet_{meeting.format}", **figures) + third


def outlook_in_words(found: DrawPreview, rules: DrawRules, lang: Lang) -> tuple[str, str]:
    """How unions fare, as the kind of a note and a sentence."""
    where = "heats" if len(found.heats) > 1 else "order"
    if not found.possible:
        return "no", say(lang, f"draw.impossible_{where}")
    if found.together == 0:
        return "ok", say(lang, "draw.all_apart" if rules.apart != "off" else "draw.could_be_apart")
    kind = "wait" if rules.apart == "off" else "info"
    return kind, say(lang, f"draw.together_{where}", n=found.together)


def crowd_in_words(crowd: CrowdView, heats: int, lang: Lang) -> str:
    """What can be done for a union that is too large; nothing for any other."""
    if not crowd.too_many:
        return ""
    if crowd.heat_size:
        return say(lang, "draw.too_many_for", heats=heats, size=crowd.heat_size)
    return say(lang, "draw.too_many")


def heats_in_words(found: DrawPreview, lang: Lang) -> str:
    """The heats by size: "3 of 8, 2 of 7"."""
    sizes = sorted(set(found.heats), reverse=True)
    return _joined([say(lang, "draw.so_many_of", heats=found.heats.count(size), size=size) for size in sizes], lang)


def _listed(numbers: list[int], lang: Lang) -> str:
    return _joined([str(number) for number in numbers], lang)


def _joined(parts: list[str], lang: Lang) -> str:
    return say(lang, "event.comma").join(parts)
