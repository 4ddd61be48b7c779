"""Lists of a crisis: however many people and departments there are, every name is reached, in pages."""

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.inbound import Answered, Inbound, Pressed
from bot.slack.render import render as slack_message
from handlers.crisis.calling.phone_list import list_card
from handlers.crisis.calling.who_comes import who_comes
from handlers.kit.context import Context
from handlers.kit.inline import Phone
from handlers.kit.messages import Button, Buttons, Card, Fold, Row
from handlers.kit.plain import plain
from storage.crisis.pages import Page
from storage.crisis.records import Crisis
from storage.crisis.rollcalls import Rollcall
from tests.handlers.crisis.test_paging import BURST, REF, within
from tests.handlers.town import Town

MANY = 42  # beside those of Riverton


def buttons(card: Card) -> list[Button]:
    groups = [word for word in card.body if isinstance(word, Buttons)]
    folds = [inner for word in card.body if isinstance(word, Fold) for inner in word.body if isinstance(inner, Buttons)]
    return [button for group in (*groups, *folds) for button in group.buttons]


async def pages_of(town: Town, person: str, card: Card) -> AsyncIterator[Card]:
    """A card, and the pages to which its button Next leads."""
    yield card
    while following := [button for button in buttons(card) if button.label == "Next"]:
        outcome = await town.runtime.handle(Inbound("say", person, Pressed(following[0].action, following[0].value)))
        assert isinstance(outcome, Answered)
        assert outcome.card
        card = outcome.card
        yield card


async def many_are_called(town: Town) -> None:
    """A crisis for which as many more were called, none of whom has answered, each to be called by phone."""
    await town.says("olga", BURST)

    def add(context: Context, crisis: Crisis) -> None:
        called = context.store.crisis.pages.of(REF)
        for page in called:
            context.store.crisis.pages.change(page, phoned="asked")
        new = [Page(REF, f"person-{number}", None, None, context.now, 1) for number in range(MANY)]
        context.store.crisis.pages.add_all([replace(page, phoned="asked") for page in new])

    await within(town, add)


async def test_every_person_to_call_stands_on_a_page_that_slack_shows_whole(town: Town) -> None:
    await many_are_called(town)
    shown, found = 0, set[str]()
    async for card in pages_of(town, "tom", await within(town, list_card)):
        assert len(slack_message(card, {})["blocks"]) < 50
        assert all(button.value in plain(card) or button.label in plain(card) for button in buttons(card))
        found |= {button.value.split()[1] for button in buttons(card) if button.action == "crisis.phoned"}
        shown += 1
    assert len(found) == MANY + 10
    assert shown == 6


async def test_only_who_works_on_a_crisis_turns_the_pages_of_numbers(town: Town) -> None:
    await many_are_called(town)
    outcome = await town.runtime.handle(Inbound("say", "sam", Pressed("crisis.phone-page", f"1 {REF}")))
    assert isinstance(outcome, Answered)
    assert outcome.card
    assert "Only those who work on" in plain(outcome.card)


async def test_every_name_of_who_was_called_is_behind_the_fold(town: Town) -> None:
    await many_are_called(town)
    words = await within(town, who_comes)
    [every] = [button for button in buttons(Card("Board", *words)) if button.label.startswith("All")]
    outcome = await town.runtime.handle(Inbound("say", "sam", Pressed(every.action, every.value)))
    assert isinstance(outcome, Answered)
    assert outcome.card
    names = {plain(page) for page in [page async for page in pages_of(town, "sam", outcome.card)]}
    assert all(any(f"person-{number}:" in text for text in names) for number in range(MANY))


async def test_every_department_is_reached_in_the_roll_call(town: Town) -> None:
    await town.says("olga", BURST)
    await town.runtime.handle(Inbound("say", "maria", Pressed("crisis.confirm", REF)))

    def add(context: Context, crisis: Crisis) -> None:
        new = [Rollcall(REF, f"part-{number}", "sam", context.now, 1) for number in range(MANY)]
        context.store.crisis.rollcalls.add_all(new)

    await within(town, add)
    first = await town.card("tom", "crisis rollcall")
    every = [page async for page in pages_of(town, "tom", first)]
    rows = [word for page in every for word in page.body if isinstance(word, Row)]
    assert len(rows) == MANY + 12
    assert all("9:00 AM" not in plain(Card("Row", row)) for row in rows), "when they were asked stands once"
    assert "Asked at 9:00 AM." in plain(first)
    assert "No answer yet Library (asked: Noah Peretz)" in "\n".join(map(plain, every))


async def test_every_contact_is_on_a_page_and_its_number_is_called_by_a_press(town: Town) -> None:
    every = [page async for page in pages_of(town, "ines", await town.card("ines", "city contacts"))]
    rows = [word for page in every for word in page.body if isinstance(word, Row)]
    known = town.runtime.city().contacts.contact
    assert len(rows) == len(known) > 10
    numbers = [part for row in rows for part in row.text.parts if isinstance(part, Phone)]
    assert {number.label for number in numbers} == {contact.phone for contact in known}
