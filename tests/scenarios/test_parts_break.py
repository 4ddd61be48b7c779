"""Parts break alone: what one feature cannot say or do is missing and named; all else is said and done."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any, NoReturn

import pytest
from docx import Document

from bot.inbound import Answered, Inbound, Pressed
from handlers.crisis.calling import pages
from handlers.crisis.calling.pages import page_card
from handlers.crisis.events import BEGAN
from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context
from handlers.kit.messages import Card
from handlers.kit.persons import Persons
from handlers.kit.waiting import Waiting
from storage.crisis.pages import Page
from storage.crisis.records import Crisis
from tests.chat.desk import DeskChat
from tests.chat.door import Chat
from tests.chat.seen import Seen

NEXT_MORNING = datetime(2026, 11, 24, 12, 30, 1, tzinfo=UTC)  # 07:30:01 in Riverton, a Tuesday
BURST = "/crisis activate Water main burst; level 2"


def breaks(*_about: object) -> NoReturn:
    """Do what this feature does."""
    raise KeyError("a row of last year")


async def _faults(chat: Chat) -> list[str]:
    return [fault.part for fault in await chat.bot.read(lambda store: store.faults.all())]


async def _says(chat: Chat, person: str, line: str) -> Seen:
    return await chat.person(person).says(line)


async def test_a_home_says_what_could_not_be_read_and_all_the_rest(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    await _says(chat, "sam", "/risk add Dam gate stuck; likelihood 2; impact 2; owner @olga; review 2026-11-24")
    await _says(chat, "owen", "/feedback add Deep pothole; category streets; via phone")
    feedback = next(name for name in catalogue.todo_lists if "feedback" in name)
    monkeypatch.setitem(catalogue.todo_lists, feedback, replace(catalogue.todo_lists[feedback], function=breaks))
    home = await _says(chat, "olga", "/city today")
    assert "Dam gate stuck" in home.text
    assert f"{feedback.capitalize()} could not be read. IT has been told." in home.text
    await chat.bot.settle()
    assert f"waiting {feedback} (olga)" in (await _says(chat, "ines", "/city today")).text
    shown = await _says(chat, "ines", "/city faults")
    assert f"waiting {feedback} (olga)" in shown.text
    assert "a row of last year" in shown.text
    monkeypatch.undo()
    await _says(chat, "olga", "/city today")
    await chat.bot.settle()
    assert await _faults(chat) == []


async def test_nobody_says_of_a_wrong_city_file_that_it_is_mended_before_it_is(desk_chat: DeskChat) -> None:
    file = desk_chat.bot.application.settings.city_dir / "places.toml"
    right = file.read_text(encoding="utf-8")
    file.write_text(right.replace("operations", "???", 1) + "nonsense = [", encoding="utf-8")
    await desk_chat.bot.pass_time(seconds=5)
    for line in ("/city faults", "/city today"):
        card = await _says(desk_chat, "ines", line)
        assert "places.toml" in card.text
        assert "Until it is right, its last valid version is used." in card.text
        assert "Fixed" not in card.buttons
    old = Inbound("desk", "ines", Pressed("fault.mended", "city file places.toml"))
    told = await desk_chat.bot.application.runtime.handle(old)
    assert isinstance(told, Answered)
    assert told.card is not None
    assert "city file places.toml leaves the list by itself once it is right." in told.card.model_dump_json()
    assert await _faults(desk_chat) == ["city file places.toml"]
    file.write_text(right, encoding="utf-8")
    await desk_chat.bot.pass_time(seconds=5)
    assert await _faults(desk_chat) == []


async def test_an_alarm_stands_when_what_follows_it_breaks_and_whoever_raised_it_reads_so(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    followers = catalogue.listeners[BEGAN.name]
    broken = next(name for name in followers if name.endswith("look_later"))
    monkeypatch.setitem(followers, broken, breaks)
    card = await _says(chat, "olga", BURST)
    assert card.title == "CR-2026-01 has begun"
    assert "This could not be done: do what this feature does. IT has been told." in card.text
    assert (await chat.person("tom").finds("you are needed")).title == "Crisis CR-2026-01: you are needed"
    assert await _faults(chat) == ["crisis.began: breaks"]


async def test_one_page_that_cannot_be_made_keeps_nobody_else_from_being_called(
    desk_chat: DeskChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def card_of(context: Context, crisis: Crisis, page: Page, *rest: Any) -> Card:
        if page.person == "tom":
            raise KeyError("no such page")
        return page_card(context, crisis, page, *rest)

    monkeypatch.setattr(pages, "page_card", card_of)
    card = await _says(desk_chat, "olga", BURST)
    assert "This could not be done: page Tom Okafor. IT has been told." in card.text
    assert (await desk_chat.person("hugo").finds("you are needed")).title
    assert not [message for message in await desk_chat.person("tom").direct() if "you are needed" in message.title]


async def test_the_status_and_the_report_of_a_crisis_say_what_could_not_be_read(
    desk_chat: DeskChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half_a_chapter(context: Context, crisis: object, document: object) -> None:
        document.heading("Half a chapter")  # type: ignore[attr-defined]
        raise KeyError("the other half")

    await _says(desk_chat, "olga", BURST)
    await desk_chat.person("tom").presses("On my way", await desk_chat.person("tom").finds("you are needed"))
    monkeypatch.setitem(
        catalogue.crisis_board_sections, "roles", replace(catalogue.crisis_board_sections["roles"], function=breaks)
    )
    monkeypatch.setitem(
        catalogue.crisis_report_sections,
        "roles",
        replace(catalogue.crisis_report_sections["roles"], function=half_a_chapter),
    )
    monkeypatch.setitem(
        catalogue.crisis_handover_sections, next(iter(sorted(catalogue.crisis_handover_sections))), breaks
    )
    status = await _says(desk_chat, "olga", "/crisis status")
    assert "Roles could not be read. IT has been told." in status.text
    assert "no answer yet" in status.text
    drafted = await _says(desk_chat, "tom", "/crisis document")
    [file] = (await desk_chat.person("tom").files(drafted)).values()
    report = [paragraph.text for paragraph in Document(BytesIO(file)).paragraphs]
    assert "Roles could not be read. IT has been told." in report
    assert "Half a chapter" not in report
    assert "The whole timeline" in report
    await _says(desk_chat, "tom", "/crisis handover Commander; person @marcus")
    orders = await desk_chat.person("marcus").finds("you are Commander")
    assert "could not be read. IT has been told." in orders.text


async def test_the_morning_check_says_what_it_could_not_read_and_names_it_last(
    desk_chat: DeskChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _says(desk_chat, "sam", "/risk add Dam gate stuck; likelihood 4; impact 5")
    section = catalogue.morning_sections["who wants help"]
    monkeypatch.setitem(catalogue.morning_sections, section.name, replace(section, function=breaks))
    await desk_chat.bot.settle()
    desk_chat.bot.clock.set(NEXT_MORNING)
    await desk_chat.bot.settle()
    card = (await desk_chat.person("maria").direct())[-1]
    assert "R-1 Dam gate stuck has no owner" in card.text
    assert "Who wants help could not be read. IT has been told." in card.text
    assert "section who wants help" in card.text
    [told] = await desk_chat.place("ops")
    assert "Not working, please tell IT: 1." in told.text


async def test_one_persons_digest_that_breaks_keeps_nobody_else_from_theirs(
    desk_chat: DeskChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    for owner in ("olga", "hugo"):
        await _says(
            desk_chat, "sam", f"/risk add Gate of {owner}; likelihood 2; impact 2; owner @{owner}; review 2026-11-24"
        )

    def waits_for_all_but_olga(context: Context, persons: Persons) -> dict[str, Waiting]:
        """A task whose words no door can say."""
        return {"olga": Waiting("Odd", [object()])} if "olga" in persons else {}  # type: ignore[list-item]

    waiter = catalogue.todo_lists["broken parts"]
    monkeypatch.setitem(catalogue.todo_lists, "odd", replace(waiter, name="odd", function=waits_for_all_but_olga))
    await desk_chat.bot.settle()
    desk_chat.bot.clock.set(NEXT_MORNING + timedelta(hours=1))
    await desk_chat.bot.settle()
    [card] = [message for message in await desk_chat.person("hugo").direct() if message.title.startswith("Your day")]
    assert "Gate of hugo" in card.text
    assert not [message for message in await desk_chat.person("olga").direct() if message.title.startswith("Your day")]
    assert "digest" in await _faults(desk_chat)
