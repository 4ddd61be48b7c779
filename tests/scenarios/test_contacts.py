"""Contacts: whom to call, who may see it, and numbers that change or grow old; at every door."""

from datetime import UTC, datetime

import pytest

from bot.inbound import Answered, Inbound, Pressed
from tests.chat.door import Chat
from tests.chat.seen import Seen

FIRST_OF_MONTH = datetime(2026, 12, 1, 13, 30, 1, tzinfo=UTC)  # 08:30 in Riverton, a working day


async def _change(chat: Chat, before: str, after: str) -> None:
    """Change the city's file."""
    file = chat.bot.application.settings.city_dir / "contacts.toml"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
    await chat.bot.pass_time(minutes=1)


async def _shown(chat: Chat, person: str) -> Seen:
    return await chat.person(person).says("/city contacts")


def said(card: Seen) -> str:
    """The text of a card in one line: a number that is called by a press stands by itself in some doors' text."""
    return " ".join(card.text.split()).replace(" ,", ",")


async def test_heads_and_the_crisis_team_see_all_others_the_quick_reference_and_themselves(chat: Chat) -> None:
    for person in ("tom", "maria", "olga", "ines"):
        assert "Fire chief: Marcus Bell, 555-0119" in said(await _shown(chat, person))
    await _change(chat, 'person = "noah"', 'person = "sam"')
    sam = await _shown(chat, "sam")
    assert "PR lead: Felix Moreau, 555-0125, felix@riverton.example.org" in said(sam)
    assert "Library director: Sam Rivers, 555-0123" in said(sam)
    assert "555-0119" not in said(sam)
    refused = await chat.person("sam").says("/crisis card")
    assert refused.title != "Crisis card of Riverton"
    assert await chat.person("sam").files(refused) == {}


@pytest.mark.doors
async def test_a_number_that_changes_is_to_be_confirmed_again(chat: Chat) -> None:
    ines = chat.person("ines")
    await ines.presses("Still right", await _shown(chat, "ines"))
    assert "555-0162, support@systems.example.org (" not in said(await _shown(chat, "tom"))
    await _change(chat, "555-0162", "555-0163")
    assert "555-0163, support@systems.example.org (never confirmed)" in said(await _shown(chat, "tom"))
    await chat.bot.pass_time(hours=24)
    await _change(chat, "confirmed = 2026-06-15", "confirmed = 2026-11-24")
    assert "555-0163, support@systems.example.org (" not in said(await _shown(chat, "tom"))


async def test_an_old_button_says_who_has_confirmed_and_when(chat: Chat) -> None:
    before = await _shown(chat, "tom")
    ines = chat.person("ines")
    await ines.presses("Still right", await _shown(chat, "ines"))
    late = await chat.person("tom").presses("Still right", before)
    assert "Technical support was confirmed Mon Nov 23, 2026 by Ines Varga" in late.text


async def test_a_button_of_somebody_elses_number_names_whom_to_ask(chat: Chat) -> None:
    assert "Still right" not in (await _shown(chat, "olga")).buttons
    other = Inbound("say", "olga", Pressed("contacts.right", "technical-support"))
    refused = await chat.bot.application.runtime.handle(other)
    assert isinstance(refused, Answered)
    assert "somebody with the role city manager, crisis team, admin, can confirm it. Please ask one of them." in str(
        refused.card
    )


@pytest.mark.doors
async def test_after_a_quarter_a_number_is_stale_and_its_owner_can_say_that_it_is_right(chat: Chat) -> None:
    await chat.bot.pass_time(days=43)  # 92 days after 5 October
    line = "Citizen advocate: Olga Brandt, 555-0112, olga@riverton.example.org"
    assert f"{line} (" not in said(await _shown(chat, "olga"))
    await chat.bot.pass_time(days=1)
    card = await _shown(chat, "olga")
    assert f"{line} (confirmed Mon Oct 5, 2026, more than a quarter ago)" in said(card)
    await chat.person("olga").presses("Still right", card)
    assert f"{line} (" not in said(await _shown(chat, "tom"))


@pytest.mark.doors
async def test_once_a_month_it_reads_in_the_digest_which_numbers_are_stale(chat: Chat) -> None:
    await chat.bot.settle()
    for day in (1, 2):
        chat.bot.clock.set(FIRST_OF_MONTH.replace(day=day))
        await chat.bot.settle()
    line = "These phone numbers have not been confirmed for three months: Technical support."
    assert len([card for card in await chat.person("ines").direct() if line in said(card)]) == 1
    assert not [card for card in await chat.person("sam").direct() if line in said(card)]
