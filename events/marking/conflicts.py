"""Conflicts of interest: who must not judge whom, by their union or as somebody has declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from events import access, clock, db, ids, notices
from events.access import Actor, Right
from events.branches import Branch, branch_of
from events.contests.entering import QUALIFIED
from events.errors import Reason, invalid, refuse
from events.marking.judging_structs import ConflictForm, ConflictView, JudgingRules
from events.tables import JudgeConflict, Stage
from events.text import Bilingual, bilingual


@dataclass(frozen=True)
class Interests:
    """Whom accounts must not meet as judges, as `parties` name them, and the part of the tree that counts as own."""

    own_union: Branch | None
    of_account: dict[UUID, frozenset[str]] = field(default_factory=dict)


async def set_judging_rules(actor: Actor, event_id: UUID, form: JudgingRules) -> JudgingRules:
    """Settle whether judges may judge entries of their own part of the tree (organisers)."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    async with db.transaction():
        await db.rows(
            "INSERT INTO judging (event_id, id, own_union) VALUES ({}, {}, {}) "
            "ON CONFLICT (event_id) DO UPDATE SET own_union = excluded.own_union",
            event_id, ids.new(), form.own_union,
        )  # fmt: skip
        await notices.post("judging.set", event=event_id, subject=event_id, by=actor.account, own=form.own_union)
    return form


async def declare_conflict(actor: Actor, event_id: UUID, form: ConflictForm) -> ConflictView:
    """Declare that somebody must not judge a union's entries, or one entry (organisers); twice is as good as once."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    if (form.union is None) == (form.entry is None):
        invalid("union_or_entry", "/union")
    refuse(await _unknown(event_id, form))
    async with db.transaction():
        await JudgeConflict.raw(
            'INSERT INTO judge_conflict (event_id, id, account, "union", entry_id, reason, created_at) '
            "VALUES ({}, {}, {}, {}, {}, {}, {}) ON CONFLICT DO NOTHING",
            event_id, ids.new(), form.account, form.union, form.entry, form.reason, clock.now(),
        )  # fmt: skip
        await notices.post(
            "judging.conflict_declared", event=event_id, subject=event_id, by=actor.account, account=str(form.account)
        )
    found = await declared(event_id)
    return next(one for one in found if (one.account, one.union, one.entry) == (form.account, form.union, form.entry))


async def remove_conflict(actor: Actor, event_id: UUID, conflict_id: UUID) -> None:
    """Take a declared conflict back (organisers)."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    async with db.transaction():
        gone = await db.rows(
            "DELETE FROM judge_conflict WHERE event_id = {} AND id = {} RETURNING account", event_id, conflict_id
        )
        if not gone:
            raise access.not_found()
        await notices.post(
            "judging.conflict_removed", event=event_id, subject=event_id, by=actor.account,
            account=str(gone[0]["account"]),
        )  # fmt: skip


async def copy_judging_rules(from_event: UUID, to_event: UUID) -> None:
    """The same rules for another event, in the caller's transaction; conflicts of single people are not copied."""
    await db.rows(
        "INSERT INTO judging (event_id, id, own_union) SELECT {}, {}, own_union FROM judging WHERE event_id = {}",
        to_event, ids.new(), from_event,
    )  # fmt: skip


async def own_union(event_id: UUID) -> Branch | None:
    """The part of the tree that counts as a judge's own in this event; none if that is not looked at."""
    found = await db.row("SELECT own_union FROM judging WHERE event_id = {}", event_id)
    return Branch(found["own_union"]) if found and found["own_union"] else None


async def declared(event_id: UUID) -> list[ConflictView]:
    """The conflicts that were declared by hand, by whom they concern."""
    found = await db.rows(
        "SELECT judge_conflict.*, COALESCE(person.name, account.name) AS account_name, unions.name AS union_name, "
        "unions.path, entry.name AS entry_name FROM judge_conflict "
        "JOIN account ON account.id = judge_conflict.account LEFT JOIN person ON person.id = account.person "
        'LEFT JOIN unions ON unions.id = judge_conflict."union" '
        "LEFT JOIN entry ON entry.event_id = judge_conflict.event_id AND entry.id = judge_conflict.entry_id "
        "WHERE judge_conflict.event_id = {} ORDER BY account.name, judge_conflict.id",
        event_id,
    )  # fmt: skip
    return [_view(row) for row in found]


async def interests(event_id: UUID, accounts: list[UUID]) -> Interests:
    """What keeps these accounts from judging whom."""
    own = await own_union(event_id)
    found: dict[UUID, set[str]] = {account: set() for account in accounts}
    which, arguments = db.one_of(accounts)
    for row in await db.rows(
        "SELECT account.id, account.person, unions.path FROM account "  # noqa: S608
        "LEFT JOIN member ON member.person = account.person AND member.left_on IS NULL "
        f'LEFT JOIN unions ON unions.id = member."union" WHERE account.id {which}',
        *arguments,
    ):
        found[row["id"]] |= set(_of_judge(row, own))
    for row in await db.rows(
        "SELECT judge_conflict.account, judge_conflict.entry_id, unions.path FROM judge_conflict "  # noqa: S608
        f'LEFT JOIN unions ON unions.id = judge_conflict."union" WHERE event_id = {{}} AND account {which}',
        event_id, *arguments,
    ):  # fmt: skip
        found[row["account"]].add(f"union:{row['path']}" if row["path"] else f"entry:{row['entry_id']}")
    return Interests(own, {account: frozenset(parties) for account, parties in found.items()})


async def parties(row: Stage, own: Branch | None) -> dict[str, Bilingual]:
    """Whoever is judged in a stage, as `interests` names them, each with a name for people."""
    found = await db.rows(
        "SELECT entry.id, entry.number, entry.name, entry.person, unions.path, unions.name AS union_name FROM entry "  # noqa: S608
        'LEFT JOIN unions ON unions.id = entry."union" '
        "WHERE entry.event_id = {} AND entry.contest_id = {} AND entry.state <> 'withdrawn' "
        f"{QUALIFIED} ORDER BY entry.number",
        row.event_id, row.contest_id, row.id, row.id,
    )  # fmt: skip
    return {party: name for entry in found for party, name in _of_entry(entry, own)}


async def conflict_reasons(row: Stage, account: UUID) -> list[Reason]:
    """Why somebody must not judge in a stage, with the unions or entries that stand against it."""
    held = await interests(row.event_id, [account])
    judged = await parties(row, held.own_union)
    against = list(dict.fromkeys(judged[party] for party in judged if party in held.of_account[account]))
    return [Reason("judge_conflict", "/account", {"whom": against})] if against else []


def _of_judge(row: db.Row, own: Branch | None) -> Iterator[str]:
    if row["person"]:
        yield f"person:{row['person']}"
    if own and row["path"]:
        yield f"own:{branch_of(row['path'], own)}"


def _of_entry(entry: db.Row, own: Branch | None) -> Iterator[tuple[str, Bilingual]]:
    name = Bilingual(zh=entry["name"], en=entry["name"])
    yield f"entry:{entry['id']}", name
    if entry["person"]:
        yield f"person:{entry['person']}", name
    if not entry["path"]:
        return
    union = bilingual(entry["union_name"])
    if own:
        yield f"own:{branch_of(entry['path'], own)}", union
    steps = entry["path"].rstrip(".").split(".")
    for length in range(1, len(steps) + 1):
        yield f"union:{'.'.join(steps[:length])}.", union


async def _unknown(event_id: UUID, form: ConflictForm) -> list[Reason]:
    account = await db.row("SELECT id FROM account WHERE id = {} AND disabled_at IS NULL", form.account)
    union = await db.row("SELECT id FROM unions WHERE id = {}", form.union)
    entry = await db.row("SELECT id FROM entry WHERE event_id = {} AND id = {}", event_id, form.entry)
    return [
        *([] if account else [Reason("unknown_account", "/account")]),
        *([] if union or form.union is None else [Reason("unknown_union", "/union")]),
        *([] if entry or form.entry is None else [Reason("unknown_entry", "/entry")]),
    ]


def _view(row: db.Row) -> ConflictView:
    return ConflictView(
        id=row["id"],
        account=row["account"],
        account_name=row["account_name"],
        union=row["union"],
        union_name=bilingual(row["union_name"]) if row["union_name"] else None,
        entry=row["entry_id"],
        entry_name=row["entry_name"],
        reason=row["reason"],
    )
