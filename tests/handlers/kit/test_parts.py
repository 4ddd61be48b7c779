"""Parts: one that breaks is set aside with all it wrote, and the others are not affected."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from handlers.kit.city.reading import read_city
from handlers.kit.context import SYSTEM, Context
from handlers.kit.errors import UserError
from handlers.kit.parts import Broken, Part
from storage.database import Database, DatabaseUnavailable, Store
from tests.chat.bot import RIVERTON
from tests.sqlite import new_database

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
CITY = read_city(RIVERTON)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.doors)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        opened = new_database(tmp_path)
    else:
        opened = Database(str(request.getfixturevalue("postgresql_url")))
    yield opened
    opened.close()


def context_of(store: Store) -> Context:
    return Context(store=store, city=CITY, now=NOW, platforms=("desk",))


def says(context: Context, person: str) -> str:
    context.tell(person, "News", "R-1")
    context.audit(person, told=True)
    return person


def breaks(context: Context) -> str:
    says(context, "tom")
    context.store.connection.execute(text("SELECT * FROM nowhere"))
    return "tom"


def told(database: Database) -> list[str]:
    rows = database.read(lambda store: store.connection.execute(text("SELECT person FROM notes ORDER BY id")).all())
    return [person for (person,) in rows]


def faults(database: Database) -> list[tuple[str, str, int]]:
    return [(fault.part, fault.about, fault.count) for fault in database.read(lambda store: store.faults.all())]


def test_a_part_that_breaks_takes_back_what_it_wrote_and_the_others_go_on(database: Database) -> None:
    def work(store: Store) -> tuple[list[str | Broken], list[str | None], list[Broken]]:
        context = context_of(store)
        parts = [
            Part("first", lambda: says(context, "sam")),
            Part("second", lambda: breaks(context), about="R-1"),
            Part("third", lambda: says(context, "olga")),
        ]
        found = context.each_apart(parts)
        return found, [subject for subject, _ in context.noted], context.broken

    found, noted, broken = database.write(work)
    assert found == ["sam", Broken("second", "R-1"), "olga"]
    assert noted == told(database) == ["sam", "olga"]
    assert broken == [Broken("second", "R-1")]
    assert faults(database) == [("second", "R-1", 1)]


def test_what_a_broken_part_did_cannot_be_undone_and_its_row_is_not_looked_for(database: Database) -> None:
    def acts(context: Context, person: str, *, well: bool) -> None:
        says(context, person)
        context.undos.append(context.store.undos.add("risk.closed", [person], "olga", NOW, {}))
        if not well:
            raise ValueError("It broke.")

    def work(store: Store) -> list[int]:
        context = context_of(store)
        context.each_apart(
            [
                Part("first", partial(acts, context, "sam", well=True)),
                Part("second", partial(acts, context, "tom", well=False)),
            ]
        )
        return context.undos

    [kept] = database.write(work)
    undo = database.write(lambda store: store.undos.take(kept))
    assert undo is not None
    assert undo.subjects == ["sam"]


def test_what_the_audit_says_is_written_once(database: Database) -> None:
    def work(store: Store) -> None:
        context = context_of(store)
        for person in ("sam", "olga"):
            context.audit(f"account slack:{person}", state="active")
            context.write_audit(SYSTEM, "accounts")

    database.write(work)
    rows = database.read(
        lambda store: store.connection.execute(text("SELECT subject FROM audit ORDER BY number")).all()
    )
    assert [subject for (subject,) in rows] == ["account slack:sam", "account slack:olga"]


def test_parts_that_ask_others_are_set_aside_where_they_break(database: Database) -> None:
    def outer(context: Context, person: str) -> list[str | Broken]:
        says(context, person)
        return context.each_apart([Part("inner good", lambda: "good"), Part("inner bad", lambda: breaks(context))])

    def work(store: Store) -> list[list[str | Broken] | Broken]:
        context = context_of(store)
        return context.each_apart(
            [Part(f"outer {person}", partial(outer, context, person)) for person in ("sam", "olga")]
        )

    assert database.write(work) == [["good", Broken("inner bad")]] * 2
    assert told(database) == ["sam", "olga"]
    assert faults(database) == [("inner bad", "", 1)], "one transaction counts once"


def test_a_part_is_set_aside_until_it_works_for_what_it_broke_over(database: Database) -> None:
    database.write(lambda store: context_of(store).apart("board plan", lambda: 1 // 0, about="CR-1"))
    database.write(lambda store: context_of(store).apart("board plan", lambda: 1, about="CR-2"))
    assert faults(database) == [("board plan", "CR-1", 1)]
    database.write(
        lambda store: context_of(store).each_apart(
            [Part("board plan", lambda: 1, about="CR-1"), Part("board roles", lambda: 1)]
        )
    )
    assert faults(database) == []


def test_a_sentence_that_nobody_waits_for_is_a_fault_too(database: Database) -> None:
    def refuses() -> None:
        raise UserError("There has been no crisis yet.")

    assert database.write(lambda store: context_of(store).apart("brief plan", refuses)) == Broken("brief plan")


def test_a_database_in_trouble_is_no_fault_of_the_part(database: Database) -> None:
    def trouble() -> None:
        raise DatabaseUnavailable("locked")

    with pytest.raises(DatabaseUnavailable):
        database.write(lambda store: context_of(store).apart("board plan", trouble))
    assert faults(database) == []
