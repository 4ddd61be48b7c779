"""Town: a bot without doors whose people come and go, with something that they hold in every feature."""

import shutil
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Row, func, select

from bot.inbound import Answered, Typed
from bot.piecework import work_off
from bot.settings import Settings
from handlers.kit.context import Context
from handlers.kit.duty import Duties
from scheduler.piecework import Piecework
from storage.chat.outbox import outbox
from storage.chat.people import Met
from storage.crisis.rollcalls import Rollcall
from storage.database import Store
from tests.bound import bound
from tests.chat.bot import RIVERTON, settings_for
from tests.city_files import people_changed
from tests.firing import plan
from tests.registers.world import World

PLATFORM = "slack"  # everybody in town has an account there
MONDAY = date(2026, 11, 23)


class Town(World):
    """The real runtime, ledger and database; steps change the city's files and what Slack says about accounts."""

    def __init__(self, keys: Settings) -> None:
        super().__init__(keys)
        self.folder = keys.city_dir

    def begin(self) -> None:
        super().begin()
        self.becomes()
        self.runtime.database.write(self._meet_everybody)

    def becomes(self, *, left: Collection[str] = (), changed: Mapping[str, Mapping[str, str]] = {}) -> None:
        """Write Riverton's files again, without people who left, and with what is different about others."""
        for file in RIVERTON.glob("*.toml"):
            shutil.copy(file, self.folder / file.name)
        people_changed(self.folder, left=left, changed=changed)
        files: Any = self.runtime.city
        files.look()
        assert files.problem is None

    def _meet_everybody(self, store: Store) -> None:
        for person in self.runtime.city().people.values():
            store.chat.people.meet(
                Met(person.id, person.name, person.email), PLATFORM, f"U{person.id}", self.clock.now()
            )

    def look(self) -> None:
        """Fire all that is due now: sendings, then timers."""
        city, now = self.runtime.city(), self.clock.now()
        for occurrence in self.read(lambda store: self.ledger.due_in_pieces(store, now, 50)):
            self._loop.run(work_off(self.runtime, Piecework(self.ledger, occurrence)))
        while due := self.read(lambda store: self.ledger.due_occurrences(store, now, 50)):
            for occurrence in due:
                self.runtime.database.write(
                    bound(lambda store, occurrence: self.ledger.fire(occurrence, store, city, now), occurrence)
                )
        self.fire()

    def wait(self, span: timedelta) -> None:
        """Let time pass, and fire what became due in it."""
        city, now = self.runtime.city(), self.clock.now()
        plan(self.runtime.database, self.ledger, city, now)
        self.clock.set(now + span)
        self.look()

    def says(self, person: str, line: str) -> Answered:
        """Type a command as somebody, and give the answer, also when it is refused."""
        outcome = self.handle(person, Typed(line))
        return outcome if isinstance(outcome, Answered) else Answered(None, ok=False)

    def context(self, store: Store) -> Context:
        """What a routine would see now."""
        return self.runtime.context(store)

    def duties(self) -> Duties:
        """Who is asked today."""
        return self.read(lambda store: self._read(self.context(store)))

    def _read(self, context: Context) -> Duties:
        """The duties of a moment, which ask the database no more."""
        known = replace(context.duties.known, is_colleague=context.roster.colleagues.__contains__)
        return replace(context.duties, known=known)

    def newest(self) -> int:
        """The number of the newest row of the outbox."""
        return self.read(
            lambda store: int(store.connection.execute(select(func.coalesce(func.max(outbox.c.id), 0))).scalar_one())
        )

    def written_since(self, row: int) -> list[Row[Any]]:
        """The posts to people that were queued after a row of the outbox."""
        posts = select(outbox).where(outbox.c.id > row, outbox.c.kind == "post", outbox.c.place.startswith("dm:"))
        return self.read(lambda store: list(store.connection.execute(posts)))


def town_settings(request: pytest.FixtureRequest, folder: Path) -> Settings:
    """The settings of a bot that is in Slack, on the database that a test asks for."""
    keys: dict[str, Any] = {"slack_bot_token": SecretStr("xoxb"), "slack_signing_secret": SecretStr("secret")}
    if request.param == "postgresql":
        keys["database_url"] = request.getfixturevalue("postgresql_url")
    return settings_for(folder, **keys)


def hold_everything(town: Town, person: str) -> None:
    """Let somebody hold one thing of each kind that the features declare."""
    town.says("olga", f"/risk add Bridge sinks; likelihood 4; impact 4; owner @{person}")
    town.says("olga", f"/risk action R-1; what Measure it; owner @{person}; due friday")
    town.says("olga", "/risk add Road floods; likelihood 5; impact 5; owner @olga")
    town.says("olga", "/risk accept R-2; until in 9 days; why It is watched; approver @maria")
    town.says("olga", "/feedback add Pothole on Mill Road; category Streets; via phone")
    town.says("olga", f"/feedback give F-1; to @{person}")
    town.says("olga", "/crisis activate Water main burst; where Mill Road; level 2")
    town.says("maria", "/crisis confirm CR-2026-01")
    town.runtime.database.write(lambda store: _more(store, town, person))


def _more(store: Store, town: Town, person: str) -> None:
    now = town.clock.now()
    store.crisis.roles.take("CR-2026-01", "commander", person, now)
    task = store.crisis.tasks.of("CR-2026-01")[0]
    store.crisis.tasks.change(task, owner=person, by_hand=True)
    rollcall = store.crisis.rollcalls.take("CR-2026-01", "fire") or Rollcall("CR-2026-01", "fire", person, now, 1)
    store.crisis.rollcalls.change(rollcall, asked=person)
    store.standup.blockers.add("streets", MONDAY, person, "No road paint", now)
    store.checkin.records.begin("fire", MONDAY, asked=person, at=now, closes_at=now + timedelta(days=1))
    [asked] = store.risk.acceptances.asked()
    store.risk.acceptances.change(asked, approver=person)
