"""Venues to choose from in a form."""

from api.web.forms import Option
from api.web.shapes import city
from api.wording import Lang
from events import scheduling
from events.scheduling import VenueView

MOST = 500


async def venue_options(lang: Lang) -> list[Option]:
    """Venues by city and name."""
    found = {str(one.id): one for one in (await scheduling.venues(limit=MOST)).items}
    by_city = sorted(found.values(), key=lambda one: (one.city, one.name.in_language(lang)))
    return [Option(label(one, lang), value=str(one.id)) for one in by_city]


def label(venue: VenueView, lang: Lang) -> str:
    """A venue by its name and its city."""
    name, place = venue.name.in_language(lang), city(venue.city, lang)
    if not place or place in name:
        return name
    return f"{name}（{place}）" if lang == "zh" else f"{name} ({place})"
