"""Messages: a card is a value that survives JSON, and its plain text leaves nothing out."""

from typing import Any

import pytest
from pydantic import ValidationError

from handlers.kit.figures import Figure, Figures, Progress
from handlers.kit.inline import Channel, Link, Mention, Phone, Status
from handlers.kit.messages import (
    Button,
    Buttons,
    Card,
    Check,
    Checks,
    Facts,
    File,
    Fold,
    Heading,
    Items,
    Note,
    Picture,
    Row,
    Table,
    Text,
    Word,
    mentioned,
)
from handlers.kit.plain import plain

SAM = Mention("sam", "Sam Rivers")
PAGE = Link("the page", "https://riverton.example.org/a?b=c&d=\u00e9")
EXTREME = Status("critical", "Extreme")
WORDS: list[Word] = [
    Heading("Waiting for you"),
    Figures(Figure(label="open risks", value="11"), Figure(label="late", value="3", status=EXTREME)),
    Progress("Steps done", 5, 8),
    Fold("Who is coming", Items("Sam"), Buttons(Button("Go", "a")), button=Button("Who is coming", "a", "CR-1")),
    Text("Plain ", SAM, " and ", PAGE, "\nsecond line"),
    Note("Quiet, by ", SAM),
    Row("A line", Button.say("Show", "risk show R-1")),
    Row(Text("With ", SAM, EXTREME, Channel("parks", "#parks", url="https://chat.example.org/parks"))),
    Facts(("Owner", SAM), ("Where", "Mill \U0001f30a Road"), ("More", PAGE), ("Call", Phone("+1 (555) 0134"))),
    Items("one", Text("two ", SAM)),
    Table(columns=("Name", "Score"), rows=(("Dam", "20"), ("Server room", EXTREME))),
    Checks(Check(label="Sirens"), Check(label="Hall", done=True, button=Button("Tick", "check.tick", "3"))),
    Buttons(Button("Go", "risk.withdraw", "R-1", confirm="Sure?", style="danger"), Button.say("Help", "help")),
    Picture(data=bytes(range(256)), alt="a chart of risks"),
    File(name="risks.csv", data=b"\xff\xfb\xef>?"),
]


def name_of(word: Any) -> str:
    return str(word.word)


@pytest.mark.parametrize("word", WORDS, ids=name_of)
def test_a_word_survives_json(word: Any) -> None:
    card = Card("Title \u201cquoted\u201d", word, audience="room", status=EXTREME)
    again = Card.model_validate_json(card.model_dump_json())
    assert again == card
    assert again.model_dump_json() == card.model_dump_json()


def test_every_word_there_is_was_tried() -> None:
    schema = Card.model_json_schema()
    known = set(schema["properties"]["body"]["items"]["discriminator"]["mapping"])
    assert known == {name_of(word) for word in WORDS}


def test_a_card_without_a_status_says_so_as_one_of_before_did() -> None:
    assert Card.model_validate_json('{"title":"A","body":[],"audience":"asker"}') == Card("A")


def test_the_line_for_the_room_survives_json_and_one_of_before_has_none() -> None:
    card = Card("Logged R-4").with_trace("R-4 logged by Sam Rivers")
    assert Card.model_validate_json(card.model_dump_json()).trace == "R-4 logged by Sam Rivers"
    assert Card.model_validate_json('{"title":"A","body":[],"audience":"asker"}').trace == ""


def test_the_plain_text_says_how_bad_it_is_and_all_that_is_folded() -> None:
    card = Card("R-1 Dam", Fold("Log", Items("Pumps on")), Progress("Steps done", 1, 2), status=EXTREME)
    assert plain(card) == "R-1 Dam (Extreme)\n\nLog\n- Pumps on\n\nSteps done: 1 of 2"


def test_what_is_folded_loses_its_buttons_and_names_its_people_too() -> None:
    card = Card("A", Fold("More", Text(SAM), Buttons(Button("Go", "a"))))
    assert mentioned(card) == ["sam"]
    assert card.without_buttons() == Card("A", Fold("More", Text(SAM)))


def test_cards_are_compared_by_value() -> None:
    assert Card("A", Text("b")) == Card("A", Text("b"))
    assert Card("A", Text("b")) != Card("A", Note("b"))
    assert Card("A", Text("b")) != Card("A", Text("b"), audience="room")
    assert hash(Card("A", Text("b"))) == hash(Card("A", Text("b")))


def test_a_card_is_not_changed_but_copied() -> None:
    card = Card("A", Text("b"))
    longer = card.with_words(Note("c"), Note("d"))
    assert longer == Card("A", Text("b"), Note("c"), Note("d"))
    assert card == Card("A", Text("b"))
    with pytest.raises(ValidationError, match="frozen"):
        card.title = "B"  # type: ignore[misc]


def test_a_string_in_items_and_rows_is_a_text() -> None:
    assert Items("a") == Items(Text("a"))
    assert Row("a") == Row(Text("a"))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://x", "", " https://x"])
def test_a_link_leads_to_the_web_or_nowhere(url: str) -> None:
    with pytest.raises(ValidationError):
        Link("x", url)


def test_a_telephone_number_is_dialed_as_it_is_and_nothing_else_is_one() -> None:
    assert Phone("+1 (555) 0134-222").url == "tel:+15550134222"
    for words in ("tel:911", "call Sam", "911;ext=javascript:alert(1)", "1"):
        with pytest.raises(ValidationError):
            Phone(words)


def test_a_word_nobody_knows_is_refused_when_read() -> None:
    with pytest.raises(ValidationError):
        Card.model_validate_json('{"title": "A", "body": [{"word": "video", "url": "https://x"}]}')


def test_what_people_typed_is_not_in_the_error_of_a_card() -> None:
    with pytest.raises(ValidationError) as wrong:
        Card("A", Text(12345, "secret"))  # type: ignore[arg-type]
    assert "secret" not in str(wrong.value)
    assert "12345" not in str(wrong.value)


def test_the_plain_text_is_complete() -> None:
    assert plain(Card("Title", *WORDS)) == "\n\n".join(
        [
            "Title",
            "Waiting for you",
            "open risks: 11\nlate: 3 (Extreme)",
            "Steps done: 5 of 8",
            "Who is coming\n- Sam\n[Go]",
            "Plain Sam Rivers and the page (https://riverton.example.org/a?b=c&d=\u00e9)\nsecond line",
            "Quiet, by Sam Rivers",
            "A line [Show]",
            "With Sam RiversExtreme#parks",
            "Owner: Sam Rivers\nWhere: Mill \U0001f30a Road\nMore: the page (https://riverton.example.org/a?b=c&d=\u00e9)"
            "\nCall: +1 (555) 0134",
            "- one\n- two Sam Rivers",
            "Name         Score\nDam          20\nServer room  Extreme",
            "[ ] Sirens\n[x] Hall",
            "[Go] [Help]",
            "Picture: a chart of risks",
            "File: risks.csv",
        ]
    )


def test_a_card_without_a_title_begins_with_its_text() -> None:
    assert plain(Card("", Text("x"))) == "x"


def test_a_table_without_rows_is_its_heading() -> None:
    assert plain(Card("T", Table(columns=("A", "B"), rows=()))) == "T\n\nA  B"
