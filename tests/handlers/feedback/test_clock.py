"""Feedback's clock: only working hours count, pauses do not, and it is worked out from what happened."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from handlers.feedback.clock import reached, runs, used
from handlers.kit.city.reading import read_city
from storage.feedback.events import Event
from tests.chat.bot import RIVERTON
from tests.chat.desk import DeskChat
from tests.chat.seen import Seen

CITY = read_city(RIVERTON)
NINE = datetime(2026, 11, 23, 14, tzinfo=UTC)  # 09:00 in Riverton, a Monday; Thursday is Thanksgiving


def happened(*events: tuple[float, dict[str, object]]) -> list[Event]:
    """Events, each so many hours after nine o'clock."""
    first = {"category": "water", "state": "open"}
    return [
        Event("x", "sam", NINE + timedelta(hours=hours), None, {**(first if not number else {}), **values})
        for number, (hours, values) in enumerate(events)
    ]


@pytest.mark.parametrize(
    ("events", "after", "hours"),
    [
        ([(0, {})], 3, 3),
        ([(0, {})], 24, 9),  # 08:00 to 17:00 are nine hours a day
        ([(0, {}), (1, {"waits_for": "weather"})], 30, 1),
        ([(0, {}), (1, {"waits_for": "weather"}), (3, {"waits_for": None})], 4, 2),
        ([(0, {}), (2, {"state": "closed"}), (4, {"state": "open"})], 5, 3),
        ([(0, {}), (7, {"department": "public-works"})], 22.5, 7.5),  # where work is from seven to four
        ([(0, {"state": "closed"})], 50, 0),
        ([(0, {})], 24 * 7, 27),  # Thanksgiving, the day after it and the weekend do not count
    ],
)
def test_working_time_used(events: list[tuple[float, dict[str, object]]], after: float, hours: float) -> None:
    ran = runs(CITY, happened(*events))
    assert used(CITY, ran, NINE + timedelta(hours=after)) == timedelta(hours=hours)


def test_the_moment_a_target_is_reached_comes_later_by_every_pause() -> None:
    straight = runs(CITY, happened((0, {})))
    paused = runs(CITY, happened((0, {}), (1, {"waits_for": "weather"}), (4, {"waits_for": None})))
    assert reached(CITY, straight, timedelta(hours=4)) == NINE + timedelta(hours=4)
    assert reached(CITY, paused, timedelta(hours=4)) == NINE + timedelta(hours=7)
    standing = runs(CITY, happened((0, {}), (1, {"waits_for": "weather"})))
    assert reached(CITY, standing, timedelta(hours=4)) is None
    assert reached(CITY, standing, timedelta(minutes=30)) == NINE + timedelta(minutes=30)


LINES = (
    ("sam", "feedback take {ref}"),
    ("olga", "feedback give {ref}; to @ben"),
    ("sam", "feedback wait {ref}; whom weather; reason Frost"),
    ("sam", "feedback resume {ref}"),
    ("sam", "feedback route {ref}; department parks; reason Theirs"),
    ("maria", "feedback route {ref}; department water; reason Theirs"),
    ("maria", "feedback route {ref}; department public-works; reason Theirs"),
    ("sam", "feedback close {ref}; reason done; answer Filled"),
    ("sam", "feedback duplicate {ref}; of F-1"),
    ("owen", "feedback reopen {ref}; why Again"),
)


@pytest.mark.doors
async def test_what_happened_makes_every_item_what_it_is(desk_chat: DeskChat) -> None:
    chance = Random(2)
    for number in range(4):
        await desk_chat.person("owen").says(f"feedback add Pothole {number}; category streets; via phone")
    done = 0
    for _ in range(60):
        person, line = chance.choice(LINES)
        said = await desk_chat.person(person).typed(line.format(ref=f"F-{chance.randint(1, 4)}"))
        done += isinstance(said, Seen) and said.title != "That did not work"
        await desk_chat.bot.pass_time(minutes=chance.choice((5, 90, 700, 3000)))
    assert done > 12, "most of what was tried must have been done, or this shows nothing"
    for number in range(1, 5):
        item = await desk_chat.bot.read(lambda store, n=number: store.feedback.records.find(f"F-{n}"))
        assert await desk_chat.bot.read(lambda store, n=number: store.feedback.records.replayed(n)) == item
        events = await desk_chat.bot.read(lambda store, n=number: store.feedback.events.of(n))
        ran = runs(CITY, events)
        assert (item.due_at is not None) == (item.state == "open" and item.waits_for is None)
        if item.due_at:
            assert used(CITY, ran, item.due_at) == timedelta(seconds=item.target)
        if item.state == "closed":
            assert timedelta(seconds=item.took) <= used(CITY, ran, item.closed_at) < timedelta(seconds=item.took + 1)


async def test_what_is_late_when_it_changes_to_another_department_is_told_there_too(desk_chat: DeskChat) -> None:
    await desk_chat.person("owen").says("feedback add Broken pipe; category parks; via phone")
    await desk_chat.bot.pass_time(days=20)
    form = await desk_chat.person("owen").opens("Change", await shown(desk_chat))
    await desk_chat.person("owen").fills(form, category="water")  # a department with the same hours and the same target
    titles = [card.title for card in await desk_chat.person("hugo").direct()]
    assert "F-1 is late; nobody has it" in titles


async def shown(chat: DeskChat) -> Seen:
    return await chat.person("owen").says("feedback show F-1")


async def test_other_hours_that_lead_to_the_same_end_move_the_marks_before_it(desk_chat: DeskChat) -> None:
    """Both departments' nine hours from Tuesday at nine end on Wednesday at nine, but their marks differ."""
    desk_chat.bot.clock.set(NINE + timedelta(days=1))
    await desk_chat.person("owen").says("feedback add Ice on the ramp; category snow; via phone")
    await desk_chat.bot.pass_time(hours=7)  # public works goes home at four
    await desk_chat.person("sam").says("feedback route F-1; department water; reason Their ramp")
    before = await desk_chat.bot.read(lambda store: store.feedback.records.find("F-1"))
    await desk_chat.bot.pass_time(minutes=11)
    assert (await desk_chat.bot.read(lambda store: store.feedback.records.find("F-1"))).mark == 50
    await desk_chat.bot.pass_time(minutes=1)
    after = await desk_chat.bot.read(lambda store: store.feedback.records.find("F-1"))
    assert (after.mark, after.due_at) == (80, before.due_at)
