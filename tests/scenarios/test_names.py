"""Names: two people of one name, apostrophes of any shape, and people whom nobody knows."""

from datetime import date

import pytest

from handlers.kit.errors import FieldErrors
from handlers.risk.row import read_person
from handlers.risk.similar import alike, open_titles
from storage.database import Store
from tests.chat.desk import DeskChat
from tests.chat.door import Chat
from tests.chat.seen import SeenForm
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat
from tests.scenarios.peoplefile import Workplace, change, newcomer

SHAPES = "'\u2019\u02bc`\u00b4"  # straight, curly, a letter of its own, and two accents
DAM = "/risk add Dam gate stuck; likelihood 2; impact 3; owner"


@pytest.mark.parity("Name somebody who shares a name and be asked who is meant")
async def test_a_name_of_two_people_is_asked_about_with_titles_and_departments(chat: Chat) -> None:
    await change(chat, 'name = "Tom Okafor"', 'name = "Sam Rivers"')
    tom = chat.bot.application.runtime.city().people["tom"]
    maria = chat.person("maria")
    form = await maria.opens(f"{DAM} Sam Rivers")
    asked = f"{form.errors} {form.raw}"
    assert 'Two people are called "Sam Rivers": Sam Rivers, Street Supervisor, Public Works (@sam); or' in asked
    assert tom.title in asked
    assert "(@tom)" in asked
    assert "nobody" not in str(form.errors)
    await maria.says(f"{DAM} @sam")
    assert (await chat.bot.read(lambda store: store.risk.records.find("R-1"))).owner == "sam"


async def test_who_shares_a_name_is_told_apart_wherever_a_name_is_read(chat: Chat) -> None:
    await change(chat, 'name = "Tom Okafor"', 'name = "Sam Rivers"')
    maria = chat.person("maria")
    for line in ("/risk list owner Rivers", "/city handover Sam Rivers to @olga"):
        told = await maria.typed(line)
        said = f"{told.errors} {told.raw}" if isinstance(told, SeenForm) else told.text
        assert "Two people are called" in said, line


@pytest.mark.parity("Write an apostrophe of any shape in a name")
async def test_an_apostrophe_of_any_shape_is_the_same_in_a_name(chat: Chat) -> None:
    await change(chat, 'name = "Tom Okafor"', 'name = "Tom O\u2019Kafor"')
    maria = chat.person("maria")
    for number, shape in enumerate(SHAPES, 1):
        await maria.says(f"{DAM.replace('add ', f'add Gate {number}: ')} Tom O{shape}Kafor")
        risk = await chat.bot.read(lambda store, ref=f"R-{number}": store.risk.records.find(ref))
        assert risk.owner == "tom", shape


async def test_a_colleague_who_is_in_no_file_is_found_by_name(platform_chat: Workplace) -> None:
    newcomer(platform_chat, "nora", "nora@riverton.example.org")
    await platform_chat.person("nora").says("/risk list")
    await platform_chat.person("maria").says(f"{DAM} Nora")
    owner = (await platform_chat.bot.read(lambda store: store.risk.records.find("R-1"))).owner
    assert owner.startswith(platform_chat.name)


async def test_a_list_to_choose_from_tells_those_of_one_name_apart(teams_chat: TeamsChat) -> None:
    await change(teams_chat, 'name = "Tom Okafor"', 'name = "Sam Rivers"')
    listed = teams_chat.bot.application.runtime.city().names.in_lists
    assert listed["sam"] == "Sam Rivers, Street Supervisor, Public Works (@sam)"
    assert listed["tom"].endswith("(@tom)")
    assert listed["maria"] == "Maria Lopez"
    form = await teams_chat.person("maria").opens("/risk add")
    assert "Sam Rivers, Street Supervisor, Public Works (@sam)" in str(form.raw)


async def test_a_sheet_that_names_one_of_two_people_is_asked_about(desk_chat: DeskChat) -> None:
    await change(desk_chat, 'name = "Tom Okafor"', 'name = "Sam Rivers"')

    def named(store: Store, words: str) -> str | None:
        return read_person(desk_chat.bot.application.runtime.context(store), words, "accepted_by")

    assert await desk_chat.bot.read(lambda store: named(store, "@sam")) == "sam"
    assert await desk_chat.bot.read(lambda store: named(store, "Somebody Who Left")) == "Somebody Who Left"
    with pytest.raises(FieldErrors, match="Two people are called"):
        await desk_chat.bot.read(lambda store: named(store, "Sam Rivers"))


async def test_an_apostrophe_of_any_shape_finds_risks_and_feedback(chat: Chat) -> None:
    sam = chat.person("sam")
    await sam.says("/risk add Miller\u2019s bridge is weak; likelihood 2; impact 3")
    await chat.person("owen").says("/feedback add Pothole at Miller's Lane; category streets; via phone")
    for shape in SHAPES:
        assert "bridge is weak" in (await sam.says(f"/risk list Miller{shape}s")).text, shape
        assert "Pothole at" in (await sam.says(f"/feedback list Miller{shape}s")).text, shape


async def test_a_risk_with_another_apostrophe_in_its_title_is_similar(desk_chat: DeskChat) -> None:
    await desk_chat.person("sam").says("/risk add Miller\u2019s bridge; likelihood 2; impact 3")
    runtime = desk_chat.bot.application.runtime
    for shape in SHAPES:
        found = await desk_chat.bot.read(
            lambda store, title=f"Miller{shape}s": alike(title, open_titles(runtime.context(store)))
        )
        assert found == [("R-1", "Miller\u2019s bridge")], shape


async def test_a_mention_of_somebody_unknown_is_about_them(slack_chat: SlackChat) -> None:
    maria = slack_chat.person("maria")
    form = await maria.opens(f"{DAM} @slack:U0NOBODY")
    assert "I do not know the person you mention there." in f"{form.errors} {form.raw}"
    slack_chat.slack.fail("users.info", how="500")
    card = await maria.says(f"{DAM} @slack:U0OTHER")
    assert "who the person is that you mention there" in card.text
    assert "look you up" not in card.text
    slack_chat.slack.refusals.clear()  # Slack says that there is no such account, as it should


async def test_in_teams_a_lookup_that_fails_is_about_who_is_named(teams_chat: TeamsChat) -> None:
    maria = teams_chat.person("maria")
    await maria.says("risk list")
    teams_chat.teams.fail("member", how="500")
    card = await maria.says(f"{DAM} @teams:29:other")
    assert "who the person is that you mention there" in card.text
    assert "look you up" not in card.text


async def test_a_person_who_stands_first_in_a_line_is_whom_it_is_about(chat: Chat) -> None:
    olga = chat.person("olga")
    card = await olga.says("/city away @sam from 2026-12-01 to 2026-12-04")
    assert card.title == "Sam Rivers is away from Tue Dec 1 to Fri Dec 4"


async def test_who_stands_first_in_a_line_and_is_unknown_is_not_taken_for_the_speaker(slack_chat: SlackChat) -> None:
    form = await slack_chat.person("olga").opens("/city away @slack:U0NOBODY from 2026-12-01 to 2026-12-04")
    assert form.values["from_day"] == "2026-12-01"
    assert "I do not know the person you mention there." in f"{form.errors} {form.raw}"
    assert await slack_chat.bot.read(lambda store: store.time.absences.from_day(date(2026, 12, 1))) == []
    slack_chat.slack.refusals.clear()
