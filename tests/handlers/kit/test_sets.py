"""Sets: a contribution is asked about many people at once, and breaks for those alone over whom it breaks."""

from collections.abc import Mapping

from handlers.kit.context import Context
from handlers.kit.parts import MOST_LOST, Broken, SetPart
from handlers.kit.persons import Persons
from handlers.kit.waiting import Task, Waiter, Waiting, for_each, waiting_for, waiting_of
from storage.database import Database, Store
from tests.handlers.kit.test_parts import CITY, context_of, database, faults, told

__all__ = ["database"]
MANY = [person.model_copy(update={"id": f"p{number}"}) for number, person in enumerate([CITY.people["sam"]] * 200)]
BROKEN = ("p3", "p150")


def asked(context: Context, persons: Persons, sizes: list[int]) -> Mapping[str, str]:
    """Tell each of them something; over a few of them this breaks, when it is half done."""
    found = {}
    sizes.append(len(persons.each()))
    for person in persons.each():
        context.store.chat.notes.add(person.id, "R-1", "News", (), context.now)
        if person.id in BROKEN:
            raise KeyError("a row of last year")
        found[person.id] = "told"
    return found


def test_what_breaks_over_a_few_of_many_is_missing_for_them_alone_and_is_named(database: Database) -> None:
    sizes: list[int] = []

    def work(store: Store) -> Mapping[str, str | Broken]:
        context = context_of(store)
        part = SetPart("letters", lambda persons: asked(context, persons, sizes), Persons(CITY, MANY))
        [found] = context.sets_apart([part])
        return found

    found = database.write(work)
    assert {person: given for person, given in found.items() if given != "told"} == {
        person: Broken("letters", person) for person in BROKEN
    }
    assert told(database) == [person.id for person in MANY if person.id not in BROKEN]
    assert faults(database) == [("letters", "p3", 1)]
    assert len(sizes) < 40  # not one by one


def test_what_breaks_over_everybody_is_not_asked_for_each_of_them(database: Database) -> None:
    sizes: list[int] = []

    def breaks_in_the_first_half(persons: Persons) -> Mapping[str, str]:
        sizes.append(len(persons.each()))
        if any(person in persons for person in first_half):
            raise KeyError("no such column")
        return dict.fromkeys([person.id for person in persons.each()], "told")

    def work(store: Store) -> Mapping[str, str | Broken]:
        part = SetPart("letters", breaks_in_the_first_half, Persons(CITY, MANY))
        [found] = context_of(store).sets_apart([part])
        return found

    first_half = [person.id for person in MANY[:100]]
    found = database.write(work)
    assert [person for person, given in found.items() if given != "told"] == first_half
    assert faults(database) == [("letters", "p0", 1)]
    assert len(sizes) < 2 * MOST_LOST + 20


def test_a_set_that_works_asks_once_and_mends_what_broke_over_one_of_them(database: Database) -> None:
    sizes: list[int] = []

    def work(store: Store) -> None:
        context = context_of(store)
        context.store.faults.note("letters", "KeyError", context.now, "p1")
        persons = Persons(CITY, MANY[:3])
        context.sets_apart([SetPart(name, lambda persons: asked(context, persons, sizes), persons) for name in "ab"])
        context.sets_apart([SetPart("letters", lambda persons: asked(context, persons, sizes), persons)])

    database.write(work)
    assert sizes == [3, 3, 3]
    assert faults(database) == []


def test_what_is_mended_for_others_stays_set_aside_for_whom_it_broke(database: Database) -> None:
    def work(store: Store) -> None:
        context = context_of(store)
        context.store.faults.note("letters", "KeyError", context.now, "p150")
        part = SetPart("letters", lambda persons: asked(context, persons, []), Persons(CITY, MANY[:3]))
        context.sets_apart([part])

    database.write(work)
    assert faults(database) == [("letters", "p150", 1)]


def test_a_feature_that_breaks_over_one_of_all_says_so_to_them_and_the_rest_to_everybody(database: Database) -> None:
    def good(_context: Context, persons: Persons) -> Mapping[str, Waiting]:
        return for_each(persons.each(), Waiting("Good", [Task("R-1", "A risk")]))

    def odd(_context: Context, persons: Persons) -> Mapping[str, Waiting]:
        if "tom" in persons:
            raise KeyError("a row of last year")
        return {"stranger": Waiting("Odd", [Task("R-2", "Not asked about")]), "sam": Waiting("None", [])}

    def work(store: Store) -> dict[str, list[tuple[str, str]]]:
        context, declared = context_of(store), [Waiter("good", good, 1), Waiter("odd", odd, 2)]
        everybody = Persons(context.city, context.everybody)
        found = waiting_of(context, everybody, declared)
        assert waiting_for(context, CITY.people["tom"], declared) == found["tom"]
        assert [part.title for part in waiting_for(context, CITY.people["sam"], declared)] == ["Good"]
        assert found.keys() - {"stranger"} == CITY.people.keys()
        assert waiting_of(context, Persons(CITY, [CITY.people["sam"]]), declared).keys() == {"sam"}
        return {person: [(part.title, part.missing) for part in parts] for person, parts in found.items()}

    found = database.write(work)
    assert found.pop("tom") == [("Good", ""), ("", "odd")]
    del found["stranger"]  # of everybody, nobody is asked who is meant
    assert {tuple(parts) for parts in found.values()} == {(("Good", ""),)}
    assert faults(database) == [("waiting odd", "tom", 1)]


def test_of_everybody_nobody_is_gone_through_to_find_who_has_a_role_or_a_department() -> None:
    def everybody() -> list[object]:
        raise AssertionError("nobody is named one by one")

    some = Persons(CITY, [CITY.people["sam"], CITY.people["olga"], CITY.people["ines"]])
    all_of_them = Persons(CITY, everybody)  # type: ignore[arg-type]
    for persons in (some, all_of_them):
        assert [person.id for person in persons.with_role("admin")] == ["ines"]
        assert {"olga", "ines"} <= {person.id for person in persons.who_may("crisis.activate")}
        assert {person.id for person in persons.in_department("public-works")} == {"olga", "sam"}
        assert "public-works" in persons.departments()
    assert (some.ids, all_of_them.ids) == ({"sam", "olga", "ines"}, None)
    assert set(all_of_them.departments()) == CITY.departments.keys()
    assert "tom" in all_of_them
    assert "tom" not in some
    assert None not in all_of_them
    assert [len(half.each()) for half in some.halves()] == [1, 2]
    assert Persons(CITY, [CITY.people["sam"]]).halves() == []
