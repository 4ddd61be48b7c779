"""A form on the desk, there and back."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from bot.desk.forms import form_html, read_submission
from bot.inbound import Asking, Submitted
from handlers.kit.city.model import City
from handlers.kit.city.reading import read_city
from handlers.kit.forms import FormPage, Kind, Question
from tests.bot.desk.html import text_of, the, value_of

CITY = Path(__file__).parents[3] / "city"
EVIL = '"><script>alert(1)</script>'
CHOICES = (("streets", "Streets and potholes"), ("water", "Water"))
Typed = Mapping[str, str]
SCALE = (("1", "1 rare"), ("2", "2 likely"))


@pytest.fixture(scope="module")
def city() -> City:
    return read_city(CITY)


def shown(
    city: City,
    *questions: Question,
    handles: Typed | None = None,
    values: Typed | None = None,
    errors: Typed | None = None,
) -> Tag:
    page = FormPage("Log a risk", "Add", "risk add", "n-1", questions, values or {}, errors or {})
    asking = Asking(page, handles or {})
    form = BeautifulSoup(form_html(asking, city), "html.parser").form
    assert form is not None
    return form


def asked(kind: Kind, *, required: bool = True, max_length: int = 3000, hint: str = "") -> Question:
    options = CHOICES if kind == "choice" else SCALE if kind == "level" else ()
    return Question("it", "What is it?", kind, required, max_length=max_length, options=options, hint=hint)


def test_a_form_carries_what_it_belongs_to(city: City) -> None:
    form = shown(city, asked("text"))
    assert (form["data-target"], form["data-nonce"]) == ("risk add", "n-1")
    assert text_of(form, "h2") == "Log a risk"
    assert [button.get_text() for button in form.select(".buttons button")] == ["Add", "Cancel"]


@pytest.mark.parametrize("kind", ["text", "long_text", "date", "reference", "choice", "person"])
def test_every_field_has_its_label_and_says_in_words_whether_it_is_needed(city: City, kind: Kind) -> None:
    for required, words in ((True, "required"), (False, "optional")):
        form = shown(city, asked(kind, required=required))
        label = the(form, "label")
        assert label.get_text() == f"What is it? {words}"
        field = the(form, f"#{value_of(label, 'for')}")
        assert field["name"] == "it"
        assert field.get("aria-required") == ("true" if required else None)


def test_a_level_is_a_group_of_choices_with_their_meaning(city: City) -> None:
    group = the(shown(city, asked("level"), values={"it": "2"}), "fieldset")
    assert text_of(group, "legend") == "What is it? required"
    assert [label.get_text() for label in group.select("label")] == ["1 rare", "2 likely"]
    assert [radio["value"] for radio in group.select("input[checked]")] == ["2"]


def test_a_line_offers_what_is_answered_most_often_and_takes_anything_else(city: City) -> None:
    crisis = Question("crisis", "Which crisis?", "reference", True, suggests=(("CR-2026-01", "Water main burst"),))
    form = shown(city, crisis, values={"crisis": "CR-2025-09"})
    field = the(form, "input")
    assert field["value"] == "CR-2025-09"
    [usual] = form.select(f"datalist#{value_of(field, 'list')} option")
    assert (usual["value"], usual.get_text()) == ("CR-2026-01", "Water main burst")
    assert not shown(city, asked("text")).select("datalist, [list]")


def test_an_error_stands_beside_its_field_and_is_tied_to_it(city: City) -> None:
    form = shown(city, asked("date", hint="a day"), values={"it": "someday"}, errors={"it": "That is no day."})
    field = the(form, "input")
    assert field["value"] == "someday"
    assert field["aria-invalid"] == "true"
    assert [text_of(form, f"#{name}") for name in value_of(field, "aria-describedby").split()] == [
        "a day",
        "That is no day.",
    ]
    assert text_of(form, "[role=alert]") == "One answer does not fit yet. Nothing was saved."


def test_of_a_number_or_a_reference_nobody_reads_how_much_fits(city: City) -> None:
    form = shown(city, asked("text", max_length=24, hint="A number, 0 or more"))
    assert text_of(form, ".hint") == "A number, 0 or more"


def test_how_much_fits_is_said_and_never_cut(city: City) -> None:
    form = shown(city, asked("text", max_length=120), values={"it": "longer than it" * 9})
    assert text_of(form, ".hint") == "At most 120 characters."
    assert the(form, "input")["value"] == "longer than it" * 9
    assert not the(form, "input").has_attr("maxlength")


@pytest.mark.parametrize(
    ("typed", "chosen"), [("water", "water"), ("Streets and Potholes", "streets"), ("str", "str"), ("", "")]
)
def test_what_was_typed_is_chosen_or_kept_as_a_choice(city: City, typed: str, chosen: str) -> None:
    form = shown(city, asked("choice"), values={"it": typed})
    assert [option["value"] for option in form.select("option[selected]")] == [chosen]


@pytest.mark.parametrize("typed", ["@sam", "Sam Rivers", "sam@riverton.example.org"])
def test_a_person_is_chosen_from_the_list_however_they_were_typed(city: City, typed: str) -> None:
    form = shown(city, asked("person"), values={"it": typed}, handles={typed: "sam"})
    assert [option.get_text() for option in form.select("option[selected]")] == ["Sam Rivers, Street Supervisor"]


def test_people_of_one_name_are_told_apart_in_the_list(city: City) -> None:
    twins = {**city.people, "tom": city.people["tom"].model_copy(update={"name": "Sam Rivers"})}
    form = shown(replace(city, people=twins), asked("person"), values={"it": "@sam"})
    [chosen] = [option.get_text() for option in form.select("option[selected]")]
    assert chosen == "Sam Rivers, Street Supervisor, Public Works (@sam)"


def test_an_unknown_person_is_not_lost(city: City) -> None:
    form = shown(city, asked("person"), values={"it": "@nobody"}, errors={"it": "I know nobody."})
    assert [option["value"] for option in form.select("option[selected]")] == ["@nobody"]


@pytest.mark.parametrize("kind", ["text", "long_text", "date", "reference", "choice", "person", "level"])
def test_nothing_that_people_write_becomes_markup(city: City, kind: Kind) -> None:
    form = shown(city, asked(kind), values={"it": EVIL}, errors={"it": EVIL})
    assert form.select("script") == []


def test_a_long_text_keeps_its_first_line_break(city: City) -> None:
    asking = Asking(FormPage("Form", "Add", "risk add", "n-1", (asked("long_text"),), {"it": "\nsecond line"}))
    assert ">\n\nsecond line</textarea>" in form_html(asking, city)


def test_a_form_comes_back_as_it_was_typed() -> None:
    body = {"target": "risk.change|R-1", "nonce": "n-1", "values": {"title": " Dam\ngate ", "half": "a\ud800b"}}
    assert read_submission(body) == Submitted("risk.change|R-1", "n-1", {"title": " Dam\ngate ", "half": "ab"})


@pytest.mark.parametrize("body", [{}, {"target": "a", "nonce": ""}, {"target": "a", "nonce": "b", "values": {"c": 1}}])
def test_what_is_no_form_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="form"):
        read_submission(body)
