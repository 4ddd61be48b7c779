"""Statements: how many questions one gesture asks the database, so that they cannot grow unnoticed.

Counted is what stands between the beginning and the commit of the gesture's own transaction, without savepoints. Where
a number has to grow, the reason belongs into docs/performance.md.
"""

from collections.abc import Awaitable
from typing import Any, TypeVar

import pytest

from storage.database import Store
from tests.chat.door import Chat
from tests.chat.seen import Seen, SeenForm
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat

T = TypeVar("T")
RISK = "/risk add Server room floods; likelihood 2; impact 3"
FEEDBACK = "/feedback add Deep pothole; category streets; place 12 Elm Street; via phone"
HEARD = "AS delivery"  # stands in the question with which every gesture begins, and nowhere else
NO_QUESTIONS = ("COMMIT", "SAVEPOINT", "RELEASE")


async def asked(chat: Chat, gesture: Awaitable[T]) -> tuple[T, list[int]]:
    """What a gesture brings, and how many questions each of the transactions asked that people wait for."""
    await chat.bot.settle()
    said = list[str]()

    def listen(store: Store) -> None:
        driver: Any = store.connection.connection.dbapi_connection
        driver.set_trace_callback(said.append)

    await chat.bot.application.runtime.write(listen)
    brought, transactions = await gesture, list[list[str]]()
    for line in said:
        if line.startswith("BEGIN"):
            transactions.append([])
        elif transactions and not line.startswith(NO_QUESTIONS):
            transactions[-1].append(line)
    return brought, [len(lines) for lines in transactions if any(HEARD in line for line in lines)]


async def logged(chat: Chat, line: str) -> tuple[Seen, list[int]]:
    """What somebody is told to a line, who has spoken to the bot before."""
    await chat.person("sam").says("/city today")
    return await asked(chat, chat.person("sam").says(line))


@pytest.mark.parametrize(("line", "questions"), [(RISK, 9), (FEEDBACK, 28)])
async def test_logging_a_line_in_slack_asks_so_many_questions(slack_chat: SlackChat, line: str, questions: int) -> None:
    assert (await logged(slack_chat, line))[1] == [questions]


@pytest.mark.parametrize(("line", "questions"), [(RISK, 12), (FEEDBACK, 31)])
async def test_logging_a_line_in_teams_asks_three_more_for_the_answer(
    teams_chat: TeamsChat, line: str, questions: int
) -> None:
    assert (await logged(teams_chat, line))[1] == [questions]


async def test_opening_a_form_in_slack_asks_who_speaks_and_nothing_else(slack_chat: SlackChat) -> None:
    sam = slack_chat.person("sam")
    await sam.says("/city today")
    form, questions = await asked(slack_chat, sam.opens("/risk add"))
    assert isinstance(form, SeenForm)
    assert questions == [1]
    filled = {"title": "Server room floods", "likelihood": "2", "impact": "3"}
    assert (await asked(slack_chat, sam.fills(form, **filled)))[1] == [9]  # as a line, and whether it is there already


async def test_opening_a_form_in_teams_asks_five_for_the_card_with_its_button_and_three_for_the_press(
    teams_chat: TeamsChat,
) -> None:
    sam = teams_chat.person("sam")
    await sam.says("/city today")
    form, questions = await asked(teams_chat, sam.opens("/risk add"))
    assert isinstance(form, SeenForm)
    assert questions == [5, 3]
    filled = {"title": "Server room floods", "likelihood": "2", "impact": "3"}
    assert (await asked(teams_chat, sam.fills(form, **filled)))[1] == [9]


@pytest.mark.parametrize(("label", "questions"), [("Show all", 9), ("Withdraw", 21)])
async def test_a_button_in_slack_asks_so_many_questions(slack_chat: SlackChat, label: str, questions: int) -> None:
    card, _ = await logged(slack_chat, RISK)
    assert (await asked(slack_chat, slack_chat.person("sam").presses(label, card)))[1] == [questions]


@pytest.mark.parametrize(("label", "questions"), [("Show all", 8), ("Withdraw", 24)])
async def test_a_button_in_teams_asks_so_many_questions(teams_chat: TeamsChat, label: str, questions: int) -> None:
    card, _ = await logged(teams_chat, RISK)
    assert (await asked(teams_chat, teams_chat.person("sam").presses(label, card)))[1] == [questions]
