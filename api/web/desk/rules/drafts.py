"""What the pages of the editor share: the stage, its scheme, and the draft of whoever asks."""

from litestar.response import Redirect

from api.web.desk.arena import Arena
from api.web.desk.rules import samples
from api.web.pages import redirect
from events import contests
from events.access import Right
from events.contests import DraftForm, DraftView, SchemeView
from events.contests.schemes import OPEN
from events.contests.structs import Document
from scoring import schemes
from scoring.editing import Document as Written


async def draft_of(arena: Arena) -> DraftView | None:
    """The draft of whoever asks, who organises."""
    assert arena.stage is not None
    return await contests.draft(arena.desk.actor, arena.desk.event.id, arena.stage.id)


async def keep(arena: Arena, document: Document, sample: dict[str, str], version: int | None) -> DraftView:
    """Keep a step of it."""
    assert arena.stage is not None
    form = DraftForm(document=document, sample=sample)
    return await contests.keep_draft(arena.desk.actor, arena.desk.event.id, arena.stage.id, form, version=version)


async def begin(arena: Arena, document: Document) -> str:
    """A draft from a document, whose worked example becomes the marks to try it with; where it is edited."""
    example = document.get("example")
    plain = {name: value for name, value in document.items() if name != "example"}
    await keep(arena, plain, sample_of(plain, example), None)
    return arena.stage_path("scheme/edit")


def sample_of(document: Written, example: object) -> dict[str, str]:
    """Marks to try a scheme with, from the worked example that came with it."""
    scheme, problems = schemes.read({**document, "example": example} if isinstance(example, dict) else document)
    if problems or scheme.example is None:
        return {}
    return samples.of_example(scheme, scheme.example)


async def scheme_now(arena: Arena) -> SchemeView | None:
    """The version by which the stage is marked."""
    assert arena.stage is not None
    if arena.stage.scheme_id is None:
        return None
    return await contests.scheme(arena.desk.actor, arena.desk.event.id, arena.stage.scheme_id)


def may_change(arena: Arena) -> bool:
    """Whether another version can still be set, by whoever asks."""
    return arena.desk.may(Right.ORGANISE) and arena.stage is not None and arena.stage.state in OPEN


def to_start(arena: Arena) -> Redirect:
    """Without a draft one is begun first."""
    return redirect(arena.stage_path("scheme/start"))
