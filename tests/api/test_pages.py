"""Every page answers, in both languages, to everybody who may see it and in every state."""

import re
from datetime import timedelta
from html import unescape

import pytest

from api.web import markdown, pages, statics
from api.web.drafts import Draft, draft_cookie
from api.web.rendering import HERE
from api.wording import texts
from events import accounts, clock, ids, people, registering
from events.people import PersonForm
from events.people.identity import check_character
from events.registering import RegistrationForm
from tests.api.pages import PAGE, STATES, World, both, browser, make_world, words
from tests.events.factory import make_event, make_official, make_participant, make_union

PUBLIC = [
    "/", "/?q=open", "/?kind=games", "/?city=合肥", "/?month=2027-01", "/?day=2027-01-05", "/?can=1", "/?past=1",
    "/?q=nothing", "/calendar", "/calendar?kind=fair&city=芜湖", "/sign-in", "/sign-up", "/recover",
    "/recover/some-secret",
]  # fmt: skip
PASSWORD = "correct horse battery"
OWN = ["/me", "/me/account", "/me/messages", "/me/past", "/"]


@pytest.fixture
async def world(database: str) -> World:
    return await make_world()


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_every_page_answers_everybody(world: World, lang: str) -> None:
    events = [world.path(name) for name in STATES if name != "draft"]
    own = [*OWN, world.path("open", "/register"), world.path("simple", f"/tickets/{world.ticket.reference}"),
           world.path("full", f"/tickets/{world.waiting.reference}")]  # fmt: skip
    draft = [world.path("draft"), world.path("full", "/log")]
    for actor, paths in [(None, PUBLIC + events), (world.member, own + events), (world.stranger, [*OWN, "/me/link"]),
                         (world.organiser, events + draft)]:  # fmt: skip
        async with browser(actor, lang) as reader:
            for path in paths:
                answer = await reader.look(path)
                assert answer.status_code == 200, (path, answer.status_code)
                assert f'<html lang="{"zh-Hans" if lang == "zh" else "en"}"' in answer.text
                assert answer.headers["content-security-policy"] == pages.HEADERS["Content-Security-Policy"]
                assert "style=" not in answer.text


async def test_every_text_that_a_template_names_is_there() -> None:
    named = re.compile(r"""\bt\(\s*["']([a-z_]+\.[a-z0-9_]+)["']\s*[,)]""")
    for template in sorted((HERE / "templates").rglob("*.html")):
        for key in named.findall(template.read_text("utf-8")):
            assert key in texts("zh"), (template.name, key)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("open", "正在报名"),
        ("full", "候补"),
        ("announced", "还没开始报名"),
        ("closed", "暂时不能"),
        ("cancelled", "大雨"),
    ],
)
async def test_a_visitor_is_told_how_an_event_stands(world: World, name: str, said: str) -> None:
    async with browser() as visitor:
        assert said in await visitor.read(world.path(name))


async def test_a_member_is_told_where_he_stands(world: World) -> None:
    async with browser(world.member) as member:
        assert "您已报名成功" in await member.read(world.path("simple"))
        assert "您排在候补第 2 位" in await member.read(world.path("full"))
        assert "您可以报名" in await member.read(world.path("few"))
        mine = await member.read("/me")
        assert world.ticket.reference in mine
        assert "共 2 人" in mine


async def test_titles_and_descriptions_carry_no_markup(world: World) -> None:
    async with browser(lang="zh") as visitor:
        home, event = await visitor.look("/"), await visitor.look(world.path("open"))
    for answer in (home, event):
        assert "<b>open</b>" not in answer.text
        assert "&lt;b&gt;open&lt;/b&gt;" in answer.text
    assert "<h3>比赛</h3>" in event.text
    assert "<script>alert" not in event.text
    assert 'href="javascript:' not in event.text


async def test_signing_up_names_all_that_is_missing_at_once(world: World) -> None:
    async with browser() as visitor:
        told = words(await visitor.send("/sign-up", contact="", password="", key="k"))
    assert "有 3 处需要您改一下" in told


async def test_a_member_chooses_what_is_near(world: World) -> None:
    anqing = await make_union("anqing", world.union, "city", city="安庆")
    await make_event(anqing, title=both("安庆的活动", "In Anqing").stored(), city="安庆")
    async with browser(await make_participant(anqing, "陈明"), lang="en") as member:
        home = await member.look("/")
        assert "Near me: Anqing" in words(home)
        near = await member.read("/?city=安庆")
        assert "In Anqing" in near
        assert "<b>open</b>" not in near
    async with browser(world.member, lang="en") as member:
        assert "Near me" not in await member.read("/")  # nobody said where the province is


async def test_what_is_over_is_found_newest_first(world: World) -> None:
    for number, days in enumerate((400, 30, 8)):
        starts = clock.now() - timedelta(days=days)
        title = both(f"旧赛{number}", f"Old contest {number}").stored()
        changes = {"title": title, "state": "finished", "starts_at": starts, "ends_at": starts + timedelta(hours=4)}
        await make_event(world.union, **changes)  # type: ignore[arg-type]  # columns
    async with browser(lang="en") as visitor:
        past = await visitor.read("/?past=1")
        assert re.findall(r"Old contest \d", past) == ["Old contest 2", "Old contest 1", "Old contest 0"]
        assert "<b>open</b> & co" not in past
        assert str((clock.now() - timedelta(days=400)).year) in past
        now = await visitor.look("/?q=old+contest")
        assert "3 more are over" in words(now)
        assert 'href="/?past=1&amp;q=old+contest"' in now.text
        assert "3 events found" in await visitor.read("/?past=1&q=old+contest")
        assert "1 event found" in await visitor.read("/?past=1&q=contest+1")


async def test_what_is_open_to_a_reader_comes_a_page_at_a_time(world: World) -> None:
    for number in range(60):
        starts = clock.now() + timedelta(days=20 + number)  # no two at the same time
        title = both(f"场{number}", f"Evening {number:02}").stored()
        await make_event(world.union, title=title, starts_at=starts, ends_at=starts + timedelta(hours=1))
    async with browser(await make_participant(world.union, "陈明"), lang="en") as member:
        first = (await member.look("/?can=1")).text
        (following,) = set(re.findall(r'href="(/\?[^"]*cursor=[^"]*)"', first))
        second = (await member.look(unescape(following))).text
        shown = [re.findall(r"Evening \d\d", page) for page in (first, second)]
        assert sorted(set(shown[0]) | set(shown[1])) == [f"Evening {number:02}" for number in range(60)]
        assert not set(shown[0]) & set(shown[1])


async def test_a_draft_looks_unknown(world: World) -> None:
    async with browser(world.member) as member:
        answer = await member.look(world.path("draft"))
    assert answer.status_code == 404
    assert "没有找到" in words(answer)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nothing", 404), ("/events/1", 404), ("/me", 401), ("/me/account", 401), ("/me/messages", 401),
     ("/?kind=no", 422), ("/?day=never", 422), ("/calendar?union=no", 422), ("/sign-out", 405)],
)  # fmt: skip
async def test_what_goes_wrong_is_a_page(world: World, path: str, status: int) -> None:
    async with browser(lang="en") as visitor:
        answer = await visitor.look(path)
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("text/html")
        program = await visitor.client.get(path, headers={"Accept": "application/json"})
        assert program.headers["content-type"] == "application/problem+json"


async def test_who_is_not_signed_in_comes_back_after_signing_in(world: World) -> None:
    async with browser() as visitor:
        answer = await visitor.look("/me/account")
    assert '"/sign-in?next=%2Fme%2Faccount"' in answer.text


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.test/", "//evil.test", "/\\evil.test", "/\t/evil.test", "/%0d%0aSet-Cookie: a=b\r\n", "evil.test",
     "javascript:alert(1)", "/ok\nnext", "/" + "x" * 3000],
)  # fmt: skip
async def test_nobody_is_led_elsewhere(world: World, wanted: str) -> None:
    await accounts.add(world.organiser, "reader", password=PASSWORD)
    async with browser() as visitor:
        for path in ("/language?to=en", "/theme?to=dark"):
            answer = await visitor.client.get(path, params={"to": "en", "next": wanted})
            assert answer.headers["location"] == "/"
        found = await visitor.send("/sign-in", login="reader", password=PASSWORD, next=wanted)
        assert (found.status_code, found.headers["location"]) == (303, "/")


async def test_registering_goes_in_steps_and_keeps_what_was_typed(world: World) -> None:
    steps = world.path("open", "/register")
    async with browser(world.member) as member:
        chosen = re.search(r'name="division" value="([^"]+)"', (await member.look(steps)).text)
        assert chosen is not None
        assert (await member.send(steps, division=chosen[1])).headers["location"] == f"{steps}/details"
        refused = await member.send(f"{steps}/details", note="我<坐>轮椅")
        assert refused.status_code == 422
        assert 'href="#f-consent"' in refused.text
        assert "我&lt;坐&gt;轮椅</textarea>" in refused.text
        assert (await member.send(f"{steps}/details", note="我坐轮椅", consent="yes")).status_code == 303
        shown = await member.look(f"{steps}/confirm")
        assert "焊工 · 职工组" in words(shown)
        assert "我坐轮椅" in words(shown)
        token = re.search(r'name="token" value="([^"]+)"', shown.text)
        assert token is not None
        first = await member.send(f"{steps}/confirm", token=token[1])
        again = await member.send(f"{steps}/confirm", token=token[1])
        assert first.headers["location"] == again.headers["location"]
        assert "报名成功" in await member.read(first.headers["location"])
    found = (await registering.own(world.member, event_id=world.events["open"])).items
    assert [(one.state, one.note) for one in found] == [("confirmed", "我坐轮椅")]


async def test_a_step_is_not_taken_from_who_is_no_longer_signed_in(world: World) -> None:
    async with browser() as visitor:
        for step in ("", "/details", "/confirm"):
            answer = await visitor.send(world.path("open", f"/register{step}"), note="我坐轮椅", consent="yes")
            assert (answer.status_code, "请先登录" in words(answer)) == (401, True)


async def test_a_note_that_cannot_be_kept_is_said_at_its_field(world: World) -> None:
    steps = world.path("simple", "/register")
    other = await make_participant(world.union, "赵云")
    async with browser(other, "en") as member:
        refused = await member.send(f"{steps}/details", note="a\x00b", consent="yes")
        assert (refused.status_code, 'href="#f-note"' in refused.text) == (422, True)
        made_up = Draft(other.account or ids.new(), "token", note="a\x00b", consent=True)
        member.client.cookies.set("draft", draft_cookie(world.events["simple"], made_up).value or "")
        assert (await member.send(f"{steps}/confirm", token="token")).status_code == 422
    assert (await registering.own(other)).items == []


async def test_nothing_chosen_is_said_at_the_choice(world: World) -> None:
    async with browser(world.member, "en") as member:
        answer = await member.send(world.path("open", "/register"))
    assert answer.status_code == 422
    assert 'href="#f-division"' in answer.text


async def test_steps_send_everybody_where_he_has_to_go_first(world: World) -> None:
    steps = world.path("simple", "/register")
    for actor, to in [(None, "/sign-up?next="), (world.stranger, "/me/link?next="), (world.member, "/tickets/")]:
        async with browser(actor) as reader:
            assert to in (await reader.look(steps)).headers["location"]


async def test_a_refusal_at_the_end_is_a_page_with_every_reason(world: World) -> None:
    steps = world.path("few", "/register")
    async with browser(world.member) as member:
        await member.send(f"{steps}/details", consent="yes")
        await registering.register(await make_participant(world.union, "快手"), world.events["few"], RegistrationForm())
        assert "加入候补" in await member.read(f"{steps}/confirm")
        await registering.register(world.member, world.events["few"], RegistrationForm())
        answer = await member.send(f"{steps}/confirm", token="other")
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text


async def test_withdrawing_gives_the_place_back(world: World) -> None:
    path = world.path("simple", f"/tickets/{world.ticket.reference}")
    async with browser(world.member) as member:
        assert "退出报名" in await member.read(path)
        assert (await member.send(path, do="withdraw")).status_code == 303
        assert "您已退出" in await member.read(path)
        assert "您可以报名" in await member.read(world.path("simple"))


async def test_a_ticket_is_its_owners_and_the_officials(world: World) -> None:
    path = world.path("simple", f"/tickets/{world.ticket.reference}")
    async with browser() as visitor:
        assert (await visitor.look(path)).status_code == 401
    async with browser(await make_participant(world.union, "别人")) as other:
        assert (await other.look(path)).status_code == 404
    async with browser(world.organiser) as official:
        assert "确认到场" in await official.read(path)
        assert (await official.send(path, do="check_in")).status_code == 303
        assert (await official.send(path, do="check_in")).status_code == 409
    async with browser(world.member) as member:
        assert "已签到" in await member.read(path)
        assert "退出报名" not in await member.read(path)


async def test_a_newcomer_signs_up_and_links_at_once(world: World) -> None:
    number = "34010119900101123"
    number += check_character(number)
    form = PersonForm(name="欧阳娜", union=world.union, identity_number=number)
    await people.register(world.organiser, form)
    fields = {"contact": "13800138000", "password": PASSWORD, "terms": "yes", "next": world.path("simple", "/register")}
    async with browser() as visitor:
        refused = await visitor.send("/sign-up", **fields | {"terms": "", "password": "short"})
        assert refused.status_code == 422
        assert 'value="13800138000"' in refused.text
        assert "short" not in refused.text
        made = await visitor.send("/sign-up", **fields, name="欧阳娜", identity_number=number)
        assert made.headers["location"] == fields["next"]
        assert "HttpOnly" in made.headers["set-cookie"]
        assert "欧阳娜" in await visitor.read("/me")


async def test_a_lost_password_tells_nothing(world: World) -> None:
    await accounts.add(world.organiser, "reader", password=PASSWORD)
    async with browser() as visitor:
        known, unknown = [words(await visitor.send("/recover", contact=who)) for who in ("reader", "nobodyy")]
        expired = await visitor.send("/recover/wrong", password="a new long password")
    assert known.replace("reader", "") == unknown.replace("nobodyy", "")
    assert expired.status_code == 422


async def test_signing_out_ends_it(world: World) -> None:
    async with browser(world.member) as member:
        assert (await member.send("/sign-out")).headers["location"] == "/"
        assert (await member.look("/me")).status_code == 401


async def test_the_private_calendar_is_shown_once(world: World) -> None:
    async with browser(world.member) as member:
        made = await member.send("/me", do="new_feed")
        secret = re.search(r"/calendars/([\w-]+)\.ics", made.text)
        assert secret is not None
        assert secret[1] not in (await member.look("/me")).text
        assert (await member.send("/me", do="end_feed")).status_code == 303
        assert "换新链接" not in await member.read("/me")


async def test_an_account_is_kept_by_its_owner(world: World) -> None:
    async with browser(world.member) as here, browser(world.member) as there:
        made = await here.send("/me/account", do="new_token", token_name="大屏")
        assert 'id="made"' in made.text
        listed = (await here.look("/me/account")).text
        ended = re.search(r'value="(end_token [^"]+)"', listed)
        assert ended is not None
        assert (await here.send("/me/account", do=ended[1])).status_code == 303
        assert (await here.send("/me/account", do="password", old="wrong", new="short")).status_code == 422
        assert (await here.send("/me/account", do="devices")).status_code == 303
        assert (await there.look("/me")).status_code == 401


async def test_the_log_is_for_those_who_may_read_it(world: World) -> None:
    registrar = await make_official("registrar", union=world.union)
    for actor, status in [(None, 401), (world.member, 404), (registrar, 404), (world.organiser, 200)]:
        async with browser(actor) as reader:
            assert (await reader.look(world.path("full", "/log"))).status_code == status


async def test_a_registrar_registers_another(world: World) -> None:
    await make_participant(world.union, "赵匡")
    registrar = await make_official("registrar", union=world.union)
    steps = world.path("simple", "/register")
    async with browser(registrar) as reader:
        found = re.search(r'<option value="([^"]+)">赵匡', (await reader.look(f"{steps}?q=赵")).text)
        assert found is not None
        assert (await reader.send(steps, person=found[1])).status_code == 303
        assert "赵匡" in await reader.read(f"{steps}/details")
        await reader.send(f"{steps}/details", consent="yes")
        sent = await reader.send(f"{steps}/confirm", token="once")
        assert "赵匡" in await reader.read(sent.headers["location"])


async def test_static_files_are_kept_for_ever_and_packed(world: World) -> None:
    async with browser() as reader:
        for path, plain in statics.files().items():
            for coding in ("br", "gzip", ""):
                answer = await reader.look(path, accept_encoding=coding or "identity")
                assert answer.headers.get("content-encoding", "") == coding
                assert "immutable" in answer.headers["cache-control"]
                assert answer.content == plain
        assert (await reader.look("/static/magpie.css")).status_code == 404


async def test_language_and_theme_are_remembered(world: World) -> None:
    async with browser() as reader:
        assert (await reader.look("/language?to=en&next=/calendar")).headers["location"] == "/calendar"
        assert 'lang="en"' in (await reader.look("/calendar")).text
        await reader.look("/theme?to=dark&next=/")
        assert 'data-theme="dark"' in (await reader.look("/")).text


@pytest.mark.parametrize(("lang", "told"), [("zh", "没有任何改动"), ("en", "nothing was changed")])
async def test_another_site_cannot_send_our_forms(world: World, lang: str, told: str) -> None:
    async with browser(world.member, lang) as member:
        for path, back in (("/sign-out", "/"), ("/account?x=1", "/account?x=1")):
            answer = await member.client.post(path, headers=PAGE | {"Origin": "https://evil.test"})
            assert answer.status_code == 401
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
            assert told in words(answer)
            assert f'class="button now" href="{back}"' in answer.text
        assert (await member.look("/me")).status_code == 200


@pytest.mark.parametrize(
    ("text", "tags"),
    [("# a\n## b\n# c", "h3 h4 h3"), ("### a\n# b", "h3 h3"), ("###### a", "h3"), ("# a\n### b\n## c", "h3 h4 h4")],
)
def test_headings_of_a_description_skip_no_level(text: str, tags: str) -> None:
    assert re.findall(r"<(h\d)>", markdown.html(text)) == tags.split()


async def test_what_visitors_see_is_never_older_than_the_last_change(world: World) -> None:
    async with browser() as visitor:
        assert "已满" not in await visitor.read("/?kind=games")
        await registering.register(world.member, world.events["few"], RegistrationForm())
        assert "已满" in await visitor.read("/?kind=games")
