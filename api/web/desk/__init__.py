"""The organiser's desk: events from the draft to the official result, in the browser."""

from api.web.desk import (
    accounts,
    checking_in,
    contest,
    contests_of,
    copying,
    deleting,
    dismissing,
    draws,
    editing,
    entries,
    exporting,
    home,
    importing,
    life,
    listing,
    marks,
    merging,
    officials,
    others,
    panels,
    people,
    person,
    publish,
    registrations,
    removing,
    roles,
    schemes,
    session_officials,
    sessions,
    turns,
    union_changes,
    union_tree,
    venues,
)

PAGES = [
    home, listing, editing, life, turns, copying, deleting, sessions, session_officials, venues, officials, dismissing,
    registrations, exporting, checking_in, others, contests_of, contest, removing, entries, schemes, panels, draws,
    marks, publish, people, person, merging, importing, union_tree, union_changes, accounts, roles,
]  # fmt: skip
ROUTES = [route for module in PAGES for route in module.ROUTES]
