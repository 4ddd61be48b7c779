"""Unknown people: colleagues who are in no list of the city, as the city wants it at every door."""

import os

import pytest

from bot.inbound import Answered, Inbound, Typed
from handlers.kit.plain import plain
from tests.chat.desk import DeskChat
from tests.chat.door import Speaker
from tests.chat.seen import Seen
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat

RISK = "/risk add Dam gate stuck; likelihood 2; impact 3"
TURNED_AWAY = "I am here for the people named in Riverton's list. Ask an admin to add you."
Workplace = SlackChat | TeamsChat


@pytest.fixture
def workplace(platform_chat: Workplace) -> Workplace:
    """A workspace or a tenant with nora in it, a colleague who is not in people.toml."""
    platform_chat.newcomer("nora", "nora@riverton.example.org")
    if isinstance(platform_chat, TeamsChat):
        platform_chat.teams.team("City").members.append(platform_chat.teams.user("nora").id)
    else:
        platform_chat.slack.channel("ops").members.append(platform_chat.slack.user("nora").id)
    return platform_chat


async def refuse(chat: Workplace) -> None:
    """The city changes its mind about people it does not know, while the bot runs."""
    file = chat.bot.application.settings.city_dir / "city.toml"
    before = file.stat().st_mtime_ns
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('unknown_people = "staff"', 'unknown_people = "refuse"'), encoding="utf-8")
    os.utime(file, ns=(before + 10**9, before + 10**9))
    await chat.bot.pass_time(minutes=1)
    assert chat.bot.application.runtime.city().facts.unknown_people == "refuse"


async def nora_asks(chat: Workplace, line: str) -> Seen:
    nora: Speaker = chat.person("nora")
    return await nora.says(line)


async def test_somebody_unknown_is_staff_from_the_first_word_on(workplace: Workplace) -> None:
    assert (await nora_asks(workplace, RISK)).title == "Logged R-1"
    assert "Nora" in (await nora_asks(workplace, "/risk show R-1")).text.title()
    await workplace.person("sam").says("/risk add Bridge bearing cracked; likelihood 2; impact 2")
    assert (await nora_asks(workplace, "/risk close R-2; reason Repaired")).title == "You cannot do this yourself"


async def test_somebody_unknown_chooses_from_the_menu_of_a_message(workplace: Workplace) -> None:
    message = await workplace.person("maria").writes("Dam gate stuck", place="ops")
    nora = workplace.person("nora")
    form = await nora.chooses("Log as risk", message)
    card = await nora.fills(form, likelihood="2", impact="3")
    assert card.title == "Logged R-1"


async def test_where_the_city_refuses_them_they_are_told_whom_to_ask_and_have_their_text_back(
    workplace: Workplace,
) -> None:
    await refuse(workplace)
    card = await nora_asks(workplace, RISK)
    assert TURNED_AWAY in card.text
    assert "Dam gate stuck" in card.text
    assert await workplace.bot.read(lambda store: store.risk.records.find("R-1")) is None


async def test_who_was_staff_before_is_refused_from_then_on(workplace: Workplace) -> None:
    await nora_asks(workplace, RISK)
    await refuse(workplace)
    assert TURNED_AWAY in (await nora_asks(workplace, "/risk list")).text
    known = await workplace.person("sam").says("/risk list")
    assert "Dam gate stuck" in known.text


async def test_where_the_city_refuses_them_the_menu_of_a_message_opens_nothing(workplace: Workplace) -> None:
    await refuse(workplace)
    message = await workplace.person("maria").writes("Dam gate stuck", place="ops")
    card = await workplace.person("nora").chosen("Log as risk", message)
    assert isinstance(card, Seen)
    assert TURNED_AWAY in card.text


async def test_the_desk_and_the_command_line_know_only_the_people_of_the_list(desk_chat: DeskChat) -> None:
    told = 'Nobody in people.toml has the id "nora".'
    body = {"as": "nora", "in": "dm:nora", "key": "0" * 32, "text": RISK}
    headers = {"Origin": desk_chat.bot.url}
    async with desk_chat.web.post(f"{desk_chat.bot.url}/desk/say", json=body, headers=headers) as response:
        assert (response.status, (await response.text()).startswith(told)) == (404, True)
    outcome = await desk_chat.bot.application.runtime.handle(Inbound("say", "nora", Typed(RISK)))
    assert isinstance(outcome, Answered)
    assert outcome.card is not None
    assert told in plain(outcome.card)
    assert await desk_chat.bot.read(lambda store: store.risk.records.find("R-1")) is None
