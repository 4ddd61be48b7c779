"""Handover: what somebody holds is shown, given to another at once, and told to both; at every door."""

import pytest
from sqlalchemy import select

from storage.audit import audit
from storage.database import Store
from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.scenarios.gone import leaves, switched_off
from tests.scenarios.test_crisis_roles import begin, comes, take_commander


async def says(chat: Chat, person: str, line: str) -> Seen:
    return await chat.person(person).says(line)


async def sams_things(chat: Chat) -> None:
    """A risk, an action against it, and feedback that Sam has."""
    await says(chat, "olga", "/risk add Bridge sinks; likelihood 4; impact 4; owner @sam")
    await says(chat, "olga", "/risk action R-1; what Measure it; owner @sam; due friday")
    await says(chat, "olga", "/feedback add Pothole on Mill Road; category Streets; via phone")
    await says(chat, "sam", "/feedback take F-1")


def audited(store: Store) -> set[str]:
    rows = store.connection.execute(select(audit.c.subject).where(audit.c.act == "city.hand-over"))
    return {str(row.subject) for row in rows}


@pytest.mark.parity("Hand over what somebody has, after it was shown")
async def test_all_that_somebody_has_is_shown_then_handed_over_and_both_are_told(chat: Chat) -> None:
    await sams_things(chat)
    shown = await says(chat, "maria", "/city handover @sam to @ben")
    assert shown.title == "Ben Carver would get from Sam Rivers: 3"
    for words in ("Risks: 1", "Bridge sinks", "Actions: 1", "Measure it", "Feedback: 1", "Pothole"):
        assert words in shown.text
    done = await chat.person("maria").presses("Hand over", shown)
    assert done.title == "Ben Carver has what Sam Rivers had: 3"
    assert "owner Ben Carver" in done.text
    assert "owner Ben Carver" in (await chat.person("ben").finds("Maria Lopez handed you")).text
    assert (await chat.person("ben").finds("Maria Lopez handed you what Sam Rivers had: 3")).text
    assert (await chat.person("sam").finds("Maria Lopez handed what you had to Ben Carver: 3")).text
    assert "Ben Carver" in (await says(chat, "olga", "/risk show R-1")).text
    assert "Measure it" in (await says(chat, "ben", "/city today")).text
    assert "Nothing is waiting for you" in (await says(chat, "sam", "/city today")).text
    assert await chat.bot.read(audited) == {"R-1", "A-1", "F-1", "handover sam"}


async def test_what_has_changed_since_it_was_shown_is_shown_again_and_not_handed_over(chat: Chat) -> None:
    await sams_things(chat)
    shown = await says(chat, "sam", "/city handover @sam to @ben")
    await says(chat, "olga", "/risk add Road floods; likelihood 2; impact 4; owner @sam")
    again = await chat.person("sam").presses("Hand over", shown)
    assert again.title == "Ben Carver would get from Sam Rivers: 4"
    assert "It has changed since it was shown." in again.text
    done = await chat.person("sam").presses("Hand over", again)
    assert done.title == "Ben Carver has what Sam Rivers had: 4"


async def test_it_is_for_themselves_the_head_the_city_manager_and_admins(chat: Chat) -> None:
    await sams_things(chat)
    for person in ("sam", "olga", "maria", "ines"):
        assert "would get from Sam Rivers: 3" in (await says(chat, person, "/city handover @sam to @rosa")).title
    for person in ("ben", "priya"):
        refused = await says(chat, person, "/city handover @sam to @ben")
        assert "the head of their department, the city manager or an admin" in refused.text


async def test_what_somebody_left_behind_is_handed_over_by_their_id_and_nobody_gone_gets_anything(chat: Chat) -> None:
    await sams_things(chat)
    await switched_off(chat, "rosa")
    await leaves(chat, "sam")
    shown = await says(chat, "maria", "/city handover sam to @ben")
    assert "Ben Carver would get from" in shown.title
    await chat.person("maria").presses("Hand over", shown)
    assert "Measure it" in (await says(chat, "ben", "/city today")).text
    refused = await chat.person("maria").typed("/city handover @ben to rosa@riverton.example.org")
    assert not isinstance(refused, Seen) or "no active account" in refused.text


@pytest.mark.doors
async def test_roles_and_steps_of_a_crisis_go_with_it_and_a_decision_only_to_who_may(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    await comes(chat, "felix")
    await says(chat, "sam", "/risk add Dam leaks; likelihood 5; impact 5; owner @sam")
    await says(chat, "sam", "/risk accept R-1; until in 5 days; why It is watched; approver @maria")
    shown = await says(chat, "maria", "/city handover @tom to @marcus")
    assert "CR-2026-01: Commander" in shown.text
    assert "Steps in crises" in shown.text
    await chat.person("maria").presses("Hand over", shown)
    assert await chat.person("marcus").finds("you are Commander")
    assert "Commander: Marcus Bell" in (await says(chat, "maria", "/crisis status")).text
    stays = await says(chat, "maria", "/city handover @maria to @ben")
    assert "What stays:" in stays.text
    assert "may not accept a risk of this level" in stays.text
