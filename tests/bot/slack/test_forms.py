"""Forms as Slack's modals, and back."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.slack.forms import Origin, errors_ack, filled, modal, short
from handlers.kit.forms import FormPage, Question
from handlers.kit.moments import HINT
from tests.wires.slack.blocks import view_problems
from tests.wires.slack.state import state_of

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


def page(values: dict[str, str] | None = None, **more: Any) -> FormPage:
    return FormPage("Log a risk", "Add", "risk add", "n1", QUESTIONS, values or {}, **more)


def answers(view: dict[str, Any]) -> dict[str, str]:
    """What Slack would send back when somebody presses the button without touching anything."""
    return dict(filled({**view, "state": {"values": state_of(view["blocks"], {})}}).values)


def element(view: dict[str, Any], name: str) -> dict[str, Any]:
    return next(dict(block["element"]) for block in view["blocks"] if block["block_id"] == name)


def test_an_empty_form_fits_slack_and_comes_back_empty() -> None:
    view = modal(page(), {}, Origin())
    assert view_problems(view, "modal") == []
    assert answers(view) == dict.fromkeys((question.name for question in QUESTIONS), "")


def test_what_was_filled_in_comes_back() -> None:
    values = {
        "title": "Dam gate", "story": "one\ntwo", "impact": "4", "chance": "2", "area": "rats", "due": "2026-12-01",
        "owner": "@sam", "risk": "R-1",
    }  # fmt: skip
    view = modal(page(values), {"@sam": "U1"}, Origin())
    assert view_problems(view, "modal") == []
    assert answers(view) == {**values, "owner": "slack:U1"}


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({"due": "friday"}, {"due": "friday"}),
        ({"due": "2026-13-45"}, {"due": "2026-13-45"}),
        ({"owner": "somebody"}, {"owner": "somebody"}),
        ({"area": "poth"}, {"area": "pot"}),
        ({"impact": "4 of 5"}, {"impact": "4"}),
        ({"title": "x" * 200}, {"title": "x" * 200}),
        ({"title": "one\ntwo"}, {"title": "one\ntwo"}),
    ],
)
def test_what_was_typed_is_never_lost(values: dict[str, str], kept: dict[str, str]) -> None:
    view = modal(page(values), {"somebody": "rosa"}, Origin())
    assert view_problems(view, "modal") == []
    assert {name: answers(view)[name] for name in kept} == kept


MENU = (("in 1 hour", "in 1 hour"), ("in 2 hours", "in 2 hours"))
MOMENT = (Question("next", "When is the next update?", "text", False, suggests=MENU, moment=True),)
WHICH = (Question("crisis", "Which?", "reference", True, suggests=(("CR-2026-01", "CR-2026-01 Water main burst"),)),)


def asked(questions: tuple[Question, ...], **values: str) -> dict[str, Any]:
    view = modal(FormPage("Report", "Send", "crisis report", "n1", questions, values), {}, Origin())
    assert view_problems(view, "modal") == []
    return view


def test_a_time_is_chosen_from_the_usual_ones_or_given_to_the_minute() -> None:
    view = asked(MOMENT)
    assert [block["element"]["type"] for block in view["blocks"]] == ["static_select", "datetimepicker"]
    assert answers(view) == {"next": ""}
    assert answers(asked(MOMENT, next="in 2 hours")) == {"next": "in 2 hours"}
    values = {"next": {"value": {"selected_option": {"value": "in 1 hour"}}},
              "next@at": {"value": {"selected_date_time": 1795460400}}}  # fmt: skip
    assert filled({**view, "state": {"values": values}}).values == {"next": "2026-11-23T19:00Z"}


def test_how_a_time_is_written_is_said_only_where_it_is_written() -> None:
    told = (replace(MOMENT[0], hint=f"{HINT}. The last one may be left open."),)
    assert asked(told)["blocks"][0]["hint"]["text"] == "The last one may be left open."
    assert asked(told, next="friday")["blocks"][0]["hint"]["text"] == told[0].hint
    assert "hint" not in asked((replace(MOMENT[0], hint=HINT),))["blocks"][0]


def test_a_time_of_their_own_stands_there_again() -> None:
    menu, picker = asked(MOMENT, next="2026-11-23T19:00Z")["blocks"]
    assert "initial_option" not in menu["element"]
    assert picker["element"]["initial_date_time"] == 1795460400
    assert answers(asked(MOMENT, next="2026-11-23T19:00Z")) == {"next": "2026-11-23T19:00Z"}


def test_a_time_in_words_of_their_own_stays_as_it_was_typed() -> None:
    [block] = asked(MOMENT, next="friday noon")["blocks"]
    assert (block["element"]["type"], block["element"]["initial_value"]) == ("plain_text_input", "friday noon")


def test_a_record_is_chosen_from_those_that_may_be_meant() -> None:
    [block] = asked(WHICH)["blocks"]
    assert [option["text"]["text"] for option in block["element"]["options"]] == ["CR-2026-01 Water main burst"]
    assert answers(asked(WHICH, crisis="cr-2026-01")) == {"crisis": "CR-2026-01"}
    assert answers(asked(WHICH, crisis="CR-2020-07")) == {"crisis": "CR-2020-07"}


def test_a_word_that_is_no_choice_is_shown_beside_the_field() -> None:
    view = modal(page({"impact": "7", "area": "cats"}), {}, Origin())
    hints = {block["block_id"]: block["hint"]["text"] for block in view["blocks"] if "hint" in block}
    assert (hints["impact"], hints["area"]) == ('You wrote "7".', 'You wrote "cats".')


def test_a_text_longer_than_slacks_fields_stands_above_them_whole() -> None:
    typed = "Water in the cellar. " * 400
    view = modal(page({"story": typed}), {}, Origin())
    assert view_problems(view, "modal") == []
    quoted = [run["text"] for block in view["blocks"] if block["type"] == "rich_text" for run in _quotes(block)]
    assert "".join(quoted) == typed


def _quotes(block: dict[str, Any]) -> list[dict[str, Any]]:
    return [run for part in block["elements"] if part["type"] == "rich_text_quote" for run in part["elements"]]


def test_problems_stand_at_the_top_when_the_form_opens() -> None:
    view = modal(page(errors={"due": "That day has passed."}), {}, Origin())
    assert view_problems(view, "modal") == []
    assert "Until when? " in json.dumps(view["blocks"][0])
    assert "That day has passed." in json.dumps(view["blocks"][0])


def test_more_choices_than_a_menu_takes_are_grouped() -> None:
    many = tuple((f"k{number}", f"Choice {number} " + "x" * 90) for number in range(250))
    asked = (Question("area", "Which?", "choice", True, options=many),)
    view = modal(FormPage("T", "Add", "t", "n", asked, {"area": "k249"}), {}, Origin())
    assert view_problems(view, "modal") == []
    assert answers(view) == {"area": "k249"}


@pytest.mark.parametrize(
    ("title", "shown"),
    [("Log a risk", "Log a risk"), ("Log a risk in the register", "Log a risk in the"), ("", "cityops"),
     ("Donaudampfschifffahrtsgesellschaft", "Donaudampfschifffahrtsge")],
)  # fmt: skip
def test_a_title_is_cut_where_a_word_ends(title: str, shown: str) -> None:
    assert short(title) == shown


def test_a_cut_title_stands_whole_above_the_form() -> None:
    view = modal(FormPage("Log a risk in the register", "Add", "t", "n", QUESTIONS), {}, Origin())
    assert view["blocks"][0]["text"]["text"] == "Log a risk in the register"


def test_a_form_remembers_what_it_belongs_to_and_where_it_was_asked_for() -> None:
    view = modal(page(), {}, Origin("C1", "https://hooks.example.org/1"))
    form = filled(view)
    assert (form.target, form.nonce) == ("risk add", "n1")
    assert form.origin == Origin("C1", "https://hooks.example.org/1")


@pytest.mark.parametrize("kept", ["", "not json", "[1]", '{"other": 1}'])
def test_a_view_that_is_not_ours_says_nothing(kept: str) -> None:
    form = filled({"private_metadata": kept, "state": {"values": {"a": {"value": None}, "b": None}}})
    assert (form.target, form.values) == ("", {"a": "", "b": ""})


def test_a_problem_without_a_field_stands_beside_the_first() -> None:
    view = modal(page(), {}, Origin())
    ack = errors_ack({"due": "Past.", "ghost": "Unknown.", "title": "Missing."}, view)
    assert ack["errors"] == {"due": "Past.", "title": "Unknown. Missing."}
