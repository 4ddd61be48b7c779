"""Digest: it is drawn for many people at once, for each as for them alone."""

from datetime import date

import pytest

from handlers.digest import digest_card, digest_cards
from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Buttons, Card
from handlers.kit.persons import Persons
from handlers.kit.plain import plain
from handlers.kit.waiting import Task, Waiter, Waiting, for_each
from tests.handlers.town import Town

DAY, LATER = date(2026, 11, 23), date(2026, 11, 25)


async def _cards(town: Town, *, untold: bool = False) -> dict[str, Card]:
    def work(context: Context) -> dict[str, Card]:
        people = context.everybody()
        cards = digest_cards(context, people, DAY, untold=untold)
        if not untold:
            alone = {person.id: digest_card(context, person, DAY) for person in people}
            assert cards == {person: card for person, card in alone.items() if card}
        return cards

    return await town.runtime.write(lambda store: work(town.runtime.context(store)))


async def test_those_who_have_something_get_a_card_and_nobody_else(town: Town) -> None:
    await town.says("olga", "risk add Gate; likelihood 2; impact 2; owner @sam; review today")
    await town.says("olga", "action add Oil it; owner @ben; due friday")
    cards = await _cards(town)
    assert cards.keys() == {"sam", "ben"}
    assert "R-1 Gate" in plain(cards["sam"])
    assert "A-1 Oil it" in plain(cards["ben"])


async def test_news_stands_in_it_once_it_is_told_or_where_what_waits_is_asked_for_too(town: Town) -> None:
    def news(context: Context) -> None:
        for person, ref in (("sam", "F-1"), ("sam", "F-2"), ("tom", "F-3")):
            context.tell(person, f"{ref} is answered", ref)
        context.store.chat.snoozes.put_off("sam", "F-2", LATER)

    await town.runtime.write(lambda store: news(town.runtime.context(store)))
    assert await _cards(town) == {}
    untold = await _cards(town, untold=True)
    assert untold.keys() == {"sam", "tom"}
    waiting = await town.runtime.read(lambda store: store.chat.notes.waiting(["sam", "ben"], DAY))
    assert waiting.keys() == {"sam"}
    await town.runtime.write(lambda store: store.chat.notes.tell(waiting["sam"], DAY))
    told = await _cards(town)
    assert told == {"sam": untold["sam"]}
    assert "F-1 is answered" in plain(told["sam"])
    assert "F-2" not in plain(told["sam"])


async def test_the_digest_says_of_what_cannot_wait_the_same_as_home_and_is_no_message_for_that_alone(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = [
        Task("T-1", "Risk to accept", decides=True, status=Status("critical", "Extreme")),
        Task("T-2", "Stand-up", status=Status("warning", "answer by 4:28 PM")),
        Task("T-3", "CR-2026-01 Flood", status=Status("info", "Level 1"), urgent=True),
        Task("T-4", "Can wait"),
    ]

    def asked(_context: Context, persons: Persons) -> dict[str, Waiting]:
        """What waits for everybody."""
        return for_each(persons.each(), Waiting("Toys", tasks))

    monkeypatch.setattr(catalogue, "todo_lists", {"toys": Waiter("toys", asked, 1)})
    digest, home = await town.card("sam", "city digest"), await town.card("sam", "city today")
    assert digest.status == home.status == Status("critical", "1 to decide, 2 urgent")
    assert digest.title == "Right now: 1, To decide: 1, Due or urgent: 1"
    assert "Can wait" not in plain(digest)
    assert await _cards(town) == {}
    monkeypatch.setattr(catalogue, "todo_lists", {"toys": Waiter("toys", asked, 1), "due": Waiter("due", _due, 2)})
    cards = await _cards(town)
    assert cards["sam"].status == Status("critical", "1 to decide, 1 due today, 2 urgent")
    assert "CR-2026-01 Flood [Put off until tomorrow]" not in plain(cards["sam"])
    monkeypatch.setattr(catalogue, "todo_lists", {})
    assert (await town.card("sam", "city digest")).body == (
        Buttons(Button.say("What is waiting for you", "city today")),
    )


def _due(_context: Context, persons: Persons) -> dict[str, Waiting]:
    """What is due today for everybody."""
    return for_each(persons.each(), Waiting("Due", [Task("D-1", "Salt", due=DAY)]))
