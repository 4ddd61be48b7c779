"""Values: what a button carries beside its name, written into it and read back; a value not of ours is refused.

A value that is more than one reference is a frozen dataclass whose fields are the words of the text, with a space
between them::

    @dataclass(frozen=True)
    class RoleOf(Carried):
        crisis: str
        role: str

A field is a ``str`` (one word), an ``int``, a ``date`` or a ``Literal`` (a word of these). The last ones may have
defaults: such a field may be missing, and one that is empty is not written. The last of all may be ``Rest`` or
``Words``, which takes what follows with its spaces.
"""

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, TypeVar, get_args, get_origin, get_type_hints

from handlers.kit.errors import UserError

MOST = 2**31 - 1  # the largest number that every database takes
EARLIEST, LATEST = date(1970, 1, 1), date(2999, 12, 31)  # days from which, and to which, weeks and months are counted
LONGEST = 120  # characters of a reference that every table takes
NOT_OURS = "I cannot tell what this button is about. Nothing was changed. Open the list or the record it belongs to."
_NUMBER = re.compile(r"-?[0-9]{1,10}", re.ASCII)


@dataclass(frozen=True)
class Spaced:
    """What is said of a last field that takes spaces: how many characters it may have."""

    most: int


Rest = Annotated[str, Spaced(LONGEST)]  # a reference with spaces in it, such as ``feedback F-1``
Words = Annotated[str, Spaced(2000)]  # what somebody looks for; no platform takes a longer value


@dataclass(frozen=True)
class Carried:
    """What a button carries, where that is more than one reference."""

    hints: ClassVar[Mapping[str, Any]] = {}
    spaced: ClassVar[bool] = False  # whether the last field takes spaces

    def __init_subclass__(cls) -> None:
        own = get_type_hints(cls, include_extras=True)
        cls.hints = {name: own[name] for name in cls.__annotations__}
        cls.spaced = any(isinstance(part, Spaced) for hint in cls.hints.values() for part in get_args(hint))


Value = TypeVar("Value", bound=Carried)


def written(value: Carried | str) -> str:
    """The text that a button holds. Raises ValueError for a word that could not be read back as one."""
    if isinstance(value, str):
        return value
    words = [str(getattr(value, field.name)) for field in fields(value)]
    for field in reversed(fields(value)):
        if words[-1:] != [""] or field.default is MISSING:
            break
        words.pop()
    *most, last = words or [""]
    one_word = most if value.spaced else words
    if any(word == "" or " " in word for word in one_word) or (words and last == ""):
        raise ValueError(f"a word of {type(value).__name__} is empty or several: {words}")
    return " ".join(words)


def targeted(name: str, *about: Carried | str) -> str:
    """What a form belongs to, as doors and drafts keep it: a command or an action, and what it is about."""
    return "|".join((name, *filter(None, map(written, about))))


def name_and_about(target: str) -> tuple[str, str]:
    """The command or action of such a target, and what it is about; empty where that is nothing."""
    name, _, about = target.partition("|")
    return name, about


def read(kind: type[Value], text: str) -> Value:
    """What a button of this kind carries; raises UserError when it is none of ours."""
    declared = fields(kind)
    words = text.split(" ", len(declared) - 1 if kind.spaced else -1)
    while words and words[-1] == "":
        words.pop()
    if len(words) > len(declared) or any(field.default is MISSING for field in declared[len(words) :]):
        raise UserError(NOT_OURS)
    named = zip((field.name for field in declared), words, strict=False)
    return kind(**{name: _read(kind.hints[name], word) for name, word in named})


def _read(hint: Any, word: str) -> object:
    """One word as its field has it; raises UserError."""
    if hint is int and _NUMBER.fullmatch(word) and abs(int(word)) <= MOST:
        return int(word)
    if hint is date:
        return _day(word)
    if get_origin(hint) is Literal and word in get_args(hint):
        return word
    most = next((spaced.most for spaced in get_args(hint) if isinstance(spaced, Spaced)), LONGEST if hint is str else 0)
    if 0 < len(word) <= most:
        return word
    raise UserError(NOT_OURS)


def _day(word: str) -> date:
    try:
        day = date.fromisoformat(word)
    except ValueError:
        raise UserError(NOT_OURS) from None
    if not EARLIEST <= day <= LATEST:
        raise UserError(NOT_OURS)
    return day
