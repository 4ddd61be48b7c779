"""Registry: a wrong declaration fails when it is imported, not when somebody uses it."""

from collections.abc import Iterator
from datetime import time
from typing import Any

import pytest

import handlers
import scheduler
from handlers.kit.catalogue import catalogue
from handlers.kit.declared import Action, Command
from handlers.kit.forms import Form, ask
from handlers.kit.messages import Card
from handlers.kit.policy import ROLES, RULES
from handlers.kit.registry import action, command, load, routine, timer
from handlers.kit.seats import EVERYBODY, NOBODY


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    """Load what the project declares before each test, and forget afterwards what the test declares."""
    load(handlers, scheduler)
    before = [(known, dict(known)) for known in vars(catalogue).values()]
    yield
    for known, old in before:
        known.clear()
        known.update(old)


def documented(*_: Any) -> Card:
    """Do something."""
    return Card("x")


def another(*_: Any) -> Card:
    """Do another thing."""
    return Card("y")


def silent(*_: Any) -> Card:
    return Card("x")


def as_command(name: str) -> Any:
    return command(name, needs="help")


def as_action(name: str) -> Any:
    return action(name, needs="help")


def as_routine(name: str) -> Any:
    return routine(name, at="07:30", on="every day", to="admin", late_until="12:00")


DECORATORS = [as_command, as_action, timer, as_routine]


@pytest.mark.parametrize("declare", [command, action])
def test_a_right_without_a_rule_fails_at_import(declare: Any) -> None:
    with pytest.raises(ValueError, match=r"fix potholes needs 'roads\.fix', which has no rule in handlers/kit/policy"):
        declare("fix potholes", needs="roads.fix")(documented)


@pytest.mark.parametrize("declare", DECORATORS)
def test_the_same_name_for_two_functions_fails_even_in_one_file(declare: Any) -> None:
    declare("twice")(documented)
    with pytest.raises(ValueError, match="twice is declared twice"):
        declare("twice")(another)


@pytest.mark.parametrize("declare", DECORATORS)
def test_the_same_function_may_be_read_again(declare: Any) -> None:
    assert declare("again")(declare("again")(documented)) is documented


@pytest.mark.parametrize("declare", DECORATORS)
def test_a_function_without_a_docstring_fails(declare: Any) -> None:
    with pytest.raises(ValueError, match="quiet has no docstring"):
        declare("quiet")(silent)


def test_a_day_rule_nobody_knows_fails() -> None:
    with pytest.raises(ValueError, match='routine tea: no day rule "sometimes"; write one such as "working days"'):
        routine("tea", at="16:00", on="sometimes", to="admin", late_until="17:00")(documented)


@pytest.mark.parametrize("at", ["25:00", "4 pm"])
def test_a_time_that_is_none_fails(at: str) -> None:
    with pytest.raises(ValueError, match="07:30"):
        routine("tea", at=at, on="every day", to="admin", late_until="17:00")(documented)


def test_a_routine_that_would_be_too_late_from_the_beginning_fails() -> None:
    with pytest.raises(ValueError, match=r"routine tea: late_until 15:00 is not after at 16:00"):
        routine("tea", at="16:00", on="every day", to="admin", late_until="15:00")(documented)


def test_what_is_declared_is_in_the_catalogue_as_it_was_said() -> None:
    class Asks(Form):
        what: str = ask("What?")

    command("tea make", asks=Asks, needs="help", reads_only=True, example="/tea make green")(documented)
    made = catalogue.commands["tea make"]
    assert (made.group, made.help, made.submit, made.example) == ("tea", "Do something.", "Make", "/tea make green")
    assert (made.asks, made.reads_only, made.function) == (Asks, True, documented)
    command("tea pot", asks=Asks, needs="help", sends="Put it on")(documented)
    assert catalogue.commands["tea pot"].submit == "Put it on"
    with pytest.raises(ValueError, match="at most 24 characters"):
        command("tea time", asks=Asks, needs="help", sends="Put the kettle on the fire")(documented)
    with pytest.raises(ValueError, match="at most 24 characters"):
        action("tea.pour", asks=Asks, needs="help", sends="Pour all of it into the cup")(documented)
    assert catalogue.group("tea")[0] == made
    assert "tea" in catalogue.groups
    assert catalogue.target("tea make") is made
    with pytest.raises(KeyError):
        catalogue.target("tea pour")


def test_a_routine_keeps_its_times_as_times() -> None:
    as_routine("tea")(documented)
    made = catalogue.routines["tea"]
    assert (made.at, made.late_until, made.on, made.to) == (time(7, 30), time(12), "every day", "admin")


def test_loading_a_folder_finds_every_file_in_it() -> None:
    loaded = load(handlers, scheduler)
    assert loaded is catalogue
    assert {"risk add", "feedback add", "crisis activate", "city connect"} <= loaded.commands.keys()
    assert "morning-check" in loaded.routines


def test_everything_loaded_has_help_a_rule_and_a_seat() -> None:
    loaded = load(handlers, scheduler)
    declared: list[Command | Action] = [*loaded.commands.values(), *loaded.actions.values()]
    for target in declared:
        assert target.help.endswith("."), target.name
        assert target.needs in RULES
    for undoing in loaded.undoers.values():
        assert undoing.needs in RULES, undoing.name
    for each in loaded.routines.values():
        assert not isinstance(each.to, str) or each.to in (*ROLES, EVERYBODY, NOBODY)
        assert each.help.endswith(".")
