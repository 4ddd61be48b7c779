"""Old database: rows, timers and buttons from the time before the features had folders still work.

``tests/fixtures/before_the_rooms.sql`` was filled by the program of that time: somebody held one of each kind of
record, nothing of the outbox was delivered, and no timer was due.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.inbound import Answered, Pressed, Typed
from bot.settings import Settings
from handlers.kit.catalogue import catalogue
from handlers.kit.messages import SAY, Button, Buttons, Card, Row
from handlers.kit.plain import plain
from storage import schema
from storage.database import Database
from tests.bot.postroom import Post
from tests.chat.bot import settings_for
from tests.duties.town import Town
from tests.registers.world import BEGIN

BEFORE = Path(__file__).parents[1] / "fixtures" / "before_the_rooms.sql"
SLACK = {"slack_bot_token": SecretStr("xoxb-1"), "slack_signing_secret": SecretStr("secret")}
STATES = "SELECT state, count(*) FROM outbox WHERE platform = 'slack' AND state <> 'needs_human' GROUP BY state"
ROOM = "crisis:CR-2026-06"  # of a crisis whose channel was never made
DAYS = timedelta(days=9)  # until every timer in it is due


def put_there(keys: Settings) -> Settings:
    """Put the old database where the settings say, and upgrade it."""
    file = Path(keys.database_url.removeprefix("sqlite:///"))
    file.unlink()  # a new, empty one
    with closing(sqlite3.connect(file)) as made:
        made.executescript(BEFORE.read_text(encoding="utf-8"))
    database = Database(keys.database_url)
    schema.upgrade(database)
    database.close()
    return keys


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Today's bot, a moment after the old one was stopped."""
    opened = Town(put_there(settings_for(tmp_path, **SLACK)))
    opened.becomes()
    yield opened
    opened.close()


def test_every_timer_of_then_is_fired_and_nothing_breaks(town: Town) -> None:
    before = town.read(lambda store: store.time.timers.due(town.clock.now() + DAYS, 1000))
    assert {timer.kind for timer in before} >= {
        "crisis.step-due",
        "feedback.mark",
        "standup.nudge",
    }
    for _ in range(DAYS.days):
        town.wait(timedelta(days=1))
    assert town.read(lambda store: store.time.timers.due(town.clock.now(), 10)) == []
    assert town.read(lambda store: [fault.part for fault in store.faults.all()]) == ["routine standup"]  # an old one


async def test_every_row_that_waited_goes_or_says_why_it_is_not_needed_any_more(tmp_path: Path) -> None:
    put_there(settings_for(tmp_path, **SLACK))
    post = Post(tmp_path)
    post.clock.set(BEGIN + timedelta(hours=1))  # late, so that each is drawn again from its record
    waited = await post.runtime.read(lambda store: store.chat.outbox.counts(post.clock.now())["pending"])
    for place in (*post.runtime.city().places, ROOM):
        await post.bind(place, f"C{place}")
    for _ in range(600):
        post.clock.advance(seconds=2)
        await post.round()
    states: dict[str, int] = await post.runtime.read(
        lambda store: dict(store.connection.exec_driver_sql(STATES).fetchall())
    )
    post.runtime.database.close()
    assert waited > 100
    assert states["sent"] > 50
    assert states["sent"] + states["replaced"] == waited, states


def test_every_button_of_then_does_what_it_says(town: Town) -> None:
    buttons = town.read(
        lambda store: {
            (row.person or "maria", button.action, button.value)
            for row in store.connection.exec_driver_sql("SELECT person, card FROM outbox WHERE card IS NOT NULL")
            for button in buttons_of(Card.model_validate_json(row.card))
        }
    )
    pressed = {action for _, action, _ in buttons}
    assert len(pressed) > 10
    assert pressed <= {SAY, *catalogue.actions}
    for person, action, value in sorted(buttons):
        if person not in town.runtime.city().people:
            continue
        outcome = town.handle(person, Typed(f"/{value}") if action == SAY else Pressed(action, value))
        if isinstance(outcome, Answered) and outcome.card:
            assert "Something broke" not in plain(outcome.card), (action, value)
            assert "Did you mean" not in plain(outcome.card), (action, value)


@pytest.mark.parametrize(
    ("alias", "gesture", "ref", "about"),
    [
        ("R-1.1", Typed("/risk done R-1.1"), "A-3", "R-1"),
        ("R-1.1", Typed("/action done r-1.1"), "A-3", "R-1"),
        ("CR-2026-06.1", Pressed("crisis.follow-up-done", "CR-2026-06.1"), "A-1", "CR-2026-06"),
    ],
)
def test_an_action_of_then_is_done_by_the_name_it_had(
    town: Town, alias: str, gesture: Typed | Pressed, ref: str, about: str
) -> None:
    kept = town.read(lambda store: store.actions.records.find(alias))
    assert kept is not None
    assert (kept.ref, kept.about, kept.owner, kept.state) == (ref, about, "olga", "open")
    town.runtime.database.write(lambda store: store.chat.posts.add(alias, "slack", "dm:olga"))  # what was sent of it
    outcome = town.handle("olga", gesture)
    assert isinstance(outcome, Answered)
    assert outcome.card
    assert outcome.card.title == f"{ref} is done"
    updated = "SELECT count(*) FROM outbox WHERE kind = 'update' AND about = ?"
    assert town.read(lambda store: store.connection.exec_driver_sql(updated, (alias,)).scalar()) == 1
    events = town.read(lambda store: store.actions.events.of(kept.number))
    assert [event.what for event in events] == ["added", "done"]


def test_what_was_done_then_is_done_in_the_register(town: Town) -> None:
    done = town.read(lambda store: store.actions.records.find("CR-2026-06.2"))
    assert done is not None
    assert (done.ref, done.state, done.settled_by) == ("A-2", "done", "olga")
    assert [event.what for event in town.read(lambda store: store.actions.events.of(2))] == ["added", "done"]
    added = town.says("olga", "/action add Buy keys; due friday").card
    assert added is not None
    assert added.title == "Added A-4"


def buttons_of(card: Card) -> list[Button]:
    rows = [word.button for word in card.body if isinstance(word, Row) and word.button]
    return rows + [button for word in card.body if isinstance(word, Buttons) for button in word.buttons]
