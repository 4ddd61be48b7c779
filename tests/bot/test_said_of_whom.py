"""Losses: of whom or of what a refusal is said."""

import pytest

from bot.losses import said_of_whom
from bot.post import Refused, Wait
from tests.bot.test_ruling import row

WHY = "the platform says no"


@pytest.mark.parametrize(
    ("where", "refused", "person"),
    [
        ({"place": "dm:sam"}, Refused(WHY), f"cannot be written to in Teams: {WHY}"),
        ({"place": "dm:sam"}, Refused(WHY, "has left"), "has left"),
        ({"place": "dm:sam", "kind": "update"}, Refused(WHY), None),
        ({"place": "dm:sam", "kind": "update"}, Refused(WHY, "has left"), "has left"),
        ({"place": "dm:sam"}, Refused(WHY, unfit=True), None),
        ({"place": "dm:sam", "platform": "mail"}, Refused(WHY), None),
        ({"place": "dm:sam", "platform": "desk"}, Refused(WHY), None),
        ({"place": "risks"}, Refused(WHY), None),
        ({"place": "risks"}, Refused(WHY, "has left"), None),
    ],
)
def test_what_is_refused_to_a_person_is_said_of_them_and_what_is_refused_to_a_place_of_nobody(
    where: dict[str, str], refused: Refused, person: str | None
) -> None:
    told = said_of_whom(row(**where), refused)
    assert isinstance(told, Refused)
    assert (told.person, told.why) == (person, f"this person {person}" if person else WHY)


def test_what_is_no_refusal_stays_as_it_is() -> None:
    assert said_of_whom(row(place="dm:sam"), Wait(WHY, person="is blocked")) == Wait(WHY, person="is blocked")
