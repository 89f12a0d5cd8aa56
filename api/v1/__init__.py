"""The API, version 1: one file a resource, each a list of routes."""

from api.v1 import (
    accounts,
    boards,
    contests,
    draws,
    events,
    grants,
    judging,
    marks,
    messages,
    notices,
    pairing,
    people,
    registrations,
    scoring,
    sessions,
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
    "pairing": pairing.ROUTES,
    "judging": judging.ROUTES,
    "marks": marks.ROUTES,
    "boards": boards.ROUTES,
    "scoring": scoring.ROUTES,
    "unions": unions.ROUTES,
    "people": people.ROUTES,
    "accounts": accounts.ROUTES,
    "roles": grants.ROUTES,
    "messages": messages.ROUTES,
    "notices": notices.ROUTES,
}
ROUTES = [route for routes in RESOURCES.values() for route in routes]
