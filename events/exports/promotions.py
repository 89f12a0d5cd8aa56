"""Proposals for promotion as a table: those who are proposed, for whoever decides."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from events import publishing
from events.access import Actor
from events.publishing import PromotionView

HEADS = (("编号", "number"), ("姓名", "name"), ("工会", "union"), ("等级", "level"), ("年度", "year"))


async def promotions(actor: Actor, event_id: UUID, stage_id: UUID) -> AsyncIterator[list[str]]:
    """Who is proposed for a level by a stage's official result (who may publish), the first line names the columns."""
    found = await publishing.promotions(actor, event_id, stage_id)
    return _lines([one for one in found if one.proposed], actor.language)


async def _lines(found: Sequence[PromotionView], language: str) -> AsyncIterator[list[str]]:
    yield [head[language == "en"] for head in HEADS]
    for one in found:
        union = one.union.in_language(language) if one.union else ""
        yield [str(one.number), one.name, union, one.title.in_language(language), str(one.year)]
