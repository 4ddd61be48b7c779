"""Stand-up: asked, answered, reminded, digested, followed up, at every door."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.chat.door import Chat, Speaker
from tests.chat.seen import Seen, SeenForm

MONDAY = date(2026, 11, 30)
TEAM = ("olga", "sam", "hugo", "rosa")
STREETS = "Stand-up Streets and Water, Mon Nov 30"


async def _at(chat: Chat, clock: str, day: date = MONDAY) -> None:
    """Set the clock by Riverton's, five hours behind Greenwich in November, and let the bot do what is due."""
    moment = datetime.combine(day, time.fromisoformat(clock), UTC) + timedelta(hours=5)
    await chat.bot.settle()
    chat.bot.clock.set(moment)
    await chat.bot.settle()


async def _about(person: Speaker, words: str = "tand-up") -> list[Seen]:
    """The stand-up cards that the bot has written to somebody."""
    return [card for card in await person.direct() if words in card.title]


async def _digests(chat: Chat) -> list[Seen]:
    return [card for card in await chat.place("public-works") if card.title.startswith("Stand-up")]


async def _opens(person: Speaker, label: str, card: Seen) -> SeenForm:
    return await person.opens(label, card)


@pytest.mark.parity("Be asked the stand-up, and reminded of it once")
async def test_it_is_asked_reminded_and_digested_and_a_late_answer_is_shown_as_late(chat: Chat) -> None:
    await _at(chat, "09:00")
    sam, rosa = chat.person("sam"), chat.person("rosa")
    [asked] = await _about(sam)
    assert asked.title == STREETS
    for words in ("What did you finish?", "What is next?", "What is in your way?", "by 12:00"):
        assert words in asked.text
    thanked = await sam.fills(await _opens(sam, "Answer", asked), finished="Mill Road swept", next="Elm Street")
    assert (thanked.title, thanked.status) == ("Thank you", "answered")
    assert "Mill Road swept" not in thanked.text
    [told] = await _about(sam)
    assert (told.title, told.status) == (STREETS, "answered")
    assert "Answered by 9:00 AM: 1 of 4" in told.text
    assert "Rosa Delgado" in (await sam.unfolds("Not answered yet: 3", told)).text
    for person, waits in ((sam, False), (rosa, True)):
        assert ("answer by 12:00 PM" in (await person.says("/city today")).text) is waits
    await _at(chat, "11:23")
    assert len(await _about(rosa)) == 1
    await _at(chat, "11:24")
    assert [card.title for card in await _about(rosa)] == [STREETS, f"Reminder: {STREETS}"]
    assert not await _about(sam, "Reminder")
    assert await _digests(chat) == []
    await _at(chat, "12:00")
    [digest] = await _digests(chat)
    for words in ("1 of 4", "Olga Brandt, Hugo Lindqvist, Rosa Delgado", "Mill Road swept", "Elm Street"):
        assert words in digest.text
    assert "late," not in digest.text
    closed = (await _about(rosa))[0]
    assert "This closed at 12:00 PM" in closed.text
    await _at(chat, "13:10")
    await rosa.fills(await _opens(rosa, "Answer", closed), finished="Filters changed", next="Night shift")
    assert [(card.title, card.status) for card in await _about(rosa)][-2:] == [(STREETS, "answered late")] * 2
    [digest] = await _digests(chat)
    assert "late, 1:10 PM" in digest.text
    assert "2 of 4" in digest.text
    assert "Olga Brandt, Hugo Lindqvist\n" in digest.text + "\n"


@pytest.mark.parity("Change an answer to the stand-up, and see its digest change")
async def test_when_the_last_answer_is_in_the_digest_goes_at_once_and_a_change_edits_it(chat: Chat) -> None:
    await _at(chat, "09:00")
    for number, name in enumerate(TEAM):
        assert await _digests(chat) == []
        await chat.person(name).says(f"/standup Work {number}; next More {number}")
    [digest] = await _digests(chat)
    assert (digest.status, "4 of 4" in digest.text) == ("all have answered", True)
    assert "No answer" not in digest.text
    assert "Work 3" in (await chat.person("olga").unfolds("One more answer", digest)).text
    sam = chat.person("sam")
    [mine] = [card for card in await _about(sam) if "Change" in card.buttons][:1]
    form = await _opens(sam, "Change", mine)
    assert (form.values["finished"], form.values["next"]) == ("Work 1", "More 1")
    await sam.fills(form, finished="Work and a half")
    await _at(chat, "12:00")
    [digest] = await _digests(chat)
    assert "Work and a half" in digest.text
    assert "Work 1" not in digest.text
    assert not await _about(chat.person("olga"), "Reminder")


async def test_who_is_away_is_neither_asked_nor_reminded_nor_missing(chat: Chat) -> None:
    await chat.person("rosa").says("/city away from 2026-11-30 to 2026-12-04")
    await _at(chat, "09:00")
    await _at(chat, "11:24")
    await _at(chat, "12:00")
    assert await _about(chat.person("rosa")) == []
    [digest] = await _digests(chat)
    assert "Rosa Delgado until Fri Dec 4" in digest.text
    assert "Olga Brandt, Sam Rivers, Hugo Lindqvist\n" in digest.text + "\n"
    assert "0 of 3" in digest.text


@pytest.mark.parity("Answer the stand-up before one is asked")
async def test_an_early_answer_counts_for_the_next_one_and_its_author_is_not_asked(chat: Chat) -> None:
    sam = chat.person("sam")
    await _at(chat, "16:00", MONDAY - timedelta(days=3))
    await sam.says("/standup Salt ordered; next Snow ploughs")
    form = await sam.opens("/standup")
    assert form.values["finished"] == "Salt ordered"
    await sam.fills(form, next="Snow ploughs and chains")
    before = len(await _about(sam))
    await _at(chat, "09:00")
    assert len(await _about(sam)) == before
    assert len(await _about(chat.person("rosa"))) == 1
    await _at(chat, "12:00")
    [digest] = await _digests(chat)
    assert "Snow ploughs and chains" in digest.text
    assert "Olga Brandt, Hugo Lindqvist, Rosa Delgado" in digest.text


@pytest.mark.parity("Close a blocker from a card")
async def test_a_blocker_is_followed_up_until_somebody_closes_it(chat: Chat) -> None:
    await _at(chat, "09:00")
    sam, olga, week = chat.person("sam"), chat.person("olga"), timedelta(days=7)
    await sam.says("/standup Lines drawn; next Crossing; blocker No road paint left")
    await _at(chat, "12:00")
    [first] = await _digests(chat)
    assert "B-1 No road paint left (Sam Rivers, since today)" in first.text
    await _at(chat, "09:00", MONDAY + week)
    asked = (await _about(sam, "Mon Dec 7"))[-1]
    assert "B-1 No road paint left (for 7 days)" in asked.text
    closed = await olga.presses("Close", first)
    assert closed.title == "Closed B-1"
    assert "B-1" not in (await _about(sam, "Mon Dec 7"))[-1].text
    again = await sam.presses("Solved", asked)
    assert again.title == "B-1 is closed already"
    assert "Olga Brandt closed it on Mon Dec 7, 9:00 AM" in again.text
    await _at(chat, "12:00", MONDAY + week)
    assert "B-1" not in (await _digests(chat))[-1].text
    await _at(chat, "08:30", MONDAY + week + timedelta(days=1))
    assert "Olga Brandt closed B-1 “No road paint left”." in (await _about(sam, "Your day"))[-1].text


async def test_two_who_answer_at_once_see_the_same_end(chat: Chat) -> None:
    await _at(chat, "09:00")
    for name in TEAM[:2]:
        await chat.person(name).says("/standup A; next B")
    last = [chat.person(name) for name in TEAM[2:]]
    forms = [await _opens(person, "Answer", (await _about(person))[0]) for person in last]
    await asyncio.gather(
        *(person.fills(form, finished=person.person, next="B") for person, form in zip(last, forms, strict=True))
    )
    await chat.bot.settle()
    for person in last:
        assert (await _about(person))[0].status == "answered"
    [digest] = await _digests(chat)
    assert "4 of 4" in digest.text
    assert "hugo" in digest.text
    assert "rosa" in digest.text


async def test_who_is_in_two_teams_answers_for_each(chat: Chat) -> None:
    file = chat.bot.application.settings.city_dir / "standup.toml"
    file.write_text(file.read_text().replace('"ben", "noah"', '"ben", "sam"'))
    await chat.bot.pass_time(seconds=3)
    await _at(chat, "09:00")
    sam = chat.person("sam")
    assert {card.title for card in await _about(sam)} == {STREETS, "Stand-up Parks and Library, Mon Nov 30"}
    form = await sam.opens("/standup Bench mended; next Swings")
    assert (form.values["finished"], form.values["team"]) == ("Bench mended", "")
    await sam.fills(form, team="parks")
    form = await sam.opens("/standup")
    assert form.values["team"] == "streets"
    await _at(chat, "12:00")
    [parks] = [card for card in await chat.place("parks") if card.title.startswith("Stand-up")]
    assert "Bench mended" in parks.text
    [streets] = await _digests(chat)
    assert "Bench mended" not in streets.text
    refused = await chat.person("ben").presses("Answer or change", streets)
    assert "Only members of Streets and Water" in refused.text
    nobody = await chat.person("maria").says("/standup")
    assert "You are not in a team that holds stand-ups" in nobody.text


async def test_after_a_long_outage_nobody_is_asked_and_no_digest_comes(chat: Chat) -> None:
    await _at(chat, "12:30")
    assert await _about(chat.person("sam")) == []
    told = await chat.person("sam").says("/standup A; next B")
    assert (told.title, told.status) == ("Stand-up Streets and Water, Mon Dec 7", "answered")
    await _at(chat, "18:00")
    assert await _digests(chat) == []


async def test_somebody_reads_once_what_is_in_their_way_and_each_answer_with_a_short_word(chat: Chat) -> None:
    await _at(chat, "09:00")
    sam = chat.person("sam")
    [asked] = await _about(sam)
    await sam.fills(await _opens(sam, "Answer", asked), finished="Mill Road", next="Elm Street", blocker="No asphalt")
    [told] = await _about(sam)
    assert "B-1 No asphalt" in told.text
    assert "In the way" not in told.text
    assert "In your way: 1" in told.text
    assert "Finished" in told.text
    assert "What did you finish" not in told.text
