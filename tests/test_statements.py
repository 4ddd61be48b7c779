"""Statements: how many questions are asked does not depend on how many people, departments or rows there are.

A small city and one several times as large take the same steps; what each asks of the database is counted at the
driver. An act on many rows that is handed to the driver in one go counts once.
"""

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.inbound import Answered, Pressed
from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context
from storage.database import Store
from tests.chat.bot import settings_for, without_limits
from tests.duties.town import Town
from tests.grown import grow

SIZES = (2, 5)  # how many times as large as Riverton they are; at both sizes each role has several people
REF = "CR-2026-01"
Step = Callable[["Grown"], object]
asked = list[str]()


class _Cursor(sqlite3.Cursor):
    def execute(self, sql: str, parameters: Any = (), /) -> "_Cursor":
        asked.append(sql)
        super().execute(sql, parameters)
        return self

    def executemany(self, sql: str, parameters: Any, /) -> "_Cursor":
        asked.append(sql)
        super().executemany(sql, parameters)
        return self


class _Connection(sqlite3.Connection):
    def cursor(self, factory: Any = None) -> Any:
        return super().cursor(_Cursor)


class Grown(Town):
    """Riverton, so many times as large, with so many times as many rows in the registers."""

    def __init__(self, folder: Path, times: int) -> None:
        self.times = times
        super().__init__(
            without_limits(settings_for(folder, slack_bot_token=SecretStr("xoxb"), slack_signing_secret=SecretStr("s")))
        )
        self.begin()
        for number in range(times):
            self.does("olga", f"/risk add Bridge {number} sinks; likelihood 4; impact 4; owner @sam")
            self.does("olga", f"/feedback add Pothole number {number}; category Streets; via phone")
            self.does("sam", f"/feedback wait F-{number + 1}; whom weather; reason It freezes")
            self.does("olga", f"/risk link R-{number + 1}; origin F-{number + 1}")

    def becomes(self, **people: Any) -> None:
        super().becomes(**people)
        grow(self.folder, self.times)
        self.runtime.city.look()  # type: ignore[attr-defined]
        assert self.runtime.city.problem is None  # type: ignore[attr-defined]

    def does(self, person: str, line: str) -> None:
        """Type a command that succeeds."""
        answer = self.says(person, line)
        assert answer.ok, f"{line}: {answer.card}"

    def does_by_button(self, person: str, action: str, value: str) -> None:
        """Press a button, with success."""
        answer = self.handle(person, Pressed(action, value))
        assert isinstance(answer, Answered), action
        assert answer.ok, f"{action}: {answer.card}"

    def acts(self, work: Callable[[Context], object]) -> None:
        """Do what a timer does, in a transaction of its own."""

        def act(store: Store) -> None:
            context = self.context(store)
            work(context)
            context.write_audit("cityops", "timer")

        self.runtime.database.write(act)

    def fires(self, kind: str, subject: str, step: int = 0) -> None:
        """Have the function of a timer called."""
        timer = self.runtime.catalogue.timers[kind]
        self.acts(lambda context: timer.function(context, subject, step))


def says(person: str, line: str) -> Step:
    return lambda town: town.does(person, line)


def presses(person: str, action: str, value: str) -> Step:
    return lambda town: town.does_by_button(person, action, value)


def fires(kind: str, subject: str) -> Step:
    return lambda town: town.fires(kind, subject)


def checks(context: Context) -> None:
    """Whether everything is as it must be."""
    for check in catalogue.health_checks.values():
        assert check(context) == []


STEPS: dict[str, Step] = {
    "the list of people": says("ines", "/city people"),
    "the list of absences": says("ines", "/city absences"),
    "what is late": says("ines", "/city late"),
    "the export of risks": says("olga", "/risk export csv"),
    "the export of feedback": says("olga", "/feedback export csv"),
    "the alarm": says("olga", "/crisis activate Water main burst; where Mill Road; level 2"),
    "its confirmation": says("maria", f"/crisis confirm {REF}"),
    "its change": says("maria", f"/crisis change 3; crisis {REF}"),
    "a role that is taken": presses("tom", "crisis.take", f"{REF} commander"),
    "a role that is handed over": says("tom", f"/crisis handover Commander; person @marcus; crisis {REF}"),
    "the roll call": says("maria", f"/crisis rollcall {REF}"),
    "a department that answers": presses("hugo", "crisis.department-ok", f"{REF} water"),
    "a department that needs help": presses("priya", "crisis.department-ok", f"{REF} parks"),
    "the roll call once more": presses("maria", "crisis.rollcall-anew", REF),
    "somebody who comes": presses("victor", "crisis.coming", REF),
    "what can be corrected": says("maria", f"/crisis correct {REF}"),
    "roles nobody has taken": fires("crisis.roles-free", REF),
    "the watch over a crisis": fires("crisis.watch", REF),
    "what the health checks say": lambda town: town.acts(checks),
    "a statement": says(
        "maria", f"/crisis statement A burst; who All; since 08:40; do Boil; next in 2 hours; crisis {REF}"
    ),
    "the question to end it": says("maria", f"/crisis standdown Water is back on; crisis {REF}"),
    "what goes on after it": presses("tom", "crisis.what-goes-on", REF),
}


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[str]]]:
    """What each step asks of the database, in the small city and in the large one."""
    found: dict[str, list[list[str]]] = {name: [] for name in STEPS}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=_Connection))
        for times in SIZES:
            town = Grown(tmp_path_factory.mktemp(f"city-{times}") / "town", times)
            for name, step in STEPS.items():
                asked.clear()
                step(town)
                found[name].append(list(asked))
            town.close()
    return found


@pytest.mark.parametrize("name", STEPS)
def test_the_number_of_statements_does_not_depend_on_people_departments_or_rows(
    counted: dict[str, list[list[str]]], name: str
) -> None:
    small, large = counted[name]
    assert len(small) > 0
    assert len(large) <= len(small), sorted(set(large), key=large.count)[-5:]
