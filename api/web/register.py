"""Registering in steps: choose, details and consent, confirm; then the ticket. Each step is an address of its own."""

from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from litestar import get, post
from msgspec import structs

from api.kinds import Asker, Id
from api.problems import STATUS, lang_of
from api.reading import flaws, read
from api.web.drafts import LONGEST_NOTE, Draft, draft_cookie, read_draft, steps_path
from api.web.event import own_registration, shown, ticket_url, told_of
from api.web.finding import LONGEST_SEARCH, find
from api.web.forms import Form, Option, Typed, asked, once_by, typed, wrong
from api.web.pages import Answer, Asked, Context, page, redirect
from api.wording import Lang, say
from events import access, contests, organising, people, registering
from events.access import Actor, Right
from events.contests import ContestView, DivisionView
from events.errors import Conflict, Invalid, Reason, Refusal
from events.idempotency import Remembering
from events.organising import EventView
from events.registering import RegistrationForm, RegistrationView
from events.text import Prose

STEPS = ("choose", "details", "confirm")
MOST_PEOPLE = 200
FIELDS = {"contest_id": "division", "division_id": "division"}


class Step(NamedTuple):
    """What every step begins with."""

    actor: Actor
    lang: Lang
    event: EventView
    contests: list[ContestView]
    draft: Draft

    @property
    def path(self) -> str:
        """Where the steps begin."""
        return steps_path(self.event.id)

    @property
    def has_choice(self) -> bool:
        """Whether there is anything to choose: a contest, or whom to register."""
        return bool(self.contests) or self.actor.may_somewhere(Right.REGISTER_OTHERS)


@get("/events/{event_id:uuid}/register")
async def choose(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Step 1: which contest and division, and for a registrar who."""
    if elsewhere := await _elsewhere(actor, event_id):
        return redirect(elsewhere)
    step = await _step(request, actor, event_id)
    if not step.has_choice:
        return redirect(f"{step.path}/details")
    return await _choose_page(request, step, Form(_chosen(step.draft)))


@post("/events/{event_id:uuid}/register")
async def take_choice(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Take the choice, if the verdict on it is good."""
    step, given = await _step(request, actor, event_id), await typed(request)
    if given.get("do") == "find":
        return find(request, given) or await _choose_page(request, step, Form(_chosen(step.draft) | given))
    try:
        form = _registration(given, step)
        await _refuse_early(actor, event_id, form)
    except Refusal as refusal:
        return await _choose_page(request, step, wrong(given, refusal, step.lang, FIELDS), STATUS[type(refusal)])
    changes = {"contest_id": form.contest_id, "division_id": form.division_id, "person": form.person}
    draft = structs.replace(step.draft, **changes, person_name=await _name_of(actor, form.person))
    return _go_on(f"{step.path}/details", event_id, draft)


@get("/events/{event_id:uuid}/register/details")
async def details(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Step 2: what is known, what is to be added, and consent."""
    if elsewhere := await _elsewhere(actor, event_id):
        return redirect(elsewhere)
    step = await _step(request, actor, event_id)
    if step.contests and step.draft.contest_id is None:
        return redirect(step.path)
    given = {"note": step.draft.note} | ({"consent": "yes"} if step.draft.consent else {})
    return await _details_page(request, step, Form(given))


@post("/events/{event_id:uuid}/register/details")
async def take_details(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Take the details, if there is consent."""
    step, given = await _step(request, actor, event_id), await typed(request)
    note = given.get("note", "").strip()
    reasons = [] if given.get("consent") else [Reason("consent_needed", "/consent")]
    reasons += [Reason("too_long", "/note", {"limit": LONGEST_NOTE})] if len(note) > LONGEST_NOTE else []
    reasons += flaws(note, Prose, "/note")
    if reasons:
        form = wrong(given, Invalid(*reasons), step.lang, {"consent": "consent"})
        return await _details_page(request, step, form, 422)
    return _go_on(f"{step.path}/confirm", event_id, structs.replace(step.draft, note=note, consent=True))


@get("/events/{event_id:uuid}/register/confirm")
async def confirm(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Step 3: look once more."""
    if elsewhere := await _elsewhere(actor, event_id):
        return redirect(elsewhere)
    step = await _step(request, actor, event_id)
    if not step.draft.consent:
        return redirect(f"{step.path}/details")
    return await _confirm_page(request, step, Form())


@post("/events/{event_id:uuid}/register/confirm")
async def send(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Register, once however often it is pressed; then on to the ticket."""
    step, given = await _step(request, actor, event_id), await typed(request)
    if not step.draft.consent and not given.get("token"):
        return redirect(f"{step.path}/details")

    async def verb(remembering: Remembering[RegistrationView]) -> RegistrationView:
        return await registering.register(actor, event_id, step.draft.form(), remembering=remembering)

    try:
        place = await once_by(actor, given.get("token") or step.draft.token, verb, ticket_url)
    except Refusal as refusal:
        return await _confirm_page(request, step, wrong(given, refusal, step.lang), STATUS[type(refusal)])
    response = redirect(f"{place}?fresh=1")
    response.delete_cookie("draft", path=step.path)
    return response


async def _elsewhere(actor: Actor, event_id: UUID) -> str:
    """Where somebody has to go first: sign up, link the membership; or to the ticket that is there already."""
    following = urlencode({"next": steps_path(event_id)})
    if actor.account is None:
        return f"/sign-up?{following}"
    if actor.may_somewhere(Right.REGISTER_OTHERS):
        return ""
    if actor.person is None:
        return f"/me/link?{following}"
    mine = await own_registration(actor, event_id)
    return ticket_url(mine) if mine else ""


async def _step(request: Asked, actor: Actor, event_id: UUID) -> Step:
    access.signed_in(actor)
    event = await organising.event(actor, event_id)
    draft = read_draft(request, actor)
    listed = await contests.list_contests(actor, event_id, limit=500)
    return Step(actor, lang_of(request.scope), event, listed.items, draft)


def _go_on(to: str, event_id: UUID, draft: Draft) -> Answer:
    response = redirect(to)
    response.set_cookie(draft_cookie(event_id, draft))
    return response


def _registration(given: Typed, step: Step) -> RegistrationForm:
    """The choice as the verb's form: "contest/division", and a person who is not oneself."""
    contest, _, division = given.get("division", "").partition("/")
    if step.contests and not contest:
        raise Invalid(Reason("contest_needed", "/contest_id"))
    person = given.get("person", "")
    fields = {"contest_id": contest, "division_id": division, "person": person}
    return read({name: value for name, value in fields.items() if value}, RegistrationForm)


async def _refuse_early(actor: Actor, event_id: UUID, form: RegistrationForm) -> None:
    """Say no before anything more is filled in; for others than oneself the verdict comes at the end."""
    if form.person in (None, actor.person):
        found = await registering.may_register(actor, event_id, form)
        if not found.accepted:
            raise Conflict(*found.reasons, until=found.until)


async def _name_of(actor: Actor, person: UUID | None) -> str:
    if person in (None, actor.person):
        return ""
    assert person is not None
    return (await people.look(actor, person, right=Right.REGISTER_OTHERS)).name


def _frame(step: Step, now: str) -> Context:
    """What the frame of the steps shows (register_base.html)."""
    names = [name for name in STEPS if name != "choose" or step.has_choice]
    here = names.index(now)
    progress = [
        {
            "label": say(step.lang, f"register.step_{name}"),
            "state": "done" if number < here else "now" if number == here else "next",
            "url": step.path if name == "choose" else f"{step.path}/{name}",
        }
        for number, name in enumerate(names)
    ]
    return {"event": shown(step.event, step.lang), "progress": progress}


async def _choose_page(request: Asked, step: Step, form: Form, status: int = 200) -> Answer:
    search = form.given.get("q", asked(request).get("q", ""))[:LONGEST_SEARCH]
    context = {
        "form": form,
        "groups": [_group(contest, step.lang) for contest in step.contests],
        "people": await _people(step, search),
        "q": search,
    }
    return await page(request, "register_choose.html", {**_frame(step, "choose"), **context}, status=status)


async def _people(step: Step, search: str) -> list[Option] | None:
    """Whom a registrar may register, himself first; none where nobody else can be registered."""
    if not step.actor.may_somewhere(Right.REGISTER_OTHERS):
        return None
    found = await people.search(step.actor, search, right=Right.REGISTER_OTHERS, limit=MOST_PEOPLE)
    myself = [Option(say(step.lang, "register.myself"), value=str(step.actor.person))] if step.actor.person else []
    others = [one for one in found.items if one.id != step.actor.person]
    named = [(one, one.union_name.in_language(step.lang) if one.union_name else "") for one in others]
    return myself + [Option(f"{one.name}（{union}）" if union else one.name, value=str(one.id)) for one, union in named]


def _group(contest: ContestView, lang: Lang) -> dict[str, object]:
    choices = [_choice(contest, division, lang) for division in contest.divisions] or [_choice(contest, None, lang)]
    return {"title": contest.title, "choices": choices}


def _choice(contest: ContestView, division: DivisionView | None, lang: Lang) -> Option:
    free = None if contest.places is None else contest.places - contest.used
    if free is None:
        note = ""
    elif free > 0:
        note = say(lang, "register.places_free", n=free)
    else:
        note = say(lang, "register.contest_full")
    title = division.title if division else contest.title
    value = f"{contest.id}/{division.id}" if division else f"{contest.id}/"
    return Option(title.in_language(lang), value=value, note=note)


def _chosen(draft: Draft) -> Typed:
    value = f"{draft.contest_id}/{draft.division_id or ''}" if draft.contest_id else ""
    return {"division": value, "person": str(draft.person or "")}


async def _details_page(request: Asked, step: Step, form: Form, status: int = 200) -> Answer:
    context = {
        "form": form,
        "known": await _known(step),
        "longest": LONGEST_NOTE,
        "back": step.path if step.has_choice else f"/events/{step.event.id}",
    }
    return await page(request, "register_details.html", {**_frame(step, "details"), **context}, status=status)


async def _known(step: Step) -> list[dict[str, str]]:
    """What the union's register knows of the person, shown and not asked."""
    person = step.draft.person
    if person and person != step.actor.person:
        view = await people.look(step.actor, person, right=Right.REGISTER_OTHERS)
    else:
        view = await people.own(step.actor)
    union = view.union_name.in_language(step.lang) if view.union_name else ""
    facts = [("common.name_of_person", view.name), ("common.union", union), ("register.phone", view.phone)]
    return [{"label": say(step.lang, key), "value": value} for key, value in facts if value]


async def _confirm_page(request: Asked, step: Step, form: Form, status: int = 200) -> Answer:
    own = step.draft.person in (None, step.actor.person)
    chosen = step.draft.form() if step.contests else None
    told = None
    if own and not form.errors:
        found = await registering.may_register(step.actor, step.event.id, chosen)
        told = told_of(found, step.event, step.actor, step.lang)
    waits = told is not None and told.kind == "wait"
    context = {
        "form": form,
        "token": step.draft.token,
        "answers": await _answers(step),
        "verdict": told,
        "send": say(step.lang, "event.join_list" if waits else "event.register"),
        "back": f"{step.path}/details",
    }
    return await page(request, "register_confirm.html", {**_frame(step, "confirm"), **context}, status=status)


async def _answers(step: Step) -> list[dict[str, str]]:
    facts = [(fact["label"], fact["value"], "") for fact in await _known(step)]
    for contest in step.contests:
        if contest.id == step.draft.contest_id:
            division = next((one for one in contest.divisions if one.id == step.draft.division_id), None)
            titles = [part.title.in_language(step.lang) for part in (contest, division) if part]
            facts.append((say(step.lang, "register.division"), " · ".join(titles), step.path))
    if step.draft.note:
        facts.append((say(step.lang, "register.note"), step.draft.note, f"{step.path}/details"))
    return [{"label": label, "value": value, "url": url} for label, value, url in facts]


ROUTES = [choose, take_choice, details, take_details, confirm, send]
