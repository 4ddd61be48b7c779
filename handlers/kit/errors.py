"""Errors: what went wrong, in sentences a person can act on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class UserError(Exception):
    """Something the person can fix; the message is read by them and says what to do next."""


class Refused(UserError):
    """Somebody wanted what they may not: the sentence they read, and what the audit keeps of it (ids and words of
    ours)."""

    def __init__(self, sentence: str, *, person: str, subject: str, **facts: Any) -> None:
        super().__init__(sentence)
        self.person, self.subject, self.facts = person, subject, facts


class ReaderFirst(Exception):
    """What is asked for takes long to make, such as a picture: the request is run again, on a reader."""


class RowFirst(ReaderFirst):
    """Data is about to leave the bot: the row about it is committed, and then the request is run again on a reader."""

    def __init__(self, subject: str, facts: Mapping[str, Any]) -> None:
        super().__init__(subject)
        self.subject, self.facts = subject, facts


class FieldErrors(UserError):
    """Answers that do not fit a form: ``by_field`` maps a field's name to the sentence shown beside it.

    ``hint`` names a sentence that is said once: it is remembered, and the same answers are taken the next time.
    """

    def __init__(self, by_field: Mapping[str, str], *, hint: str | None = None) -> None:
        super().__init__(" ".join(by_field.values()))
        self.by_field, self.hint = dict(by_field), hint


class NotNeeded(Exception):
    """A message has become needless since it was queued: the reason as a clause, such as "R-3 is closed since".

    ``instead`` is the card that stands in its place where it was posted already; without, it only loses its buttons.
    """

    def __init__(self, why: str, *, instead: Any = None) -> None:
        super().__init__(why)
        self.instead = instead


class ConfigurationError(Exception):
    """A wrong or missing setting or city fact: one line that names the file, the key and the fix."""

    def __init__(self, file: str, key: str, fix: str) -> None:
        super().__init__(f"{file}: {key}: {fix}")
        self.file, self.key, self.fix = file, key, fix


class UnknownAccount(Exception):
    """A platform account that nobody has introduced yet; the door looks it up and the request is run again.

    A ``known`` account is looked up because its platform may say more about it by now; when it says nothing, what is
    known is used.
    """

    def __init__(self, platform: str, account: str, *, known: bool = False) -> None:
        super().__init__(f"{platform}:{account}")
        self.platform, self.account, self.known = platform, account, known


@dataclass(frozen=True)
class Entrance:
    """What a door says of a channel that is to become a place: its name, its address and its team, as far as it knows
    them; ``refused`` is the sentence for people where the bot cannot speak there."""

    name: str | None = None
    link: str | None = None
    team: str | None = None
    refused: str | None = None


class EnterFirst(Exception):
    """A channel is to become a place: its door enters it, or says why it cannot, and the request is run again."""

    def __init__(self, channel: str) -> None:
        super().__init__(channel)
        self.channel = channel


class WrongFact(ValueError):
    """A city fact that does not fit the others of its table; ``key`` leads from that table to it."""

    def __init__(self, key: str, fix: str) -> None:
        super().__init__(fix)
        self.key = key
