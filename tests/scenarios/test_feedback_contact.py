"""Feedback contact: taking over the work from outside does not open it, asking for it and a yes does; at every door."""

import json

import pytest
from sqlalchemy import select

from handlers.kit.vault import Vault
from storage.audit import audit
from storage.database import Store
from tests.chat.door import Chat
from tests.chat.seen import SeenForm

ANN = "Ann Lee, 212-555-0147"
CLOSED = "This contact is not open to you"


async def log(chat: Chat, category: str = "water") -> None:
    """Feedback of Owen Fitzroy, of communications, with a contact."""
    chat.bot.application.runtime.vault = Vault((bytes(range(32)),))
    owen = chat.person("owen")
    form = await owen.opens("/feedback add")
    await owen.fills(form, what="Leak in the cellar", category=category, via="phone", contact=ANN)


async def opens(chat: Chat, person: str, ref: str = "F-1") -> bool:
    """Whether somebody gets to see the contact."""
    told = await chat.person(person).typed(f"/feedback contact {ref}")
    if isinstance(told, SeenForm):
        assert told.values["contact"] == ANN
        return True
    assert told.title == CLOSED
    return False


def trace(store: Store) -> list[tuple[str, str]]:
    """Who did what with contacts, as the audit has it; in Teams a typed command and the form it leads to are two."""
    rows = store.connection.execute(select(audit.c.person, audit.c.facts).order_by(audit.c.number))
    return list(dict.fromkeys((row.person, told) for row in rows if (told := json.loads(row.facts).get("contact"))))


async def test_who_takes_is_given_or_routes_from_outside_works_on_it_and_sees_no_contact(chat: Chat) -> None:
    from_outside = (
        ("ben", ["take F-1"]),
        ("sam", ["give F-2; to @ben"]),
        ("ben", ["route F-3; department parks; reason It is in the park"]),
        ("ben", ["take F-4", "route F-4; department parks; reason Ours"]),
    )
    for person, lines in from_outside:
        await log(chat)
        for line in lines:
            done = await chat.person(person).says(f"/feedback {line}")
            assert line.split()[1].strip(";") in done.title
    for number in range(1, 5):
        may = [await opens(chat, person, f"F-{number}") for person in ("ben", "priya", "rosa")]
        assert may == [False, False, True], number
    assert await chat.bot.read(trace) == [("owen", "kept"), ("ben", "refused"), ("priya", "refused"), ("rosa", "seen")]


async def test_the_department_opens_it_by_giving_and_by_routing_on(chat: Chat) -> None:
    await log(chat)
    await chat.person("rosa").says("/feedback give F-1; to @sam")
    assert [await opens(chat, person) for person in ("sam", "olga", "maria", "owen")] == [True, False, True, True]
    await chat.person("sam").says("/feedback give F-1; to @ben")
    assert [await opens(chat, person) for person in ("sam", "ben")] == [False, False], "it was not Sam's to give on"
    await chat.person("hugo").says("/feedback route F-1; department parks; reason In the park")
    assert [await opens(chat, person) for person in ("ben", "priya", "rosa")] == [True, True, True]
    shown = await chat.person("tom").says("/feedback show F-1")
    words = "open to Water and Sewer, Parks and Recreation, Owen Fitzroy and the city manager"
    assert words in shown.text


@pytest.mark.parity("Ask a department for a resident's contact, and open it to who asks")
async def test_others_ask_the_department_and_one_of_it_agrees_for_a_while(chat: Chat) -> None:
    await log(chat)
    tom = chat.person("tom")
    told = await tom.says("/feedback contact F-1")
    form = await tom.opens("Ask the department", told)
    asked = await tom.fills(form, reason="The cellar is flooded, and we must reach her")
    assert asked.title == "Water and Sewer is asked for the contact of F-1"
    rosa = chat.person("rosa")
    today = await rosa.says("/city today")
    assert "Tom Okafor asks for the contact of F-1: The cellar is flooded" in today.text
    [card] = [message for message in await chat.place("water") if "asks for the contact" in message.title]
    await rosa.presses("Agree", card)
    [card] = [message for message in await chat.place("water") if "opened the contact" in message.title]
    assert card.title == "Rosa Delgado opened the contact of F-1 to Tom Okafor"
    assert "Agree" not in card.buttons
    form = await tom.opens("Contact", await tom.finds("Rosa Delgado opened the contact of F-1 to you"))
    assert form.values["contact"] == ANN
    assert await chat.bot.read(trace) == [
        ("owen", "kept"), ("tom", "refused"), ("tom", "asked"), ("rosa", "agreed"), ("tom", "seen"),
    ]  # fmt: skip
    await chat.bot.pass_time(days=7, seconds=1)
    assert not await opens(chat, "tom")
