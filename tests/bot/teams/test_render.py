"""Cards as Adaptive Cards: as in the agreed files, within every limit, and with nothing people write as markup.

``GOLDEN=write pytest tests/bot/teams/test_render.py`` writes the agreed files again;
read the difference before keeping it.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot.links import Linked, nowhere
from bot.teams.drawing import UNLINKED
from bot.teams.manifest import png
from bot.teams.render import AGAIN, BUDGET, adaptive, message, plain_message
from handlers.kit.inline import Mention, Status
from handlers.kit.messages import Button, Card, File, Picture, Table, Text
from tests.bot.cards import SAM, STATUS, WORDS
from tests.bot.teams.cards import GOLDEN, HOSTILE, TOO_MUCH
from tests.schemas import schema_problems
from tests.wires.teams.cards import card_problems, inaccessible, parts
from tests.wires.teams.connector import BYTES_AT_MOST, PICTURES
from tests.wires.teams.records import buttons
from tests.wires.teams.words import words

FOLDER = Path(__file__).parent / "golden"
BLUE = lambda x, y: (11, 98, 90, 255)  # noqa: E731  # a picture of one colour
HANDLES = {"sam": "29:1sam"}


def opens(button: Button) -> bool:
    return button.action == "form"


def links(file: Picture | File) -> str:
    return f"https://bot.example.org/files/{file.name}"


def posted(card: Card) -> dict[str, Any]:
    """A card as a new message that others read."""
    return message(card, HANDLES, opens=opens, links=links, tells=True)


@pytest.mark.parametrize("name", GOLDEN)
def test_each_word_looks_as_agreed(name: str) -> None:
    drawn = json.dumps(posted(GOLDEN[name]), indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("GOLDEN") == "write":
        (FOLDER / f"{name}.json").write_text(drawn, encoding="utf-8")
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == drawn


def test_every_word_of_a_card_has_an_agreed_look() -> None:
    assert {word.word for card in GOLDEN.values() for word in card.body} == WORDS


@pytest.mark.parametrize("name", [*GOLDEN, *TOO_MUCH])
def test_teams_takes_every_card(name: str) -> None:
    card = {**GOLDEN, **TOO_MUCH}[name]
    said = message(card, HANDLES, opens=opens, sent_again=True, tells=True)
    content = said["attachments"][0]["content"]
    assert card_problems(content) == []
    assert card_problems(adaptive(card, HANDLES, where="dialog"), dialog=True) == []
    assert inaccessible(content) == []
    assert said["summary"]
    assert _bytes(said) <= BYTES_AT_MOST - 2_000


def _bytes(value: Any) -> int:
    text = PICTURES.sub("", json.dumps(value, ensure_ascii=False))
    return len(text.encode("utf-16-le", "surrogatepass"))


@pytest.mark.parametrize("name", [*GOLDEN, *TOO_MUCH])
def test_microsofts_schema_takes_every_card(name: str) -> None:
    card = {**GOLDEN, **TOO_MUCH}[name]
    assert schema_problems("adaptive-card-1.5.schema.json", adaptive(card, HANDLES, opens=opens)) == []


@pytest.mark.parametrize("name", ["a long text", "many rows", "many texts"])
def test_what_is_cut_keeps_its_last_buttons_and_says_so(name: str) -> None:
    body = adaptive(TOO_MUCH[name], {})["body"]
    assert body[-1]["actions"][0]["title"] == "Keep me"
    assert "Teams takes no more" in body[-2]["inlines"][0]["text"]
    assert _bytes(body) > BUDGET // 2


def test_the_text_says_everything_or_how_to_read_the_rest() -> None:
    assert adaptive(Card("R-1", Text("likelihood 4")), {})["speak"] == "R-1\n\nlikelihood 4"
    assert adaptive(TOO_MUCH["many texts"], {})["fallbackText"].endswith("open the message itself.")


def test_words_of_people_are_never_markdown() -> None:
    for element in _dicts(message(GOLDEN["hostile"], HANDLES)):
        assert element.get("type") not in ("TextBlock", "FactSet")
        assert element.get("selectAction") is None
    assert json.dumps(HOSTILE.split("\n")[0])[1:-1] in json.dumps(adaptive(GOLDEN["hostile"], {}))


def test_the_name_of_a_person_cannot_become_markdown_or_a_tag() -> None:
    content = adaptive(Card("", Text(Mention("sam", "S*m </at><at>[All](x)"))), HANDLES)
    [entity] = content["msteams"]["entities"]
    assert entity["text"] == content["body"][-1]["text"]
    assert entity["text"] == f"<at>{entity['mentioned']['name']}</at>"
    assert not set(entity["mentioned"]["name"]) & set("<>*[]()")


def test_only_who_has_an_account_is_told() -> None:
    assert "entities" not in adaptive(GOLDEN["text"], {"sam": "sam"})["msteams"]
    assert [mention["mentioned"]["id"] for mention in adaptive(GOLDEN["text"], HANDLES)["msteams"]["entities"]] == [
        "29:1sam"
    ]


def test_who_is_told_is_named_inside_the_sentence() -> None:
    [line] = adaptive(Card("", Text("Looked after by ", SAM, ", see R-2")), HANDLES)["body"]
    assert line == {"type": "TextBlock", "text": "Looked after by <at>Sam Rivers</at>, see R-2", "wrap": True}


@pytest.mark.parametrize("words", ["*Pump* of ", "https://evil.example ", "1. ", "{{DATE(2026-01-01)}} "])
def test_a_sentence_that_markdown_would_change_stays_as_it_is_and_its_people_are_told_below(words: str) -> None:
    line, below = adaptive(Card("", Text(words, SAM)), HANDLES)["body"]
    assert "".join(run["text"] for run in line["inlines"]) == f"{words}Sam Rivers"
    assert below["text"] == "<at>Sam Rivers</at>"


def test_a_sentence_with_a_link_keeps_it_and_its_people_are_told_below() -> None:
    line, below = adaptive(Card("", Text(SAM, ", see ", STATUS)), HANDLES)["body"]
    assert line["inlines"][-1]["selectAction"]["url"] == STATUS.url
    assert below["text"] == "<at>Sam Rivers</at>"


def test_a_message_that_tells_nobody_names_people_all_the_same() -> None:
    quiet = message(GOLDEN["text"], HANDLES)["attachments"][0]["content"]
    assert "entities" not in quiet["msteams"]
    assert "Looked after by Sam Rivers and Rosa Delgado," in list(words(quiet["body"]))
    assert "person" not in {key for part in _dicts(quiet) for key in part}


def test_a_notification_says_one_sentence() -> None:
    late = Status("warning", "Late")
    assert message(Card("F-1 Pothole", Text("Mill Lane"), status=late), {})["summary"] == "F-1 Pothole (Late)"
    assert message(Card("", Text("Mill Lane\nby noon")), {})["summary"] == "Mill Lane"
    assert message(Card("", Text("Mill Lane"), status=late), {})["summary"] == "Late: Mill Lane"


def test_an_empty_cell_of_a_table_keeps_its_column() -> None:
    [table] = adaptive(Card("", Table(columns=("Risk", "Owner"), rows=(("", "Sam"),))), {})["body"]
    said = [[run["text"] for run in cell["items"][0]["inlines"]] for cell in table["rows"][1]["cells"]]
    assert said == [["\u00a0"], ["Sam"]]


def test_line_breaks_are_kept() -> None:
    body = adaptive(Card("", Text("one\ntwo\r\nthree")), {})["body"]
    assert ["".join(run["text"] for run in line["inlines"]) for line in body] == ["one", "two", "three"]


def test_a_button_that_opens_a_form_opens_a_dialog_and_others_have_a_fallback() -> None:
    first, confirm, form = adaptive(GOLDEN["buttons"], {}, opens=opens)["body"][-1]["actions"]
    assert (first["type"], first["fallback"]["type"]) == ("Action.Execute", "Action.Submit")
    assert first["data"] == first["fallback"]["data"] == {"cityops": {"action": "crisis.ack", "value": "CR-1"}}
    assert confirm["type"] == "Action.ShowCard"
    assert (form["type"], form["data"]["msteams"]) == ("Action.Submit", {"type": "task/fetch"})


def test_a_picture_that_teams_does_not_show_is_a_file() -> None:
    assert urls(Picture(data=png(32, BLUE), alt="A map"), links) == []
    assert urls(Picture(data=b"x" * 200_000, alt="A map"), links) == ["https://bot.example.org/files/picture.png"]
    for picture in (Picture(data=png(1025, BLUE), alt="A map"), Picture(data=b"x" * 1_100_000, alt="A map")):
        [button] = buttons(adaptive(Card("T", picture), {}, links=links))
        assert (button["type"], button["title"]) == ("Action.OpenUrl", "Download picture.png")


def test_without_an_address_a_card_says_how_else_to_get_its_file() -> None:
    for file in (File(name="risks.csv", data=b"a,b"), Picture(data=b"x" * 200_000, alt="A map")):
        card = adaptive(Card("T", file), {})
        assert (buttons(card), urls(file, nowhere)) == ([], [])
        assert UNLINKED in words(card["body"])
        assert UNLINKED in plain_message(Card("T", file))["text"]


def test_a_card_that_is_cut_keeps_its_files() -> None:
    card = Card("T", *TOO_MUCH["many texts"].body, File(name="risks.csv", data=b"a,b"))
    assert [button["title"] for button in buttons(adaptive(card, {}, links=links))] == ["Keep me", "Download risks.csv"]
    assert plain_message(card, links=links)["text"].endswith("risks.csv: https://bot.example.org/files/risks.csv")


def urls(picture: Picture | File, linked: Linked) -> list[str]:
    """The addresses from which a card shows a picture."""
    shown = [part["url"] for part in parts(adaptive(Card("T", picture), {}, links=linked)) if part["type"] == "Image"]
    return [url for url in shown if not url.startswith("data:")]


def test_a_message_that_may_have_arrived_before_says_so() -> None:
    assert AGAIN in json.dumps(message(Card("R-1"), {}, sent_again=True)["attachments"])
    assert AGAIN in plain_message(Card("R-1"), sent_again=True)["text"]


def _dicts(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [part for item in value for part in _dicts(item)]
    return [value, *(part for item in value.values() for part in _dicts(item))] if isinstance(value, dict) else []
