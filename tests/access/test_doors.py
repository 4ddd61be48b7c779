"""Access doors: desk, Slack and Teams answer each command as the command line does, to who may and to who may not."""

import os
import shutil
from contextlib import closing
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any

import pytest

from bot.inbound import Asking, Outcome
from handlers.kit.catalogue import Command
from tests.access.cases import cases_of
from tests.access.matrix import ANY, NONE, OTHER, Scene, letters_of, name_of, scene_of
from tests.access.town import ACTORS, STRANGER, AccessTown, may_be_shorter
from tests.chat.bot import Bot
from tests.chat.door import Chat

EVERYTHING = os.environ.get("ACCESS") == "all"
EVERY = 1 if EVERYTHING else 24  # of so many commands one is tried, else all
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
    return request.getfixturevalue(f"{request.param}_chat")


@pytest.fixture
def said(scene: Scene) -> list[Said]:
    """Of each command that is said to the bot alone, what somebody reads who may, and somebody who may not."""
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
    """Let the bot remember what the town does, and know its people; where its places are it knows itself."""
    for file in town.folder.glob("*.toml"):
        shutil.copy(file, bot.application.settings.city_dir / file.name)
    files: Any = bot.application.runtime.city
    files.look()
    with closing(bot.application.runtime.database.writer.raw_connection()) as pooled:
        there = pooled.driver_connection
    assert isinstance(there, Connection)
    places = there.execute("SELECT * FROM places").fetchall()
    copy = town.remembers()
    copy.execute("DELETE FROM outbox")
    copy.execute("DELETE FROM timers")
    copy.executemany("INSERT INTO places VALUES (?, ?, ?, ?)", places)
    copy.commit()
    copy.backup(there)
    may_be_shorter(bot.application.runtime.database)


async def test_each_command_is_answered_as_at_the_command_line(door: Chat, scene: Scene, said: list[Said]) -> None:
    for one in said:
        put_into(door.bot, scene.town)
        told = await door.person(one.person).says(one.line)
        assert told.title == one.title, (one, told)


def title_of(outcome: Outcome) -> str:
    return outcome.page.title if isinstance(outcome, Asking) else outcome.card.title if outcome.card else ""
