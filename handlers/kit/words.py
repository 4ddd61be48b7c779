"""Words: from what somebody typed to the command they mean."""

import difflib
from dataclasses import dataclass

from handlers.kit.catalogue import Catalogue
from handlers.kit.declared import Command


@dataclass(frozen=True)
class Meant:
    """A command and the rest of the line."""

    command: Command
    rest: str


@dataclass(frozen=True)
class HelpWanted:
    """A group whose commands are to be listed; None is all of them."""

    group: str | None


@dataclass(frozen=True)
class NotKnown:
    """Words that are no command, and the nearest that are."""

    words: str
    nearest: tuple[str, ...]


LONGEST_NAME = 3  # words of a command
GREETINGS = ("", "help", "hi", "hello", "hey", "?")


def understand(text: str, catalogue: Catalogue) -> Meant | HelpWanted | NotKnown:
    """What a line means; ``/city`` in front of another group's words reaches them too."""
    line = text.strip().removeprefix("/").strip()
    words = line.split()
    if _through_city([word.lower() for word in words[:2]], catalogue):
        line, words = line[len("city") :].strip(), words[1:]
    if line.lower() in GREETINGS or line.lower() == "city":
        return HelpWanted(None)
    first, second = words[0].lower(), (words[1].lower() if len(words) > 1 else "help")
    if first == "help":
        return HelpWanted(second if second in catalogue.groups else None)
    helps = second == "help" and first in catalogue.groups
    if helps and len(words) == 2:  # before a command of one word takes it for an answer
        return HelpWanted(first)
    if found := _longest(line, catalogue):
        return found
    if helps:
        return HelpWanted(first)
    said = " ".join(words[:2]).lower()
    return NotKnown(said, _nearest(said, first, catalogue))


def _through_city(words: list[str], catalogue: Catalogue) -> bool:
    """Whether ``city`` only stands in front of another group's words."""
    if words[:1] != ["city"] or " ".join(words) in catalogue.commands:
        return False
    return words[1:] != [] and (words[1] in catalogue.groups or words[1] == "help")


def _longest(line: str, catalogue: Catalogue) -> Meant | None:
    """The command with the most words that the line begins with."""
    for count in range(LONGEST_NAME, 0, -1):
        words = line.split(maxsplit=count)
        if command := catalogue.commands.get(" ".join(words[:count]).lower()):
            return Meant(command, words[count].strip() if len(words) > count else "")
    return None


def _nearest(said: str, first: str, catalogue: Catalogue) -> tuple[str, ...]:
    names = list(catalogue.commands)
    near = difflib.get_close_matches(said, names, n=3, cutoff=0.6)
    same_group = [name for name in names if name.split()[0] == first]
    return tuple(near or same_group or difflib.get_close_matches(first, names, n=3, cutoff=0.4))
