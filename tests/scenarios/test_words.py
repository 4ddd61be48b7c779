"""Words: what people type that is no command, and the same words from wherever they type."""

import pytest

from tests.chat.door import Chat
from tests.chat.slack import SlackChat


async def test_everybody_has_a_button_that_calls_the_crisis_team(chat: Chat) -> None:
    for line in ("/city help", "/city today"):
        mine = await chat.person("sam").says(line)
        form = await chat.person("sam").opens("Call the crisis team", mine)
        assert "what" in form.values


@pytest.mark.parity("Mistype a command and read the nearest")
async def test_an_unknown_command_names_the_nearest(chat: Chat) -> None:
    card = await chat.person("sam").says("/risk lits")
    assert card.title == "I do not know that"
    listed = await chat.person("sam").presses("List the open risks", card)
    assert listed.title == "No open risks"


async def test_a_sentence_that_is_no_command_is_logged_with_its_words(chat: Chat) -> None:
    sam = chat.person("sam")
    card = await sam.says("The copier on the second floor jams; again")
    assert set(card.buttons) == {"Log as risk", "Log as feedback", "What can you do?"}
    form = await sam.opens("Log as feedback", card)
    assert form.values["what"] == "The copier on the second floor jams; again"


async def test_of_a_large_group_the_first_commands_and_its_help_are_offered(chat: Chat) -> None:
    card = await chat.person("sam").says("/risk xyzzy")
    assert len(card.buttons) == 6
    assert (await chat.person("sam").presses("More about risk", card)).title == "Risk"


async def test_city_reaches_every_command(chat: Chat) -> None:
    card = await chat.person("sam").says("/city risk add Dam gate stuck; likelihood 2; impact 2")
    assert card.title == "Logged R-1"


async def test_curly_quotes_and_long_dashes_as_phones_type_them(chat: Chat) -> None:
    line = "/risk add “Dam; gate stuck”; likelihood — 4; impact: 5; review 2026–12–01"
    await chat.person("sam").says(line)
    risk = await chat.bot.read(lambda store: store.risk.records.find("R-1"))
    assert (risk.title, risk.likelihood, str(risk.review_on)) == ("Dam; gate stuck", 4, "2026-12-01")


async def test_a_day_is_written_as_people_write_it_and_one_that_could_be_two_is_asked_about(chat: Chat) -> None:
    sam, risk = chat.person("sam"), "/risk add Dam gate stuck; likelihood 4; impact 2; review"
    await sam.says(f"{risk} December 1st, 2026")
    assert str((await chat.bot.read(lambda store: store.risk.records.find("R-1"))).review_on) == "2026-12-01"
    form = await sam.opens(f"{risk} 12/1")
    assert (form.values["title"], form.values["review_on"]) == ("Dam gate stuck", "12/1")
    assert '"12/1" could be Dec 1 or Jan 12.' in f"{form.errors} {form.raw}"


@pytest.mark.parametrize("line", ["risk add Dam gate stuck; likelihood 2; impact 2", "help", "risk list"])
async def test_the_same_words_work_in_a_direct_message(chat: Chat, line: str) -> None:
    card = await chat.person("sam").says(line)
    assert card.title in ("Logged R-1", "What do you want to do?", "No open risks")


async def test_a_mention_with_something_missing_gets_a_button_that_opens_the_form(slack_chat: SlackChat) -> None:
    sam = slack_chat.person("sam")
    card = await sam.says("risk add Dam gate stuck; likelihood 4", place="ops")
    assert set(card.buttons) == {"Fill in"}
    form = await sam.opens("Fill in", card)
    assert (form.values["title"], form.values["likelihood"]) == ("Dam gate stuck", "4")
    logged = await sam.fills(form, impact="5")
    assert logged.title == "Logged R-1"


async def test_a_draft_opens_for_nobody_else(slack_chat: SlackChat) -> None:
    card = await slack_chat.person("sam").says("risk add Dam gate stuck", place="ops")
    draft = card.buttons["Fill in"]["value"]
    assert await slack_chat.bot.read(lambda store: store.chat.drafts.find(draft, "olga")) is None
    assert await slack_chat.bot.read(lambda store: store.chat.drafts.find(draft, "sam")) is not None
