"""The organiser's desk: events from the draft to the official result, in the browser."""

from api.web.desk import (
    accounts,
    checking_in,
    contest,
    contests_of,
    copying,
    draws,
    editing,
    entries,
    home,
    life,
    listing,
    marks,
    officials,
    others,
    panels,
    publish,
    registrations,
    roles,
    schemes,
    sessions,
    turns,
    venues,
)

PAGES = [
    home, listing, editing, life, turns, copying, sessions, venues, officials, registrations, checking_in, others,
    contests_of, contest, entries, schemes, panels, draws, marks, publish,
    accounts, roles,
]  # fmt: skip
ROUTES = [route for module in PAGES for route in module.ROUTES]
