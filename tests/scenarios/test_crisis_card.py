"""Crisis card and contacts: whom to call, one page to print, and numbers that are checked; at every door."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document

from bot.assembly import build_runtime
from bot.inbound import Answered, Inbound, Typed
from bot.runtime import Runtime
from handlers.kit.messages import File
from tests.chat.bot import MONDAY, Bot, settings_for
from tests.chat.clock import SetClock
from tests.chat.door import Chat
from tests.scenarios.test_contacts import said

LINES_OF_A_PAGE = 72  # of 8 points, as LibreOffice lays them out on Letter paper


def _words(data: bytes) -> str:
    paper = Document(io.BytesIO(data))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in paper.paragraphs), *cells])


@pytest.mark.parity("Get the crisis card to print")
async def test_the_crisis_card_has_whom_to_call_and_the_first_day(chat: Chat) -> None:
    await chat.person("sam").says("/risk add Dam gate stuck, says Sam Rivers; likelihood 5; impact 5")
    card = await chat.person("tom").says("/crisis card")
    said = _words((await chat.person("tom").files(card))["crisis-card.docx"])
    for part in ("Emergency coordinator", "555-0111", "Assess impact scope", "R-1 Dam gate stuck", "python -m bot say"):
        assert part in said
    assert "Jun 15, 2026, CHECK" in said
    assert "Sam Rivers" not in said, "it names no people but those to call"


async def test_staff_see_the_quick_reference_alone(chat: Chat) -> None:
    seen = await chat.person("sam").says("/city contacts")
    assert "Legal counsel: Abbott and Reyes, attorneys, 555-0161" in said(seen)
    assert "555-0111" not in seen.text


@pytest.mark.parity("Say that a number is still right")
async def test_a_number_that_is_still_right_is_marked_no_more(chat: Chat) -> None:
    ines = chat.person("ines")
    seen = await ines.says("/city contacts")
    assert "Technical support: Riverside Systems, service desk, 555-0162" in said(seen)
    assert "more than a quarter ago" in seen.text
    await ines.presses("Still right", seen)
    after = await ines.says("/city contacts")
    assert "more than a quarter ago" not in after.text


async def test_every_night_the_card_is_written_to_the_bots_machine(tmp_path: Path) -> None:
    clock = SetClock(datetime(2026, 11, 24, 7, 0, tzinfo=UTC))  # 02:00 in Riverton
    bot = Bot(settings_for(tmp_path), clock=clock)
    await bot.start()
    await bot.settle()
    assert _kept(tmp_path) == ""
    await bot.pass_time(hours=1, minutes=1)
    assert "Emergency coordinator" in _kept(tmp_path)
    await bot.stop()


async def test_what_does_not_fit_the_page_is_counted_and_the_first_to_call_stay(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    file = settings.city_dir / "contacts.toml"
    more = (
        f'[[contact]]\nid = "more-{n}"\nrole = "Helper {n}"\nname = "N. {n}"\nphone = "555-01{n}"' for n in range(60)
    )
    file.write_text("\n".join([file.read_text(encoding="utf-8"), *more]), encoding="utf-8")
    runtime = build_runtime(settings, SetClock(MONDAY))
    for number in range(30):
        await runtime.handle(Inbound("say", "sam", Typed(f"risk add Gate {number} stuck; likelihood 5; impact 5")))
    data = await _printed(runtime)
    paper = Document(io.BytesIO(data))
    called = len(paper.tables[0].rows) - 1
    risks = sum("Gate" in paragraph.text for paragraph in paper.paragraphs)
    assert called >= 24
    assert risks >= 3
    assert f"And {74 - called} more: city contacts" in _words(data)
    assert f"And {30 - risks} more: risk list" in _words(data)
    lines = sum(len(table.rows) for table in paper.tables) + sum(bool(paragraph.text) for paragraph in paper.paragraphs)
    assert lines <= LINES_OF_A_PAGE


async def test_rivertons_card_begins_with_the_emergency_number_then_the_order_to_call_and_is_one_page(
    tmp_path: Path,
) -> None:
    runtime = build_runtime(settings_for(tmp_path), SetClock(MONDAY))
    paper = Document(io.BytesIO(await _printed(runtime)))
    said = [paragraph.text for paragraph in paper.paragraphs if paragraph.text]
    assert said[:2] == ["Crisis card", "1. Somebody is in danger: call 911 first"]
    assert said[2].startswith("Riverton, written Mon Nov 23, 2026, 9:00 AM.")
    assert said[3] == "2. Then call in this order"
    order = [row.cells[0].text for row in paper.tables[0].rows]
    assert order[1:5] == ["1. Emergency coordinator", "2. Fire chief", "3. Chief of police", "4. City manager"]
    assert order[10] == "10. AI team lead", "experts are called after the city's own"
    lines = sum(len(table.rows) for table in paper.tables) + len(paper.paragraphs)
    assert lines <= LINES_OF_A_PAGE


async def test_a_card_without_contacts_and_plan_says_so_and_where_to_add_them(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    for name in ("contacts.toml", "crisis.toml"):
        (settings.city_dir / name).unlink()
    runtime = build_runtime(settings, SetClock(MONDAY))
    paper = Document(io.BytesIO(await _printed(runtime)))
    said = [paragraph.text for paragraph in paper.paragraphs]
    assert said[said.index("2. Then call in this order") + 2].startswith("Nobody yet. Add them to contacts.toml")
    assert said[said.index("The first hours") + 1] == "No plan yet. Add its steps to crisis.toml."
    assert said[said.index("Open risks, Extreme or High") + 1] == "None."
    assert "calls the next one" in " ".join(said)
    assert not paper.tables


async def _printed(runtime: Runtime) -> bytes:
    """The card that Tom Okafor prints, the last thing that this bot does."""
    answer = await runtime.handle(Inbound("say", "tom", Typed("crisis card")))
    runtime.database.close()
    assert isinstance(answer, Answered)
    assert answer.card
    [page] = [attached for attached in answer.card.files if isinstance(attached, File)]
    return page.data


def _kept(folder: Path) -> str:
    file = folder / "shelf" / "crisis-card.docx"
    return _words(file.read_bytes()) if file.exists() else ""


@pytest.mark.doors
async def test_the_morning_check_says_when_the_last_drill_was(chat: Chat) -> None:
    await chat.bot.settle()
    await chat.bot.pass_time(hours=23)  # 08:00 on Tuesday in Riverton
    assert "There has been no crisis drill yet." in (await chat.person("maria").finds("Good morning.")).text
    await chat.person("olga").says("/crisis activate Practice; level 1; kind drill")
    await chat.bot.pass_time(hours=24)
    assert "Last crisis drill: 1 day ago." in (await chat.person("maria").finds("Good morning. Riverton, Wed")).text
