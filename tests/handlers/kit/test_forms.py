"""Forms: every kind of question, and the sentence beside every answer that does not fit."""

from datetime import date

import pytest
from pydantic import create_model

from handlers.feedback.endings import CloseItem
from handlers.feedback.register import NewFeedback
from handlers.feedback.row import Row
from handlers.kit.city.model import City
from handlers.kit.city.reading import read_city
from handlers.kit.errors import FieldErrors, UnknownAccount
from handlers.kit.forms import (
    KEPT_FORMS,
    Date,
    Form,
    Level,
    Options,
    PersonId,
    Reading,
    Reference,
    ask,
    questions,
    read_form,
)
from handlers.kit.options import meant
from handlers.kit.time.dates import HINT
from handlers.risk.forms import NewRisk
from tests.chat.bot import RIVERTON

TODAY = date(2026, 11, 25)


def _ways(city: City) -> Options:
    return (("phone", "By phone"), ("mail", "By letter"), ("mail-e", "By e-mail"), ("web", "Web"))


class Everything(Form):
    title: str = ask("What?", max_length=10)
    story: str | None = ask("Tell more", default=None, long=True)
    level: Level = ask("How bad?", scale=(("1", "1 low"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5 high")))
    via: str = ask("How did it reach us?", options=_ways, hint="phone or mail")
    who: PersonId | None = ask("Who?", default=None, private=True)
    on: Date | None = ask("When?", default=None)
    ref: Reference | None = ask("Which one?", default=None)


@pytest.fixture(scope="module")
def city() -> City:
    return read_city(RIVERTON)


@pytest.fixture
def reading(city: City) -> Reading:
    return Reading(city, TODAY, {"@sam": "sam", "sam": "sam"}.get, str)


GOOD = {"title": "Flood", "level": "4", "via": "phone"}


def errors(reading: Reading, **values: str) -> dict[str, str]:
    with pytest.raises(FieldErrors) as wrong:
        read_form(Everything, {**GOOD, **values}, reading)
    return wrong.value.by_field


def test_every_kind_of_answer_is_read_into_its_type(reading: Reading) -> None:
    given = {**GOOD, "story": "Long ago", "who": "@sam", "on": "friday", "ref": "r-1"}
    assert read_form(Everything, given, reading).values() == {
        "title": "Flood", "story": "Long ago", "level": 4, "via": "phone", "who": "sam",
        "on": date(2026, 11, 27), "ref": "R-1",
    }  # fmt: skip


def test_what_may_stay_empty_is_none_when_it_does(reading: Reading) -> None:
    form = read_form(Everything, {**GOOD, "story": "  ", "who": "", "on": " \x00 "}, reading)
    assert (form.story, form.who, form.on, form.ref) == (None, None, None, None)


def test_the_questions_tell_a_door_all_it_needs(city: City) -> None:
    asked = {question.name: question for question in questions(Everything, city)}
    assert {name: question.kind for name, question in asked.items()} == {
        "title": "text", "story": "long_text", "level": "level", "via": "choice", "who": "person", "on": "date",
        "ref": "reference",
    }  # fmt: skip
    assert {name for name, question in asked.items() if question.required} == {"title", "level", "via"}
    assert asked["title"].max_length == 10
    assert asked["level"].options[0] == ("1", "1 low")
    assert (asked["via"].options, asked["via"].hint) == (_ways(city), "phone or mail")
    assert [name for name, question in asked.items() if question.private] == ["who"]


def test_each_field_has_its_own_sentence(reading: Reading) -> None:
    assert errors(reading, title="", level="6", via="fax", who="bob", on="soon") == {
        "title": "Please fill this in.",
        "level": '"6" is not on the scale. Choose a whole number from 1 to 5: 1 low, 2, 3, 4, 5 high.',
        "via": '"fax" is not one of: By phone, By letter, By e-mail, Web.',
        "who": 'I know nobody called "bob". Write @ and their name, for example @sam.',
        "on": f'"soon" is not a day I can read. {HINT}',
    }


def test_the_sentences_together_are_the_errors_message(reading: Reading) -> None:
    with pytest.raises(FieldErrors, match=r"Please fill this in\. \"0\" is not on the scale"):
        read_form(Everything, {"title": "", "level": "0", "via": "web"}, reading)


@pytest.mark.parametrize("level", ["0", "6", "4.5", "-1", "\u0664", "+4", "44"])
def test_a_level_is_one_of_five_whole_numbers(reading: Reading, level: str) -> None:
    assert errors(reading, level=level).keys() == {"level"}


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [("phone", "phone"), ("BY PHONE", "phone"), ("ph", "phone"), ("by l", "mail"), ("mail", "mail"), ("we", "web")],
)
def test_a_choice_is_meant_by_its_value_its_label_or_the_beginning(reading: Reading, typed: str, chosen: str) -> None:
    assert read_form(Everything, {**GOOD, "via": typed}, reading).via == chosen


@pytest.mark.parametrize("typed", ["one", "phoned", "5", "0"])
def test_a_choice_that_is_none_is_answered_with_what_is_offered(reading: Reading, typed: str) -> None:
    assert errors(reading, via=typed)["via"].startswith(f'"{typed}" is not one of: ')


def test_a_choice_that_could_be_two_is_asked_back_with_both(reading: Reading) -> None:
    assert (
        errors(reading, via="mai")["via"] == '"mai" could mean any of these: By letter, By e-mail. Write one of them.'
    )


@pytest.mark.parametrize(
    ("form", "field", "typed", "chosen"),
    [
        (NewFeedback, "category", "potholes", "streets"),
        (NewFeedback, "category", "a big pothole", "streets"),
        (NewFeedback, "category", "Street lights", "lights"),
        (NewFeedback, "category", "garbage", "waste"),
        (NewFeedback, "via", "email", "mail"),
        (NewFeedback, "via", "e-mail", "mail"),
        (NewFeedback, "via", "Facebook", "social media"),
        (NewFeedback, "via", "3", "mail"),
        (NewFeedback, "kind", "suggestion", "idea"),
        (NewFeedback, "kind", "compliments", "praise"),
        (CloseItem, "reason", "fixed", "done"),
        (CloseItem, "reason", "praise", "thanks"),
        (CloseItem, "reason", "it's the county", "not-ours"),
        (CloseItem, "reason", "wont fix", "declined"),
        (NewRisk, "category", "ransomware", "cyber-security"),
        (NewRisk, "likelihood", "likely", "4"),
        (NewRisk, "likelihood", "certain", "5"),
        (NewRisk, "likelihood", "level three", "3"),
        (NewRisk, "impact", "Five", "5"),
        (Row, "category", "potholes", "streets"),
        (Row, "via", "phone call", "phone"),
    ],
)
def test_a_choice_is_taken_in_the_words_of_the_city(
    city: City, form: type[Form], field: str, typed: str, chosen: str
) -> None:
    question = next(question for question in questions(form, city) if question.name == field)
    assert question.filled_in(typed) == chosen


def test_the_words_of_two_choices_are_asked_back_with_both(reading: Reading) -> None:
    given = {"what": "It is dark", "category": "lamp and pothole", "via": "phone"}
    with pytest.raises(FieldErrors, match='"lamp and pothole" could mean any of these: ') as wrong:
        read_form(NewFeedback, given, reading)
    assert wrong.value.by_field.keys() == {"category"}


def test_a_row_about_an_older_record_keeps_a_name_that_was_a_choice_once(reading: Reading) -> None:
    row = {"what": "It is dark", "category": "garbage", "via": "phone"}
    assert read_form(Row, row, reading).category == "waste"
    assert read_form(Row, {**row, "reference": "F-1"}, reading).category == "garbage"


def test_a_text_that_is_too_long_says_by_how_much(reading: Reading) -> None:
    assert errors(reading, title="x" * 13) == {"title": "This is 3 characters too long; at most 10 fit."}
    assert errors(reading, story="x" * 5_001) == {"story": "This is 2,001 characters too long; at most 3,000 fit."}
    assert read_form(Everything, {**GOOD, "title": "x" * 10}, reading).title == "x" * 10


def test_what_databases_refuse_is_taken_out_on_the_way_in(reading: Reading) -> None:
    form = read_form(Everything, {**GOOD, "title": "a\x00b\ud800c\udfff", "story": "\U0001f30a \u00e9"}, reading)
    assert (form.title, form.story) == ("abc", "\U0001f30a \u00e9")


def test_a_text_of_nothing_but_refused_signs_is_empty(reading: Reading) -> None:
    assert errors(reading, title="\x00\ud800") == {"title": "Please fill this in."}


def test_an_answer_to_what_was_not_asked_is_refused(reading: Reading) -> None:
    assert errors(reading, score="25") == {"score": '"score" is not asked here.'}


def test_an_account_that_has_to_be_introduced_passes_through(city: City) -> None:
    def find(words: str) -> str | None:
        raise UnknownAccount("slack", words)

    with pytest.raises(UnknownAccount):
        read_form(Everything, {**GOOD, "who": "U123"}, Reading(city, TODAY, find, str))


def test_what_somebody_typed_is_not_in_a_log_of_the_error(reading: Reading) -> None:
    with pytest.raises(FieldErrors) as wrong:
        read_form(Everything, {**GOOD, "title": "my secret is too long"}, reading)
    assert "secret" not in str(wrong.value)


def test_an_id_means_its_own_choice_even_where_another_is_called_so() -> None:
    choices = (("water", "Parks"), ("parks", "Green spaces"), ("mayor", "Mayor\u2019s office"))
    assert meant(choices, "parks") == "parks"
    assert meant(choices, "Mayor's office") == "mayor"


def test_forms_that_are_made_for_a_sheet_or_a_changed_city_are_not_kept_for_good() -> None:
    city = read_city(RIVERTON)
    for _ in range(3 * KEPT_FORMS):
        made = create_model("Made", __base__=Form, what=(str, ask("What?")))
        assert questions(made, city) == questions(made, city)
    assert len(city.asked) <= 2 * KEPT_FORMS
