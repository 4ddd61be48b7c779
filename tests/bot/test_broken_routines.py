"""Broken routines: at the command line and in chat the others are shown and sent, and the one that breaks is named."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import handlers
import scheduler
from handlers.kit.context import Sending
from handlers.kit.registry import load
from tests.bot.conftest import Call

CATALOGUE = load(handlers, scheduler)


def breaks(*_about: object) -> list[str]:
    raise KeyError("crews")


def seats_break(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setitem(CATALOGUE.routines, name, replace(CATALOGUE.routines[name], to=breaks))


def test_the_schedule_shows_all_others_and_names_the_one_that_breaks(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = json.loads(call("schedule", "--from", "2026-11-23", "--days", "7", "--json")[1])
    seats_break(monkeypatch, "standup")
    code, out, error = call("schedule", "--from", "2026-11-23", "--days", "7", "--json")
    assert (code, error) == (1, "standup: its times cannot be worked out (KeyError: 'crews')\n")
    assert json.loads(out) == [entry for entry in whole if entry["routine"] != "standup"] != whole
    code, out, error = call("schedule", "--from", "2026-11-23", "--days", "7")
    assert code == 1
    assert "  morning-check  to " in out
    assert "standup" not in out


def test_what_is_coming_for_somebody_is_shown_without_the_routine_that_breaks(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    seats_break(monkeypatch, "standup")
    code, out, _ = call("say", "maria", "city schedule")
    assert code == 0
    assert "Morning check" in out
    assert "The times of stand-up could not be read. IT has been told." in out
    assert "set aside: schedule of routine standup, " in call("doctor")[1]


def test_sent_by_hand_a_routine_reaches_every_seat_but_the_one_that_breaks(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    routine = CATALOGUE.routines["checkin"]

    def breaks_over_fire(sending: Sending) -> object:
        if sending.seat == "department:fire":
            raise KeyError("no such department")
        return routine.function(sending)

    monkeypatch.setitem(CATALOGUE.routines, "checkin", replace(routine, function=breaks_over_fire))
    code, out, error = call("send", "checkin", "--date", "2026-11-26")
    assert code == 1
    assert "Queued checkin for Olga Brandt, " in out
    assert "Marcus Bell" not in out
    assert "routine checkin (Fire and Rescue)" in error
    assert "broke and was set aside; see: python -m bot doctor" in error
    assert "set aside: routine checkin (department:fire), " in call("doctor")[1]


def test_a_routine_whose_seats_cannot_be_worked_out_is_not_said_to_be_queued(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    seats_break(monkeypatch, "standup")
    code, out, error = call("send", "standup")
    assert (code, out) == (1, "")
    assert "seats of routine standup broke and was set aside" in error


def test_the_doctor_names_a_routine_that_is_changed_and_is_none(call: Call, folder: Path) -> None:
    assert "routines.toml" not in call("doctor")[1]
    file = folder / "city" / "routines.toml"
    file.write_text(file.read_text(encoding="utf-8") + '\n[morning-chek]\nat = "08:00"\n', encoding="utf-8")
    code, out, _ = call("doctor")
    assert code == 1
    assert "to fix   routines.toml: there is no routine morning-chek; known: morning-check\n" in out
