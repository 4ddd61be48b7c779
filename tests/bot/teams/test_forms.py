"""Forms as Adaptive Cards, and back."""

import json
from typing import Any

import pytest

from bot.inbound import Pressed, Submitted
from bot.teams.elements import Where
from bot.teams.forms import People, form_card, gesture
from handlers.kit.forms import FormPage, Question
from tests.schemas import schema_problems
from tests.wires.teams.cards import card_problems, inaccessible
from tests.wires.teams.connector import BYTES_AT_MOST

SCALE = tuple((str(number), f"{number} of 5") for number in range(1, 6))
QUESTIONS = (
    Question("title", "What could happen?", "text", True, max_length=120),
    Question("story", "What is known?", "long_text", False),
    Question("impact", "How bad?", "level", True, options=SCALE),
    Question("chance", "How likely?", "level", False, options=SCALE),
    Question("area", "What is it about?", "choice", True, options=(("pot", "Potholes"), ("rats", "Rats"))),
    Question("due", "Until when?", "date", False, hint="friday, tomorrow"),
    Question("owner", "Who looks after it?", "person", False),
    Question("risk", "Which risk?", "reference", False),
)
PEOPLE = People({"sam": "Sam Rivers", "olga": "Olga Petrov"}, {"@teams:29:1sam": "sam"})


def page(values: dict[str, str] | None = None, **more: Any) -> FormPage:
    return FormPage("Log a risk", "Add", "risk add", "n1", QUESTIONS, values or {}, **more)


def drawn(shown: FormPage, where: Where = "message", people: People = PEOPLE) -> dict[str, Any]:
    card = form_card(shown, people, where)
    assert card_problems(card, dialog=where == "dialog") == []
    assert inaccessible(card) == []
    return card


def inputs(card: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {element["id"]: element for element in card["body"] if element["type"].startswith("Input.")}


def sent(card: dict[str, Any], **touched: str) -> Submitted:
    """What Teams would send back when somebody presses the button having touched only these."""
    untouched = {name: field["value"] for name, field in inputs(card).items() if "value" in field}
    [button] = card["body"][-1]["actions"]
    found = gesture({**button["data"], **untouched, **touched})
    assert isinstance(found, Submitted)
    return found


@pytest.mark.parametrize("where", ["message", "dialog"])
def test_an_empty_form_fits_teams_and_comes_back_empty(where: Where) -> None:
    form = sent(drawn(page(), where))
    assert (form.target, form.nonce, form.values) == ("risk add", "n1", {})


def test_microsofts_schema_takes_a_form() -> None:
    shown = page({"due": "someday", "owner": "@sam", "impact": "4"}, errors={"due": "No day."}, intro="Please.")
    assert schema_problems("adaptive-card-1.5.schema.json", form_card(shown, PEOPLE, "message")) == []


def test_what_was_filled_in_comes_back() -> None:
    values = {
        "title": "Dam gate", "story": "one\ntwo", "impact": "4", "chance": "2", "area": "rats", "due": "2026-12-01",
        "owner": "@sam", "risk": "R-1",
    }  # fmt: skip
    assert sent(drawn(page(values))).values == values


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({"due": "friday"}, {"due": "friday"}),
        ({"due": "2026-13-45"}, {"due": "2026-13-45"}),
        ({"owner": "somebody"}, {"owner": "somebody"}),
        ({"owner": "Sam Rivers"}, {"owner": "@sam"}),
        ({"owner": "@teams:29:1sam"}, {"owner": "@sam"}),
        ({"area": "poth"}, {"area": "pot"}),
        ({"impact": "4 of 5"}, {"impact": "4"}),
        ({"title": "x" * 200}, {"title": "x" * 200}),
        ({"title": "one\ntwo"}, {"title": "one\ntwo"}),
    ],
)
def test_what_was_typed_is_never_lost(values: dict[str, str], kept: dict[str, str]) -> None:
    assert sent(drawn(page(values))).values == kept


def test_a_text_that_is_too_long_is_not_shortened_by_its_field() -> None:
    assert "maxLength" not in inputs(drawn(page({"title": "x" * 200})))["title"]
    assert inputs(drawn(page()))["title"]["maxLength"] == 120


def test_a_word_that_is_no_choice_is_shown_beside_the_field() -> None:
    card = drawn(page({"impact": "7", "area": "cats"}))
    assert 'You wrote \\"7\\".' in json.dumps(card)
    assert 'You wrote \\"cats\\".' in json.dumps(card)


def test_problems_stand_under_their_fields() -> None:
    body = drawn(page({"due": "someday"}, errors={"due": "That is no day.", "ghost": "Nobody asks this."}))["body"]
    place = next(number for number, element in enumerate(body) if element.get("id") == "due")
    assert body[place + 1]["inlines"][0] == {"type": "TextRun", "text": "That is no day.", "color": "Attention"}
    assert body[1]["inlines"][0]["text"] == "Nobody asks this."


def test_an_optional_choice_can_be_left_open_again() -> None:
    [none, *_] = inputs(drawn(page()))["owner"]["choices"]
    assert sent(drawn(page({"owner": "@sam"})), owner=none["value"]).values["owner"].strip() == ""


def test_more_people_than_a_list_takes_are_typed() -> None:
    many = People({f"p{number}": f"Person {number}" for number in range(201)}, {})
    assert inputs(drawn(page(), people=many))["owner"]["type"] == "Input.Text"


def test_a_long_list_is_found_by_typing() -> None:
    some = People({f"p{number}": f"Person {number}" for number in range(200)}, {})
    owner = inputs(drawn(page(), people=some))["owner"]
    assert (owner["style"], len(owner["choices"])) == ("filtered", 201)
    assert inputs(drawn(page()))["owner"]["style"] == "compact"


def test_two_lists_of_people_fit_into_a_message() -> None:
    some = People(
        {f"person-number-{number}": f"Bartholomew-Maximilian Wolfeschlegel {number}" for number in range(200)}, {}
    )
    asked = tuple(Question(name, "Who?", "person", False) for name in ("deputy", "person"))
    card = drawn(FormPage("Add a leave", "Add", "away", "n1", asked), people=some)
    assert len(json.dumps(card, ensure_ascii=False).encode("utf-16-le")) < BYTES_AT_MOST - 2_000


MENU = (("in 1 hour", "in 1 hour"), ("in 2 hours", "in 2 hours"))
MOMENT = (Question("next", "When is the next update?", "text", False, suggests=MENU, moment=True),)
WHICH = (Question("crisis", "Which?", "reference", True, suggests=(("CR-2026-01", "CR-2026-01 Water main burst"),)),)


def asked(questions: tuple[Question, ...], **values: str) -> dict[str, Any]:
    return drawn(FormPage("Report", "Send", "crisis report", "n1", questions, values))


def test_a_time_is_chosen_from_the_usual_ones_or_given_to_the_minute() -> None:
    form = asked(MOMENT)
    assert [field["type"] for field in inputs(form).values()] == ["Input.ChoiceSet", "Input.Time"]
    assert sent(form).values == {}
    assert sent(asked(MOMENT, next="in 2 hours")).values == {"next": "in 2 hours"}
    assert sent(form, **{"next": "in 1 hour", "next-at": "14:30"}).values == {"next": "14:30"}
    assert schema_problems("adaptive-card-1.5.schema.json", form) == []


def test_a_time_in_words_of_their_own_stays_as_it_was_typed() -> None:
    assert sent(asked(MOMENT, next="friday noon")).values == {"next": "friday noon"}


def test_a_record_is_chosen_from_those_that_may_be_meant() -> None:
    [choice] = inputs(asked(WHICH))["crisis"]["choices"]
    assert choice == {"title": "CR-2026-01 Water main burst", "value": "CR-2026-01"}
    assert sent(asked(WHICH, crisis="cr-2026-01")).values == {"crisis": "CR-2026-01"}
    assert sent(asked(WHICH, crisis="CR-2020-07")).values == {"crisis": "CR-2020-07"}


def test_in_a_dialog_only_submit_is_used() -> None:
    [button] = drawn(page(), "dialog")["body"][-1]["actions"]
    assert button["type"] == "Action.Submit"
    assert "msteams" not in button["data"]


def test_the_same_form_comes_back_through_either_action() -> None:
    [button] = drawn(page())["body"][-1]["actions"]
    assert (button["type"], button["fallback"]["type"]) == ("Action.Execute", "Action.Submit")
    assert button["data"] == button["fallback"]["data"]


@pytest.mark.parametrize(
    "value",
    [None, [], "text", {}, {"cityops": 1}, {"cityops": {}}, {"cityops": {"target": "risk add"}},
     {"cityops": {"target": 1, "nonce": 2}}, {"cityops": {"action": ["a"]}}],
)  # fmt: skip
def test_data_that_is_not_ours_says_nothing(value: Any) -> None:
    assert gesture(value) is None


def test_a_form_made_of_a_message_keeps_a_long_link() -> None:
    target = f"risk add|https://teams.microsoft.com/l/message/{'x' * 1900}"
    found = gesture({"cityops": {"target": target, "nonce": "n1"}})
    assert isinstance(found, Submitted)
    assert found.target == target


def test_forged_data_is_only_ever_text() -> None:
    forged = {
        "cityops": {"target": "t" * 9999, "nonce": "n" * 999},
        "a": {"b": 1},
        "c": None,
        "d": 4,
        "e": "x" * 99_999,
    }
    found = gesture(forged)
    assert isinstance(found, Submitted)
    assert (len(found.target), len(found.nonce), len(found.values["e"])) == (2200, 64, 10_000)
    assert {name: found.values[name] for name in "acd"} == {"a": "", "c": "", "d": "4"}
    assert gesture({"cityops": {"action": "risk.show", "value": 7}}) == Pressed("risk.show", "7")
