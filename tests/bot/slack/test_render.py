"""Cards as Slack's blocks: as in the agreed files, within every limit, and with nothing people write as markup.

``GOLDEN=write pytest tests/bot/slack/test_render.py`` writes the agreed files again;
read the difference before keeping it.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot.slack.forms import Origin, confirmation
from bot.slack.render import AGAIN, BUDGET, TEXT, render
from handlers.kit.messages import Button, Card, Fold, Text
from tests.bot.cards import WORDS
from tests.bot.slack.cards import GOLDEN, HOSTILE, INSIDE, PICTURE, TOO_MUCH
from tests.wires.slack.blocks import block_problems, rendered, view_problems

FOLDER = Path(__file__).parent / "golden"
HANDLES = {"sam": "U1", "#parks": "C1"}


@pytest.mark.parametrize("name", [*GOLDEN, "picture_inside"])
def test_each_word_looks_as_agreed(name: str) -> None:
    card, pictures = (INSIDE, {PICTURE: "F0000001"}) if name == "picture_inside" else (GOLDEN[name], {})
    message = render(card, HANDLES, pictures=pictures)
    assert block_problems(message["blocks"], "message") == []
    drawn = json.dumps(message, indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("GOLDEN") == "write":
        (FOLDER / f"{name}.json").write_text(drawn, encoding="utf-8")
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == drawn


def test_every_word_of_a_card_has_an_agreed_look() -> None:
    assert {word.word for card in GOLDEN.values() for word in card.body} == WORDS


@pytest.mark.parametrize("name", [*GOLDEN, *TOO_MUCH])
def test_slack_takes_every_card(name: str) -> None:
    card = {**GOLDEN, **TOO_MUCH}[name]
    message = render(card, HANDLES, sent_again=True)
    assert block_problems(message["blocks"], "message") == []
    assert rendered(message["blocks"]) <= BUDGET + 200
    assert 0 < len(message["text"]) <= TEXT
    assert view_problems(confirmation(card, HANDLES, Origin()), "modal") == []


@pytest.mark.parametrize("name", ["many texts", "many rows", "many checks"])
def test_what_is_cut_keeps_its_last_buttons_and_says_how_to_see_the_rest(name: str) -> None:
    blocks = render(TOO_MUCH[name], {}, ref="write /risk list")["blocks"]
    assert blocks[-1]["elements"][0]["text"]["text"] == "Keep me"
    assert "To read the rest: write /risk list." in blocks[-2]["elements"][0]["text"]


def test_the_text_says_everything_or_how_to_read_the_rest() -> None:
    assert "likelihood 4" in render(Card("R-1", Text("likelihood 4")), {})["text"]
    assert render(TOO_MUCH["many texts"], {})["text"].endswith("To read the rest, open the message itself.")


def test_a_text_is_not_cut_within_an_escaped_sign() -> None:
    text = render(Card("", Text("&" * 5_000)), {})["text"]
    assert set(text.partition("\u2026")[0].split(";")) == {"&amp", ""}


def test_words_of_people_never_ping_link_or_style() -> None:
    message = render(GOLDEN["hostile"], {})
    assert "<" not in message["text"]
    for element in _dicts(message["blocks"]):
        assert element.get("type") not in ("mrkdwn", "link", "user", "broadcast", "emoji", "usergroup")
        assert element.get("emoji") is not True
    assert json.dumps(HOSTILE)[1:-1] in json.dumps(message["blocks"])


def test_somebody_without_an_account_is_named() -> None:
    blocks = render(GOLDEN["text"], {})["blocks"]
    assert "Sam Rivers" in json.dumps(blocks)


def test_a_handle_that_is_no_account_is_not_used() -> None:
    assert '"user"' not in json.dumps(render(GOLDEN["text"], {"sam": "sam"})["blocks"])


def test_a_message_that_may_have_arrived_before_says_so() -> None:
    message = render(Card("R-1"), {}, sent_again=True)
    assert AGAIN in message["text"]
    assert AGAIN in json.dumps(message["blocks"])


def _dicts(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [part for item in value for part in _dicts(item)]
    return [value, *(part for item in value.values() for part in _dicts(item))] if isinstance(value, dict) else []


def test_folds_that_follow_each_other_are_opened_by_buttons_in_one_line() -> None:
    def fold(title: str) -> Fold:
        return Fold(title, Text("behind it"), button=Button(title, "toy.open", title))

    card = Card("Board", fold("Names"), fold("Roles"), Text("between"), fold("Plan"), *map(fold, "abcd"))
    lines = [
        [element["text"]["text"] for element in block["elements"]]
        for block in render(card, {})["blocks"]
        if block["type"] == "actions"
    ]
    assert lines == [["Names", "Roles"], ["Plan", "a", "b", "c"], ["d"]]
