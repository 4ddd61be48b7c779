"""Standings: who has which role and deputy by the city's files, and a row in the audit when that changes."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

from handlers.kit.city.model import City
from handlers.kit.city.people import Person
from handlers.kit.context import SYSTEM
from handlers.kit.policy import ROLES
from storage.database import Store
from storage.standings import Said

Note = Callable[[Store], None]  # writes what is new of somebody
ACT = "city files"
PEOPLE, DEPARTMENTS, CRISIS = "people.toml", "departments.toml", "crisis.toml"
FILES = {"heads": DEPARTMENTS, "crisis": CRISIS}  # where each thing stands; all others in people.toml
HIDDEN = "addresses"  # of these only a hash is kept, and the audit says only that they changed


def standings_of(city: City) -> dict[str, Said]:
    """What the city's files say of each person, by id; only ids and words of ours."""
    heads: dict[str, list[str]] = {}
    for department in city.departments.values():
        heads.setdefault(department.head, []).append(department.id)
    crisis: dict[str, list[str]] = {}
    for role in city.crisis.role:
        for member in role.people:
            crisis.setdefault(member, []).append(role.id)
    return {
        person.id: {
            **_own(person),
            "heads": sorted(heads.get(person.id, [])),
            "crisis": sorted(crisis.get(person.id, [])),
        }
        for person in city.people.values()
    }


def _own(person: Person) -> dict[str, Any]:
    addresses = " ".join(sorted((*person.addresses, person.slack or "", person.teams or "")))
    return {
        "roles": sorted(person.roles),
        "department": person.department,
        "deputy": person.deputy,
        HIDDEN: sha256(addresses.encode()).hexdigest()[:16],
    }


def news_of_standings(city: City, now: datetime, store: Store) -> list[Note]:
    """What is to be written, on a reader: one audit row for each person about whom the city's files say something new;
    the first time, one row that says who has which role."""
    after, before = standings_of(city), store.standings.all()
    changed = [person for person in sorted({*before, *after}) if before.get(person) != after.get(person)]
    is_first = store.audit.last(PEOPLE) is None
    notes: list[Note] = [
        partial(_note, person, before.get(person), after.get(person), now, is_first) for person in changed
    ]
    return [*notes, partial(_say_once, {"people": len(after), **_by_role(city)}, now)] if is_first else notes


def _note(person: str, before: Said | None, after: Said | None, now: datetime, is_first: bool, store: Store) -> None:
    """Keep what is said of somebody, unless another bot has noticed it as well."""
    store.standings.lock()
    if store.standings.of(person) != before:
        return
    if not is_first:
        store.audit.add(now, SYSTEM, ACT, f"person {person}", _facts(before or {}, after or {}))
    if after is None:
        store.standings.remove(person)
    else:
        store.standings.put(person, after, now, known=before is not None)


def _say_once(facts: Mapping[str, Any], now: datetime, store: Store) -> None:
    """Say who has which role when all of that is kept for the first time."""
    store.standings.lock()
    if store.audit.last(PEOPLE) is None:
        store.audit.add(now, SYSTEM, ACT, PEOPLE, facts)


def _by_role(city: City) -> Mapping[str, list[str]]:
    return {role: [person.id for person in city.with_role(role)] for role in ROLES if role != "staff"}


def _facts(before: Said, after: Said) -> dict[str, Any]:
    """What has changed, and in which files; also whether somebody is new or gone."""
    changed = {name for name in (*before, *after) if (before.get(name) or None) != (after.get(name) or None)}
    facts: dict[str, Any] = {"files": sorted({FILES.get(name, PEOPLE) for name in changed})}
    if not (before and after):
        facts["listed"] = bool(after)
    for name in sorted(changed - {HIDDEN}):
        facts[name] = {"was": before.get(name), "is": after.get(name)}
    if before and after and HIDDEN in changed:
        facts[HIDDEN] = "changed"
    return facts
