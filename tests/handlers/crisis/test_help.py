"""Help: what a department needs reaches who leads with buttons, and somebody has it from then on."""

import itertools
from datetime import timedelta

from bot.inbound import Answered, Inbound, Pressed, Submitted
from handlers.crisis.command.help import wants_help
from handlers.crisis.command.rollcall import ask, question
from handlers.crisis.record import at_when
from handlers.kit.context import Context
from handlers.kit.messages import Card
from handlers.kit.plain import plain
from storage.actions.records import Action
from storage.chat.people import Met
from storage.crisis.records import Crisis
from storage.database import Store
from tests.handlers.crisis.test_board import confirmed
from tests.handlers.crisis.test_paging import REF, log, takes, within
from tests.handlers.outgoing import Message, messages, newest
from tests.handlers.town import Town

WORKS = f"{REF} public-works"
FORMS = itertools.count(1)
TRUCKS = "Help for Public Works: Two tank trucks"


async def asked(town: Town) -> Message:
    """Public Works needs help; gives what Tom, who leads, reads."""
    await confirmed(town)
    await takes(town, "tom", "commander")
    before = await newest(town)
    await fills(town, "olga", "crisis.department-help", line="Two tank trucks")
    [told] = [message for message in await messages(town, before) if message.about == f"{REF} help public-works"]
    return told


async def fills(town: Town, who: str, action: str, **values: str) -> Card:
    outcome = await town.runtime.handle(
        Inbound("say", who, Submitted(f"{action}|{WORKS}", f"form {next(FORMS)}", values))
    )
    assert isinstance(outcome, Answered)
    assert outcome.card
    return outcome.card


async def presses(town: Town, person: str, action: str) -> str:
    outcome = await town.runtime.handle(Inbound("say", person, Pressed(action, WORKS)))
    assert isinstance(outcome, Answered)
    return plain(outcome.card) if outcome.card else ""


async def actions(town: Town) -> list[Action]:
    return list(await town.bot.read(lambda store: store.actions.records.about(REF)))


async def shown(town: Town, after: int, about: str) -> str:
    """The newest text of a message that was brought up to date."""
    return [message.text for message in await messages(town, after) if message.about == about][-1]


async def test_who_leads_reads_who_asks_for_what_and_has_it_by_one_button(town: Town) -> None:
    told = await asked(town)
    assert told.place == "dm:tom"
    assert told.text.splitlines()[0] == f"{REF}: Public Works needs help (Needs help)"
    assert "Two tank trucks" in told.text
    assert "Asked by Olga Brandt at 9:00 AM." in told.text
    assert "[I have it] [Give it to somebody] [Answer them]" in told.text
    before = await newest(town)
    await presses(town, "tom", "crisis.help-mine")
    assert [(action.what, action.owner) for action in await actions(town)] == [(TRUCKS, "tom")]
    assert any(line.startswith(f"asks Tom Okafor for A-1 {TRUCKS}") for line in await log(town))
    assert "Tom Okafor has it: A-1." in await shown(town, before, told.about or "")
    assert "Tom Okafor has it: A-1." in await shown(town, before, f"{REF} department public-works")
    assert "Tom Okafor has it already: A-1. Nothing was changed." in await presses(town, "hugo", "crisis.help-mine")


async def test_help_is_given_to_somebody_who_is_told(town: Town) -> None:
    await asked(town)
    before = await newest(town)
    card = await fills(town, "tom", "crisis.help-give", person="hugo")
    assert card.title == "Hugo Lindqvist takes care of it: A-1"
    assert any(TRUCKS in message.text for message in await messages(town, before) if message.place == "dm:hugo")


async def test_who_asked_for_help_reads_the_answer_and_the_log_has_it(town: Town) -> None:
    await asked(town)
    before = await newest(town)
    await fills(town, "tom", "crisis.help-answer", text="They leave the depot at ten")
    told = [message.text for message in await messages(town, before) if message.place == "dm:olga"]
    assert any("They leave the depot at ten" in text for text in told)
    assert "answers Public Works: They leave the depot at ten" in await log(town)


async def test_a_department_that_is_well_again_needs_no_help_and_only_who_works_on_it_takes_it(town: Town) -> None:
    told = await asked(town)
    assert "Only those who work on" in await presses(town, "sam", "crisis.help-mine")
    before = await newest(town)
    await presses(town, "olga", "crisis.department-ok")
    assert "Public Works needs no help anymore" in await shown(town, before, told.about or "")
    assert "does not need help anymore" in await presses(town, "tom", "crisis.help-mine")
    assert await within(town, wants_help) == []


async def test_help_that_somebody_has_is_not_asked_for_again(town: Town) -> None:
    about = (await asked(town)).about or ""
    await presses(town, "tom", "crisis.help-mine")
    await fills(town, "olga", "crisis.department-help", line="Two tank trucks")
    assert "Tom Okafor has it: A-1." in await shown(town, 0, about)
    await fills(town, "olga", "crisis.department-help", line="Four tank trucks")
    assert "[I have it] [Give it to somebody] [Answer them]" in await shown(town, 0, about)


async def test_the_request_follows_what_becomes_of_its_action(town: Town) -> None:
    about = (await asked(town)).about or ""
    await presses(town, "tom", "crisis.help-mine")
    before = await newest(town)
    await town.says("tom", "action assign A-1; owner @hugo")
    for ref in (about, f"{REF} department public-works"):
        assert "Hugo Lindqvist has it: A-1." in await shown(town, before, ref)
    await town.says("hugo", "action done A-1")
    assert "Hugo Lindqvist has done it: A-1." in await shown(town, before, about)
    await town.says("hugo", "action reopen A-1")
    await town.says("tom", "action drop A-1; why They came by themselves")
    assert "[I have it] [Give it to somebody] [Answer them]" in await shown(town, before, about)
    assert "has it" not in await shown(town, before, f"{REF} department public-works")
    assert [taken for _, taken in await within(town, wants_help)] == [None]


async def test_who_answers_somebody_who_is_gone_reads_where_the_answer_is(town: Town) -> None:
    await asked(town)

    def leaves(store: Store) -> None:
        store.chat.people.meet(Met("olga", "Olga Brandt", None), "slack", "U1", town.bot.clock.now())
        store.chat.people.set_state("slack", "U1", "deactivated")

    await town.runtime.write(leaves)
    before = await newest(town)
    card = await fills(town, "tom", "crisis.help-answer", text="They leave the depot at ten")
    assert card.title == "Olga Brandt is not here anymore; your answer is on the timeline"
    assert not [message for message in await messages(town, before) if message.place == "dm:olga"]


async def test_what_a_department_has_said_reads_as_a_sentence_when_it_is_asked_again_too(town: Town) -> None:
    def card(context: Context, crisis: Crisis) -> str:
        [works] = [one for one in context.store.crisis.rollcalls.of(crisis.ref) if one.department == "public-works"]
        return plain(question(context, crisis, works))

    await asked(town)
    assert (await within(town, card)).startswith(f"{REF}: Public Works: needs help, Olga Brandt said at 9:00 AM")
    await within(town, lambda context, crisis: ask(context, crisis, ["public-works"]))
    again = await within(town, card)
    assert again.startswith(f"{REF}: how is Public Works?")
    assert "Last answer: needs help: Two tank trucks, " in again
    for text in (again, await town.says("tom", "crisis rollcall")):
        assert "was needs help" not in text
        assert "is needs help" not in text


async def test_a_moment_of_another_day_is_named_by_its_day(town: Town) -> None:
    await asked(town)
    now = town.bot.clock.now()
    assert await within(town, lambda context, _: at_when(context, now)) == "at 9:00 AM"
    assert await within(town, lambda context, _: at_when(context, now - timedelta(days=2))) == "on Sat Nov 21, 9:00 AM"
