"""Town: one person of each role in one department, and a database that is put back after each try.

A try goes the way that every door takes: a gesture of an account, the runtime, one transaction in SQLite.
"""

import re
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import SecretStr

from bot.inbound import Answered, Asking, Gesture, Inbound, Outcome, Submitted
from bot.limits import Limits
from handlers.kit.messages import Button, Buttons, Card, Row
from handlers.kit.plain import plain
from handlers.kit.vault import Vault
from storage.chat.people import Met
from storage.database import Database
from storage.sqlite import Sqlite
from tests.chat.bot import settings_for, without_limits
from tests.duties.town import PLATFORM, Town

Way = Literal["alone", "room", "event"]  # a direct message; a channel; an event of a platform, which expects no answer
DEPARTMENT = "public-works"
ACTORS = {
    "staff": "sam",
    "department_head": "olga",
    "city_manager": "maria",
    "crisis_team": "tom",
    "admin": "piotr",
    "unlisted": "owen",  # no longer in the city's files, with an account that works
    "shut": "gus",  # with a guest's account
}
COLLEAGUE, STRANGER, GONE, GUEST = "yuki", "ben", "owen", "gus"  # of the same department, of another, and of none
CHANGED = {
    "maria": {"department": f'"{DEPARTMENT}"'},
    "tom": {"department": f'"{DEPARTMENT}"'},
    "piotr": {"department": f'"{DEPARTMENT}"', "roles": '["admin"]'},
    "yuki": {"department": f'"{DEPARTMENT}"'},
}
KEPT_APART = {
    "audit",
    "inbox",
    "drafts",
    "drawings",
    "crisis_asks",
}  # what each try may write without counting as a change
NOT_YOURS = "You cannot do this yourself"
NOT_OPEN = "This contact is not open to you"  # a refusal that comes with a button to ask for it
BROKEN = ("Something broke", "Nothing was saved")
WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')


@dataclass(frozen=True)
class Answer:
    """The result of a try: ``letter`` as in the matrix, and what the person reads."""

    letter: str
    said: str
    outcome: Outcome


class AccessTown(Town):
    """Riverton, changed so that one department has every role, and nobody has two of them."""

    def __init__(self, folder: Path) -> None:
        keys = {"slack_bot_token": SecretStr("xoxb"), "slack_signing_secret": SecretStr("secret")}
        super().__init__(without_limits(settings_for(folder, **keys)))
        self.runtime.vault, self.runtime.gateways = Vault((bytes(range(32)),)), ("mail",)
        self.left: frozenset[str] = frozenset()
        self._copy = sqlite3.connect(":memory:")
        self._written: set[str] = set()  # the tables that were written to since the database was put back

    def begin(self) -> None:
        super().begin()
        self.becomes(changed=CHANGED)
        self.left = frozenset()
        self.runtime.database.write(self._meet_a_guest)

    def becomes(self, **people: Any) -> None:
        """Change the people, and let their phone numbers be due to be confirmed again."""
        super().becomes(**people)
        file, files = self.folder / "contacts.toml", self.runtime.city
        file.write_text(file.read_text(encoding="utf-8").replace("2026-10-05", "2026-06-15"), encoding="utf-8")
        files.look()  # type: ignore[attr-defined]

    def leaves(self, person: str) -> None:
        """Take somebody out of the city's files; their account still works."""
        self.left = self.left | {person}
        self.becomes(left=self.left, changed=CHANGED)

    def _meet_a_guest(self, store: Any) -> None:
        store.chat.people.meet(Met(GUEST, "Gus", "gus@elsewhere.example.org"), PLATFORM, f"U{GUEST}", self.clock.now())
        store.chat.people.set_state(PLATFORM, f"U{GUEST}", "guest")

    def asks(self, person: str, what: Gesture, way: Way = "alone") -> Outcome:
        """Do what somebody asks: at a terminal, or from their account in Slack when people.toml does not know them or
        when it comes another ``way``."""
        if person in self.runtime.city().people and way == "alone":
            return self.handle(person, what)
        inbound = Inbound(PLATFORM, f"U{person}", what, inline=way != "event")
        if way == "room":
            inbound = replace(inbound, channel="CROOM", private=False)
        return self._loop.run(self.runtime.handle(inbound))

    def done(self, person: str, what: Gesture) -> Card:
        """The same for a gesture that must succeed, because it makes a record."""
        outcome = self.asks(person, what)
        assert isinstance(outcome, Answered), f"{person} {what}: {outcome.page.target} {outcome.page.errors}"
        assert outcome.ok, f"{person} {what}: {plain(outcome.card) if outcome.card else ''}"
        self.fire()
        return outcome.card or Card("")

    def tries(
        self, person: str, what: Callable[[], Gesture], way: Way = "alone", *, reads_only: bool = False
    ) -> Answer:
        """Whether somebody may; everything is put back afterwards. ``A``: it is done or shown, ``o``: it is answered
        without effect, ``x``: refused by a rule, ``R``: refused because the role lacks the right."""
        try:
            return self.does(person, what, way, reads_only=reads_only)
        finally:
            self.goes_back()

    def does(self, person: str, what: Callable[[], Gesture], way: Way = "alone", *, reads_only: bool = False) -> Answer:
        """The same, but what was done stays."""
        self._written.clear()
        self.runtime.limits = Limits()  # no test is refused for going too fast
        outcome = self.asks(person, what(), way)
        if isinstance(outcome, Asking) and outcome.page.errors:  # a form may ask to be sent once more
            outcome = self.asks(person, what(), way)
        said = words_of(outcome)
        assert not said.startswith(BROKEN), f"{person} {what()}: {said}"
        return Answer(self._letter(outcome, reads_only), said, outcome)

    def _letter(self, outcome: Outcome, reads_only: bool) -> str:
        if isinstance(outcome, Asking):
            return "x" if outcome.page.errors else "A"
        title = outcome.card.title if outcome.card else ""
        if title == NOT_YOURS:
            return "R"
        if not outcome.ok or title == NOT_OPEN:
            return "x"
        return "A" if reads_only or self.has_changed else "o"

    def close(self) -> None:
        self._copy.close()
        self._loop.close()
        self.runtime.database.close()

    def remembers(self) -> sqlite3.Connection:
        """Keep the database as it is now, to go back to."""
        self._copy = sqlite3.connect(":memory:")
        connection = self._connection()
        connection.backup(self._copy)
        connection.set_trace_callback(self._see)
        return self._copy

    @property
    def has_changed(self) -> bool:
        """Whether anything was changed since the database was put back, apart from what each try may write."""
        return bool(self._written - KEPT_APART)

    def keeps(self, copy: sqlite3.Connection) -> None:
        """Go back to this copy from now on."""
        self._copy = copy

    def goes_back(self, copy: sqlite3.Connection | None = None) -> None:
        """Put the database back as it was."""
        if copy or self._written:
            (copy or self._copy).backup(self._connection())
            may_be_shorter(self.runtime.database)
            self._written.clear()

    def _see(self, statement: str) -> None:
        if found := WRITES.match(statement):
            self._written.add(found[1])

    def _connection(self) -> sqlite3.Connection:
        with closing(self.runtime.database.writer.raw_connection()) as pooled:
            found = pooled.driver_connection
        assert isinstance(found, sqlite3.Connection)
        return found


def may_be_shorter(database: Database) -> None:
    """Let a database count as sound after a smaller copy was put over its file, now and when its log is worked in."""
    engines = database._engines
    assert isinstance(engines, Sqlite)
    with closing(database.writer.raw_connection()) as pooled, closing(pooled.cursor()) as cursor:
        [pages], [size] = (cursor.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
        if engines.file.path.stat().st_size > pages * size:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engines.file.forget()


def words_of(outcome: Outcome) -> str:
    """What somebody reads, in one line."""
    if isinstance(outcome, Asking):
        page = outcome.page
        return " ".join(page.errors.values()) or f"A form opens: {page.title}"
    card = outcome.card
    return " / ".join(line for line in plain(card).splitlines() if line.strip()) if card else ""


def buttons_of(card: Card | None) -> list[Button]:
    """The buttons of a card, wherever they stand."""
    rows = card.body if card else ()
    found = [row.button for row in rows if isinstance(row, Row) and row.button]
    return found + [button for row in rows if isinstance(row, Buttons) for button in row.buttons]


def filled(target: str, values: Mapping[str, str], nonce: str) -> Submitted:
    """A form that somebody sends."""
    return Submitted(target, nonce, values)
