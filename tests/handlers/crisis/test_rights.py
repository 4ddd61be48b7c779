"""Crisis rights: who may become commander by themselves."""

import pytest

from handlers.crisis.rights import may_command
from handlers.kit.city.reading import read_city
from tests.chat.bot import RIVERTON


@pytest.mark.parametrize(
    ("person", "may"),
    [
        ("tom", True),  # called for crises
        ("maria", True),  # the city manager
        ("olga", True),  # the head of a department
        ("sam", False),  # of the staff
        ("ben", False),
        ("nobody-we-know", False),
    ],
)
def test_whoever_is_called_or_may_begin_a_crisis_may_command_it(person: str, may: bool) -> None:
    assert may_command(read_city(RIVERTON), person) == may
