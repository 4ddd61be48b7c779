"""Sheets told: what an import gives to somebody else is heard of as in chat, in digests and in the morning check."""

import csv
import io
from datetime import UTC, datetime

import pytest

from handlers.kit.forms import questions
from handlers.kit.sheets.taking import take_rows
from handlers.kit.sheets.writing import written
from storage.database import Store
from tests.chat.desk import DeskChat


async def take_in(chat: DeskChat, register: str, **cells: str) -> None:
    """Export a register, write cells into its first row, and import it: headings have _ for a blank."""
    runtime = chat.bot.application.runtime
    sheet = runtime.catalogue.sheets[register]

    def work(store: Store) -> None:
        context = runtime.context(store)
        columns = questions(sheet.form(context.city), context.city)
        data = written(columns, sheet.rows(context), "csv", context.calendar)
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        rows[0] |= {heading.replace("_", " "): value for heading, value in cells.items()}
        file = io.StringIO(newline="")
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
        take_rows(sheet, context, file.getvalue().encode())
        context.write_audit("it", f"import {register}")

    await runtime.write(work)
    await chat.bot.settle()


async def morning(chat: DeskChat) -> None:
    """The next morning, when the check has gone out."""
    await chat.bot.settle()
    chat.bot.clock.set(datetime(2026, 11, 24, 12, 30, 1, tzinfo=UTC))
    await chat.bot.settle()


async def digest(chat: DeskChat, person: str) -> str:
    return (await chat.person(person).says("/city digest")).text


async def written_to(chat: DeskChat, person: str) -> list[str]:
    return [message.title for message in await chat.person(person).direct()]


async def checked(chat: DeskChat) -> str:
    return (await chat.person("maria").finds("Good morning")).text


async def test_an_action_that_a_sheet_gives_to_somebody_is_told_in_digests(desk_chat: DeskChat) -> None:
    await desk_chat.person("maria").says("/action add Oil the gate; owner @sam; due today")
    await morning(desk_chat)
    before = await written_to(desk_chat, "hugo")
    await take_in(desk_chat, "actions", Owner="Hugo Lindqvist")
    assert await written_to(desk_chat, "hugo") == before
    assert "With you now: A-1 Oil the gate (Hugo Lindqvist" in await digest(desk_chat, "hugo")
    for person in ("sam", "maria"):  # who had it, and who asked for it
        assert "the bot: A-1 Oil the gate (Hugo Lindqvist" in await digest(desk_chat, person), person
    assert "Given to Hugo Lindqvist. Sam Rivers: A-1" in await checked(desk_chat)


async def test_a_risk_that_a_sheet_gives_to_somebody_is_told_in_digests(desk_chat: DeskChat) -> None:
    await desk_chat.person("sam").says("/risk add Dam gate stuck; likelihood 4; impact 5; owner @sam")
    await morning(desk_chat)
    before = await written_to(desk_chat, "olga")
    await take_in(desk_chat, "risks", Owner="Olga Brandt")
    assert await written_to(desk_chat, "olga") == before
    assert "You look after R-1 now: Dam gate stuck" in await digest(desk_chat, "olga")
    assert "Olga Brandt looks after R-1 now, and you do not anymore" in await digest(desk_chat, "sam")
    assert "Given to Olga Brandt. R-1" in await checked(desk_chat)
    await take_in(desk_chat, "risks", Owner="")
    assert "nobody looks after R-1 now, and you do not anymore" in await digest(desk_chat, "olga")


async def test_feedback_that_a_sheet_gives_to_somebody_is_told_in_digests(desk_chat: DeskChat) -> None:
    await desk_chat.person("owen").says("/feedback add Deep pothole; category streets; via phone")
    await desk_chat.person("sam").says("/feedback take F-1")
    await morning(desk_chat)
    before = await written_to(desk_chat, "tom")
    await take_in(desk_chat, "feedback", Owner="tom")
    assert await written_to(desk_chat, "tom") == before
    assert "F-1 is with you now, in Public Works: Deep pothole" in await digest(desk_chat, "tom")
    assert "F-1 is with Tom Okafor now, and not with you anymore" in await digest(desk_chat, "sam")
    assert "Given to Tom Okafor. F-1" in await checked(desk_chat)


async def test_what_is_given_to_somebody_else_in_chat_is_told_to_who_had_it(desk_chat: DeskChat) -> None:
    maria, rosa = desk_chat.person("maria"), desk_chat.person("rosa")
    await desk_chat.person("sam").says("/risk add Dam gate stuck; likelihood 4; impact 5; owner @sam")
    await desk_chat.person("owen").says("/feedback add Deep pothole; category streets; via phone")
    await desk_chat.person("sam").says("/feedback take F-1")
    await maria.says("/risk assign R-1; owner @olga")
    await rosa.says("/feedback give F-1; to @tom")
    told = await digest(desk_chat, "sam")
    assert "Olga Brandt looks after R-1 now, and you do not anymore: Dam gate stuck" in told
    assert "F-1 is with Tom Okafor now, and not with you anymore" in told
    for person in ("olga", "tom"):  # they were written to
        assert "Nothing is due or new" in await digest(desk_chat, person), person


@pytest.mark.parametrize("cells", [{"Routed_to": "planning"}, {"Category": "permits"}])
async def test_feedback_that_a_sheet_routes_is_posted_where_it_is_answered_now(
    desk_chat: DeskChat, cells: dict[str, str]
) -> None:
    await desk_chat.person("owen").says("/feedback add Loud music; category noise; via phone")
    place = desk_chat.bot.application.runtime.city().departments["planning"].place
    before = len(await desk_chat.place(place))
    await take_in(desk_chat, "feedback", **cells)
    assert len(await desk_chat.place(place)) == before + 1
