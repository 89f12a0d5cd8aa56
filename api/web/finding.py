"""Looking for people: a phone or an identity number is sent in a form, and never becomes part of an address."""

from urllib.parse import urlencode

from litestar.response import Redirect

from api.web.forms import Typed
from api.web.pages import Asked, redirect
from events import people

LONGEST_SEARCH = 80


def find(request: Asked, given: Typed) -> Redirect | None:
    """On to an address with the search in it, which can be kept and paged; None where what is sought is a number."""
    text = given.get("q", "").strip()[:LONGEST_SEARCH]
    if people.has_figures(text):
        return None
    wanted = {name: value for name, value in {"q": text, "union": given.get("union", "")}.items() if value}
    return redirect(f"{request.url.path}?{urlencode(wanted)}" if wanted else request.url.path)
