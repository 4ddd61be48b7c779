"""Feedback contact: sealed, opened only in a form and only by those who may, with each look in the audit."""

import json

import pytest
from sqlalchemy import inspect, select, table, text

from bot.execution import Execution
from bot.inbound import Answered, Asking, Inbound, Pressed, Submitted, Typed
from bot.shown import shown
from handlers.kit.messages import Buttons
from handlers.kit.vault import Vault
from storage.audit import audit
from storage.database import Store
from tests.chat.desk import DeskChat
from tests.chat.seen import Seen

ANN = "Ann Lee, 212-555-0147"


async def logged(chat: DeskChat) -> Seen:
    owen = chat.person("owen")
    form = await owen.opens("feedback add Leak in the cellar; category water")
    return await owen.fills(form, via="phone", contact=ANN)


def all_that_is_kept(store: Store) -> str:
    """Every column of every row of every table, as text."""
    names = inspect(store.connection).get_table_names()
    rows = [str(row) for name in names for row in store.connection.execute(select(text("*")).select_from(table(name)))]
    return "\n".join(rows)


def looks(store: Store) -> list[tuple[str, str]]:
    rows = store.connection.execute(select(audit.c.person, audit.c.facts))
    return [(row.person, told) for row in rows if (told := json.loads(row.facts).get("contact"))]


async def test_those_who_answer_open_it_in_a_form_and_every_look_is_audited(sealed_chat: DeskChat) -> None:
    card = await logged(sealed_chat)
    assert "Wants an answer" in card.text
    assert "Ann" not in card.text
    for person in ("hugo", "rosa", "owen", "maria"):
        form = await sealed_chat.person(person).opens("feedback contact F-1")
        assert form.values == {"contact": ANN}
    trace = await sealed_chat.bot.read(looks)
    assert trace == [("owen", "kept"), *((person, "seen") for person in ("hugo", "rosa", "owen", "maria"))]


async def test_others_get_the_same_answer_whether_there_is_a_contact_or_not(sealed_chat: DeskChat) -> None:
    await logged(sealed_chat)
    await sealed_chat.person("owen").says("feedback add Smell; category water; via phone")
    answers = [await sealed_chat.person("tom").says(f"feedback contact {ref}") for ref in ("F-1", "F-2")]
    texts = [answer.text.replace("F-2", "F-1") for answer in answers]
    assert "The contact of F-1 is open to Water and Sewer, Owen Fitzroy and the city manager." in texts[0]
    assert texts[0] == texts[1]
    shown = await sealed_chat.person("tom").says("feedback show F-1")
    assert "Contact" not in shown.buttons
    pressed = await sealed_chat.bot.application.runtime.handle(
        Inbound("desk", "tom", Pressed("feedback.contact", "F-1"))
    )
    assert isinstance(pressed, Answered)
    assert "555-0147" not in str(pressed.card)
    assert await sealed_chat.bot.read(looks) == [("owen", "kept"), *[("tom", "refused")] * 3]


async def test_whoever_answers_is_told_of_each_resident_who_wants_to_know(sealed_chat: DeskChat) -> None:
    await logged(sealed_chat)
    hugo = sealed_chat.person("hugo")
    for line in (
        "feedback add Leak; category water; via phone",
        "feedback add Water; category water; via phone",
        "feedback duplicate F-1; of F-2",
        "feedback duplicate F-2; of F-3",
    ):
        await hugo.says(line)
    closed = await hugo.says("feedback close F-3; reason done; answer The pipe is tight")
    assert "Wants an answer: F-1, a duplicate." in closed.text
    form = await hugo.opens("Contact of F-1", closed)
    assert form.values == {"contact": ANN}
    await sealed_chat.bot.pass_time(hours=24)
    digest = (await sealed_chat.person("owen").direct())[-1].text
    assert "a duplicate of F-3, is answered: The pipe is tight" in digest


async def test_it_stands_nowhere_in_the_database_in_clear(sealed_chat: DeskChat) -> None:
    await logged(sealed_chat)
    rosa = sealed_chat.person("rosa")
    form = await rosa.opens("feedback contact F-1")
    await rosa.fills(form, contact=f"{ANN}, mornings")
    await rosa.says("feedback close F-1; reason done; answer Dried")
    await sealed_chat.person("maria").says("feedback export")
    await sealed_chat.bot.pass_time(days=8)
    kept = await sealed_chat.bot.read(all_that_is_kept)
    assert "Leak in the cellar" in kept
    for words in ("Ann Lee", "555-0147"):
        assert words not in kept
    again = await rosa.opens("feedback contact F-1")
    assert again.values == {"contact": f"{ANN}, mornings"}


async def test_a_line_does_not_give_it_and_nothing_of_it_stays(sealed_chat: DeskChat) -> None:
    line = f"feedback add Leak; category water; via phone; contact {ANN}"
    form = await sealed_chat.person("owen").opens(line)
    assert form.values["what"] == "Leak"
    assert form.values["contact"] == ""
    assert "Do not type contact data into a command" in form.errors["contact"]
    assert "555-0147" not in await sealed_chat.bot.read(all_that_is_kept)


async def test_where_no_form_can_open_its_button_keeps_the_rest_alone(sealed_chat: DeskChat) -> None:
    runtime = sealed_chat.bot.application.runtime
    line = Typed(f"feedback add Leak; category water; via phone; contact {ANN}")
    await runtime.handle(Inbound("desk", "owen", line, opens_forms=False))
    kept = await sealed_chat.bot.read(all_that_is_kept)
    assert "Leak" in kept
    assert "555-0147" not in kept


async def test_where_no_form_can_open_the_contacts_button_fills_it_in_anew(sealed_chat: DeskChat) -> None:
    await logged(sealed_chat)
    runtime = sealed_chat.bot.application.runtime
    typed = await runtime.handle(Inbound("desk", "rosa", Typed("feedback contact F-1"), opens_forms=False))
    assert isinstance(typed, Answered)
    assert typed.card is not None
    [button] = [button for word in typed.card.body if isinstance(word, Buttons) for button in word.buttons]
    assert "555-0147" not in await sealed_chat.bot.read(all_that_is_kept)
    opened = await runtime.handle(Inbound("desk", "rosa", Pressed(button.action, button.value)))
    assert isinstance(opened, Asking)
    assert opened.page.values == {"contact": ANN}


async def test_a_form_that_comes_too_late_to_be_shown_again_keeps_the_rest_alone(sealed_chat: DeskChat) -> None:
    runtime = sealed_chat.bot.application.runtime
    values = {"what": "Leak", "category": "moon", "via": "phone", "contact": ANN}
    await runtime.handle(Inbound("desk", "owen", Submitted("feedback add", "n", values), opens_forms=False))
    kept = await sealed_chat.bot.read(all_that_is_kept)
    assert "Leak" in kept
    assert "555-0147" not in kept


@pytest.mark.parametrize(
    "what",
    [
        Typed(f"feedback add Leak; category water; contact {ANN}; via phone"),
        Submitted("feedback add", "n", {"what": "Leak", "category": "water", "via": "phone", "contact": ANN}),
        Submitted("feedback.contact|F-1", "n", {"contact": ANN}),
    ],
)
async def test_what_is_handed_back_when_something_breaks_is_without_it(
    sealed_chat: DeskChat, what: Typed | Submitted
) -> None:
    runtime = sealed_chat.bot.application.runtime
    execution = Execution(
        Inbound("desk", "owen", what), runtime.city(), runtime.catalogue, ("desk",), runtime.clock.now()
    )
    given = str(shown(execution).what)
    assert "555-0147" not in given
    assert ("water" in given) == ("water" in str(what))


async def test_without_a_key_it_is_refused_and_nothing_is_saved_half(desk_chat: DeskChat) -> None:
    owen = desk_chat.person("owen")
    form = await owen.opens("feedback add Leak; category water")
    refused = await owen.is_asked_again(form, via="phone", contact=ANN)
    assert "there is no CONTACT_KEY. Leave it empty; Ines Varga can set the key." in refused.errors["contact"]
    assert await desk_chat.bot.read(lambda store: store.feedback.records.find("F-1")) is None
    card = await owen.fills(refused, contact="")
    assert card.title == "Logged F-1"


async def test_a_newer_key_seals_what_comes_and_the_older_goes_on_opening(sealed_chat: DeskChat) -> None:
    await logged(sealed_chat)
    runtime, old, new = sealed_chat.bot.application.runtime, bytes(range(32)), bytes(range(1, 33))
    runtime.vault = Vault((new, old))
    rosa = sealed_chat.person("rosa")
    form = await rosa.opens("feedback contact F-1")
    assert form.values == {"contact": ANN}
    await rosa.fills(form)
    runtime.vault = Vault((new,))
    form = await rosa.opens("feedback contact F-1")
    assert form.values == {"contact": ANN}
    runtime.vault = Vault((old,))
    lost = await rosa.says("feedback contact F-1")
    assert "sealed with a key that is not there" in lost.text


async def test_withdrawing_forgets_it(sealed_chat: DeskChat) -> None:
    card = await logged(sealed_chat)
    await sealed_chat.person("owen").presses("Withdraw", card)
    assert await sealed_chat.bot.read(lambda store: store.feedback.contacts.find(1)) is None


async def test_a_text_that_seems_to_hold_it_is_looked_at_twice_and_then_taken(desk_chat: DeskChat) -> None:
    owen, line = desk_chat.person("owen"), "feedback add Call 212-555-0147; category water; via phone"
    form = await owen.opens(line)
    assert "This seems to contain a phone number." in form.errors["what"]
    assert await desk_chat.bot.read(lambda store: store.feedback.records.find("F-1")) is None
    changed = await owen.is_asked_again(form, what="Call me at 212-555-0199")
    kept = await owen.fills(changed)
    assert kept.title == "Logged F-1"
