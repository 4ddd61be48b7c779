"""Folds of Teams: inside the card as long as they fit, and opened from their record where they do not."""

import json
from typing import Any

from bot.teams.render import BUDGET, adaptive
from handlers.kit.messages import Button, Card, Fold, Items, Note
from tests.wires.teams.cards import card_problems
from tests.wires.teams.records import buttons
from tests.wires.teams.words import words

LONG = "Dam gate stuck since the flood of last winter. " * 20


def _card(folds: int, *, opens: bool = True) -> Card:
    """A card with folds that are each an eighth of what Teams takes."""
    lines = [LONG] * (BUDGET // 8 // (2 * len(LONG)))
    opened = [Button(f"Part {number}", "test.part", str(number)) if opens else None for number in range(folds)]
    return Card(
        "A morning", *(Fold(f"Part {n}", *map(Items, lines), button=opened[n]) for n in range(folds)), Note("End")
    )


def _actions(drawn: dict[str, Any]) -> list[str]:
    return [button["type"] for button in buttons(drawn)]


def test_folds_that_fit_stand_inside_the_card() -> None:
    assert _actions(adaptive(_card(3), {})) == ["Action.ToggleVisibility"] * 3


def test_the_last_folds_of_a_card_that_is_too_long_open_from_their_record() -> None:
    drawn = adaptive(_card(12), {})
    kinds = _actions(drawn)
    inside = kinds.count("Action.ToggleVisibility")
    assert 3 <= inside < 12
    assert kinds == ["Action.ToggleVisibility"] * inside + ["Action.Execute"] * (12 - inside)
    assert "End" in "\n".join(words(drawn["body"]))
    assert "Cut here" not in json.dumps(drawn["body"])
    assert card_problems(drawn) == []


def test_a_fold_without_a_record_is_cut_where_the_card_is_full() -> None:
    assert "Cut here" in json.dumps(adaptive(_card(12, opens=False), {})["body"])
