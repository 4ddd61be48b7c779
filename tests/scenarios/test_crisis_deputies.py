"""Crisis deputies: a deputy is asked for both roles at once, and nobody who is away is asked; at every door."""

import pytest

from tests.chat.door import Chat

ROOM = "crisis:CR-2026-01"
BURST = "/crisis activate Water main burst; where Mill Road; level 2"
BOTH = ("You are asked to act as: Communications, Citizen advocate.", "You stand in for Felix Moreau as well.")


async def _calls(chat: Chat, person: str) -> list[str]:
    """The titles of the pages that somebody got."""
    return [card.title for card in await chat.person(person).direct() if card.title.startswith("Crisis CR-")]


async def _presses(chat: Chat, person: str, label: str) -> None:
    await chat.person(person).presses(label, await chat.person(person).finds("you are needed"))


async def _away(chat: Chat, person: str, deputy: str = "") -> None:
    named = f"; deputy @{deputy}" if deputy else ""
    await chat.person(person).says(f"/city away from today to friday{named}")


async def named(chat: Chat, before: str, after: str) -> None:
    """Change who is whose deputy."""
    file = chat.bot.application.settings.city_dir / "people.toml"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
    await chat.bot.pass_time(minutes=1)


async def test_a_deputy_with_a_role_of_their_own_is_asked_for_both_at_once(chat: Chat) -> None:
    await _away(chat, "felix", "ines")
    await chat.person("olga").says(BURST)
    ines = chat.person("ines")
    page = await ines.finds("you are needed")
    assert "You are asked to act as: Communications, Technical." in page.text
    assert "You stand in for Felix Moreau as well." in page.text
    assert await _calls(chat, "felix") == []
    assert await _calls(chat, "ines") == ["Crisis CR-2026-01: you are needed"]
    await _presses(chat, "ines", "On my way")
    offer = await ines.finds("will you take a role?")
    assert set(offer.buttons) == {"Take Communications", "Take Technical"}
    summary, *_ = await chat.place(ROOM)
    assert "Ines Varga (also for Felix Moreau): on my way" in summary.text


async def test_a_page_that_hangs_already_takes_on_whom_somebody_stands_in_for(chat: Chat) -> None:
    await named(chat, 'deputy = "owen"', 'deputy = "noah"')
    await chat.person("olga").says(BURST)
    assert "Communications" not in (await chat.person("noah").finds("you are needed")).text
    await _presses(chat, "felix", "I cannot come")
    page = await chat.person("noah").finds("you are needed")
    assert all(words in page.text for words in BOTH)
    assert {"On my way", "I cannot come"} <= set(page.buttons)
    summary, *_ = await chat.place(ROOM)
    assert "Noah Peretz is called instead of Felix Moreau." in summary.text
    await _presses(chat, "olga", "On my way")
    assert await _calls(chat, "noah") == ["Crisis CR-2026-01: you are needed"], "the other role is still asked of them"


async def test_whoever_comes_already_is_asked_for_the_role_of_whom_they_stand_in_for(chat: Chat) -> None:
    await named(chat, 'deputy = "owen"', 'deputy = "noah"')
    await chat.person("olga").says(BURST)
    await _presses(chat, "noah", "On my way")
    noah = chat.person("noah")
    assert set((await noah.finds("will you take a role?")).buttons) == {"Take Citizen advocate"}
    await _presses(chat, "felix", "I cannot come")
    asked = await noah.finds("you are asked for another role too")
    assert all(words in asked.text for words in BOTH)
    assert set((await noah.finds("will you take a role?")).buttons) == {"Take Communications", "Take Citizen advocate"}


async def test_whoever_was_not_needed_any_more_is_called_again_when_they_stand_in_for_somebody(chat: Chat) -> None:
    await named(chat, 'deputy = "owen"', 'deputy = "noah"')
    await chat.person("olga").says(BURST)
    await _presses(chat, "olga", "On my way")
    olga = chat.person("olga")
    await olga.presses("Take Citizen advocate", await olga.finds("will you take a role?"))
    assert await _calls(chat, "noah") == ["Crisis CR-2026-01: somebody else has your role, you are not needed"]
    await _presses(chat, "felix", "I cannot come")
    page = await chat.person("noah").finds("you are needed (page 2)")
    assert all(words in page.text for words in BOTH)


@pytest.mark.doors
async def test_somebody_silent_whose_deputy_comes_already_is_not_called_by_phone(chat: Chat) -> None:
    await named(chat, 'deputy = "owen"', 'deputy = "noah"')
    await chat.person("olga").says(BURST)
    for person in ("tom", "victor", "ines", "hugo", "noah"):
        await _presses(chat, person, "On my way")
    for _ in range(20):
        await chat.bot.pass_time(minutes=1)
    summary, *_ = await chat.place(ROOM)
    assert "Felix Moreau: no answer yet" in summary.text
    assert not [card for card in await chat.person("tom").direct() if "please phone" in card.title]


async def test_while_a_deputy_is_away_too_theirs_is_called_at_once(chat: Chat) -> None:
    await _away(chat, "hugo", "rosa")
    await _away(chat, "rosa", "ben")
    await chat.person("olga").says(BURST)
    page = await chat.person("ben").finds("you are needed")
    assert "You are asked to act as: Technical." in page.text
    assert "You stand in for Hugo Lindqvist." in page.text
    assert await _calls(chat, "hugo") == await _calls(chat, "rosa") == []


async def test_where_nobody_stands_in_another_of_the_role_may_come_or_the_city_manager_is_called(chat: Chat) -> None:
    await named(chat, 'id = "owen"', 'id = "owen"\ndeputy = "felix"')
    for person in ("hugo", "rosa", "felix", "owen"):
        await _away(chat, person)
    await chat.person("olga").says(BURST)
    assert await _calls(chat, "hugo") == ["Crisis CR-2026-01: you are needed"], "Ines Varga may come for Technical"
    page = await chat.person("maria").finds("you are needed")
    assert "You are asked to act as: Communications." in page.text
    assert "You stand in for Felix Moreau." in page.text
    assert await _calls(chat, "rosa") == await _calls(chat, "felix") == await _calls(chat, "owen") == []


async def test_nobody_stands_in_for_two_for_the_second_the_next_deputy_is_called(chat: Chat) -> None:
    await _away(chat, "felix", "sam")
    await _away(chat, "hugo", "sam")
    await chat.person("olga").says(BURST)
    assert "You stand in for Hugo Lindqvist." in (await chat.person("sam").finds("you are needed")).text
    assert "You stand in for Felix Moreau." in (await chat.person("owen").finds("you are needed")).text
    assert await _calls(chat, "felix") == []


async def test_a_deputy_who_cannot_come_passes_on_what_they_were_asked_for(chat: Chat) -> None:
    await named(chat, 'id = "leila"', 'id = "leila"\ndeputy = "ben"')
    await chat.person("olga").says(BURST)
    await _presses(chat, "victor", "I cannot come")
    await _presses(chat, "leila", "I cannot come")
    page = await chat.person("ben").finds("you are needed")
    assert "You are asked to act as: Legal." in page.text
    assert "You stand in for Leila Haddad." in page.text
