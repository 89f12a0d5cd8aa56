"""The union tree: looked at by anybody, changed by right, moved with all below."""

import asyncio
from uuid import UUID

import pytest

from events import access, unions
from events.access import SYSTEM
from events.errors import Conflict, Invalid, NotFound, NotSignedIn
from events.terms import Level
from events.text import Bilingual
from events.unions import UnionChange, UnionForm
from tests.events.factory import make_account, make_official, make_person, make_union

pytestmark = pytest.mark.usefixtures("database")


def form(code: str, parent: UUID | None = None, zh: str = "工会") -> UnionForm:
    return UnionForm(name=Bilingual(zh=f"{zh}{code}", en=f"Union {code}"), code=code, level=Level.CITY, parent=parent)


async def a_tree() -> dict[str, unions.UnionView]:
    """ah > hf > (yh, ss), ah > wh."""
    found: dict[str, unions.UnionView] = {}
    for code, above in (("ah", None), ("hf", "ah"), ("wh", "ah"), ("yh", "hf"), ("ss", "hf")):
        found[code] = await unions.add(SYSTEM, form(code, found[above].id if above else None))
    return found


async def test_children_are_listed_in_pages_by_code() -> None:
    tree = await a_tree()
    top = await unions.children()
    assert [(union.code, union.children) for union in top.items] == [("ah", 2)]
    first = await unions.children(tree["ah"].id, limit=1)
    assert first.next is not None
    second = await unions.children(tree["ah"].id, limit=1, cursor=first.next)
    assert [first.items[0].code, second.items[0].code, second.next] == ["hf", "wh", None]


async def test_a_subtree_and_what_is_above() -> None:
    tree = await a_tree()
    below = await unions.subtree(tree["hf"].id)
    assert [union.path for union in below.items] == ["ah.hf.", "ah.hf.ss.", "ah.hf.yh."]
    assert [union.code for union in await unions.ancestors(tree["yh"].id)] == ["ah", "hf"]
    assert await unions.ancestors(tree["ah"].id) == []


async def test_members_are_counted() -> None:
    union = await make_union()
    await make_person(union)
    assert (await unions.look(union)).members == 1


@pytest.mark.parametrize("text", ["hf", "ah.hf", "ah.hf.", "合肥hf", "union HF"])
async def test_a_union_is_found_by_code_path_and_either_name(text: str) -> None:
    top = await unions.add(SYSTEM, form("ah"))
    await unions.add(SYSTEM, form("hf", top.id, "合肥"))
    await unions.add(SYSTEM, form("wh", top.id, "芜湖"))
    assert [union.code for union in (await unions.find(text)).items] == ["hf"]


@pytest.mark.parametrize("text", ["%", "_", '"', "zh", 'en":', "\\"])
async def test_signs_of_the_storage_find_nothing(text: str) -> None:
    await a_tree()
    assert (await unions.find(text)).items == []


async def test_a_search_stays_within_a_subtree() -> None:
    tree = await a_tree()
    assert [u.code for u in (await unions.find("union", within=tree["hf"].id)).items] == ["hf", "ss", "yh"]


async def test_a_code_is_taken_once_among_siblings() -> None:
    tree = await a_tree()
    with pytest.raises(Conflict, match="union_code_taken"):
        await unions.add(SYSTEM, form("hf", tree["ah"].id))
    assert (await unions.add(SYSTEM, form("hf", tree["wh"].id))).path == "ah.wh.hf."


async def test_a_union_has_a_name() -> None:
    with pytest.raises(Invalid, match="/name required"):
        await unions.add(SYSTEM, UnionForm(name=Bilingual(), code="ah", level=Level.PROVINCE))


async def test_changing_what_is_where_it_stands() -> None:
    tree = await a_tree()
    change = UnionChange(name=Bilingual(zh="新名"), level=Level.COUNTY, city="合肥")
    found = await unions.change(SYSTEM, tree["hf"].id, change)
    assert (found.name.zh, found.level, found.city, found.path) == ("新名", Level.COUNTY, "合肥", "ah.hf.")


async def test_moving_takes_the_subtree_along() -> None:
    tree = await a_tree()
    moved = await unions.move(SYSTEM, tree["hf"].id, tree["wh"].id)
    assert moved.path == "ah.wh.hf."
    assert (await unions.look(tree["yh"].id)).path == "ah.wh.hf.yh."
    assert (await unions.move(SYSTEM, tree["hf"].id, None)).path == "hf."
    assert [u.path for u in (await unions.subtree(tree["hf"].id)).items] == ["hf.", "hf.ss.", "hf.yh."]


async def test_no_union_comes_under_itself() -> None:
    tree = await a_tree()
    for below in ("hf", "yh"):
        with pytest.raises(Conflict, match="union_cycle"):
            await unions.move(SYSTEM, tree["hf"].id, tree[below].id)


async def test_a_move_onto_a_taken_code_changes_nothing() -> None:
    tree = await a_tree()
    await unions.add(SYSTEM, form("yh", tree["wh"].id))
    with pytest.raises(Conflict, match="union_code_taken"):
        await unions.move(SYSTEM, tree["yh"].id, tree["wh"].id)
    assert (await unions.look(tree["yh"].id)).parent == tree["hf"].id


async def test_two_moves_at_once_close_no_circle() -> None:
    tree = await a_tree()
    answers = await asyncio.gather(
        unions.move(SYSTEM, tree["hf"].id, tree["wh"].id),
        unions.move(SYSTEM, tree["wh"].id, tree["yh"].id),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers].count(Conflict) == 1


async def test_only_administrators_change_the_tree() -> None:
    union = await make_union()
    registrar = await make_official("registrar", union=union)
    with pytest.raises(NotFound):
        await unions.add(registrar, form("hf", union))
    with pytest.raises(NotFound):
        await unions.move(registrar, union, None)
    with pytest.raises(NotSignedIn):
        await unions.add(access.ANONYMOUS, form("hf", union))
    with pytest.raises(NotFound):
        await unions.add(await make_account(), form("xx"))


async def test_what_is_not_there_is_not_found() -> None:
    person = await make_person()
    for asked in (unions.look(person), unions.children(person), unions.subtree(person), unions.ancestors(person)):
        with pytest.raises(NotFound):
            await asked


async def test_a_preview_says_what_a_move_takes_along_and_moves_nothing() -> None:
    tree = await a_tree()
    await make_person(tree["yh"].id)
    found = await unions.preview_move(SYSTEM, tree["hf"].id, tree["wh"].id)
    assert (found.path, found.moved_path, found.size.unions, found.size.members) == ("ah.hf.", "ah.wh.hf.", 2, 1)
    assert (await unions.look(tree["hf"].id)).path == "ah.hf."
    await unions.add(SYSTEM, form("yh", tree["wh"].id))
    for union, parent, code in (("hf", "yh", "union_cycle"), ("yh", "wh", "union_code_taken")):
        with pytest.raises(Conflict, match=code):
            await unions.preview_move(SYSTEM, tree[union].id, tree[parent].id)
    with pytest.raises(NotFound):
        await unions.preview_move(await make_official("registrar", union=tree["ah"].id), tree["hf"].id, None)


async def test_all_members_below_a_union_are_counted() -> None:
    tree = await a_tree()
    for code in ("ah", "yh", "wh"):
        await make_person(tree[code].id)
    sizes = [await unions.size(tree[code].id) for code in ("ah", "hf", "ss")]
    assert [(one.unions, one.members) for one in sizes] == [(4, 3), (2, 1), (0, 0)]


async def test_only_a_union_that_nothing_hangs_on_can_be_removed() -> None:
    tree = await a_tree()
    await make_person(tree["yh"].id)
    for code in ("hf", "yh"):
        with pytest.raises(Conflict, match="union_in_use"):
            await unions.remove(SYSTEM, tree[code].id)
    with pytest.raises(NotFound):
        await unions.remove(await make_official("registrar", union=tree["ah"].id), tree["ss"].id)
    await unions.remove(SYSTEM, tree["ss"].id)
    with pytest.raises(NotFound):
        await unions.look(tree["ss"].id)
