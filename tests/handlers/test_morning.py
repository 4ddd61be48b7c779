"""Morning check kept: one of before there were sentences, who may open it again, and what a later feature adds."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.piecework import send_by_hand
from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context, Sending
from handlers.kit.declared import MorningSection
from handlers.kit.figures import Figure
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Buttons, Card, Fold, Note, Row, Text
from handlers.kit.morning import ROUTINE, Content, Decide, Line, Rank, Section, section
from handlers.kit.morning_card import morning_card
from handlers.kit.persons import Persons
from handlers.kit.plain import plain, plain_line
from handlers.kit.waiting import Task, Waiter, Waiting, for_each
from storage.morning_checks import Morning
from tests.handlers.outgoing import messages
from tests.handlers.town import DAM, Town

BEFORE = (Path(__file__).parents[1] / "fixtures" / "morning_before_sentences.json").read_text(encoding="utf-8")


async def _sent(town: Town) -> Morning:
    """The morning check that is sent by hand now."""
    runtime = town.runtime
    day = runtime.city().calendar.today(town.bot.clock.now())
    await send_by_hand(runtime, town.bot.application.ledger, catalogue.routines[ROUTINE], day, "ines")
    morning = await town.bot.read(lambda store: store.morning_checks.newest())
    assert isinstance(morning, Morning)
    return morning


async def _card(town: Town, morning: Morning) -> Card:
    card = await town.bot.read(lambda store: morning_card(town.runtime.context(store), morning))
    assert isinstance(card, Card)
    return card


def _sentences(card: Card) -> list[str]:
    """What stands above the figures, the notes and the button that says that it was read."""
    words = list(card.body)
    return [plain_line(word.parts) for word in words[: words.index(_read(card))] if isinstance(word, Text)]


def _read(card: Card) -> Buttons:
    [read] = [word for word in card.body if isinstance(word, Buttons) and word.buttons[0].action == "morning.read"]
    return read


async def test_one_of_before_there_were_sentences_is_drawn_settled_and_compared(town: Town) -> None:
    await town.says("sam", DAM)
    now = town.bot.clock.now()
    day = town.runtime.city().calendar.today(now)
    old = Morning(day, "maria", now, now - timedelta(days=1), BEFORE)
    await town.runtime.write(lambda store: store.morning_checks.add(old))
    card = await town.card("maria", "city morning")
    assert card.status is None
    assert "New risks: 1. New feedback: 1. Open and high: 1." in plain(card)
    assert [word.title for word in card.body if isinstance(word, Fold)] == [
        "New risks: 1", "New feedback: 1", "Open and high: 1", "Waiting for you: 2", "Due today or late: 1",
    ]  # fmt: skip
    assert "New means since Sun Nov 22, 9:00 AM." in plain(card)
    await town.says("olga", "risk close R-1; reason The gate was repaired")
    assert "Done (closed by Olga Brandt" in await town.says("maria", "city morning")
    town.bot.clock.advance(days=1)
    await town.says("sam", "risk add Pump worn; likelihood 1; impact 2")
    content = Content.model_validate_json((await _sent(town)).content)
    assert content.figures[0] == Figure(label="New risks (same)", value="1")
    assert content.compared == "Changes are since Mon Nov 23, 9:00 AM."


async def test_it_looks_back_to_the_last_one_that_was_sent_by_hand_too(town: Town) -> None:
    await town.says("sam", DAM)
    first = await _sent(town)
    assert "New since Fri Nov 20, 7:30 AM" in plain(await _card(town, first))  # the working day before
    town.bot.clock.advance(hours=1)
    second = await _sent(town)
    assert second.since == first.at
    assert "Nothing new since Mon Nov 23, 9:00 AM." in plain(await _card(town, second))


def _later(context: Sending, _since: object) -> tuple[Section, ...]:
    """What a feature that comes later has to say."""
    decide = Decide(status=Status("critical", "Off target"), rank=Rank.NOBODYS, sentence="Response times double.")
    lines = [Line(text="Response times", ref="M-1", decide=decide, buttons=(Button.say("Show it", "help"),))]
    return section("Off target", [*lines, Line(text="Permits", ref="M-2")])


async def test_a_later_feature_decides_on_top_and_says_the_rest_below(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(catalogue.morning_sections, "later", MorningSection("later", _later, 30, False))
    card = await _card(town, await _sent(town))
    assert _sentences(card) == ["Off target Response times double.", "Nothing new since Fri Nov 20, 7:30 AM."]
    assert card.status == Status("critical", "Off target")
    [fold] = [word for word in card.body if isinstance(word, Fold) and word.title == "Off target: 2"]
    assert "Permits" in str(fold.body)
    assert "Response" not in str(fold.body)
    assert Note("1 more is listed further up in the morning check.") in fold.body


async def test_what_others_wait_for_is_a_sentence_with_its_own_button_which_only_the_reader_reads(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(_context: object, persons: Persons) -> dict[str, Waiting]:
        """What the city manager is asked for."""
        stop = Button("Agree", "crisis.agree", "x", style="primary")
        task = Task("CR-2026-09 standdown 1", "CR-2026-09: Tom asks to stand down", (stop,), decides=True)
        return for_each(persons.with_role("city_manager"), Waiting("", [task]))

    monkeypatch.setitem(catalogue.todo_lists, "asked", Waiter("asked", asked, 1))
    await town.says("sam", "risk add Dam gate stuck; likelihood 4; impact 5")
    card = await _card(town, await _sent(town))
    assert _sentences(card) == [
        "Extreme R-1 Dam gate stuck has no owner (score 20).", "Waits for you CR-2026-09: Tom asks to stand down",
    ]  # fmt: skip
    rows = [word for word in card.body if isinstance(word, Buttons)]
    labels = [[(button.label, button.style) for button in row.buttons] for row in rows]
    assert labels == [
        [("Assign", "primary"), ("Take it", "plain"), ("Delegate", "plain")],
        [("Agree", "plain")],
        [("I have read this", "plain")],
    ]
    [ops] = [message for message in await messages(town) if message.place == "ops"]
    assert "Extreme R-1 Dam gate stuck has no owner" in ops.text
    assert "stand down" not in ops.text


async def test_who_may_not_read_it_reads_nothing_of_it_nor_of_its_parts(town: Town) -> None:
    await town.says("sam", DAM)
    card = await _card(town, await _sent(town))
    refused = (
        "Only the city manager and admins can read the morning check, and the deputy while the city manager is not "
        "available."
    )
    assert refused in await town.says("sam", "city morning")
    fold = next(word for word in card.body if isinstance(word, Fold) and word.button)
    for person, may in (("sam", False), ("olga", False), ("maria", True), ("ines", True)):
        part = await town.presses(person, fold.title, Card("", Buttons(fold.button)))  # type: ignore[arg-type]
        assert part
        assert ("R-1 Dam gate stuck" in plain(part), refused in plain(part)) == (may, not may), person


async def test_a_part_that_is_gone_says_so(town: Town) -> None:
    morning = await _sent(town)
    gone = Buttons(Button("Open", "morning.part", f"{morning.day} Open crises"))
    part = await town.presses("maria", "Open", Card("", gone))
    assert part
    assert "The morning check was sent again, and this is no longer in it." in plain(part)
    never = Buttons(Button("Open", "morning.part", "2020-01-01 Open crises"))
    part = await town.presses("maria", "Open", Card("", never))
    assert part
    assert part.title == "This morning check is not kept anymore"


async def test_a_deputy_to_whom_it_was_passed_on_opens_it_again_and_its_parts(town: Town) -> None:
    await town.says("sam", DAM)
    card = await _card(town, await _sent(town))
    town.bot.clock.advance(hours=2)
    await town.bot.settle()
    assert "R-1 Dam gate stuck" in await town.says("olga", "city morning")
    fold = next(word for word in card.body if isinstance(word, Fold))
    assert fold.button
    part = await town.presses("olga", fold.title, Card("", Buttons(fold.button)))
    assert part
    assert part.title == fold.title
    assert "Only the city manager and admins can read the morning check" in await town.says("hugo", "city morning")


async def test_who_stands_in_by_right_opens_the_one_of_that_day_and_nobody_else_does(town: Town) -> None:
    await _sent(town)
    assert "Only the city manager and admins can read the morning check" in await town.says("olga", "city morning")
    await town.says("maria", "city away from today to tomorrow")
    assert "Good morning" in await town.says("olga", "city morning")


async def test_a_message_in_thousands_of_lines_is_one_card(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def many(_context: Sending, _since: object) -> tuple[Section, ...]:
        """A section that never ends."""
        return section("Many", [Line(text=f"Item {number}", ref=f"M-{number}") for number in range(5000)], "help")

    monkeypatch.setitem(catalogue.morning_sections, "many", MorningSection("many", many, 30, False))
    morning = await _sent(town)
    assert len(morning.content) < 4000
    assert "And 4995 more. [See all]" in plain(await _card(town, morning))


async def test_the_title_says_when_all_is_decided(town: Town) -> None:
    await town.says("sam", "risk add Dam gate stuck; likelihood 4; impact 5")
    morning = await _sent(town)
    before = await _card(town, morning)
    assert before.status == Status("critical", "Extreme")
    assert "The counts are as of 9:00 AM.\n" in f"{plain(before)}\n"
    await town.says("maria", "risk assign R-1; owner @olga")
    now = await town.card("maria", "city morning")
    assert now.status == Status("good", "All decided")
    assert "Given to Olga Brandt. R-1 Dam gate stuck has no owner" in plain(now)
    assert "as of 9:00 AM. Lines that begin with Done, Given or Open again changed later." in plain(now)
    assert "[Show R-1]" in plain(now)
    assert "[Assign]" not in plain(now)


async def test_a_morning_on_which_something_is_late_or_broken_is_not_called_quiet(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(context: Context, persons: Persons) -> dict[str, Waiting]:
        """What the city manager should have done a month ago."""
        due = context.today - timedelta(days=30)
        tasks = [Task(f"T-{number}", f"Toy {number}", due=due) for number in range(150)]
        return for_each(persons.with_role("city_manager"), Waiting("Toys", tasks))

    assert (await _card(town, await _sent(town))).status == Status("good", "Quiet")
    town.bot.clock.advance(hours=1)
    monkeypatch.setattr(catalogue, "todo_lists", {"late": Waiter("late", late, 1)})
    assert (await _card(town, await _sent(town))).status == Status("warning", "150 late")
    told = [message.text for message in await messages(town) if message.place == "ops"]
    assert "150 late" not in told[-1], "what waits for the manager is for the manager alone"
    town.bot.clock.advance(hours=1)
    monkeypatch.setattr(catalogue, "todo_lists", {})
    await town.runtime.write(lambda store: store.faults.note("a part", "why", town.bot.clock.now()))
    assert (await _card(town, await _sent(town))).status == Status("warning", "1 not working")


async def test_in_the_afternoon_it_says_loudly_of_when_it_is_and_is_shown_as_of_now(town: Town) -> None:
    await town.says("sam", "risk add Pump worn; likelihood 1; impact 2")
    await _sent(town)
    town.bot.clock.advance(hours=5)
    await town.says("olga", "crisis activate Water main burst; level 3")
    await town.says("sam", "risk add Dam gate stuck; likelihood 4; impact 5")
    kept = await town.card("maria", "city morning")
    assert kept.status == Status("critical", "Level 3, not confirmed yet")
    pressed = [button for word in kept.body if isinstance(word, Buttons) for button in word.buttons]
    assert [button.label for button in pressed if button.style == "primary"] == ["On my way"]
    assert plain(kept).index("you are needed") < plain(kept).index("As of 9:00 AM") < plain(kept).index("New risks: 1")
    ways = Card("", Buttons(*(word.button for word in kept.body if isinstance(word, Row) and word.button)))
    now = await town.presses("maria", "Show it as of now", ways)
    assert now
    assert now.title == "Riverton as of now, Mon Nov 23, 2:00 PM"
    assert "R-2 Dam gate stuck has no owner" in plain(now)
    assert "New risks: 2" in plain(now)
    assert "I have read this" not in plain(now)
    fold = next(word for word in now.body if isinstance(word, Fold) and word.title.startswith("New risks"))
    assert fold.button
    part = await town.presses("maria", fold.title, Card("", Buttons(fold.button)))
    assert part
    assert part.title == "New risks: 2"
    assert "R-1 Pump worn" in plain(part)
    assert "As of 2:00 PM." in plain(part)
    later = Card("", Buttons(Button("Gone", "morning.part-now", "2026-11-23 Old news")))
    assert "Nothing of this is left now." in plain(await town.presses("maria", "Gone", later) or kept)
    again = await town.card("maria", "city morning")
    assert "New risks: 1" in plain(again), "what was sent stays what it was"
    assert "Only the city manager" in plain(await town.presses("sam", "Show it as of now", ways) or kept)
