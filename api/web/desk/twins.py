"""From a person's page to the other record of the same human, which is looked for; then the two are compared.

What is looked for is sent as a form: phones and identity numbers stand in no address.
"""

from collections.abc import Sequence

from litestar import get, post

from api.kinds import Asker, Id
from api.problems import lang_of
from api.web.desk.frame import keeper
from api.web.desk.merging import merge_path
from api.web.desk.people import LIST, person_line, person_path
from api.web.finding import LONGEST_SEARCH
from api.web.forms import Form, typed, wrong
from api.web.pages import Answer, Asked, page
from events import access, people
from events.access import Actor, Right
from events.errors import Invalid, Reason
from events.people import PersonView

MOST = 20


@get(f"{LIST}/{{person_id:uuid}}/merge")
async def ask(request: Asked, actor: Asker, person_id: Id) -> Answer:
    """Whom to look for: the same name to begin with."""
    found = await _one(actor, person_id)
    return await _page(request, found, Form({"q": found.name}))


@post(f"{LIST}/{{person_id:uuid}}/merge")
async def find(request: Asked, actor: Asker, person_id: Id) -> Answer:
    """Those who were found, each with the way to the comparison."""
    found, given = await _one(actor, person_id), await typed(request)
    text = given.get("q", "").strip()[:LONGEST_SEARCH]
    if not text:
        form = wrong({"q": "", **given}, Invalid(Reason("missing", "/q")), lang_of(request.scope))
        return await _page(request, found, form, status=422)
    others = [one for one in (await people.search(actor, text, limit=MOST + 1)).items if one.id != found.id]
    return await _page(request, found, Form(given), others[:MOST], searched=True)


async def _one(actor: Actor, person_id: Id) -> PersonView:
    """The person to begin with; one that was merged already has gone."""
    keeper(actor, Right.KEEP_PEOPLE)
    found = await people.look(actor, person_id)
    if found.merged_into:
        raise access.not_found()
    return found


async def _page(
    request: Asked,
    found: PersonView,
    form: Form,
    others: Sequence[PersonView] = (),
    *,
    searched: bool = False,
    status: int = 200,
) -> Answer:
    lang = lang_of(request.scope)
    context = {
        "form": form,
        "one": person_line(found, lang),
        "rows": [person_line(one, lang) | {"url": merge_path(found.id, one.id, found=True)} for one in others],
        "searched": searched,
        "most": MOST if len(others) == MOST else 0,
        "back": person_path(found.id),
    }
    return await page(request, "desk/twins.html", context, status=status)


ROUTES = [ask, find]
