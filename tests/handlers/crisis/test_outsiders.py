"""Crisis outsiders: people who do not work on a crisis answer for nobody in it, and read no draft of a statement."""

from bot.inbound import Answered, Asking, Inbound, Outcome, Pressed
from handlers.kit.plain import plain
from tests.handlers.town import Town

BURST = "/crisis activate Water main burst; where Mill Road; level 2"
OUTSIDE = "Only those who work on CR-2026-01 can do this."
DRAFT = "/crisis statement A burst; who All; since 08:40; do Boil water; next in 2 hours"


async def press(town: Town, person: str, action: str, value: str) -> Outcome:
    return await town.runtime.handle(Inbound("say", person, Pressed(action, value)))


async def nobody_answers(town: Town) -> None:
    for _ in range(4):
        await town.bot.pass_time(minutes=5)


def refused(outcome: Outcome) -> bool:
    return isinstance(outcome, Answered) and outcome.card is not None and OUTSIDE in plain(outcome.card)


async def test_what_came_of_a_call_is_said_by_those_who_work_on_the_crisis(town: Town) -> None:
    await town.says("hugo", BURST)
    await nobody_answers(town)
    assert refused(await press(town, "ben", "crisis.phoned", "CR-2026-01 tom cannot"))
    pages = await town.bot.read(
        lambda store: {page.person: page.answer for page in store.crisis.pages.of("CR-2026-01")}
    )
    assert pages["tom"] is None
    told = await press(town, "dana", "crisis.phoned", "CR-2026-01 tom cannot")
    assert isinstance(told, Answered)
    assert told.ok


async def test_who_raised_the_alarm_and_has_the_numbers_says_what_came_of_a_call(town: Town) -> None:
    await town.says("ben", BURST)
    assert refused(await press(town, "ben", "crisis.phoned", "CR-2026-01 tom cannot"))
    await nobody_answers(town)
    told = await press(town, "ben", "crisis.phoned", "CR-2026-01 tom cannot")
    assert isinstance(told, Answered)
    assert told.ok


async def test_a_draft_of_a_statement_is_read_by_those_who_work_on_the_crisis(town: Town) -> None:
    await town.says("hugo", BURST)
    await town.says("felix", DRAFT)
    assert refused(await press(town, "ben", "crisis.statement-anew", "1"))
    form = await press(town, "felix", "crisis.statement-anew", "1")
    assert isinstance(form, Asking)
    assert form.page.values["do"] == "Boil water"


async def test_a_line_is_corrected_only_in_the_crisis_to_which_it_belongs(town: Town) -> None:
    await town.says("hugo", BURST)
    await town.says("tom", "/crisis log Pumps run")
    [line] = await town.bot.read(
        lambda store: [entry for entry in store.crisis.log.of("CR-2026-01") if entry.text == "Pumps run"]
    )
    await town.bot.pass_time(hours=25)
    await town.says("hugo", "/crisis activate Flood; level 1")
    other = await press(town, "tom", "crisis.log-correct", f"CR-2026-02 {line.id}")
    assert isinstance(other, Answered)
    assert other.card is not None
    assert "CR-2026-02 has no such line that can be corrected." in plain(other.card)
    form = await press(town, "tom", "crisis.log-correct", f"CR-2026-01 {line.id}")
    assert isinstance(form, Asking)
    assert form.page.values["text"] == "Pumps run"
