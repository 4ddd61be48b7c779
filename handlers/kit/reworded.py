"""Reworded: the line that says as a command what somebody said in another order, or in words of their own."""

import re
from collections.abc import Mapping, Sequence

from handlers.kit.catalogue import Catalogue
from handlers.kit.city.model import City
from handlers.kit.declared import Command, asked
from handlers.kit.errors import FieldErrors
from handlers.kit.forms import Question
from handlers.kit.grammar import parse_line, quoted
from handlers.kit.options import meant
from handlers.kit.words import AFTER, REFERENCE

_SMALL = frozenset(("please", "can", "you", "we", "i", "the", "a", "an", "now", "mark", "as", "to", "want"))
_BETWEEN = frozenset(("is", "was", "has", "been", "be", "are", "can", "should", "a", "an", "the", "now", "as"))
_LATE = ("late", "overdue", "behind")
_ASKING = frozenset(
    (
        "what",
        "whats",
        "what's",
        "which",
        "who",
        "is",
        "are",
        "the",
        "show",
        "me",
        "all",
        "list",
        "items",
        "on",
        "of",
        "now",
    )
)
_COURTESY = re.compile(
    r"(?:^|(?<=[\s,;.!]))(?:please|pls|plz|thanks|thank you|thx|ty|now)(?=$|[\s,;.!])[\s,;.!]*$", re.IGNORECASE
)
# What is said of a record that somebody only means to act on.
_LATER = re.compile(r"(?:tomorrow|later|soon|next week|tonight|this afternoon|when \w.*|after \w.*)", re.IGNORECASE)
_LITTLE = re.compile(r"(?:to|for|until|by|on|because|since|as|with)\s+", re.IGNORECASE)
_WHOM, _WHEN = re.compile(r"(?:to|for)\s|@", re.IGNORECASE), re.compile(r"(?:to|until|by|on|in)\s", re.IGNORECASE)
# What people say for the verbs of commands; the first that a register has is meant.
_MEANS: Mapping[str, tuple[str, ...]] = {
    "close": ("close", "done", "standdown"),
    "finish": ("done", "close"),
    "complete": ("done", "close"),
    "done": ("done", "close"),
    "solve": ("close", "done"),
    "resolve": ("close", "done"),
    "end": ("standdown", "close"),
    "give": ("give", "assign"),
    "assign": ("assign", "give"),
    "postpone": ("move", "wait"),
    "pause": ("wait",),
    "open": ("show", "status"),
    "view": ("show", "status"),
    "see": ("show", "status"),
}
# What people say for commands that are the city's own.
_SAID_AS: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "what waits for me", "what is waiting for me", "whats waiting for me", "what do i have today",
            "what do i have to do", "what do i have to do today", "my tasks", "my day", "my list", "my work",
            "whats due today", "what is due today", "whats on my plate", "what is on my plate", "what now",
            "what should i do",
        ),
        "today",
    ),
    **dict.fromkeys(("who is away", "whos away", "who is off", "who is out"), "absences"),
    **dict.fromkeys(("im back", "i am back", "back again"), "back"),
}  # fmt: skip
_BEGINS = "activate"  # what people do by the name of a group alone, with the words for it


def reworded(line: str, catalogue: Catalogue, city: City) -> str | None:
    """The line to type for what somebody said of a reference, of what is late, or behind the name of a group that is
    activated; None where it means none of these."""
    line = re.sub(r"city\s+", "", line, count=1, flags=re.IGNORECASE) if line.lower().startswith("city ") else line
    return (
        _ones_own(line, catalogue)
        or _late(line, catalogue)
        or _of_reference(line, catalogue, city)
        or _begun(line, catalogue)
    )


def _ones_own(line: str, catalogue: Catalogue) -> str | None:
    """what waits for me, my tasks, who is away, I'm back: the city's own commands in other words, or without "city"."""
    said = " ".join(word.replace("'", "").replace("\u2019", "") for word in _words(line))
    name = f"city {_SAID_AS.get(said, said)}"
    return name if name in catalogue.commands else None


def _late(line: str, catalogue: Catalogue) -> str | None:
    """late, what is overdue, late feedback, my late actions: all that is late, or a register's own list of it."""
    words = [word for word in _words(line) if word not in _ASKING]
    said = [word for word in words if word not in _LATE]
    if len(said) == len(words) or len(said) > 2:
        return None
    mine = [word for word in said if word in ("my", "mine")]
    named = [way for name, way in catalogue.late_ways.items() for word in said if _names(name, word)]
    if len(mine) + len(named) < len(said):
        return None
    return " ".join((*(named[:1] or ["city late"]), *(mine[:1] and named[:1] and ["mine"])))


def _names(name: str, word: str) -> bool:
    """Whether a word names a register, one or many: action, actions."""
    return word.removesuffix("s") in (part.removesuffix("s") for part in name.split())


def _of_reference(line: str, catalogue: Catalogue, city: City) -> str | None:
    """close F-2, A-2 done, F-2 is fixed: the command of the register that the reference belongs to."""
    found = REFERENCE.search(line)
    kind = catalogue.kinds.get(found[1].upper()) if found else None
    if found is None or kind is None:
        return None
    group, ref = kind.show.split()[0], f"{kind.begins}{found[2]}"
    before = [word for word in _words(line[: found.start()]) if word not in (*_SMALL, group, f"{group}s")]
    rest = line[found.end() :].strip(f"{AFTER} ")
    rest = rest if ";" in rest else _COURTESY.sub("", rest).strip(f"{AFTER} ")
    if _LATER.fullmatch(rest):
        return None
    if len(before) > 1:
        return None
    verb, said = (before[0], rest) if before else _first_word(rest)
    if command := _command(group, verb, catalogue):
        return _typed(command, ref, said, city)
    return None if before else _ended(catalogue.commands.get(f"{group} close"), ref, rest, city)


def _first_word(rest: str) -> tuple[str, str]:
    """The first word behind a reference that says something, and what follows it."""
    words = rest.split()
    while words and words[0].lower() in _BETWEEN:
        del words[0]
    return (words[0].lower().strip(AFTER), " ".join(words[1:])) if words else ("", "")


def _command(group: str, verb: str, catalogue: Catalogue) -> Command | None:
    """The command of a group that a verb names, in whatever form it stands."""
    known = {name.partition(" ")[2] for name in catalogue.commands if name.startswith(f"{group} ")}
    base = next((word for word in (*known, *_MEANS) if verb in _forms(word)), verb)
    name = next((word for word in (base if base in known else "", *_MEANS.get(base, ())) if word in known), None)
    return catalogue.commands.get(f"{group} {name}") if name else None


def _forms(verb: str) -> Sequence[str]:
    """close, closes, closed, closing; drop, dropped."""
    stem = verb.removesuffix("e")
    return verb, f"{verb}s", f"{stem}es", f"{stem}ed", f"{verb}{verb[-1]}ed", f"{stem}ing"


def _ended(command: Command | None, ref: str, said: str, city: City) -> str | None:
    """A record that is closed by how it ended, in the words of the city: F-2 is fixed, we filled it this morning."""
    if command is None or not said:
        return None
    how, *told = re.split(r"[,:;.]\s+", said, maxsplit=1)
    questions = asked(command, city)
    for question in questions:
        if question.said and (value := meant(question.options, how, question.said)):
            answers = [_filled(each, told[0]) for each in questions if each.kind == "long_text" and told][:1]
            return "; ".join(filter(None, (f"{command.name} {ref}", f"{question.name} {value}", *answers)))
    return None


def _typed(command: Command, ref: str, said: str, city: City) -> str | None:
    """The line of a command about a reference, with what is said besides; None where it has no place for it."""
    questions = asked(command, city)
    whose = next((question for question in questions if question.name == command.group), None)
    if whose is None:
        return None
    line = ref if whose is questions[0] else f"; {whose.name} {ref}"
    if said and whose is not questions[0]:
        return f"{command.name} {said}{line}"
    if not said:
        return f"{command.name} {line}"
    try:
        parse_line(f"{line}; {said}", questions)
    except FieldErrors:
        others = [question for question in questions if question is not whose]
        filled = next((part for question in others if (part := _filled(question, said))), None)
        return f"{command.name} {line}; {filled}" if filled else None
    return f"{command.name} {line}; {said}"


def _filled(question: Question, said: str) -> str | None:
    """A field with what is said; None where it does not fit there."""
    value = _LITTLE.sub("", said, count=1) if _LITTLE.match(said) else said
    match question.kind:
        case "person":
            return f"{question.name} {value}" if _WHOM.match(said) else None
        case "date":
            return f"{question.name} {said if said.startswith('in ') else value}" if _WHEN.match(said) else None
        case "choice":
            found = meant(question.options, said, question.said)
            return f"{question.name} {found}" if found else None
        case "text" | "long_text":
            return f"{question.name} {quoted(value)}"
        case _:
            return None


def _begun(line: str, catalogue: Catalogue) -> str | None:
    """crisis Fire in city hall: what is activated, in the words for it; a mistyped command has but a word or two."""
    group, _, rest = line.partition(" ")
    name = f"{group.lower()} {_BEGINS}"
    return f"{name} {rest}" if name in catalogue.commands and len(rest.split()) > 1 else None


def _words(text: str) -> list[str]:
    return [word.strip(AFTER) for word in text.lower().split() if word.strip(AFTER)]
