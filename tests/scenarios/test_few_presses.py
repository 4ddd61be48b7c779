"""Few presses: what people do most takes at most three of them, beyond typing a sentence."""

from datetime import UTC, datetime

import pytest

from tests.chat.door import Chat, Speaker
from tests.chat.seen import Seen, SeenForm

MOST = 3
WEDNESDAY = datetime(2026, 11, 25, 15, 0, 1, tzinfo=UTC)
NEXT_WEEK = datetime(2026, 12, 3, 15, 0, 1, tzinfo=UTC)


class Counted:
    """What somebody does, with the presses it takes: a level is one of five buttons in a row at every door."""

    def __init__(self, speaker: Speaker) -> None:
        self.speaker, self.presses = speaker, 0

    async def press(self, label: str, card: Seen) -> Seen | SeenForm | None:
        self.presses += 1
        return await self.speaker.pressed(label, card)

    async def send(self, form: SeenForm, typed: dict[str, str] | None = None, **levels: str) -> Seen:
        self.presses += 1 + len(levels)
        return await self.speaker.fills(form, **(typed or {}), **levels)


@pytest.mark.parity("Log a pothole with one sentence and at most three presses")
async def test_a_pothole_is_logged(chat: Chat) -> None:
    owen = Counted(chat.person("owen"))
    await owen.press("Log it", await owen.speaker.says("deep pothole at 12 Elm Street, a resident phoned"))
    assert owen.presses <= MOST
    assert await chat.bot.read(lambda store: store.feedback.records.find("F-1"))


async def test_a_pothole_whose_way_in_is_not_said_comes_as_the_last_one_did(chat: Chat) -> None:
    await chat.person("owen").says("feedback add Lamp out; category lights; via counter")
    owen = Counted(chat.person("owen"))
    form = await owen.press("Log it", await owen.speaker.says("deep pothole at 12 Elm Street"))
    assert isinstance(form, SeenForm)
    await owen.send(form)
    assert owen.presses <= MOST
    assert (await chat.bot.read(lambda store: store.feedback.records.find("F-2"))).reached_us_by == "counter"


@pytest.mark.parity("Take a role in a crisis with at most three presses")
async def test_a_role_is_taken(chat: Chat) -> None:
    await chat.person("olga").says("/crisis activate Water main burst; where Mill Road; level 2")
    tom = Counted(chat.person("tom"))
    await tom.press("On my way", await tom.speaker.finds("you are needed"))
    await tom.press("Take Commander", await tom.speaker.finds("will you take a role?"))
    assert tom.presses <= MOST
    holders = await chat.bot.read(lambda store: store.crisis.roles.of("CR-2026-01"))
    assert {holder.role: holder.person for holder in holders}["commander"] == "tom"


async def test_what_waits_is_seen_without_a_press_and_the_check_in_answered(chat: Chat) -> None:
    await chat.bot.settle()
    chat.bot.clock.set(WEDNESDAY)
    await chat.bot.settle()
    hugo = Counted(chat.person("hugo"))
    waits = await hugo.speaker.says("/city today")
    assert "Check-in" in waits.text
    form = await hugo.press("Answer", waits)
    assert isinstance(form, SeenForm)
    typed = {"open_requests": "12", "overtime_hours": "3", "main_breaks": "0"}
    assert (await hugo.send(form, typed, health="4")).title == "Thank you"
    assert hugo.presses <= MOST
    await chat.bot.settle()
    chat.bot.clock.set(NEXT_WEEK)
    await chat.bot.settle()
    again = Counted(chat.person("hugo"))
    form = await again.press("Answer", await again.speaker.says("/city today"))
    assert isinstance(form, SeenForm)
    assert form.values["health"] == "4"
    await again.send(form, typed)
    assert again.presses < hugo.presses
