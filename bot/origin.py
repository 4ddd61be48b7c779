"""Origin: what a form is made of: a message, by its link and its name for good, or a card of our own routines."""

import re
from dataclasses import dataclass
from typing import Self

from handlers.kit.context import OF_A_SENDING

_MESSAGE = re.compile(r"(?P<link>https?://[^\s|]{1,2000})? ?(?P<key>(?:slack|teams|desk):[^\s|]{1,300})?")


@dataclass(frozen=True)
class Origin:
    """``source`` is a link to a message, or what a card of ours is about; ``key`` names the message for good."""

    source: str | None = None
    key: str | None = None

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what a form carries; an empty origin where the text is not one of ours."""
        if OF_A_SENDING.fullmatch(text):
            return cls(text)
        found = _MESSAGE.fullmatch(text)
        return cls(found["link"], found["key"]) if found else cls()

    def __str__(self) -> str:
        return " ".join(part for part in (self.source, self.key) if part)
