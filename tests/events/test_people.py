"""People: what is right, what is shown, who finds whom, and two that are one."""

import asyncio
from datetime import date
from uuid import UUID

import pytest

from events import db, messages, people, places, registering
from events.access import SYSTEM, Actor, Right
from events.errors import Conflict, Invalid, NotFound, NotSignedIn, Reason, Refusal
from events.people import PersonForm, identity, names
from events.tables import Message, Person, Registration
from events.terms import Sex
from tests.events.factory import actor, make_account, make_event, make_official, make_union

TODAY = date(2027, 5, 1)
AREA, BORN = "340104", "19900307"


def number(order: str = "002", *, area: str = AREA, born: str = BORN) -> str:
    """A right identity number; an odd order is a man's."""
    figures = area + born + order
    return figures + identity.check_character(figures)


async def registered(union: UUID, name: str = "王芳", by: Actor = SYSTEM, **said: object) -> people.PersonView:
    return await people.register(by, PersonForm(name=name, union=union, **said))  # type: ignore[arg-type]


# --- identity numbers and names -------------------------------------------------------------------------------------


def test_the_published_example_of_an_identity_number_is_right() -> None:
    assert identity.number_flaw("11010519491231002X", TODAY) is None  # GB 11643-1999, example
    assert identity.sex_of("11010519491231002X") == Sex.FEMALE
    assert identity.born_of("11010519491231002X") == date(1949, 12, 31)


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("1101051949123100", "identity_form"),
        ("11010519491231002A", "identity_form"),
        ("01010519491231002X", "identity_form"),
        ("110105194912310021", "identity_check"),
        (number(born="19900230"), "identity_date"),
        (number(born="20300101"), "identity_date"),
        (number(born="18990101"), "identity_date"),
        (number(area="810000"), None),
        (number(area="830000"), None),
        (number(area="349999"), None),
    ],
)
def test_identity_numbers_are_judged_by_form_date_and_check_character(text: str, flaw: str | None) -> None:
    assert identity.number_flaw(text, TODAY) == flaw


def test_one_wrong_figure_or_two_swapped_ones_are_always_noticed() -> None:
    right = number()
    for place in range(17):
        for figure in "0123456789":
            wrong = right[:place] + figure + right[place + 1 :]
            assert (identity.number_flaw(wrong, TODAY) is None) == (wrong == right)
    for place in range(16):
        swapped = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
        assert (identity.number_flaw(swapped, TODAY) is None) == (swapped == right)


def test_numbers_are_read_as_they_are_typed() -> None:
    assert identity.plain(" 110105 19491231 002x ") == "11010519491231002X"
    assert identity.plain("１１０１０５１９４９１２３１００２Ｘ") == "11010519491231002X"
    assert identity.plain_phone("+86 138-1234-5678") == "13812345678"


def test_three_first_and_four_last_figures_are_shown() -> None:
    assert identity.masked("13812345678") == "138****5678"
    assert identity.masked("11010519491231002X") == "110***********002X"
    assert identity.masked("") == ""
    assert identity.masked_mail("wang@example.com") == "w***@example.com"


@pytest.mark.parametrize(
    ("name", "sorted_by"),
    [
        ("王芳", "wang fang"),
        ("单雄信", "shan xiongxin"),
        ("曾国藩", "zeng guofan"),
        ("仇英", "qiu ying"),
        ("查良镛", "zha liangyong"),
        ("翟志刚", "zhai zhigang"),
        ("欧阳正明", "ouyang zhengming"),
        ("长孙无忌", "zhangsun wuji"),
        ("万俟卨", "moqi xie"),
        ("欧阳", "ou yang"),
        ("吕布", "lv bu"),
        ("𠮷田", "𠮷 tian"),
        ("阿不都·热合曼", "abudou reheman"),
        ("John Smith", "john smith"),
        ("丹", "dan"),
    ],
)
def test_names_are_sorted_by_how_they_are_read(name: str, sorted_by: str) -> None:
    assert names.sort_name(name) == sorted_by


@pytest.mark.parametrize(
    "name", ["王芳", "㛃", "𠮷田", "\U00031350文", "阿不都·热合曼", "O’Brien", "次仁", "Zoë de-la Cruz Jr."]
)
def test_rare_and_foreign_names_are_right(name: str) -> None:
    assert not list(names.flaws(names.tidy(name)))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "required"),
        ("· ·", "required"),
        ("王芳1", "name_character"),
        ("王芳😀", "name_character"),
        ("王\ue000", "name_private_character"),
        ("王" * 51, "too_long"),
    ],
)
def test_wrong_names_are_said(name: str, code: str) -> None:
    assert [flaw.code for flaw in names.flaws(names.tidy(name))] == [code]


def test_a_name_is_kept_in_one_spelling() -> None:
    assert names.tidy("  阿不都 • 热合曼 ") == "阿不都·热合曼"
    assert names.tidy("Mary   Ann") == "Mary Ann"


# --- registering ----------------------------------------------------------------------------------------------------


async def test_a_registered_person_is_a_member_and_is_shown_masked(database: str) -> None:
    union = await make_union()
    found = await registered(union, identity_number=number(), phone="13812345678", mail="Wang@Example.com")
    assert (found.name, found.union, found.sex, found.born) == ("王芳", union, Sex.FEMALE, date(1990, 3, 7))
    assert (found.phone, found.mail) == ("138****5678", "w***@example.com")
    assert found.identity_number == identity.masked(number())
    row = await db.row("SELECT * FROM person")
    assert row is not None
    assert number() not in str(row)
    assert "13812345678" not in str(row)


async def test_everything_wrong_is_said_at_once_and_nothing_is_written(database: str) -> None:
    union = await make_union()
    form = PersonForm(
        name="王芳1", union=union, identity_number=number(), sex=Sex.MALE, born=date(1991, 1, 1), phone="12", mail="no"
    )
    with pytest.raises(Invalid) as refused:
        await people.register(SYSTEM, form)
    assert {(reason.pointer, reason.code) for reason in refused.value.reasons} == {
        ("/name", "name_character"),
        ("/sex", "sex_differs"),
        ("/born", "born_differs"),
        ("/phone", "phone_form"),
        ("/mail", "mail_form"),
    }
    assert await Person.count() == 0


async def test_without_an_identity_number_name_and_phone_in_the_union_tell_the_same(database: str) -> None:
    union = await make_union()
    one, again = [await registered(union, phone="13812345678") for _ in range(2)]
    nameless, other = [await registered(union) for _ in range(2)]
    assert one.id == again.id
    assert nameless.id != other.id


async def test_the_same_identity_number_is_the_same_person(database: str) -> None:
    first, second = await make_union("ah"), await make_union("zj")
    one = await registered(first, identity_number=number())
    other = await registered(second, identity_number=number(), phone="13812345678")
    assert (other.id, other.union, other.phone) == (one.id, second, "138****5678")
    history = await db.rows("SELECT left_on FROM member WHERE person = {}", one.id)
    assert [row["left_on"] is None for row in history].count(True) == 1


async def test_another_name_for_a_known_number_is_refused(database: str) -> None:
    union = await make_union()
    await registered(union, identity_number=number())
    with pytest.raises(Conflict, match="identity_of_another"):
        await registered(union, "李娜", identity_number=number())


async def test_no_registrar_takes_members_from_unions_of_others(database: str) -> None:
    own, other = await make_union("ah"), await make_union("zj")
    await registered(other, identity_number=number())
    registrar = await make_official("registrar", union=own)
    with pytest.raises(Conflict, match="member_elsewhere"):
        await registered(own, by=registrar, identity_number=number())


async def test_two_who_register_one_person_at_once_make_one(database: str) -> None:
    union = await make_union()
    found = await asyncio.gather(*(registered(union, identity_number=number()) for _ in range(5)))
    assert len({person.id for person in found}) == 1
    assert await Person.count() == 1


async def test_a_registrar_keeps_the_people_of_the_subtree_only(database: str) -> None:
    own, other = await make_union("ah"), await make_union("zj")
    below = await make_union("hf", own, "city")
    registrar = await make_official("registrar", union=own)
    assert (await registered(below, by=registrar)).union == below
    with pytest.raises(NotFound):
        await registered(other, by=registrar)
    stranger = await registered(other)
    for asked in (people.look(registrar, stranger.id), people.end_membership(registrar, stranger.id)):
        with pytest.raises(NotFound):
            await asked
    with pytest.raises(NotFound):
        await registered(own, by=await make_account())
    with pytest.raises(NotSignedIn):
        await registered(own, by=Actor())


async def test_a_change_leaves_what_is_not_said_and_clears_what_is_empty(database: str) -> None:
    union = await make_union()
    person = await registered(union, identity_number=number(), phone="13812345678", mail="a@b.cn")
    form = PersonForm(name="王方", union=union, mail="")
    found = await people.change(SYSTEM, person.id, form)
    assert (found.name, found.mail, found.phone) == ("王方", "", "138****5678")
    assert found.identity_number == person.identity_number


async def test_a_change_can_move_to_another_union(database: str) -> None:
    first, second = await make_union("ah"), await make_union("zj")
    person = await registered(first)
    assert (await people.change(SYSTEM, person.id, PersonForm(name="王芳", union=second))).union == second


async def test_an_identity_number_of_another_is_refused_in_a_change(database: str) -> None:
    union = await make_union()
    await registered(union, identity_number=number())
    other = await registered(union, "李娜")
    with pytest.raises(Conflict, match="/identity_number identity_taken"):
        await people.change(SYSTEM, other.id, PersonForm(name="李娜", union=union, identity_number=number()))


async def test_who_leaves_stays_a_person(database: str) -> None:
    union = await make_union()
    person = await registered(union)
    assert (await people.end_membership(SYSTEM, person.id)).union is None
    assert (await people.end_membership(SYSTEM, person.id)).union is None
    assert (await registered(union)).id != person.id


# --- finding --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["王芳", "王", "wang", "wangf", "wangfang", "wang fang", "WangFang", "138 1234 5678"])
async def test_people_are_found_by_name_pinyin_and_phone(database: str, text: str) -> None:
    union = await make_union()
    found = await registered(union, phone="13812345678")
    await registered(union, "李娜", phone="13912345678")
    assert [person.id for person in (await people.search(SYSTEM, text)).items] == [found.id]


async def test_people_are_found_by_their_whole_identity_number_only(database: str) -> None:
    found = await registered(await make_union(), identity_number=number())
    assert [person.id for person in (await people.search(SYSTEM, number().lower())).items] == [found.id]
    assert (await people.search(SYSTEM, number()[:10])).items == []
    assert (await people.search(SYSTEM, "%")).items == []


async def test_a_search_is_sorted_and_paged(database: str) -> None:
    union = await make_union()
    for name in ("翟志刚", "单雄信", "阿里木", "王芳", "王芳"):
        await registered(union, name)
    shown, cursor = [], ""
    while True:
        page = await people.search(SYSTEM, limit=2, cursor=cursor)
        shown += [person.name for person in page.items]
        if not page.next:
            break
        cursor = page.next
    assert shown == ["阿里木", "单雄信", "王芳", "王芳", "翟志刚"]


async def test_a_search_stays_within_the_actors_unions(database: str) -> None:
    own, other = await make_union("ah"), await make_union("zj")
    below = await make_union("hf", own, "city")
    mine = await registered(below)
    await registered(other)
    registrar = await make_official("registrar", union=own)
    assert [person.id for person in (await people.search(registrar, "王")).items] == [mine.id]
    assert (await people.search(registrar, "王", union=other)).items == []
    leader = await make_official("delegation_leader", union=own)
    assert len((await people.search(leader, "王", right=Right.REGISTER_OTHERS)).items) == 1
    with pytest.raises(NotFound):
        await people.search(leader, "王")


async def test_ones_own_person(database: str) -> None:
    person = await registered(await make_union())
    assert (await people.own(await make_account(person=person.id))).id == person.id
    with pytest.raises(NotFound):
        await people.own(await make_account())


# --- one kept twice -------------------------------------------------------------------------------------------------


async def test_suspects_share_a_name_and_a_birth_date_or_a_phone(database: str) -> None:
    union = await make_union()
    born, phone = date(1990, 3, 7), "13812345678"
    first = await registered(union, "李娜", born=born, phone=phone)
    second = await registered(union, "李娜", born=born)
    third = await registered(union, "李娜", phone=phone)
    await registered(union, "李娜")
    await registered(union, "王芳", born=born, phone=phone)
    found = (await people.suspected_duplicates(SYSTEM)).items
    assert {(frozenset({pair.older.id, pair.younger.id}), *pair.because) for pair in found} == {
        (frozenset({first.id, second.id}), "born"),
        (frozenset({first.id, third.id}), "phone"),
    }
    page = await people.suspected_duplicates(SYSTEM, limit=1)
    assert page.next is not None
    assert len((await people.suspected_duplicates(SYSTEM, limit=1, cursor=page.next)).items) == 1


async def test_two_known_identity_numbers_are_two_people(database: str) -> None:
    union = await make_union()
    for order in ("002", "004"):
        await registered(union, identity_number=number(order))
    assert (await people.suspected_duplicates(SYSTEM)).items == []


async def test_suspects_are_shown_to_who_can_merge_them(database: str) -> None:
    own, other = await make_union("ah"), await make_union("zj")
    for union in (own, other):
        await registered(union, born=date(1990, 3, 7))
    registrar = await make_official("registrar", union=own)
    assert (await people.suspected_duplicates(registrar)).items == []
    assert len((await people.suspected_duplicates(SYSTEM)).items) == 1


async def test_merging_moves_what_hangs_on_a_person(database: str) -> None:
    union = await make_union()
    keep = await registered(union, phone="13812345678")
    drop = await registered(union, identity_number=number())
    account = await make_account(person=drop.id)
    await register_at(await make_event(union), drop.id)
    found = await people.merge(SYSTEM, keep.id, drop.id)
    assert (found.id, found.born, found.phone, found.has_account) == (keep.id, date(1990, 3, 7), "138****5678", True)
    assert found.identity_number == identity.masked(number())
    assert (await people.look(SYSTEM, drop.id)).merged_into == keep.id
    assert (await actor(account.account)).person == keep.id
    assert await Registration.count().where(Registration.person == keep.id) == 1
    assert [person.id for person in (await people.search(SYSTEM, number())).items] == [keep.id]
    assert [person.id for person in (await people.search(SYSTEM, "王芳")).items] == [keep.id]


WAITING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def test_a_merge_in_the_way_of_a_promotion_is_done_once_more(postgres_url: str) -> None:
    db.connect(postgres_url)
    union = await make_union()
    keep, drop = await registered(union, phone="13812345678"), await registered(union, identity_number=number())
    event = await make_event(union)
    await register_at(event, drop.id, "waiting")
    async with db.transaction():
        await places.hold_still(event)
        await db.rows("UPDATE registration SET version = 2 WHERE event_id = {}", event)
        merging = asyncio.create_task(people.merge(SYSTEM, keep.id, drop.id))
        while not await asyncio.create_task(db.rows(WAITING)):
            await asyncio.wait([merging], timeout=0.01)
        await messages.send("registration.promoted", person=drop.id, event=event, reference="R")
    assert (await merging).id == keep.id
    assert await Message.count().where(Message.person == keep.id) == 1
    await db.close()


async def test_a_chain_of_merges_points_to_the_last(database: str) -> None:
    union = await make_union()
    first, second, third = [await registered(union, phone=f"1381234567{n}") for n in range(3)]
    await people.merge(SYSTEM, second.id, first.id)
    await people.merge(SYSTEM, third.id, second.id)
    assert (await people.look(SYSTEM, first.id)).merged_into == third.id
    with pytest.raises(Conflict, match="person_merged"):
        await people.merge(SYSTEM, first.id, third.id)


async def register_at(event: UUID, person: UUID, state: str = "confirmed", *, reference: str = "") -> None:
    await db.rows(
        "INSERT INTO registration "
        "(event_id, id, person, state, reference, note, queue_number, version, created_at, updated_at) "
        "SELECT {}, {}, {}, {}, {}, '', 1, 1, created_at, updated_at FROM event WHERE id = {}",
        event, person, person, state, reference or str(person), event,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kept", "dropped", "code"),
    [
        ("confirmed", "waiting", "merge_registered"),
        ("withdrawn", "confirmed", "merge_other_way"),
        ("confirmed", "withdrawn", None),
        ("withdrawn", "refused", None),
    ],
)
async def test_a_clash_in_an_event_is_named(database: str, kept: str, dropped: str, code: str | None) -> None:
    union = await make_union()
    event = await make_event(union)
    keep, drop = await registered(union, phone="13812345678"), await registered(union)
    await register_at(event, keep.id, kept)
    await register_at(event, drop.id, dropped)
    refused = await refusal(keep.id, drop.id)
    assert [reason.code for reason in refused] == ([code] if code else [])
    assert (await people.look(SYSTEM, drop.id)).merged_into == (None if code else keep.id)


async def test_two_numbers_and_two_accounts_are_both_said(database: str) -> None:
    union = await make_union()
    keep, drop = [await registered(union, identity_number=number(order)) for order in ("002", "004")]
    for person in (keep, drop):
        await make_account(person=person.id)
    assert {reason.code for reason in await refusal(keep.id, drop.id)} == {"merge_identities", "merge_accounts"}


async def refusal(keep: UUID, drop: UUID) -> tuple[Reason, ...]:
    try:
        await people.merge(SYSTEM, keep, drop)
    except Refusal as refused:
        return refused.reasons
    return ()


async def test_nobody_merges_with_themselves_or_beyond_their_right(database: str) -> None:
    own, other = await make_union("ah"), await make_union("zj")
    mine, theirs = await registered(own), await registered(other)
    with pytest.raises(Invalid, match="merge_itself"):
        await people.merge(SYSTEM, mine.id, mine.id)
    with pytest.raises(NotFound):
        await people.merge(await make_official("registrar", union=own), mine.id, theirs.id)


async def test_a_preview_of_a_merge_says_what_moves_and_moves_nothing(database: str) -> None:
    union = await make_union()
    keep = await registered(union, phone="13812345678", born=date(1990, 1, 1))
    drop = await registered(union, identity_number=number(), phone="13900001111")
    await make_account(person=drop.id)
    await register_at(await make_event(union), drop.id)
    found = await people.preview_merge(SYSTEM, keep.id, drop.id)
    assert (found.obstacles, found.registrations, found.entries, found.account) == ([], 1, 0, True)
    assert (found.filled, found.lost) == (["sex", "identity_number"], ["born", "phone"])
    assert (await people.look(SYSTEM, drop.id)).merged_into is None


async def test_a_preview_names_what_is_in_the_way_of_this_way_only(database: str) -> None:
    union = await make_union()
    event = await make_event(union)
    keep, drop = await registered(union, phone="13812345678"), await registered(union)
    await register_at(event, keep.id, "withdrawn")
    await register_at(event, drop.id, "confirmed")
    ways = [await people.preview_merge(SYSTEM, *pair) for pair in ((keep.id, drop.id), (drop.id, keep.id))]
    assert [[reason.code for reason in way.obstacles] for way in ways] == [["merge_other_way"], []]
    with pytest.raises(NotFound):
        await people.preview_merge(await make_official("registrar", union=await make_union("zj")), keep.id, drop.id)


async def test_pairs_of_one_person_only(database: str) -> None:
    union = await make_union()
    mine = [await registered(union, born=date(1990, 3, 7), phone=f"1381234567{n}") for n in range(2)]
    for n in range(2):
        await registered(union, "李娜", born=date(1990, 3, 7), phone=f"1391234567{n}")
    (pair,) = (await people.suspected_duplicates(SYSTEM, person=mine[0].id)).items
    assert {pair.older.id, pair.younger.id} == {one.id for one in mine}


async def test_memberships_are_kept_newest_first(database: str) -> None:
    first, second = await make_union("ah"), await make_union("zj")
    person = await registered(first, identity_number=number())
    await people.change(SYSTEM, person.id, PersonForm(name="王芳", union=second))
    found = await people.history(SYSTEM, person.id)
    assert [(one.union, one.left_on is None) for one in found] == [(second, True), (first, False)]
    with pytest.raises(NotFound):
        await people.history(await make_official("registrar", union=first), person.id)


async def test_a_registrar_sees_the_registrations_that_are_the_registrars(database: str) -> None:
    own, other = await make_union("ah"), await make_union("zj")
    person = await registered(own, identity_number=number())
    here, there, made = await make_event(own), await make_event(other), await make_event(other)
    registrar = await make_official("registrar", union=own)
    for event in (here, there, made):
        await register_at(event, person.id, reference=str(event))
    await db.rows("UPDATE registration SET registered_by = {} WHERE event_id = {}", registrar.account, made)
    found = (await registering.of_person(registrar, person.id)).items
    assert {one.event_id for one in found} == {here, made}
    with pytest.raises(NotFound):
        await registering.of_person(await make_official("registrar", union=other), person.id)
