"""The rules of marking of a stage: shown, started, edited, tried, compared, saved as a version."""

from api.web.desk.rules import comparing, editor, showing, starting, trying

ROUTES = [*showing.ROUTES, *starting.ROUTES, *editor.ROUTES, *trying.ROUTES, *comparing.ROUTES]
