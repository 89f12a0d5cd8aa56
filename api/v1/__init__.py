"""The API, version 1: one file a resource, each a list of routes."""

from api.v1 import (
    accounts,
    boards,
    contests,
    draws,
    events,
    grants,
    marks,
    messages,
    notices,
    outcomes,
    people,
    registrations,
    scoring,
    sessions,
    tallies,
    unions,
    venues,
)

RESOURCES = {
    "events": events.ROUTES,
    "registrations": registrations.ROUTES,
    "sessions": sessions.ROUTES,
    "venues": venues.ROUTES,
    "contests": contests.ROUTES,
    "draws": draws.ROUTES,
    "marks": marks.ROUTES,
    "boards": boards.ROUTES,
    "outcomes": outcomes.ROUTES,
    "tallies": tallies.ROUTES,
    "scoring": scoring.ROUTES,
    "unions": unions.ROUTES,
    "people": people.ROUTES,
    "accounts": accounts.ROUTES,
    "roles": grants.ROUTES,
    "messages": messages.ROUTES,
    "notices": notices.ROUTES,
}
ROUTES = [route for routes in RESOURCES.values() for route in routes]
