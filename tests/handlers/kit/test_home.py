"""Home: what must be decided stands first, then what is due, then the rest, as much as can be seen at a glance."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context
from handlers.kit.home import LINES, PAGES, group_pages, home_card
from handlers.kit.inline import Status
from handlers.kit.listing import Listing, PageOf
from handlers.kit.messages import Button, Buttons, Card, Fold, Heading, Note, Row, Text, Word, flat, parts_of
from handlers.kit.persons import Persons
from handlers.kit.waiting import Task, Waiter, Waiting, for_each
from tests.handlers.town import Town

Ask = Callable[[Context], Card]
DONE, NOT_DONE = Button("Done", "toy.done", "T-1"), Button("Not done", "toy.not-done", "T-1")


async def _drawn(town: Town, monkeypatch: pytest.MonkeyPatch, waiting: Sequence[Waiting], ask: Ask) -> Card:
    """The card while these wait for Sam, and nothing else."""

    def declared(own: Waiting) -> Callable[[Context, Persons], Mapping[str, Waiting]]:
        return lambda _context, persons: for_each(persons.each(), own)

    todos = {own.name: Waiter(own.name, declared(own), place) for place, own in enumerate(waiting)}
    monkeypatch.setattr(catalogue, "todo_lists", todos)
    return await town.runtime.read(lambda store: ask(town.runtime.context(store)))


def _sams(context: Context) -> Card:
    return home_card(context, context.city.people["sam"])


async def test_decisions_stand_first_with_all_their_buttons_then_what_is_due_and_then_the_rest(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = await town.runtime.read(lambda store: town.runtime.context(store).today)
    bad = Status("critical", "Level 3")
    tasks = [
        Task("T-1", "Can wait", (DONE,), due=today + timedelta(days=1)),
        Task("T-2", "Is due", (DONE,), due=today),
        Task("T-3", "Is late", (DONE,), due=today - timedelta(days=2)),
        Task("T-4", "Is bad", (DONE,), status=bad),
        Task("T-5", "Is to be decided", (DONE, NOT_DONE), decides=True),
    ]
    card = await _drawn(town, monkeypatch, [Waiting("Toys: 5", tasks, name="toys")], _sams)
    assert card.status == Status("critical", "1 to decide, 1 late, 1 due today, 1 urgent")
    assert card.body[:8] == (
        Heading("To decide: 1"),
        Text("Is to be decided"),
        Buttons(DONE, NOT_DONE, about="Is to be decided"),
        Heading("Due or urgent: 3"),
        Row(Text(bad, " Is bad"), DONE),
        Row(Text(Status("warning", "late"), " Is late"), DONE),
        Row(Text(Status("info", "due today"), " Is due"), DONE),
        Heading("Toys: 5 (4 listed above)"),
    )
    assert card.body[8] == Row("Can wait", DONE)


async def test_a_full_card_folds_the_rest_and_what_is_folded_is_read_anew(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def toys(name: str, count: int, rest: str = "") -> Waiting:
        tasks = [Task(f"{name}-{number}", f"{name} {number}", (DONE,)) for number in range(min(count, 10))]
        return Waiting(f"{name}: {count}", tasks, rest, count, name=name)

    waiting = [toys("balls", 4), toys("kites", 30, "toy kites"), toys("tops", 2)]
    card = await _drawn(town, monkeypatch, waiting, _sams)
    shown = [word for word in card.body if not isinstance(word, Buttons | Note)]
    folds = [word for word in shown if isinstance(word, Fold)]
    assert [fold.title for fold in folds] == ["25 more", "tops: 2"]
    assert len(shown) == LINES + 1  # what stands behind a fold takes the one line of its title
    assert [len(list(flat((fold,)))) for fold in folds] == [1 + 5 + 1, 1 + 2]
    assert folds[0].body[-1] == Row("And 20 more.", Button.say("See all", "toy kites"))
    kites = await _drawn(town, monkeypatch, waiting, partial(_page, name="kites", number=1))
    assert kites.title == "kites: 30"
    assert kites.body[:6] == folds[0].body
    assert folds[0].body[0] == Row("kites 5", DONE)
    gone = await _drawn(town, monkeypatch, [], partial(_page, name="kites", number=1))
    assert gone.title == "This part of your list is empty now"


@pytest.mark.parametrize("decides", [False, True], ids=["due", "to decide"])
async def test_every_one_of_150_tasks_stands_on_the_card_or_on_a_page_that_its_buttons_lead_to(
    town: Town, monkeypatch: pytest.MonkeyPatch, decides: bool
) -> None:
    bad = Status("warning", "bad")
    tasks = [
        Task(f"T-{number}", f"Toy {number}", (DONE, NOT_DONE) if decides else (DONE,), status=bad, decides=decides)
        for number in range(150)
    ]
    waiting = [Waiting("Toys: 150", tasks, name="toys")]
    card = await _drawn(town, monkeypatch, waiting, _sams)
    fold = next(word for word in card.body if isinstance(word, Fold))
    shown = _toys(card.body[: card.body.index(fold)])
    assert fold.button is not None
    assert _toys(fold.body) == [f"Toy {number}" for number in range(len(shown), len(shown) + 10)]
    name, number = fold.button.value.split(" ", 1)[1], 1
    while True:
        page = await _drawn(town, monkeypatch, waiting, partial(_page, name=name, number=number))
        shown += _toys(page.body)
        turns = [button.label for word in page.body if isinstance(word, Buttons) for button in word.buttons]
        if "Next" not in turns:
            break
        number += 1
    assert shown == [task.line for task in tasks]
    assert _labels(fold)[-1] == "Show more"
    assert page.body[-1] == Note(f"Page {number + 1} of {number + 1}")


def _page(context: Context, *, name: str, number: int) -> Card:
    listed = group_pages(context, context.city.people["sam"], name)
    return listed.page(PageOf(number, name), PAGES) if isinstance(listed, Listing) else listed


def _toys(words: Iterable[Word]) -> list[str]:
    """The toys that these words are about, in order."""
    said = " ".join(str(part) for word in words for part in parts_of(word))
    return re.findall(r"Toy \d+", said)


def _labels(fold: Fold) -> list[str]:
    return [word.button.label for word in fold.body if isinstance(word, Row) and word.button]


async def test_nothing_that_waits_is_said_as_well_done(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    card = await _drawn(town, monkeypatch, [], _sams)
    assert (card.status, card.body[0]) == (Status("good", "All done"), Text("Nothing is waiting for you."))
    calm = replace(Waiting("Toys: 1", [Task("T-1", "Can wait")]), name="toys")
    assert (await _drawn(town, monkeypatch, [calm], _sams)).status is None


async def test_what_is_urgent_comes_before_all_else_however_mild_and_one_button_stands_out(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    mild, coming = Status("info", "Level 1"), Button("On my way", "toy.coming", "T-2", style="primary")
    answer = Button("Answer", "toy.answer", "T-1", style="primary")
    standups = Waiting("Stand-ups", [Task("T-1", "Stand-up", (answer,), status=Status("warning", "by 4 PM"))], name="s")
    decide = Waiting("Alarms", [Task("T-3", "Is it one?", (answer,), decides=True)], name="a")
    pages = Waiting("Pages", [Task("T-2", "You are needed", (coming,), status=mild, urgent=True)], name="p")
    card = await _drawn(town, monkeypatch, [standups, decide, pages], _sams)
    assert card.status == Status("warning", "1 to decide, 2 urgent")
    assert card.body[:2] == (Heading("Right now: 1"), Row(Text(mild, " You are needed"), coming))
    pressed = [word.button for word in card.body if isinstance(word, Row) and word.button]
    assert [button.label for button in pressed if button.style == "primary"] == ["On my way"]
