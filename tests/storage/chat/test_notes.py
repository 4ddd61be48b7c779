"""Notes and snoozes: each note is in one digest, later when it was put off; who put off what, and until when."""

from datetime import UTC, date, datetime, timedelta

from storage.database import Database

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
TUESDAY = MONDAY + timedelta(days=1)


def note(database: Database, ref: str, person: str = "sam") -> None:
    show = {"label": "Show", "action": "say", "value": f"risk show {ref}"}
    database.write(lambda store: store.chat.notes.add(person, ref, f"About {ref}", [show], NOW))


def told(database: Database, day: date, person: str = "sam") -> list[str]:
    """What a digest of that day says."""
    waiting = database.read(lambda store: store.chat.notes.waiting([person], day)).get(person, [])
    database.write(lambda store: store.chat.notes.tell(waiting, day))
    return [row.ref for row in database.read(lambda store: store.chat.notes.told([person], day)).get(person, [])]


def put_off(database: Database, ref: str, until: date) -> None:
    database.write(lambda store: store.chat.snoozes.put_off("sam", ref, until))


def test_a_note_stands_in_one_digest_with_its_buttons(database: Database) -> None:
    note(database, "R-1")
    note(database, "R-2", person="tom")
    assert told(database, MONDAY) == ["R-1"]
    assert told(database, TUESDAY) == []
    [kept] = database.read(lambda store: store.chat.notes.told(["sam"], MONDAY))["sam"]
    assert kept.line == "About R-1"
    assert kept.buttons == [{"label": "Show", "action": "say", "value": "risk show R-1"}]


def test_what_is_put_off_is_told_from_its_day_on(database: Database) -> None:
    note(database, "R-1")
    put_off(database, "R-1", MONDAY)
    put_off(database, "R-1", TUESDAY)
    assert database.read(lambda store: store.chat.snoozes.on(["sam", "tom"], MONDAY)) == {"sam": {"R-1"}}
    assert told(database, MONDAY) == []
    assert database.read(lambda store: store.chat.snoozes.on(["sam", "tom"], TUESDAY)) == {}
    assert told(database, TUESDAY) == ["R-1"]


def test_what_is_taken_back_is_told_again_and_nothing_else(database: Database) -> None:
    note(database, "R-1")
    note(database, "R-2")
    assert told(database, MONDAY) == ["R-1", "R-2"]
    database.write(lambda store: store.chat.notes.take_back("sam", "R-1", MONDAY))
    assert told(database, TUESDAY) == ["R-1"]
    assert [row.ref for row in database.read(lambda store: store.chat.notes.told(["sam"], MONDAY))["sam"]] == ["R-2"]


def test_what_was_told_is_forgotten_and_what_was_not_is_kept(database: Database) -> None:
    note(database, "R-1")
    assert told(database, MONDAY) == ["R-1"]
    note(database, "R-2")
    put_off(database, "R-3", MONDAY)
    put_off(database, "R-4", TUESDAY)
    assert database.write(lambda store: store.chat.notes.forget(TUESDAY, NOW, 50)) == 1
    assert database.write(lambda store: store.chat.snoozes.forget(MONDAY, 50)) == 1
    assert [row.ref for row in database.read(lambda store: store.chat.notes.all("sam"))] == ["R-2"]
    assert database.read(lambda store: store.chat.snoozes.on(["sam"], MONDAY - timedelta(days=1))) == {"sam": {"R-4"}}


def test_news_of_what_was_undone_is_never_told_or_told_again_as_taken_back(database: Database) -> None:
    def add(ref: str, person: str) -> int:
        return database.write(lambda store: store.chat.notes.add(person, ref, f"About {ref}", [], NOW))

    read, unread, other = add("R-1", "sam"), add("R-2", "tom"), add("R-3", "sam")
    assert told(database, MONDAY) == ["R-1", "R-3"]
    database.write(lambda store: store.chat.taken_back.news([read, unread], "Undone: "))
    assert told(database, TUESDAY) == ["R-1"]
    assert told(database, TUESDAY, person="tom") == []
    [again] = database.read(lambda store: store.chat.notes.told(["sam"], TUESDAY))["sam"]
    assert (again.line, other) == ("Undone: About R-1", read + 2)


def test_news_that_nobody_was_told_goes_in_the_end(database: Database) -> None:
    for number in range(3):
        note(database, f"R-{number}")
    later = NOW + timedelta(seconds=1)
    assert [database.write(lambda store: store.chat.notes.forget(MONDAY, later, 1)) for _ in range(3)] == [1, 1, 0]
