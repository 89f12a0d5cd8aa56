"""One person: what is known, memberships, registrations; registering, changing, ending a membership."""

from uuid import UUID

from litestar import get, post
from msgspec import structs

from api.kinds import Asker, Id, WhichId
from api.problems import STATUS, lang_of
from api.web.desk.filling import REFUSED, do, fill, fresh
from api.web.desk.frame import cursor_of, keeper, pager
from api.web.desk.merging import merge_path
from api.web.desk.people import LIST, born, person_line, person_path, union_of
from api.web.desk.unions_of import subtrees, union_meant
from api.web.event import ticket_url
from api.web.forms import Form, Option, Typed, typed, wrong
from api.web.pages import Answer, Asked, page
from api.web.tickets import shown_state
from api.wording import Lang, say
from events import people, registering, unions
from events.access import Actor, Right
from events.errors import Invalid, Reason, refuse
from events.people import Membership, PersonForm, PersonView
from events.registering import RegistrationView
from events.terms import Sex

SECRET = ("identity_number", "phone", "mail")  # shown masked: left as they are when nothing is typed, or cleared
PLAIN = ("name", "sex", "born")
REGISTRATIONS = 20
TWINS = 5
WAY = (("common.nav_desk", "/desk"), ("people.title", LIST))
NOWHERE = str(UUID(int=0))
STANDING_IN = {"name": "?", "union": NOWHERE}  # read first, put in afterwards


@get(f"{LIST}/new")
async def ask(request: Asked, actor: Asker, union: WhichId = None) -> Answer:
    """A form for somebody new."""
    keeper(actor, Right.KEEP_PEOPLE)
    lang = lang_of(request.scope)
    name = (await unions.look(union)).name.in_language(lang) if union else await _only_union(actor, lang)
    return await _form_page(request, actor, None, fresh({"union": name}))


@post(f"{LIST}/new")
async def register(request: Asked, actor: Asker) -> Answer:
    """Register them; on to their page."""
    keeper(actor, Right.KEEP_PEOPLE)
    given = await typed(request)

    async def work() -> str:
        return person_path((await people.register(actor, await _form(actor, given))).id)

    try:
        return await do(request, actor, given, work, said="said.person_registered")
    except REFUSED as refusal:
        form = wrong(given, refusal, lang_of(request.scope))
        return await _form_page(request, actor, None, form, status=STATUS[type(refusal)])


@get(f"{LIST}/{{person_id:uuid}}")
async def person(request: Asked, actor: Asker, person_id: Id) -> Answer:
    """What is known of a person."""
    lang, found = lang_of(request.scope), await people.look(actor, person_id)
    registered = await registering.of_person(actor, person_id, cursor=cursor_of(request), limit=REGISTRATIONS)
    context = {
        "one": person_line(found, lang),
        "is_member": found.union is not None,
        "merged_url": person_path(found.merged_into) if found.merged_into else "",
        "twins": await _twins(actor, person_id, lang),
        "memberships": [_membership(one, lang) for one in await people.history(actor, person_id)],
        "registrations": [_registration(one, lang) for one in registered.items],
        "pager": pager(request, registered),
    }
    return await page(request, "desk/person.html", context)


@get(f"{LIST}/{{person_id:uuid}}/edit")
async def edit(request: Asked, actor: Asker, person_id: Id) -> Answer:
    """The form once more; what is masked stays as it is unless something is typed."""
    found = await people.look(actor, person_id)
    plain = {"name": found.name, "sex": found.sex or "", "born": born(found.born)}
    union = found.union_name.in_language(lang_of(request.scope)) if found.union_name else ""
    return await _form_page(request, actor, found, fresh(plain | {"union": union}))


@post(f"{LIST}/{{person_id:uuid}}/edit")
async def change(request: Asked, actor: Asker, person_id: Id) -> Answer:
    """Write what differs."""
    found, given = await people.look(actor, person_id), await typed(request)

    async def work() -> str:
        await people.change(actor, person_id, await _form(actor, given, found))
        return person_path(person_id)

    try:
        return await do(request, actor, given, work, said="said.saved")
    except REFUSED as refusal:
        form = wrong(given, refusal, lang_of(request.scope))
        return await _form_page(request, actor, found, form, status=STATUS[type(refusal)])


@get(f"{LIST}/{{person_id:uuid}}/leave")
async def ask_leave(request: Asked, actor: Asker, person_id: Id) -> Answer:
    """What ending the membership means."""
    return await _leave_page(request, await people.look(actor, person_id), fresh())


@post(f"{LIST}/{{person_id:uuid}}/leave")
async def leave(request: Asked, actor: Asker, person_id: Id) -> Answer:
    """End the membership; pressed twice it has ended, and the person is out of sight."""
    keeper(actor, Right.KEEP_PEOPLE)
    given = await typed(request)

    async def work() -> str:
        await people.end_membership(actor, person_id)
        return LIST

    return await do(request, actor, given, work, said="said.person_left")


async def _form(actor: Actor, given: Typed, old: PersonView | None = None) -> PersonForm:
    """What was typed as the verb's form; Invalid with every flaw of it at once."""
    union, reasons = await _union(actor, given.get("union", "").strip(), old)
    said = {name: given.get(name, "").strip() for name in (*PLAIN, *SECRET)} | {"union": union}
    unread = _unread(said)
    spoiled = {one.pointer for one in (*reasons, *unread)}
    form = fill({name: "" if f"/{name}" in spoiled else text for name, text in said.items()} | STANDING_IN, PersonForm)
    name = "" if "/name" in spoiled else said["name"]
    form = structs.replace(form, name=name, union=UUID(union), **_cleared(given, said))
    refuse([*reasons, *unread, *(one for one in people.flaws_of(form) if one.pointer not in spoiled)])
    return form


def _unread(said: Typed) -> list[Reason]:
    """What cannot be read at all: no date, a text that is too long."""
    try:
        fill(said | {"name": said["name"] or "?"}, PersonForm)
    except Invalid as refusal:
        return [Reason("date_form", one.pointer) if one.pointer == "/born" else one for one in refusal.reasons]
    return []


async def _union(actor: Actor, text: str, old: PersonView | None) -> tuple[str, list[Reason]]:
    """The union that is meant, which may be the one as before, or why it is none."""
    if old and old.union_name and text in (old.union_name.zh, old.union_name.en):
        return str(old.union), []
    try:
        found = await union_meant(text, actor, Right.KEEP_PEOPLE)
    except Invalid as refusal:
        return NOWHERE, [*refusal.reasons]
    return (found, []) if found else (NOWHERE, [Reason("required", "/union")])


def _cleared(given: Typed, said: Typed) -> Typed:
    """What is to be forgotten; who types something new wants that instead."""
    return {name: "" for name in SECRET if given.get(f"clear_{name}") and not said[name]}


async def _only_union(actor: Actor, lang: Lang) -> str:
    """The name of the union, for who keeps only one."""
    found = await subtrees(actor, Right.KEEP_PEOPLE)
    return found[0].name.in_language(lang) if len(found) == 1 else ""


async def _twins(actor: Actor, person_id: UUID, lang: Lang) -> list[Option]:
    """Who may be the same human, and where the two are compared."""
    pairs = (await people.suspected_duplicates(actor, person=person_id, limit=TWINS)).items
    others = [pair.younger if pair.older.id == person_id else pair.older for pair in pairs]
    return [Option(one.name, merge_path(person_id, one.id), note=union_of(one, lang)) for one in others]


def _membership(one: Membership, lang: Lang) -> dict[str, str]:
    key = "people.from_until" if one.left_on else "people.since"
    days = say(lang, key, joined=born(one.joined_on), left=born(one.left_on))
    return {"union": one.union_name.in_language(lang), "days": days}


def _registration(one: RegistrationView, lang: Lang) -> dict[str, object]:
    titles = [title.in_language(lang) for title in (one.contest_title, one.division_title) if title]
    return {
        "title": one.event_title.in_language(lang),
        "division": " · ".join(titles),
        "state": shown_state(one),
        "sent": one.created_at,
        "url": ticket_url(one),
    }


async def _form_page(
    request: Asked, actor: Actor, found: PersonView | None, form: Form, *, status: int = 200
) -> Answer:
    lang = lang_of(request.scope)
    context = {
        "form": form,
        "one": person_line(found, lang) if found else None,
        "sexes": [Option(say(lang, f"people.sex_{sex}"), value=sex.value) for sex in Sex],
        "unions": [
            Option(one.path.rstrip("."), value=one.name.in_language(lang))
            for one in await subtrees(actor, Right.KEEP_PEOPLE)
        ],
        "back": person_path(found.id) if found else LIST,
    }
    return await page(request, "desk/person_form.html", context, status=status)


async def _leave_page(request: Asked, found: PersonView, form: Form) -> Answer:
    lang = lang_of(request.scope)
    keys = ["leaves", "history_stays", "registrations_stay", "account_stays" if found.has_account else ""]
    keys += ["unseen", "comes_back" if found.identity_number else "not_known_again"]
    union = union_of(found, lang)
    context = {
        "form": form,
        "way": [(say(lang, key), url) for key, url in WAY] + [(found.name, person_path(found.id))],
        "title": say(lang, "people.leave_title", name=found.name),
        "words": say(lang, "people.leave_words"),
        "effects": [{"n": None, "words": say(lang, f"people.effect_{key}", union=union)} for key in keys if key],
        "do": "leave",
        "label": say(lang, "people.leave_do"),
        "back": person_path(found.id),
    }
    return await page(request, "desk/confirm.html", context)


ROUTES = [ask, register, person, edit, change, ask_leave, leave]
