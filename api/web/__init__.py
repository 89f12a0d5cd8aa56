"""Pages, rendered on the server, that work without script."""

from litestar import Router

from api.web import event, home, problems, statics
from api.web.problems import error_page

__all__ = ["HANDLERS", "ROUTES", "error_page"]

HANDLERS = problems.HANDLERS
PAGES = [home.home, event.event_page]  # participants and visitors
DESK: list[Router] = []  # organisers and judges

ROUTES = [statics.static_file, Router("/", route_handlers=[*PAGES, *DESK], include_in_schema=False)]
