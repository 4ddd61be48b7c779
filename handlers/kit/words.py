"""Words: from what somebody typed to the command they mean."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from handlers.kit.alike import alike
from handlers.kit.catalogue import Catalogue
from handlers.kit.declared import Command
from handlers.kit.forms import Form
from handlers.kit.stems import telling
from handlers.kit.unmarked import unmarked


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
class SmallTalk:
    """What colleagues say to each other: a greeting, or thanks."""

    thanks: bool


@dataclass(frozen=True)
class NotKnown:
    """Words that are no command, and the nearest that are, each with the rest of what was said, where it is
    ``mistyped``; ``line`` is all of it, which may be a button's label."""

    words: str
    nearest: tuple[Meant, ...]
    line: str = field(default="", compare=False)
    mistyped: bool = field(default=False, compare=False)


SHOWN = 4  # commands that are about what was said
LONGEST_NAME = 3  # words of a command
LONGEST_SENTENCE = 1000  # characters; every door's buttons hold as many
HELP = ("", "help", "?", "help me", "i need help", "what can you do", "how does this work")
GREETINGS = ("hi", "hello", "hey", "hi there", "hello there", "hey there", "good morning", "good afternoon", "morning")
THANKS = ("thanks", "thank you", "thx", "ty", "thanks a lot", "thank you so much", "thank you very much", "many thanks")
_POLITE = re.compile(r"\b(?:please|pls|plz|can you|could you)\b", re.IGNORECASE)
REFERENCE = re.compile(r"(?<![\w-])([a-z]{1,4}-)(\d[\d-]*)(?:\.\d+)?(?![\w-])", re.IGNORECASE | re.ASCII)
_SHOWN = re.compile(rf"(?:show\s+)?\W*{REFERENCE.pattern}\W*", re.IGNORECASE | re.ASCII)
AFTER = ":;,.!?\u2013\u2014"  # what people put behind a command


def understand(text: str, catalogue: Catalogue) -> Meant | HelpWanted | SmallTalk | NotKnown:
    """What a line means; ``/city`` in front of another group's words reaches them too."""
    line = _unmarked(text, catalogue)
    words = line.split()
    if _through_city([word.lower() for word in words[:2]], catalogue):
        line, words = line[len("city") :].strip(), words[1:]
    if talk := _small_talk(line):
        return talk
    words = [word.strip(AFTER).lower() or word for word in words]
    if wanted := _help_wanted(words, catalogue):  # before a command of one word takes it for an answer
        return wanted
    if found := _longest(line, catalogue) or _shown(line, catalogue) or _labeled(line, catalogue):
        return found
    if words[1:2] in ([], ["help"]) and words[0] in catalogue.groups:
        return HelpWanted(words[0])
    return _not_known(" ".join(words[:2]), line, catalogue)


def _help_wanted(words: Sequence[str], catalogue: Catalogue) -> HelpWanted | None:
    """What "help", "help risk", "risk help" or "risks" asks for; None for all other words."""
    first, *others = words
    if first == "help" and (not others or _group(others[0], catalogue)):
        return HelpWanted(_group(others[0], catalogue) if others else None)
    if others == ["help"] and first in catalogue.groups:
        return HelpWanted(first)
    group = _group(first, catalogue) if not others and first not in catalogue.groups else None
    return HelpWanted(group) if group else None


def _group(word: str, catalogue: Catalogue) -> str | None:
    """The group that a word names, one or many, with a hyphen or without: risks, stand-up."""
    plain = word.replace("-", "")
    return next((name for name in (plain, plain.removesuffix("s")) if name in catalogue.groups), None)


def _small_talk(line: str) -> HelpWanted | SmallTalk | None:
    """What a line of a few polite words wants; None for all others."""
    said, plain = (" ".join(words.lower().split()).rstrip(" .!?,") for words in (line, _POLITE.sub(" ", line)))
    if plain in HELP or said in HELP or plain == "city":
        return HelpWanted(None)
    return SmallTalk(plain in THANKS) if plain in (*GREETINGS, *THANKS) else None


def names_a_record(line: str, catalogue: Catalogue) -> bool:
    """Whether a line has a reference of one of our registers in it: F-2."""
    return any(found[1].upper() in catalogue.kinds for found in REFERENCE.finditer(line))


def is_sentence(line: str) -> bool:
    """Whether a line says more than a command's name, and is short enough for a button to hold it."""
    return len(line.split()) > LONGEST_NAME and len(line) <= LONGEST_SENTENCE


def _unmarked(text: str, catalogue: Catalogue) -> str:
    """The line without marks around it, or around a command behind its group's name: ``city *risk list*``."""
    line = unmarked(text)
    group, _, rest = line.partition(" ")
    plain = f"{group} {unmarked(rest)}".strip()
    whole = group.lower() == "city" or " ".join(plain.lower().split()[:2]) in catalogue.commands
    return plain if whole else line


def _through_city(words: list[str], catalogue: Catalogue) -> bool:
    """Whether ``city`` only stands in front of another group's words."""
    if words[:1] != ["city"] or " ".join(words) in catalogue.commands:
        return False
    return words[1:] != [] and (_group(words[1], catalogue) is not None or words[1] == "help")


def _longest(line: str, catalogue: Catalogue) -> Meant | None:
    """The command with the most words that the line begins with."""
    for count in range(LONGEST_NAME, 0, -1):
        words = line.split(maxsplit=count)
        name = " ".join(words[:count]).lower()
        plain = name.rstrip(AFTER)
        if command := catalogue.commands.get(plain):
            rest = words[count].strip() if len(words) > count else ""
            return Meant(command, f"; {rest}" if name != plain and name.endswith(";") and rest else rest)
    return None


def _shown(line: str, catalogue: Catalogue) -> Meant | None:
    """A bare reference, alone or behind a group's name: what it stands for is to be shown."""
    first, _, rest = line.partition(" ")
    found = _SHOWN.fullmatch(rest.strip() if first.lower() in catalogue.groups else line)
    kind = catalogue.kinds.get(found[1].upper()) if found else None
    return Meant(catalogue.commands[kind.show], f"{kind.begins}{found[2]}") if found and kind else None


def _labeled(line: str, catalogue: Catalogue) -> Meant | None:
    """A command by the label that its button has, in help or in the menu of a message."""
    first, _, rest = line.partition(" ")
    said = {spoken_label(line), spoken_label(rest) if first.lower() in catalogue.groups else ""}
    meant = [
        command
        for command in catalogue.commands.values()
        if not said.isdisjoint((spoken_label(command.help), spoken_label(command.from_message or command.help)))
    ]
    return Meant(meant[0], "") if len(meant) == 1 else None


def spoken_label(label: str) -> str:
    """A button's label as it is compared with what somebody typed."""
    return alike(label).strip(" .,:;!?\u2026")


def _not_known(said: str, line: str, catalogue: Catalogue) -> NotKnown:
    """Words that are no command, with the commands that are most like them: mistyped, of the same group or register,
    or about the same."""
    near = difflib.get_close_matches(said, list(catalogue.commands), n=3, cutoff=0.65)
    if REFERENCE.search(line) or (not near and said.split()[0] in catalogue.groups):
        near = _of_group(said, line, catalogue)
    if near and len(line.split()) > 1:
        rest = "".join(line.split(maxsplit=len(said.split()))[len(said.split()) :])
        return NotKnown(said, tuple(_with_rest(catalogue.commands[name], rest, line) for name in near), line, True)
    about = dict.fromkeys((*_about_the_same(line, catalogue), *near))
    names = about or _guesses(line, said.split()[0], catalogue)
    return NotKnown(said, tuple(Meant(catalogue.commands[name], "") for name in names), line)


def _with_rest(command: Command, rest: str, line: str) -> Meant:
    """A command with what was said behind its name, and the reference that stood before."""
    found = REFERENCE.search(line)
    ref = found[0] if found and found[0] not in rest else ""
    said = ref if ref and is_sentence(line) else "; ".join(filter(None, (ref, rest)))
    return Meant(command, said if command.asks else "")


def _of_group(said: str, line: str, catalogue: Catalogue) -> list[str]:
    """The commands of the group that stands first; of the register of a reference those about one, the way to show it
    first. What is alike goes before."""
    found = REFERENCE.search(line)
    kind = catalogue.kinds.get(found[1].upper()) if found else None
    group = kind.show.split()[0] if kind else said.split()[0]
    known = catalogue.group(group) if group in catalogue.groups else []
    by_verb = {command.verb: command.name for command in known if kind is None or _takes_one(command)}
    verbs = sorted(by_verb, key=lambda verb: kind is None or by_verb[verb] != kind.show)
    alike = [verb for word in said.split() for verb in difflib.get_close_matches(word, verbs, cutoff=0.7)]
    return [by_verb[verb] for verb in dict.fromkeys((*alike, *verbs))]


def _takes_one(command: Command) -> bool:
    """Whether a command is about one record of its register, which its form asks for by the name of the group."""
    form = command.asks
    return isinstance(form, type) and issubclass(form, Form) and command.group in form.model_fields


def _about_the_same(line: str, catalogue: Catalogue) -> list[str]:
    """The commands whose help shares most words with what was said; of a whole sentence at least two."""
    said, least = telling(line), 2 if is_sentence(line) else 1
    shared = {name: len(said & telling(f"{name} {command.help}")) for name, command in catalogue.commands.items()}
    found = [name for name, count in shared.items() if count >= least]
    return sorted(found, key=lambda name: -shared[name])[:SHOWN]


def _guesses(line: str, first: str, catalogue: Catalogue) -> list[str]:
    """What a word or two may have meant; a whole sentence has no likeness to a command."""
    if is_sentence(line):
        return []
    return difflib.get_close_matches(first, list(catalogue.commands), n=3, cutoff=0.55)
