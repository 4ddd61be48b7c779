"""The catalogue's free tests: what holds for every command, action and routine, also for every new one."""

from datetime import date, timedelta

import pytest

import handlers
import scheduler
from handlers.kit.city.reading import read_city
from handlers.kit.coming import seats_of
from handlers.kit.declared import Action, Command, Routine
from handlers.kit.duty import Duties
from handlers.kit.policy import RULES, roles_with
from handlers.kit.registry import load
from handlers.kit.seats import EVERYBODY, NOBODY
from handlers.kit.words import Meant, understand
from tests.chat.bot import RIVERTON

CATALOGUE = load(handlers, scheduler)
CITY = read_city(RIVERTON)
DECLARED: list[Command | Action] = [*CATALOGUE.commands.values(), *CATALOGUE.actions.values()]
FORMS = [declared for declared in DECLARED if declared.asks]
DAY = date(2026, 11, 23)
TITLE = 24  # the longest title of a Slack modal, and of the button that sends it


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_the_title_of_every_form_fits_every_door(form: Command | Action) -> None:
    assert len(form.help.rstrip(".")) <= TITLE
    assert len(form.submit) <= TITLE


@pytest.mark.parametrize("command", CATALOGUE.commands.values(), ids=lambda declared: declared.name)
def test_every_example_is_understood_as_its_own_command(command: Command) -> None:
    for line in (command.example, command.name, f"/city {command.name}"):
        if line:
            meant = understand(line, CATALOGUE)
            assert isinstance(meant, Meant)
            assert meant.command is command


@pytest.mark.parametrize("right", RULES)
def test_somebody_in_the_city_has_every_right(right: str) -> None:
    assert any(RULES[right] & person.all_roles for person in CITY.people.values())
    assert roles_with(right)


@pytest.mark.parametrize("routine", CATALOGUE.routines.values(), ids=lambda declared: declared.name)
def test_every_routine_speaks_to_seats_on_which_somebody_sits(routine: Routine) -> None:
    days = [date(2026, 11, 23) + timedelta(days=number) for number in range(14)]
    seats = {seat for day in days for seat in seats_of(routine, CITY, day)}
    assert seats
    for seat in seats - {EVERYBODY, NOBODY}:
        assert Duties(CITY, days[0]).seat(seat).person in CITY.people


def test_every_timer_of_a_crisis_goes_on_while_the_clock_is_in_doubt_and_no_other_does() -> None:
    for timer in CATALOGUE.timers.values():
        assert timer.counts_seconds == timer.function.__module__.startswith("handlers.crisis."), timer.name


def test_every_command_and_button_is_of_a_feature_and_none_of_the_kit() -> None:
    assert [declared.name for declared in DECLARED if declared.function.__module__.startswith("handlers.kit.")] == []


def test_on_a_home_what_calls_for_somebody_now_stands_before_what_has_days() -> None:
    order = {todo.name: todo.order for todo in CATALOGUE.todos}
    assert order["crisis endings"] < order["crisis pages"] < order["roll call"]
    assert order["undelivered messages"] < order["risks to accept"] < order["crisis lessons"]
    assert order["overdue reviews"] < order["treatments to confirm"] < order["blockers of others"]
