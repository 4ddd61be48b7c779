"""Trace: an answer to one person says to the others in one line what was done, and nothing they may not know."""

from bot.inbound import Answered, Inbound, Pressed, Typed
from handlers.kit.messages import Buttons, Card
from handlers.kit.vault import Vault
from tests.chat.desk import DeskChat

DONE = (  # who says what, and what the others read of it
    ("sam", "risk add Dam gate stuck; likelihood 4; impact 5", "R-1 logged by Sam Rivers"),
    ("sam", "risk assign R-1; owner @olga", "R-1 given to Olga Brandt by Sam Rivers"),
    ("olga", "risk assign R-1; owner @rosa", "R-1 given to Rosa Delgado by Olga Brandt"),
    ("olga", "risk assign R-1; owner me", "R-1 taken by Olga Brandt"),
    ("olga", "risk update R-1; impact 4", "R-1 changed by Olga Brandt"),
    ("olga", "risk update R-1; impact 4", ""),
    ("olga", "risk review R-1; still yes; note The new motor hums", "R-1 reviewed by Olga Brandt"),
    ("olga", "action add Buy a pump; owner @sam; due friday; about R-1", "A-1 added by Olga Brandt"),
    ("sam", "action done A-1", "A-1 done by Sam Rivers"),
    ("sam", "action done A-1", ""),
    ("olga", "risk close R-1; reason The gate was repaired", "R-1 closed by Olga Brandt"),
    ("olga", "risk reopen R-1; reason It sticks again", "R-1 reopened by Olga Brandt"),
    ("owen", "feedback add Dark path; category lights; via phone; contact Ann Lee", "F-1 logged by Owen Fitzroy"),
    ("sam", "feedback take F-1", "F-1 taken by Sam Rivers"),
    ("sam", "feedback wait F-1; whom weather; reason Frost", "F-1 paused by Sam Rivers"),
    ("sam", "feedback close F-1; reason done; answer A new lamp", "F-1 closed by Sam Rivers"),
    ("sam", "feedback close F-1; reason done; answer A new lamp", ""),
    ("sam", "risk list", ""),
    ("sam", "risk show R-1", ""),
)


async def _said(chat: DeskChat, person: str, line: str) -> Card:
    outcome = await chat.bot.application.runtime.handle(Inbound("say", person, Typed(line)))
    assert isinstance(outcome, Answered), line
    assert outcome.card is not None, line
    return outcome.card


async def test_what_was_done_is_told_in_one_line_and_what_was_only_read_or_refused_is_not(desk_chat: DeskChat) -> None:
    desk_chat.bot.application.runtime.vault = Vault((bytes(range(32)),))
    for person, line, trace in DONE:
        assert (await _said(desk_chat, person, line)).trace == trace, line


async def test_what_nobody_had_before_is_given_back_to_nobody_by_name(desk_chat: DeskChat) -> None:
    sam, olga = desk_chat.person("sam"), desk_chat.person("olga")
    await sam.says("/risk add Dam gate stuck; likelihood 4; impact 5")
    await olga.says("/action add Buy a pump; owner @sam; due friday")
    undone = {"risk assign R-1; owner me": "R-1 left without an owner by Olga Brandt"}
    undone["action assign A-1; owner me"] = "A-1 given back to Sam Rivers by Olga Brandt"
    for line, trace in undone.items():
        given = await _said(desk_chat, "olga", line)
        undo = next(
            button
            for word in given.body
            if isinstance(word, Buttons)
            for button in word.buttons
            if button.action == "undo"
        )
        outcome = await desk_chat.bot.application.runtime.handle(Inbound("say", "olga", Pressed("undo", undo.value)))
        assert isinstance(outcome, Answered)
        assert outcome.card is not None
        assert (given.trace.split(" ")[1], outcome.card.trace) == ("taken", trace)
