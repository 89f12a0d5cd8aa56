"""Small things to test with, written straight into the tables."""

from contextlib import aclosing
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from events import access, clock, ids, notices
from events.tables import Account, Capacity, Event, Member, Notice, Person, RoleGrant, Union, Venue
from events.text import Bilingual

START = datetime(2027, 5, 1, 1, 0, tzinfo=UTC)


async def make_union(code: str = "ah", parent: UUID | None = None, level: str = "province", *, city: str = "") -> UUID:
    """A union organisation under `parent`."""
    above = await Union.select(Union.path).where(Union.id == parent).first() if parent else None
    path = f"{above['path'] if above else ''}{code}."
    name = Bilingual(zh=f"工会{code}", en=f"Union {code}").stored()
    union = Union(
        id=ids.new(), parent=parent, path=path, code=code, name=name, level=level, city=city, created_at=clock.now()
    )
    await Union.insert(union)
    return union.id


async def make_person(
    union: UUID | None = None, name: str = "王芳", *, sex: str = "female", born: date = date(1990, 1, 1)
) -> UUID:
    """A person, a member of `union` if one is given."""
    now = clock.now()
    person = Person(id=ids.new(), name=name, sort_name=name, sex=sex, born=born, created_at=now, updated_at=now)
    await Person.insert(person)
    if union:
        await Member.insert(Member(id=ids.new(), person=person.id, union=union, joined_on=date(2020, 1, 1)))
    return person.id


async def make_account(name: str = "", person: UUID | None = None) -> access.Actor:
    """The actor of a new account."""
    made = ids.new()
    await Account.insert(
        Account(id=made, name=name or f"account-{made}", person=person, language="zh", created_at=clock.now())
    )
    return await actor(made)


async def make_official(
    role: str, *, event: UUID | None = None, union: UUID | None = None, name: str = ""
) -> access.Actor:
    """The actor of a new account that holds a role."""
    account = (await make_account(name)).account
    grant = RoleGrant(id=ids.new(), account=account, role=role, event_id=event, union=union, granted_at=clock.now())
    await RoleGrant.insert(grant)
    return await actor(account)


async def make_participant(union: UUID | None = None, name: str = "王芳", **person: Any) -> access.Actor:
    """The actor of a new account that is linked to a new person."""
    return await make_account(person=await make_person(union, name, **person))


async def actor(account: UUID | None) -> access.Actor:
    """The actor behind an account, with the roles it has by now."""
    assert account is not None
    found = await access.actor_of(account)
    assert found is not None
    return found


async def make_venue(union: UUID, name: str = "工人文化宫") -> UUID:
    """A venue of a union."""
    venue = Venue(
        id=ids.new(),
        name=Bilingual(zh=name, en="Workers' Palace").stored(),
        address="",
        city="",
        union=union,
        created_at=clock.now(),
    )
    await Venue.insert(venue)
    return venue.id


async def make_event(union: UUID, *, places: int | None = None, **changes: Any) -> UUID:
    """An open event of a union with a counter for its places; `changes` are columns."""
    now = clock.now()
    columns: dict[str, Any] = {
        "id": ids.new(), "union": union, "kind": "competition", "state": "open",
        "title": Bilingual(zh="电工技能竞赛", en="Electricians' contest").stored(), "summary": Bilingual().stored(),
        "description": Bilingual().stored(), "city": "", "zone": "Asia/Shanghai",
        "starts_at": START, "ends_at": START + timedelta(hours=8), "approval": "automatic", "eligibility": "{}",
        "is_template": False, "postponed": False, "version": 1, "created_at": now, "updated_at": now,
    }  # fmt: skip
    event = Event(**(columns | changes))
    await Event.insert(event)
    await Capacity.insert(Capacity(event_id=event.id, id=event.id, places=places, used=0, waiting=0, queued=0))
    return event.id


async def posted(*, event: UUID | None = None, public_only: bool = True) -> list[notices.Notice]:
    """The notices by now. What another test has running on the same PostgreSQL keeps them unsettled for a moment."""
    conditions = [Notice.event_id == event] if event else []
    conditions += [Notice.public.eq(True)] if public_only else []
    count, found = int(await Notice.count().where(*conditions)), list[notices.Notice]()
    async with aclosing(notices.follow(event=event, public_only=public_only)) as feed:
        while len(found) < count:
            found.append(await anext(feed))
    return found
