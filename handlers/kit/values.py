"""Values: what a button carries, read back; one that no button of ours carries is refused in words."""

import re
from datetime import date

from handlers.kit.errors import UserError

MOST = 2**31 - 1  # the largest number that every database takes
LONGEST = 120  # characters of a reference that every table takes
NOT_OURS = "I cannot tell what this button is about. Nothing was changed. Open the list or the record it belongs to."
_NUMBER = re.compile(r"-?[0-9]{1,10}", re.ASCII)


def number_of(value: str) -> int:
    """The number of a record, or of seconds; raises UserError when it is none."""
    if _NUMBER.fullmatch(value) and abs(int(value)) <= MOST:
        return int(value)
    raise UserError(NOT_OURS)


def day_of(value: str) -> date:
    """A day as ``date.isoformat`` writes it; raises UserError when it is none."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise UserError(NOT_OURS) from None


def ref_of(value: str) -> str:
    """What a line or a card is about; raises UserError when it is nothing, or longer than any of ours."""
    if 0 < len(value) <= LONGEST:
        return value
    raise UserError(NOT_OURS)


def parts_of(value: str, count: int) -> list[str]:
    """So many words with spaces between them; raises UserError when there are more or fewer."""
    words = value.split(" ")
    if len(words) != count or not all(words):
        raise UserError(NOT_OURS)
    return words
