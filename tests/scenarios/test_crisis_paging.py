"""Crisis paging: one who comes is enough where the city says so; deputies and the phone follow; at every door."""

import pytest

from tests.chat.desk import DeskChat
from tests.chat.door import Chat
from tests.scenarios.test_crisis_roles import take_commander

ROOM = "crisis:CR-2026-01"
BURST = "/crisis activate Water main burst; where Mill Road; level 2"


async def _calls(chat: Chat, person: str) -> list[str]:
    """The titles of the pages that somebody got."""
    return [card.title for card in await chat.person(person).direct() if card.title.startswith("Crisis CR-")]


async def _presses(chat: Chat, person: str, label: str) -> None:
    await chat.person(person).presses(label, await chat.person(person).finds("you are needed"))


async def _minutes(chat: Chat, minutes: int) -> None:
    for _ in range(minutes):
        await chat.bot.pass_time(minutes=1)


async def test_a_page_says_what_somebody_is_asked_to_be(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    assert "You are asked to act as: Communications." in (await chat.person("felix").finds("you are needed")).text


@pytest.mark.parity("Where one is enough, the others of a role are not called again")
async def test_where_one_is_enough_the_others_are_called_again_only_when_that_one_cannot(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await _presses(chat, "tom", "On my way")
    assert await _calls(chat, "marcus") == ["Crisis CR-2026-01: you are needed"], "nobody has the role yet"
    await take_commander(chat)
    await _minutes(chat, 12)
    assert await _calls(chat, "marcus") == ["Crisis CR-2026-01: somebody else has your role, you are not needed"]
    tom = chat.person("tom")
    await tom.presses("I cannot come after all", await tom.finds("you said"))
    assert (await _calls(chat, "marcus"))[-1] == "Crisis CR-2026-01: you are needed (page 2)"


async def test_where_all_must_answer_each_is_called_until_they_do(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await _presses(chat, "ines", "On my way")
    await _minutes(chat, 6)
    assert (await _calls(chat, "hugo"))[-1] == "Crisis CR-2026-01: you are needed (page 2)"


@pytest.mark.parity("A deputy is called when nobody answers")
async def test_a_deputy_is_called_for_somebody_silent_and_for_somebody_who_cannot(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await _presses(chat, "victor", "I cannot come")
    stand_in = await chat.person("leila").finds("you are needed")
    assert "You stand in for Victor Mensah." in stand_in.text
    assert await _calls(chat, "rosa") == []
    await _minutes(chat, 11)
    assert "You stand in for Hugo Lindqvist." in (await chat.person("rosa").finds("you are needed")).text


async def test_somebody_who_is_away_is_called_by_their_deputy(chat: Chat) -> None:
    await chat.person("hugo").says("/city away from today to friday; deputy @rosa")
    await chat.person("olga").says(BURST)
    assert await _calls(chat, "hugo") == []
    assert "You stand in for Hugo Lindqvist." in (await chat.person("rosa").finds("you are needed")).text


@pytest.mark.parity("Read whom to call by phone, and say what came of it")
async def test_who_leads_reads_whom_to_call_by_phone_until_they_say_what_came_of_it(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    for person in ("tom", "felix", "victor", "ines", "olga"):
        await _presses(chat, person, "On my way")
    await _minutes(chat, 11)
    await _presses(chat, "rosa", "On my way")
    await _minutes(chat, 5)
    tom = chat.person("tom")
    numbers = await tom.finds("please phone")
    assert numbers.title == "CR-2026-01: please phone 1 person"
    assert "Hugo Lindqvist: 555-0116" in " ".join(numbers.text.split())
    log = [entry.text for entry in await chat.bot.read(lambda store: store.crisis.log.of("CR-2026-01"))]
    assert "Hugo Lindqvist is to be called by phone." in log  # without the number: the timeline is for everybody
    await tom.says("/crisis log I call Hugo")
    await _minutes(chat, 15)
    assert len([card for card in await tom.direct() if "please phone" in card.title]) == 2
    await tom.presses("Hugo comes", await tom.finds("please phone"))
    summary, *_ = await chat.place(ROOM)
    assert "Hugo Lindqvist: on my way" in summary.text
    assert "by phone: Hugo Lindqvist comes" in summary.text
    own = await chat.person("hugo").finds("wrote down")
    assert own.title.startswith("Crisis CR-2026-01: Tom Okafor called you, and wrote down “on my way” at 9:")
    assert (await tom.finds("nobody is to be called anymore")).buttons == {}
    await _minutes(chat, 31)
    assert len([card for card in await tom.direct() if "called anymore" in card.title]) == 2


@pytest.mark.doors
async def test_when_the_commanders_phone_is_off_those_above_read_whom_to_call(chat: Chat) -> None:
    await chat.person("sam").says(BURST)
    await _minutes(chat, 16)
    for person in ("sam", "maria"):
        numbers = await chat.person(person).finds("please phone")
        assert "Tom Okafor: 555-0111" in " ".join(numbers.text.split())
    await chat.person("sam").presses("Tom not reached", await chat.person("sam").finds("please phone"))
    summary, *_ = await chat.place(ROOM)
    assert "not reached by phone" in summary.text


@pytest.mark.doors
async def test_a_call_that_another_has_answered_for_says_so(chat: Chat) -> None:
    await chat.person("sam").says(BURST)
    await _minutes(chat, 16)
    sam, numbers = chat.person("sam"), await chat.person("sam").finds("please phone")
    await _presses(chat, "dana", "On my way")
    refused = await sam.presses("Dana cannot", numbers)
    assert "Dana Whitfield: on my way" in refused.text
    summary, *_ = await chat.place(ROOM)
    assert "Dana Whitfield: on my way" in summary.text


async def test_a_drill_calls_softly(chat: Chat) -> None:
    await chat.person("olga").says(BURST + "; kind drill")
    await _minutes(chat, 40)
    hugo = [card.title for card in await chat.person("hugo").direct() if "you are needed" in card.title]
    assert hugo == ["DRILL: Crisis CR-2026-01: you are needed", "DRILL: Crisis CR-2026-01: you are needed (page 2)"]
    assert await _calls(chat, "rosa") == []
    assert not [card for card in await chat.person("tom").direct() if "please phone" in card.title]


@pytest.mark.doors
async def test_who_has_the_first_name_of_another_is_called_by_their_whole_name(chat: Chat) -> None:
    file = chat.bot.application.settings.city_dir / "people.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Noah Peretz", "Grace Peretz"), encoding="utf-8")
    await chat.bot.pass_time(minutes=1)
    await chat.person("sam").says(BURST)
    await _minutes(chat, 16)
    sam = chat.person("sam")
    numbers = await sam.finds("please phone")
    assert {"Grace Kim comes", "Grace Peretz comes", "Felix comes"} <= set(numbers.buttons)
    await sam.presses("Grace Peretz comes", numbers)
    summary, *_ = await chat.place(ROOM)
    assert "Grace Peretz: on my way" in summary.text
    assert "Grace comes" in (await sam.finds("please phone")).buttons, "nobody else on the list is called so anymore"


@pytest.mark.doors
async def test_a_screen_reader_says_with_each_outcome_of_a_call_whose_it_is(desk_chat: DeskChat) -> None:
    await desk_chat.person("sam").says(BURST)
    await _minutes(desk_chat, 16)
    numbers = await desk_chat.person("sam").finds("please phone")
    assert 'aria-label="Felix comes: Felix Moreau"' in str(numbers.raw)


@pytest.mark.doors
async def test_whoever_raises_the_alarm_reads_whom_to_call_at_night_or_that_there_is_no_number(chat: Chat) -> None:
    contacts = chat.bot.application.settings.city_dir / "contacts.toml"
    whole = contacts.read_text(encoding="utf-8")
    told = await _numbers(chat)
    assert "At night, call these people:" in told
    assert "555-0119" not in told, "Marcus Bell is not the first who is asked to lead"
    contacts.write_text(_only(whole, "marcus"), encoding="utf-8")
    told = await _numbers(chat)
    assert "At night, call these people:" in told
    assert "555-0119" in told
    contacts.write_text("# nobody yet\n", encoding="utf-8")
    told = await _numbers(chat)
    assert "At night, call the people you know: contacts.toml has no numbers for the team." in told
    assert "call these" not in told


def _only(contacts: str, person: str) -> str:
    """The part of contacts.toml about one person."""
    return next(f"[[contact]]{part}" for part in contacts.split("[[contact]]") if f'person = "{person}"' in part)


async def _numbers(chat: Chat) -> str:
    """What the person who raises the alarm reads, on a day of its own."""
    await chat.bot.pass_time(hours=25)
    card = await chat.person("olga").says(BURST)
    return card.text
