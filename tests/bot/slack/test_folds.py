"""Folds: what is folded opens in a window of its own, and so does what is pressed where no answer can stand."""

import pytest

from bot.slack.render import render
from handlers.kit.context import Request
from handlers.kit.declared import Action
from handlers.kit.errors import UserError
from handlers.kit.messages import Button as Press
from handlers.kit.messages import Card, Fold, Items, Text
from tests.bot.slack.conftest import House
from tests.wires.slack import FakeSlack

COMING = Press("Who is coming: 2", "test.coming", "CR-1")


@pytest.fixture
async def board(house: House, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> House:
    """A card with a fold in the risks channel."""

    def coming(request: Request, value: str) -> Card:
        return Card("Who is coming", Text(f"To {value}"), Items("Sam Rivers", "Rosa Delgado"))

    action = Action("test.coming", coming, "help", None, True, None, False)
    monkeypatch.setitem(house.runtime.catalogue.actions, "test.coming", action)
    house.bind("risks", "risks")
    card = Card("CR-1", Text("Water main burst"), Fold("Who is coming: 2", Items("Sam Rivers"), button=COMING))
    house.database.write(lambda store: house.runtime.context(store).post("risks", card))
    await house.deliver()
    return house


async def test_what_is_folded_opens_in_a_window_drawn_from_its_record(board: House, slack: FakeSlack) -> None:
    sam, posted = board.person("sam"), slack.messages("risks")[-1]
    assert "Sam Rivers" not in posted.shown
    await sam.press(posted, label="Who is coming: 2")
    await board.deliver()
    assert sam.view is not None
    assert (sam.view.title, "To CR-1" in sam.view.shown, "Rosa Delgado" in sam.view.shown) == (
        "Who is coming",
        True,
        True,
    )
    assert len(slack.messages("risks")) == 1
    assert slack.refusals == []


async def test_what_is_folded_and_is_not_kept_any_more_says_so(
    board: House, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_request: Request, value: str) -> Card:
        raise UserError(f"{value} is not kept any more.")

    action = Action("test.coming", gone, "help", None, True, None, False)
    monkeypatch.setitem(board.runtime.catalogue.actions, "test.coming", action)
    sam = board.person("sam")
    await sam.press(slack.messages("risks")[-1], label="Who is coming: 2")
    assert sam.view is not None
    assert "CR-1 is not kept any more." in sam.view.shown


async def test_where_no_window_opens_the_answer_is_a_message(board: House, slack: FakeSlack) -> None:
    slack.fail("views.open", how="exchanged_trigger_id")
    sam = board.person("sam")
    await sam.press(slack.messages("risks")[-1], label="Who is coming: 2")
    await board.deliver()
    assert sam.view is None
    assert "Rosa Delgado" in sam.sees[-1].shown


async def test_what_is_pressed_on_the_home_tab_is_answered_in_a_window(house: House, slack: FakeSlack) -> None:
    sam = house.person("sam")
    await sam.slash("/risk", "add Dam gate stuck; likelihood 2; impact 3; owner @sam")
    assert (await sam.open_home()).status == 200
    await house.deliver()
    assert sam.home is not None
    before = len(slack.direct_messages("sam"))
    await sam.press_in_view(sam.home, label="What can you do?")
    await house.deliver()
    assert sam.view is not None
    assert "What could go wrong, how bad, who looks after it." in sam.view.shown
    assert len(slack.direct_messages("sam")) == before
    assert slack.refusals == []


def test_a_fold_whose_button_is_called_otherwise_keeps_its_title() -> None:
    show, title = Press("Show them", "test.coming", "CR-1"), "Steps that go on as actions: 3"
    [_, block] = render(Card("CR-1 is over", Fold(title, Text("A"), button=show)), {})["blocks"]
    assert (block["text"]["text"], block["accessory"]["text"]["text"]) == (title, "Show them")
    [_, same] = render(Card("CR-1", Fold("Show them", Text("A"), button=show)), {})["blocks"]
    assert same["type"] == "actions"
