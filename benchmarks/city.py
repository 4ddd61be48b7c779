"""City: the people of a large city, half of them in people.toml and half met in chat, all with an account in Slack."""

import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from benchmarks.filled import NOW, Row, keep
from benchmarks.slack_requests import SECRET
from bot.settings import Settings
from handlers.kit.city.reading import read_city
from storage.chat.people import accounts, people
from tests.chat.bot import RIVERTON, settings_for, without_limits
from tests.wires.slack import BOT_USER, Channel, FakeSlack, User

EMAIL = "clerk{0}@riverton.example.org"
TEAM_OF, TEAMS = 20, 50  # people in a team that holds a stand-up, and such teams, as far as there are people
DEPARTMENTS = ("public-works", "water", "parks", "police", "fire", "planning", "finance", "it", "people", "library")
PERSON = '\n[[person]]\nid = "{0}"\nname = "{1}"\nemail = "{2}"\ndepartment = "{3}"\nroles = [{4}]\n'
TEAM = '\n[[team]]\nid = "team{0}"\nname = "Team {0}"\nplace = "ops"\nmembers = [{1}]\n'
ROUTINES = '[{0}]\nat = "{1:02}:{2:02}"\non = "every day"\nclosed = "send anyway"\nlate_until = "23:50"\n\n'


@dataclass(frozen=True)
class Inhabitant:
    """Somebody who works for the city; ``is_listed`` says that people.toml names them."""

    id: str
    name: str
    email: str
    is_listed: bool
    number: int

    @property
    def account(self) -> str:
        return f"U{self.number:08d}"

    @property
    def direct(self) -> str:
        return f"D{self.number:08d}"


def inhabitants(count: int) -> list[Inhabitant]:
    """The people of Riverton, and as many more as make so many."""
    known = [(person.id, person.name, person.email, True) for person in read_city(RIVERTON).people.values()]
    more = [
        (f"{'slack-' if number % 2 else ''}clerk{number}", f"Clerk {number}", EMAIL.format(number), not number % 2)
        for number in range(1, count - len(known) + 1)
    ]
    return [Inhabitant(*person, number) for number, person in enumerate([*known, *more], start=1)]


def found(folder: Path, those: list[Inhabitant], *, team: int = 0, routines: tuple[str, ...] = ()) -> Settings:
    """The settings of a city with these people, in Slack alone, with no limits and no quiet hours.

    ``team`` is how many of the new ones are on the crisis team. ``routines`` are sent every day, a quarter of an hour
    after each other, so that each has a time of its own.
    """
    city = folder / "city"
    if not city.exists():
        shutil.copytree(RIVERTON, city)
    new = [person for person in those if person.is_listed and person.id.startswith("clerk")]
    with (city / "people.toml").open("a", encoding="utf-8") as file:
        file.writelines(_entry(person, is_needed=place < team) for place, person in enumerate(new))
    with (city / "standup.toml").open("a", encoding="utf-8") as file:
        file.writelines(_teams(new))
    if routines:
        entries = (ROUTINES.format(name, *divmod(180 + 15 * place, 60)) for place, name in enumerate(routines))
        (city / "routines.toml").write_text("".join(entries), encoding="utf-8")
    _hours(city / "city.toml")
    keys = {"slack_bot_token": SecretStr("xoxb-test"), "slack_signing_secret": SecretStr(SECRET), "desk": "off"}
    return without_limits(settings_for(folder, **keys))


def introduce(database: Path, those: list[Inhabitant]) -> None:
    """Let the bot know all of them and their direct conversations, as after the first weeks."""
    met = NOW - timedelta(days=90)
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        keep(connection, people, (_met(person, met) for person in those))
        keep(connection, accounts, (_account(person, met) for person in those))


def due(person: Inhabitant, after: int) -> Row:
    """An action of theirs that is due today; ``after`` is the last number of another."""
    return {
        "number": after + person.number, "what": f"Look after gate {person.number}", "owner": person.id,
        "due_on": NOW.date(), "state": "open", "asked_by": "olga", "asked_at": NOW - timedelta(days=5),
    }  # fmt: skip


def move_in(slack: FakeSlack, those: list[Inhabitant]) -> None:
    """Give all of them an account and a direct conversation with the bot in a Slack."""
    for person in those:
        slack.users[person.account] = User(person.account, person.id, person.email, slack.team_id)
        slack.channels[person.direct] = Channel(person.direct, "directmessage", "im", [person.account, BOT_USER])


def _entry(person: Inhabitant, *, is_needed: bool) -> str:
    department = DEPARTMENTS[person.number % len(DEPARTMENTS)]
    return PERSON.format(person.id, person.name, person.email, department, '"crisis_team"' if is_needed else "")


def _teams(members: list[Inhabitant]) -> list[str]:
    those = [members[start : start + TEAM_OF] for start in range(0, min(len(members), TEAMS * TEAM_OF), TEAM_OF)]
    return [
        TEAM.format(number, ", ".join(f'"{person.id}"' for person in team))
        for number, team in enumerate(those, start=1)
    ]


def _hours(file: Path) -> None:
    """No quiet hours: what is measured goes out now, whatever the time is."""
    file.write_text(re.sub(r'(quiet_\w+) = "[\d:]+"', r'\1 = "00:00"', file.read_text()))


def _met(person: Inhabitant, at: object) -> Row:
    known_by = None if person.is_listed else person.email
    return {"id": person.id, "name": person.name, "email": known_by, "met_at": at, "listed": person.is_listed}


def _account(person: Inhabitant, at: object) -> Row:
    return {
        "platform": "slack", "account": person.account, "person": person.id, "direct": person.direct,
        "state": "active", "email": person.email, "asked_at": at, "seen_at": at,
    }  # fmt: skip
