"""Messages: a card is a value that survives JSON, and its plain text leaves nothing out."""

from typing import Any

import pytest
from pydantic import ValidationError

from handlers.kit.messages import (
    Button,
    Buttons,
    Card,
    Check,
    Checks,
    Facts,
    File,
    Items,
    Link,
    Mention,
    Note,
    Picture,
    Row,
    Table,
    Text,
    Word,
)
from handlers.kit.plain import plain

SAM = Mention("sam", "Sam Rivers")
PAGE = Link("the page", "https://riverton.example.org/a?b=c&d=\u00e9")
WORDS: list[Word] = [
    Text("Plain ", SAM, " and ", PAGE, "\nsecond line"),
    Note("Quiet, by ", SAM),
    Row("A line", Button.say("Show", "risk show R-1")),
    Row(Text("With ", SAM)),
    Facts(("Owner", SAM), ("Where", "Mill \U0001f30a Road"), ("More", PAGE)),
    Items("one", Text("two ", SAM)),
    Table(columns=("Name", "Score"), rows=(("Dam", "20"), ("Server room", "6"))),
    Checks(Check(label="Sirens"), Check(label="Hall", done=True, button=Button("Tick", "check.tick", "3"))),
    Buttons(Button("Go", "risk.withdraw", "R-1", confirm="Sure?", style="danger"), Button.say("Help", "help")),
    Picture(data=bytes(range(256)), alt="a chart of risks"),
    File(name="risks.csv", data=b"\xff\xfb\xef>?"),
]


def name_of(word: Any) -> str:
    return str(word.word)


@pytest.mark.parametrize("word", WORDS, ids=name_of)
def test_a_word_survives_json(word: Any) -> None:
    card = Card("Title \u201cquoted\u201d", word, audience="room")
    again = Card.model_validate_json(card.model_dump_json())
    assert again == card
    assert again.model_dump_json() == card.model_dump_json()


def test_every_word_there_is_was_tried() -> None:
    schema = Card.model_json_schema()
    known = set(schema["properties"]["body"]["items"]["discriminator"]["mapping"])
    assert known == {name_of(word) for word in WORDS}


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
            "Plain Sam Rivers and the page (https://riverton.example.org/a?b=c&d=\u00e9)\nsecond line",
            "Quiet, by Sam Rivers",
            "A line [Show]",
            "With Sam Rivers",
            "Owner: Sam Rivers\nWhere: Mill \U0001f30a Road\nMore: the page (https://riverton.example.org/a?b=c&d=\u00e9)",
            "- one\n- two Sam Rivers",
            "Name         Score\nDam          20\nServer room  6",
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
