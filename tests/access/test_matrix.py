"""Access matrix: staff may do what the reviewed file says, and no more; whole.py tries all of it."""

from collections import defaultdict

import pytest

from handlers.kit.catalogue import Catalogue
from tests.access.cases import cases_of
from tests.access.matrix import (
    ANY,
    NONE,
    OTHER,
    Line,
    Matrix,
    letters,
    name,
    name_of,
    read,
    relation,
    scene_of,
    try_in,
)
from tests.access.town import STRANGER, AccessTown

TRIED = ("staff", "unlisted")  # whole.py tries every role
HOW = "If it is meant, write the file again: make access ARGS=--write-access"


@pytest.fixture
def catalogue(town: AccessTown) -> Catalogue:
    return town.runtime.catalogue


def test_every_command_and_button_stands_in_the_matrix(catalogue: Catalogue) -> None:
    there, wanted = {name(line) for line in read()}, {name_of(*case) for case in cases_of(catalogue)}
    assert wanted - there == set(), f"These have no line in tests/access/matrix.txt. {HOW}"
    assert there - wanted == set(), f"These are no command or button any more. {HOW}"


def test_each_of_them_can_be_done_by_somebody() -> None:
    done: dict[str, str] = defaultdict(str)
    for line in read():
        done[name(line)] += "".join(letters(line).values())
    never = {label for label, said in done.items() if not {"A", "o"} & set(said)}
    assert never == set(), "These are refused to everybody: what they are given in tests/access/cases.py does not fit."


def test_somebody_with_a_guests_account_may_nothing() -> None:
    assert {letters(line)["shut"] for line in read()} <= {"x", "."}


def test_somebody_in_no_file_may_no_more_than_staff() -> None:
    more = [line for line in read() if (letters(line)["unlisted"], letters(line)["staff"]) in (("A", "x"), ("A", "R"))]
    assert [line for line in more if relation(line) not in ("own", "closed")] == []


def test_staff_may_what_the_matrix_says_about_records_of_others(town: AccessTown, catalogue: Catalogue) -> None:
    found: Matrix = defaultdict(Line)
    try_in(scene_of(town, STRANGER), catalogue, found, TRIED)
    tried = {key: line.letters for key, line in found.items() if set(line.letters.values()) != {NONE}}
    known = {(name(line), relation(line)): letters(line) for line in read() if relation(line) in (ANY, OTHER)}
    assert tried == {key: {role: said[role] for role in TRIED} for key, said in known.items()}, HOW
