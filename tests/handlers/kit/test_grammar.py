"""Grammar: from one typed line to the fields of a form, as phones and people really write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.errors import FieldErrors
from handlers.kit.forms import Question
from handlers.kit.grammar import parse_line, written_line

RISK = (
    Question("title", "What could happen?", "text", True),
    Question("likelihood", "How likely?", "level", True),
    Question("impact", "How bad?", "level", True),
    Question("owner", "Who looks after it?", "person", False),
    Question("review_on", "Look at it again on", "date", False),
)
QUOTES = '"\u201c\u201d\u201e'
ANY = st.integers(0, 0x10FFFF).map(chr)  # st.characters() takes ten seconds to start
SIGNS = st.sampled_from([*'";:=- \n', *"\u201c\u201d\u201e\u2013\u2014'", "impact", "review on", "review_on", "4", "a"])


def test_the_first_part_is_the_first_field_and_the_others_go_by_name() -> None:
    line = "Server room floods; impact 5; likelihood 4; owner @sam; review friday"
    assert parse_line(line, RISK) == {
        "title": "Server room floods", "likelihood": "4", "impact": "5", "owner": "@sam", "review_on": "friday",
    }  # fmt: skip


def test_an_empty_line_gives_nothing() -> None:
    assert parse_line("", RISK) == {}
    assert parse_line("  \n ", RISK) == {}


def test_a_line_for_a_form_without_questions_gives_nothing() -> None:
    assert parse_line("anything", ()) == {}


@pytest.mark.parametrize("quoted", ['"a; b"', "\u201ca; b\u201d", "\u201ea; b\u201c", '"a; b\u201d'])
def test_a_quoted_semicolon_stays_in_its_field(quoted: str) -> None:
    assert parse_line(f"{quoted}; impact 5", RISK) == {"title": "a; b", "impact": "5"}
    assert parse_line(f"x; owner {quoted}", RISK) == {"title": "x", "owner": "a; b"}


@pytest.mark.parametrize("named", ['owner:"a; b"', 'owner="a; b"', "owner\u2014\u201ca; b\u201d", 'owner: "a; b"'])
def test_quotes_right_after_the_colon_protect_too(named: str) -> None:
    assert parse_line(f"x;{named};impact 5", RISK) == {"title": "x", "owner": "a; b", "impact": "5"}


def test_quotes_in_the_middle_of_a_text_are_kept() -> None:
    assert parse_line('The "old mill" floods; impact 5', RISK)["title"] == 'The "old mill" floods'


@pytest.mark.parametrize("text", ['6" pipe and 8" main burst', "Sam's dog, the mayor's", "5' 6\" deep", 'a " b'])
def test_inches_and_apostrophes_are_literal_text(text: str) -> None:
    assert parse_line(f"{text}; impact 5", RISK) == {"title": text, "impact": "5"}


@pytest.mark.parametrize(
    "part",
    ["likelihood 4", "likelihood: 4", "likelihood:4", "likelihood = 4", "likelihood \u2014 4", "likelihood\u20134",
     "LIKELIHOOD 4", "likeli 4", "likelihood   4"],
)  # fmt: skip
def test_a_name_and_its_value_may_be_joined_as_people_do(part: str) -> None:
    assert parse_line(f"x; {part}", RISK) == {"title": "x", "likelihood": "4"}


@pytest.mark.parametrize("name", ["review on", "review_on", "review-on", "Review On", "review"])
def test_a_name_of_two_words_may_be_written_in_each_way(name: str) -> None:
    assert parse_line(f"x; {name} friday", RISK) == {"title": "x", "review_on": "friday"}


def test_dashes_inside_a_value_are_not_changed() -> None:
    assert parse_line("Rain \u2014 a lot; owner Ann\u2013Marie", RISK) == {
        "title": "Rain \u2014 a lot",
        "owner": "Ann\u2013Marie",
    }


def test_the_first_part_may_name_its_field() -> None:
    assert parse_line("impact: 5; title x", RISK) == {"impact": "5", "title": "x"}


def test_a_first_part_that_only_begins_like_a_field_is_the_first_field() -> None:
    assert parse_line("Impact on the dam grows", RISK) == {"title": "Impact on the dam grows"}
    assert parse_line("Urgent: dam leaks", RISK) == {"title": "Urgent: dam leaks"}


def test_an_empty_first_part_leaves_the_first_field_empty() -> None:
    asks = (Question("text", "What?", "long_text", True), Question("crisis", "Which?", "reference", False))
    assert parse_line("; crisis CR-2026-01", asks) == {"crisis": "CR-2026-01"}


def test_empty_parts_between_semicolons_mean_nothing() -> None:
    assert parse_line("x;; ; impact 5;", RISK) == {"title": "x", "impact": "5"}


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(FieldErrors) as wrong:
        parse_line("x; likelyhood 4", RISK)
    assert 'I do not understand “likelyhood 4”. Did you mean "likelihood"?' in wrong.value.by_field["title"]
    assert "title, likelihood, impact, owner, review on" in wrong.value.by_field["title"]


def test_a_name_without_a_value_is_not_guessed() -> None:
    with pytest.raises(FieldErrors, match="I do not understand “impact”"):
        parse_line("x; impact", RISK)


def test_the_beginning_of_two_names_is_not_guessed() -> None:
    asks = (
        Question("text", "?", "text", True),
        Question("where", "?", "text", True),
        Question("when", "?", "text", True),
    )
    with pytest.raises(FieldErrors, match="I do not understand"):
        parse_line("x; whe y", asks)
    assert parse_line("x; whe y", asks[:2]) == {"text": "x", "where": "y"}


def test_a_field_given_twice_is_refused_in_the_words_people_type() -> None:
    with pytest.raises(FieldErrors, match='"review on" is given twice'):
        parse_line("x; review on friday; review monday", RISK)
    with pytest.raises(FieldErrors, match="given twice"):
        parse_line("x; title y", RISK)


@given(st.text(ANY.filter(lambda sign: sign not in f";:{QUOTES}"), min_size=1).filter(str.strip))
def test_any_text_without_signs_of_the_grammar_comes_back_as_it_was(text: str) -> None:
    assert parse_line(text, RISK) == {"title": text.strip()}
    assert parse_line(f"{text}; impact 5", RISK) == {"title": text.strip(), "impact": "5"}


@given(st.text(ANY.filter(lambda sign: sign not in QUOTES), min_size=1))
def test_any_text_in_quotes_comes_back_as_it_was(text: str) -> None:
    assert parse_line(f'"{text}"; impact 5', RISK) == {"title": text, "impact": "5"}


@given(st.lists(SIGNS | ANY).map("".join))
def test_no_line_breaks_the_parser(text: str) -> None:
    try:
        named = parse_line(text, RISK).keys()
    except FieldErrors as problem:
        named = problem.by_field.keys()
    assert named <= {question.name for question in RISK}


LEAVE = (
    Question("from_day", "From?", "date", True),
    Question("to_day", "To?", "date", True),
    Question("deputy", "Who?", "person", False),
)


@pytest.mark.parametrize(
    "line",
    [
        "from friday to 2027-01-04 deputy @sam",
        "friday to 2027-01-04; deputy @sam",
        "friday; to day 2027-01-04 deputy: @sam",
        "deputy @sam to 2027-01-04 from friday",
    ],
)
def test_names_cut_a_line_whose_first_field_is_no_text(line: str) -> None:
    assert parse_line(line, LEAVE) == {"from_day": "friday", "to_day": "2027-01-04", "deputy": "@sam"}


def test_days_of_several_words_stay_whole_between_names() -> None:
    assert parse_line("from in 3 days to in 2 weeks", LEAVE) == {"from_day": "in 3 days", "to_day": "in 2 weeks"}


def test_names_inside_a_text_do_not_cut_it() -> None:
    asked = (*LEAVE, Question("note", "Anything else?", "text", False))
    assert parse_line("friday to monday note Ask the deputy to wait; deputy @sam", asked) == {
        "from_day": "friday", "to_day": "monday", "note": "Ask the deputy to wait", "deputy": "@sam",
    }  # fmt: skip


def test_a_name_within_a_longer_one_does_not_cut_it() -> None:
    names = ("likelihood", "impact", "residual_likelihood", "residual_impact")
    asked = (Question("risk", "Which?", "reference", True), *(Question(name, name, "level", False) for name in names))
    line = "R-1; residual likelihood 2; impact 4 residual impact 3"
    assert parse_line(line, asked) == {
        "risk": "R-1", "residual_likelihood": "2", "impact": "4", "residual_impact": "3",
    }  # fmt: skip


@pytest.mark.parametrize(
    "values",
    [
        {"title": "Dam gate stuck", "likelihood": "4", "owner": "@sam"},
        {"title": "It drips; a lot", "review_on": "in 2 weeks"},
        {"title": "impact: 5 is what he said", "impact": "2"},
        {"title": "Dam"},
    ],
)
def test_a_form_written_as_a_line_is_read_as_the_same_form(values: dict[str, str]) -> None:
    assert parse_line(written_line(values, RISK), RISK) == values
