"""What goes into and comes out of giving panels their judges."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec

from events.branches import Branch
from events.text import Bilingual, Line

Key = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
Most = Annotated[int, msgspec.Meta(ge=1, le=1000)]


class JudgingRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`own_union`: nobody judges an entry of the same union, county or delegation; none: that is not looked at."""

    own_union: Branch | None = None


class ConflictForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That an account must not judge the entries of a union and all below it, or (either of the two) one entry."""

    account: UUID
    union: UUID | None = None
    entry: UUID | None = None
    reason: Line = ""


class ProposalForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`most`: in how many sessions a judge sits at most (none: no limit). The `key` decides among equals."""

    key: Key
    most: Most | None = None


class AdoptForm(ProposalForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A proposal as it was shown: its digest keeps another from being adopted in its place."""

    digest: Line


class ConflictView(msgspec.Struct, frozen=True, kw_only=True):
    """A conflict that was declared by hand."""

    id: UUID
    account: UUID
    account_name: str
    union: UUID | None
    union_name: Bilingual | None
    entry: UUID | None
    entry_name: str | None
    reason: str


class JudgeView(msgspec.Struct, frozen=True, kw_only=True):
    """Who can be seated: a judge of the event, the unions they are members of, in how many panels they sit."""

    account: UUID
    name: str
    unions: list[Bilingual]
    panels: int


class DemandView(msgspec.Struct, frozen=True, kw_only=True):
    """What a panel still needs; `session` numbers what is judged at the same time. `panel_id` none: not set up yet."""

    stage_id: UUID
    panel_id: UUID | None
    contest: Bilingual
    stage: Bilingual
    panel: Bilingual
    session: int
    sitting: int
    missing: int


class BreachView(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who sits where there is a conflict, or in two panels at the same time (`code` conflict or twice)."""

    stage_id: UUID
    panel_id: UUID | None
    contest: Bilingual
    panel: Bilingual
    account: UUID
    name: str
    code: str


class JudgingView(msgspec.Struct, frozen=True, kw_only=True):
    """The rules, who there is, what is declared, what panels need, and what is wrong with those who sit."""

    own_union: Branch | None
    judges: list[JudgeView]
    conflicts: list[ConflictView]
    demands: list[DemandView]
    breaches: list[BreachView]


class GivenView(msgspec.Struct, frozen=True, kw_only=True):
    """The judges that a panel would get."""

    demand: DemandView
    judges: list[JudgeView]


class ShortageView(msgspec.Struct, frozen=True, kw_only=True):
    """Demands that cannot all be met, though all but any one can: how many judges they need, how many there can be.

    `judges` are those who could sit in at least one of them.
    """

    demands: list[DemandView]
    needed: int
    possible: int
    judges: list[JudgeView]


class ProposalView(msgspec.Struct, frozen=True, kw_only=True):
    """Who would sit where; it can be adopted unless there are shortages, which are certain."""

    key: str
    most: int | None
    digest: str
    given: list[GivenView]
    shortages: list[ShortageView]
