"""Risk rights: whether somebody may judge a risk follows from what they have done with it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from handlers.kit.city.reading import read_city
from handlers.kit.context import Context
from handlers.risk.rights import Independence, cannot_decide, who_may, why_not_decide
from storage.database import Database
from storage.risk.acceptances import Acceptance
from storage.risk.history import Event
from storage.risk.records import Risk
from tests.chat.bot import RIVERTON
from tests.sqlite import migrated, unhurried

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
CITY = read_city(RIVERTON)
RISK = Risk(
    number=1,
    title="Old oak",
    likelihood=2,
    impact=2,
    score=4,
    owner="sam",
    review_on=None,
    state="open",
    reason=None,
    created_by="ben",
    created_at=NOW,
    closed_by=None,
    closed_at=None,
    source=None,
)
LOGGED = Event(
    id=1,
    at=NOW,
    person="ben",
    what="logged",
    text=None,
    likelihood=2,
    impact=2,
    residual_likelihood=None,
    residual_impact=None,
    residual_confirmed=False,
    owner="sam",
    independent=False,
)
SCORED = replace(LOGGED, person="olga", what="changed", likelihood=5, impact=5)
BACK = replace(LOGGED, person="grace", what="changed")
READ = replace(LOGGED, person="lena", what="changed")
REVIEWED = replace(LOGGED, person="priya", what="reviewed", independent=True)
ASKED = Acceptance(
    id=1,
    risk=1,
    state="asked",
    level="low",
    why="It stays",
    until=date(2027, 1, 15),
    approver="maria",
    asked_by="olga",
    asked_at=NOW,
    decided_by=None,
    decided_at=None,
    note=None,
    ended_at=None,
    second="ines",
)


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Context:
    database = unhurried(Database(f"sqlite:///{migrated(tmp_path_factory.mktemp('risk') / 'cityops.db')}"))
    made = database.read(lambda store: Context(store=store, city=CITY, now=NOW, platforms=("desk",)))
    database.close()
    return made


@pytest.mark.parametrize(
    ("events", "involved"),
    [
        ((), {"sam", "ben"}),
        ((LOGGED,), {"sam", "ben"}),
        ((LOGGED, READ), {"sam", "ben"}),
        ((LOGGED, SCORED), {"sam", "ben", "olga"}),
        ((LOGGED, SCORED, BACK), {"sam", "ben", "olga", "grace"}),
        ((replace(LOGGED, owner="lena"), READ), {"sam", "ben", "lena"}),
        ((LOGGED, REVIEWED), {"sam"}),
        ((LOGGED, SCORED, BACK, REVIEWED), {"sam"}),
        ((LOGGED, REVIEWED, SCORED), {"sam", "olga"}),
        ((LOGGED, SCORED, BACK, replace(REVIEWED, person="olga")), {"sam", "olga"}),  # their own review does not count
        ((LOGGED, SCORED, BACK, replace(REVIEWED, person="ben")), {"sam", "ben"}),
        ((LOGGED, SCORED, BACK, replace(REVIEWED, independent=False)), {"sam", "ben", "olga", "grace"}),
        ((LOGGED, REVIEWED, SCORED, BACK, replace(REVIEWED, person="lena")), {"sam"}),
        ((replace(LOGGED, owner="lena"), replace(REVIEWED, owner="lena"), READ), {"sam", "lena"}),
    ],
)
def test_who_owned_logged_or_scored_a_risk_since_a_review_by_somebody_else_is_involved(
    context: Context, events: tuple[Event, ...], involved: set[str]
) -> None:
    record = Independence(context, RISK, events)
    assert {person for person in CITY.people if record.is_involved(person)} == involved


TARGET = replace(LOGGED, likelihood=5, impact=5, residual_likelihood=1, residual_impact=1)
CONFIRMED = replace(TARGET, residual_confirmed=True)


@pytest.mark.parametrize(
    ("events", "level"),
    [
        ((), "low"),
        ((LOGGED,), "low"),
        ((LOGGED, SCORED, BACK), "extreme"),
        ((LOGGED, SCORED, REVIEWED), "low"),
        ((LOGGED, REVIEWED, SCORED, BACK), "extreme"),
        ((TARGET,), "extreme"),
        ((CONFIRMED,), "low"),
        ((replace(CONFIRMED, residual_likelihood=None),), "extreme"),
        ((replace(CONFIRMED, residual_impact=None),), "extreme"),
        ((replace(CONFIRMED, residual_likelihood=3, residual_impact=4),), "high"),
        ((replace(LOGGED, likelihood=None, impact=5),), "moderate"),
        ((replace(LOGGED, likelihood=5, impact=None),), "moderate"),
    ],
)
def test_the_highest_level_since_a_review_by_somebody_else_counts(
    context: Context, events: tuple[Event, ...], level: str
) -> None:
    assert Independence(context, RISK, events).level_for("sam").id == level


def test_a_reviewer_sees_what_was_before_their_own_review(context: Context) -> None:
    record = Independence(context, RISK, (LOGGED, SCORED, REVIEWED))
    assert [record.level_for(person).id for person in ("sam", "priya")] == ["low", "extreme"]


@pytest.mark.parametrize(
    ("person", "events", "why"),
    [
        ("grace", (LOGGED,), ""),
        ("victor", (LOGGED,), ""),
        ("maria", (LOGGED, SCORED, BACK), ""),
        ("grace", (LOGGED, SCORED), "Grace"),
        ("sam", (LOGGED,), "Sam Rivers may not accept a risk of this level."),
        ("olga", (LOGGED, SCORED, BACK, REVIEWED), ""),
        ("olga", (LOGGED, replace(SCORED, likelihood=1), BACK), "Olga Brandt has owned or scored R-1"),
        (None, (LOGGED,), "This person may not accept a risk of this level."),
    ],
)
def test_who_may_decide_alone_has_the_right_and_no_part_in_it(
    context: Context, person: str | None, events: tuple[Event, ...], why: str
) -> None:
    said = Independence(context, RISK, events).why_not(CITY.people[person] if person else None)
    assert said.startswith(why)
    assert bool(said) == bool(why)


def test_nobody_decides_about_what_they_look_after_or_have_asked_for(context: Context) -> None:
    own, others = (Independence(context, replace(RISK, owner=owner), (LOGGED,)) for owner in ("olga", "sam"))
    olga, sam = CITY.people["olga"], CITY.people["sam"]
    assert own.why_not(olga) == "The owner of a risk cannot accept it."
    assert cannot_decide(others, olga, "olga") == "The person who asked to accept a risk cannot accept it."
    assert [cannot_decide(others, olga, asked_by) for asked_by in ("ben", "sam")] == ["", ""]
    assert cannot_decide(others, sam, "sam") == "Sam Rivers may not accept a risk of this level."
    assert cannot_decide(others, None, "sam").startswith("This person may not")


EXTREME = replace(RISK, likelihood=5, impact=5, owner="maria")  # nobody may decide alone: the city manager owns it


@pytest.mark.parametrize(
    ("asked", "may"),
    [
        (ASKED, {"maria", "ines", "hugo", "victor"}),
        (replace(ASKED, second=None), set()),
        (replace(ASKED, decided_by="maria"), {"ines", "hugo", "victor"}),
        (replace(ASKED, second_by="ines"), {"maria"}),
        (replace(ASKED, decided_by="maria", second_by="ines"), set()),
        (replace(ASKED, asked_by="ines"), {"maria", "hugo", "victor"}),
    ],
)
def test_where_two_decide_one_has_the_right_and_the_other_heads_a_department(
    context: Context, asked: Acceptance, may: set[str]
) -> None:
    record = Independence(context, EXTREME, (replace(LOGGED, person="olga", owner="maria"),))
    those = ("maria", "ines", "hugo", "victor", "sam", "ben")
    assert {person for person in those if not why_not_decide(record, CITY.people[person], asked)} == may


def test_a_head_who_is_involved_is_no_second(context: Context) -> None:
    record = Independence(context, EXTREME, (replace(LOGGED, person="olga", owner="maria"), SCORED))
    seconds = {person.id for person in CITY.people.values() if record.is_second(person)}
    assert not seconds & {"olga", "sam", "maria"}
    assert {"ines", "hugo"} <= seconds


def test_roles_and_some_names_are_said(context: Context) -> None:
    assert (
        who_may(Independence(context, EXTREME, (LOGGED,)))
        == "Only these roles can decide: city manager (for example Maria Lopez)."
    )
    low = who_may(Independence(context, RISK, (LOGGED,)))
    three = "(for example Maria Lopez, Olga Brandt, Ines Varga)"
    assert low == f"Only these roles can decide: department head, city manager {three}."
