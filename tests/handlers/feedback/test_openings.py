"""Feedback openings: who decides about a request, how long a contact stays open, and who may open older ones."""

import re
from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete, update

from bot.inbound import Answered, Inbound, Pressed
from storage.database import Store
from storage.feedback.contact_departments import contact_departments
from storage.feedback.items import feedback
from tests.chat.desk import DeskChat
from tests.chat.seen import Seen
from tests.scenarios.test_feedback_contact import log, opens, trace


async def says(chat: DeskChat, person: str, *lines: str) -> Seen:
    told = [await chat.person(person).says(line) for line in lines]
    return told[-1]


async def ask(chat: DeskChat, person: str, ref: str = "F-1") -> Seen:
    told = await says(chat, person, f"feedback contact {ref}")
    form = await chat.person(person).opens("Ask the department", told)
    return await chat.person(person).fills(form, reason="To bring the key back")


async def decides(chat: DeskChat, person: str, action: str = "feedback.contact-agree") -> str:
    """What somebody reads after pressing a button that may not be theirs."""
    told = await chat.bot.application.runtime.handle(Inbound("desk", person, Pressed(action, "1")))
    assert isinstance(told, Answered)
    assert told.card is not None
    return told.card.model_dump_json()


async def change(chat: DeskChat, name: str, before: str, after: str) -> None:
    """Change a file of the city, as IT would."""
    file = Path(chat.bot.application.settings.city_dir) / name
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
    await chat.bot.pass_time(seconds=5)


async def test_only_somebody_of_the_department_decides_and_nobody_for_themselves(sealed_chat: DeskChat) -> None:
    await log(sealed_chat)
    before = await says(sealed_chat, "tom", "feedback contact F-1")
    await ask(sealed_chat, "tom")
    for person in ("maria", "owen", "priya", "ines"):  # neither a right to see it nor having logged it opens it
        assert "Only somebody in Water and Sewer can decide this." in await decides(sealed_chat, person), person
    assert "Somebody in the department has to agree." in await decides(sealed_chat, "tom")
    again = await sealed_chat.person("tom").says("feedback contact F-1")
    assert "You have asked Water and Sewer for it, Mon Nov 23, 9:00 AM." in again.text
    assert again.buttons == {}
    form = await sealed_chat.person("tom").opens("Ask the department", before)
    refused = await sealed_chat.person("tom").fills(form, reason="Please")
    assert "You have asked for the contact of F-1 already" in refused.text
    kept = await sealed_chat.bot.read(trace)
    assert [entry for entry in kept if entry[1] == "not decided"] == [
        (person, "not decided") for person in ("maria", "owen", "priya", "ines")
    ]


async def test_who_asked_and_came_into_the_department_since_does_not_agree_for_themselves(
    sealed_chat: DeskChat,
) -> None:
    await log(sealed_chat)
    await ask(sealed_chat, "tom")
    people = Path(sealed_chat.bot.application.settings.city_dir) / "people.toml"
    own = people.read_text(encoding="utf-8").split('id = "tom"')[1].split("[[person]]")[0]
    department = next(line for line in own.splitlines() if line.startswith("department"))
    await change(sealed_chat, "people.toml", own, own.replace(department, 'department = "water"'))
    assert "Somebody in the department has to agree." in await decides(sealed_chat, "tom")
    assert await sealed_chat.bot.read(lambda store: store.feedback.contact_requests.waiting(1, "tom"))


async def test_somebody_to_whom_it_was_opened_opens_it_to_nobody(sealed_chat: DeskChat) -> None:
    await log(sealed_chat)
    await ask(sealed_chat, "tom")
    await decides(sealed_chat, "hugo")
    assert await opens(sealed_chat, "tom")
    await says(sealed_chat, "tom", "feedback give F-1; to @ben")
    assert not await opens(sealed_chat, "ben")
    await says(sealed_chat, "tom", "feedback route F-1; department fire; reason We pump it out")
    assert not await opens(sealed_chat, "marcus")


async def test_a_request_that_is_declined_opens_nothing_and_may_be_made_again(sealed_chat: DeskChat) -> None:
    await log(sealed_chat)
    await ask(sealed_chat, "tom")
    [card] = [card for card in await sealed_chat.place("water") if "asks for the contact" in card.title]
    form = await sealed_chat.person("rosa").opens("Decline", card)
    await sealed_chat.person("rosa").fills(form, why="I call her")
    told = (await sealed_chat.person("tom").direct())[-1]
    assert told.title == "Rosa Delgado did not open the contact of F-1 to you"
    assert "I call her" in told.text
    assert not await opens(sealed_chat, "tom")
    assert "Rosa Delgado decided about it already (declined)" in await decides(sealed_chat, "hugo")
    asked = await ask(sealed_chat, "tom")
    assert asked.title == "Water and Sewer is asked for the contact of F-1"


async def test_the_department_of_the_day_it_was_logged_keeps_it_whatever_the_files_say_later(
    sealed_chat: DeskChat,
) -> None:
    await log(sealed_chat)
    await change(
        sealed_chat,
        "feedback.toml",
        'id = "water"\nname = "Water and sewers"\ndepartment = "water"',
        'id = "water"\nname = "Water and sewers"\ndepartment = "parks"',
    )
    assert [await opens(sealed_chat, person) for person in ("rosa", "ben")] == [True, False]
    await says(sealed_chat, "rosa", "feedback give F-1; to @ben")
    assert await opens(sealed_chat, "ben")


async def test_who_logged_it_names_another_department_and_its_new_owner_from_outside_does_not(
    sealed_chat: DeskChat,
) -> None:
    await log(sealed_chat)
    await log(sealed_chat)
    await says(sealed_chat, "ben", "feedback take F-2")
    for person, ref in (("owen", "F-1"), ("ben", "F-2")):
        shown = await says(sealed_chat, person, f"feedback show {ref}")
        form = await sealed_chat.person(person).opens("Change", shown)
        await sealed_chat.person(person).fills(form, category="parks")
    assert await opens(sealed_chat, "priya", "F-1")
    assert not await opens(sealed_chat, "priya", "F-2")


async def test_a_while_after_it_was_closed_only_who_logged_it_and_the_city_manager_open_it(
    sealed_chat: DeskChat,
) -> None:
    await log(sealed_chat)
    await says(sealed_chat, "rosa", "feedback give F-1; to @sam")
    await says(sealed_chat, "sam", "feedback close F-1; reason answered; answer It is tight")
    people = ("rosa", "sam", "owen", "maria")
    assert [await opens(sealed_chat, person) for person in people] == [True, True, True, True]
    sealed_chat.bot.clock.advance(days=30, seconds=1)
    assert [await opens(sealed_chat, person) for person in people] == [False, False, True, True]
    told = await says(sealed_chat, "rosa", "feedback contact F-1")
    assert "The contact of F-1 is open to Owen Fitzroy and the city manager." in told.text
    assert "Ask the department" not in told.buttons
    await says(sealed_chat, "rosa", "feedback reopen F-1; why It leaks again")
    assert await opens(sealed_chat, "rosa")


async def test_a_department_that_the_city_has_dropped_opens_nothing_and_nobody_is_asked(
    sealed_chat: DeskChat,
) -> None:
    await log(sealed_chat, category="library")
    city = sealed_chat.bot.application.settings.city_dir
    for file in city.glob("*.toml"):
        text = file.read_text(encoding="utf-8").replace('department = "library"', 'department = "people"')
        file.write_text(re.sub(r'\[\[department\]\]\nid = "library"[^\[]*', "", text), encoding="utf-8")
    await sealed_chat.bot.pass_time(seconds=5)
    assert "library" not in sealed_chat.bot.application.runtime.city().departments
    told = await says(sealed_chat, "grace", "feedback contact F-1")
    assert "Ask the department" not in told.buttons
    assert "open to Owen Fitzroy and the city manager" in told.text
    assert [await opens(sealed_chat, person) for person in ("owen", "maria")] == [True, True]


BEFORE = (  # what people did before the bot recorded who may open a contact, and who may after the upgrade
    ("rosa feedback take F-1", "rosa"),
    ("rosa feedback give F-2; to @sam", "rosa sam"),
    ("sam feedback give F-3; to @ben", "rosa"),
    ("hugo feedback route F-4; department parks; reason Park", "rosa ben"),
    ("ben feedback route F-5; department parks; reason Park", "rosa"),
    ("hugo feedback route F-6; department parks; reason Park|ben feedback give F-6; to @sam", "rosa ben sam"),
    ("rosa feedback give F-7; to @sam|ben feedback give F-7; to @ines|ines feedback give F-7; to @sam", "rosa"),
)


async def test_what_was_logged_before_is_open_to_whom_its_history_opens_it(sealed_chat: DeskChat) -> None:
    for lines, _ in BEFORE:
        await log(sealed_chat)
        for told in lines.split("|"):
            await says(sealed_chat, *told.split(" ", 1))

    def as_before(store: Store) -> None:
        store.connection.execute(update(feedback).values(first_department=None, given_to=None))
        store.connection.execute(delete(contact_departments))

    await sealed_chat.bot.application.runtime.write(as_before)
    vault = sealed_chat.bot.application.runtime.vault
    await sealed_chat.bot.restart()
    sealed_chat.bot.application.runtime.vault = vault
    for number, (_, may) in enumerate(BEFORE, start=1):
        found = {person for person in ("rosa", "sam", "ben", "ines") if await opens(sealed_chat, person, f"F-{number}")}
        assert found == set(may.split()), number
    items = await sealed_chat.bot.read(lambda store: store.feedback.lists.all())
    assert [item.first_department for item in items] == ["water"] * len(BEFORE)
    for item in items:
        assert await sealed_chat.bot.read(lambda store, n=item.number: store.feedback.records.replayed(n)) == item


async def test_what_waits_for_an_answer_ends_with_the_item(sealed_chat: DeskChat) -> None:
    await log(sealed_chat)
    await ask(sealed_chat, "tom")
    sealed_chat.bot.clock.advance(days=2)
    await says(sealed_chat, "rosa", "feedback close F-1; reason answered; answer Tight")
    sealed_chat.bot.clock.set(sealed_chat.bot.clock.now() + timedelta(days=31))
    today = await says(sealed_chat, "rosa", "city today")
    assert "asks for the contact" not in today.text
    assert "Only Owen Fitzroy and the city manager can decide this." in await decides(sealed_chat, "rosa")
