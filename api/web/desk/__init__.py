"""The organiser's desk: events from the draft to the official result, in the browser."""

from api.web.desk import copying, editing, home, life, listing, turns

PAGES = [home, listing, editing, life, turns, copying]
ROUTES = [route for module in PAGES for route in module.ROUTES]
