"""Access doors: desk, Slack and Teams answer each command as the command line does, also when it is refused."""

import os
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest

from bot.inbound import Asking, Outcome
from bot.limits import Limits
from handlers.kit.declared import Command
from storage.chat.outbox import LOST_STATES
from storage.chat.people import accounts
from storage.chat.places import places
from tests.access.cases import cases_of
from tests.access.matrix import ANY, NONE, OTHER, Scene, letters_of, name_of, scene_of
from tests.access.town import ACTORS, STRANGER, AccessTown, may_be_shorter
from tests.chat.bot import Bot
from tests.chat.door import Chat

EVERYTHING = os.environ.get("ACCESS") == "all"
TIME = re.compile(r"\b\d\d?:\d\d\b")
EVERY = 1 if EVERYTHING else 24  # one command in so many is tried
OWN = {  # what a door knows of itself, and how it is put into a copy
    table.name: f"INSERT INTO {table} VALUES ({', '.join('?' * len(table.columns))})"  # noqa: S608
    for table in (places, accounts)
}
LISTED = [role for role in ACTORS if role not in ("unlisted", "shut")]


@dataclass(frozen=True)
class Said:
    """What somebody types, and the title of what they read at the command line."""

    person: str
    line: str
    title: str


@pytest.fixture
def scene(town: AccessTown) -> Scene:
    return scene_of(town, STRANGER)


@pytest.fixture(params=["desk", "slack", "teams"])
def door(request: pytest.FixtureRequest) -> Chat:
    """Everybody at one door."""
    chat: Chat = request.getfixturevalue(f"{request.param}_chat")
    return chat


@pytest.fixture
def said(scene: Scene) -> list[Said]:
    """For each command in a direct message: what somebody who may reads, and somebody who may not."""
    reviewed, found = letters_of((ANY, OTHER)), list[Said]()
    for target, case in list(cases_of(scene.town.runtime.catalogue))[::EVERY]:
        line = case.about(scene.things)
        if not isinstance(target, Command) or case.way != "alone" or line is None:
            continue
        letters = reviewed.get(name_of(target, case), {})
        for wanted in ("A", "Rx"):
            person = next((ACTORS[role] for role in LISTED if letters.get(role, NONE) in wanted), None)
            answer = scene.ask(person, target, case) if person else None
            if person and answer:
                found.append(Said(person, line, title_of(answer.outcome)))
    return found


def put_into(bot: Bot, town: AccessTown) -> None:
    """Give the bot the town's database, people and key, but keep its own places and accounts. Of the outbox only the
    undelivered rows are kept, so that nothing is on its way."""
    application = bot.application
    for file in town.folder.glob("*.toml"):
        shutil.copy(file, application.settings.city_dir / file.name)
    files: Any = application.runtime.city
    files.look()
    application.runtime.vault, application.runtime.limits = town.runtime.vault, Limits()
    with closing(application.runtime.database.writer.raw_connection()) as pooled:
        there = pooled.driver_connection
    assert isinstance(there, sqlite3.Connection)
    with closing(sqlite3.connect(":memory:")) as copy:
        town.remembers().backup(copy)
        copy.execute("DELETE FROM outbox WHERE state NOT IN (?, ?)", LOST_STATES)
        for table in ("timers", *OWN):
            copy.execute(f"DELETE FROM {table}")  # noqa: S608  # names of ours
        for table, insert in OWN.items():
            copy.executemany(insert, there.execute(f"SELECT * FROM {table}").fetchall())  # noqa: S608
        copy.commit()
        copy.backup(there)
    may_be_shorter(application.runtime.database)


FOLLOWING = 3  # messages that an act may bring to who did it after its answer, such as a page


async def test_each_command_is_answered_as_at_the_command_line(door: Chat, scene: Scene, said: list[Said]) -> None:
    for exchange in said:
        put_into(door.bot, scene.town)
        speaker = door.person(exchange.person)
        told = await speaker.typed(exchange.line)
        titles = [told.title, *(card.title for card in (await speaker.direct())[-FOLLOWING:])]
        assert at_any_time(exchange.title) in map(at_any_time, titles), (exchange, told)


def title_of(outcome: Outcome) -> str:
    return outcome.page.title if isinstance(outcome, Asking) else outcome.card.title if outcome.card else ""


def at_any_time(title: str) -> str:
    """A title without the time of day: time passes at a door that limits its own rate."""
    return TIME.sub("...", title)
