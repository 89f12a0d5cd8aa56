"""Pages, rendered on the server, that work without script."""

from litestar import Router
from litestar.types import ControllerRouterHandler

from api.web import (
    account,
    audit,
    board,
    calendars,
    choices,
    contact,
    desk,
    draws,
    event,
    fixtures,
    home,
    judge,
    me,
    problems,
    register,
    results,
    signing,
    statics,
    tallies,
    tickets,
)
from api.web.problems import error_page, send_refusal

__all__ = ["HANDLERS", "ROUTES", "error_page", "send_refusal"]

HANDLERS = problems.HANDLERS
# For participants and visitors.
PAGES = [
    home.home, event.event_page, calendars.calendar_page, audit.log_page, *results.ROUTES, *tallies.ROUTES,
    *board.ROUTES, *register.ROUTES, *tickets.ROUTES, *me.ROUTES, *account.ROUTES, *contact.ROUTES, *signing.ROUTES,
    *choices.ROUTES, *draws.ROUTES, *fixtures.ROUTES,
]  # fmt: skip

DUTIES = [*judge.ROUTES, *desk.ROUTES]  # for judges and organisers

ROUTES: list[ControllerRouterHandler] = [
    statics.static_file,
    Router("/", route_handlers=[*PAGES, *DUTIES], include_in_schema=False),
]
