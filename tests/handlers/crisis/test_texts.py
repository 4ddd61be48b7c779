"""Texts of a crisis: nobody reads what they know, and nothing is offered or said twice."""

from bot.inbound import Answered, Inbound, Pressed
from handlers.crisis.afterwards.document import report_card
from handlers.crisis.record import room_link
from handlers.kit.plain import plain
from tests.handlers.crisis.test_board import confirmed
from tests.handlers.crisis.test_paging import BURST, REF, takes, within
from tests.handlers.outgoing import messages, newest
from tests.handlers.town import Town


async def test_who_raises_the_alarm_is_not_told_to_phone_themselves(town: Town) -> None:
    begun = await town.says("tom", BURST)
    assert "Tom Okafor: 555-0111" not in begun
    assert "If nobody confirms it within 5 minutes, I will ask you whether to go on alone." in begun


async def test_the_card_of_a_role_names_its_steps_without_the_name_of_its_reader_and_folds_the_later_ones(
    town: Town,
) -> None:
    await confirmed(town)
    before = await newest(town)
    await takes(town, "tom", "commander")
    [orders] = [message.text for message in await messages(town, before) if "you are Commander" in message.text]
    steps = orders.split("Your steps")[1].split("Open, due and promised")[0]
    assert "Activate crisis team, by Mon Nov 23, 10:00 AM" in steps
    assert "Tom Okafor" not in steps
    assert "Later: " in steps
    assert "Post everything about the crisis in #crisis-cr-2026-01." in orders


async def test_confirming_is_said_once_on_the_question(town: Town) -> None:
    await town.says("olga", BURST)
    before = await newest(town)
    outcome = await town.runtime.handle(Inbound("say", "maria", Pressed("crisis.confirm", REF)))
    assert outcome == Answered(None)
    assert any("confirmed by Maria Lopez" in message.text for message in await messages(town, before))


async def test_what_a_card_offers_at_the_end_it_offers_once(town: Town) -> None:
    await confirmed(town)
    await takes(town, "tom", "commander")
    before = await newest(town)
    await town.says("tom", "crisis standdown The pipe is mended")
    await town.runtime.handle(Inbound("say", "maria", Pressed("crisis.standdown-agree", f"{REF} 1")))
    [over] = [message.text for message in await messages(town, before) if message.about == f"{REF} over tom"]
    assert over.count("[Write it down]") == 1
    assert "[Cause and lessons]" not in over
    assert "[Draft the after-action report]" in over
    assert "[Draft the after-action report]" not in plain(await within(town, report_card))
    assert (await within(town, room_link)).label == "#crisis-cr-2026-01"
