"""Risk search: the line and the form that somebody searches the register with, read and said back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from handlers.kit.city.model import City
from handlers.kit.context import Request
from handlers.kit.errors import FieldErrors
from handlers.kit.forms import Form, Options, PersonId, ask
from handlers.kit.naming import which_of
from handlers.kit.options import meant
from handlers.risk.record import categories, departments

STATES: Options = (
    ("open", "open, including accepted"),
    ("accepted", "accepted"),
    ("closed", "closed"),
    ("withdrawn", "withdrawn"),
    ("all", "all of them"),
)
YES: Options = (("yes", "yes"), ("no", "no"))
MINE, OVERDUE = ("mine", "my"), ("overdue", "late")
MY_DEPARTMENT = re.compile(r"\b(?:my|our) department\b", re.IGNORECASE)


def _levels(city: City) -> Options:
    return tuple((level.id, level.name) for level in city.risks.level)


class Filter(Form):
    words: str | None = ask(
        "Words to look for", default=None, max_length=200, hint="For example: mine overdue high pump"
    )
    state: str | None = ask("Which state?", default=None, options=STATES)
    level: str | None = ask("Which level?", default=None, options=_levels)
    owner: PersonId | None = ask("Which owner?", default=None)
    department: str | None = ask("Which department?", default=None, options=departments)
    category: str | None = ask(
        "About what?", default=None, options=categories, said=lambda city: city.words.risk_categories
    )
    overdue: str | None = ask("Only with an overdue review?", default=None, options=YES)


@dataclass(frozen=True)
class Looked:
    """What somebody searches for; the fields are in the order in which the list repeats them."""

    state: str = "open"
    overdue: bool = False
    level: str | None = None
    owner: str | None = None
    department: str | None = None
    category: str | None = None
    words: tuple[str, ...] = ()


def prefilled(request: Request, value: str) -> Mapping[str, str]:
    looked = read_line(request, value)
    named = {name: getattr(looked, name) or "" for name in ("state", "level", "department", "category")}
    owner, words = f"@{looked.owner}" if looked.owner else "", " ".join(looked.words)
    return {**named, "overdue": "yes" if looked.overdue else "", "owner": owner, "words": words}


def looked_for(request: Request, form: Filter) -> Looked:
    looked = read_line(request, form.words or "")
    return replace(
        looked,
        state=form.state or looked.state,
        level=form.level or looked.level,
        owner=form.owner or looked.owner,
        department=form.department or looked.department,
        category=form.category or looked.category,
        overdue=form.overdue == "yes" or (looked.overdue and form.overdue != "no"),
    )


def read_line(request: Request, line: str) -> Looked:
    """Read a search line: known words choose filters, and the rest is searched in the text of risks."""
    if request.person.department:
        line = MY_DEPARTMENT.sub(f"department {request.person.department}", line)
    words, rest, found = line.split(), [], Looked(state="")
    while words:
        word, taken = words[0].lower(), 1
        if word in MINE:
            found = replace(found, owner=request.person.id)
        elif word in OVERDUE:
            found = replace(found, overdue=True)
        elif word in dict(STATES):
            found = replace(found, state=word)
        elif word in request.city.risks.levels:
            found = replace(found, level=word)
        elif word == "state" and words[1:] and words[1].lower() in dict(STATES):
            found, taken = replace(found, state=words[1].lower()), 2
        elif word in ("department", "category", "level") and len(words) > 1:
            chosen, taken = _chosen(request, word, words[1:])
            found = _with(found, word, chosen)
        elif word == "owner" and len(words) > 1:
            found, taken = replace(found, owner=_person(request, words[1])), 2
        else:
            rest.append(words[0])
        words = words[taken:]
    return replace(found, state=found.state or "open", words=tuple(rest))


def _with(looked: Looked, field: str, chosen: str) -> Looked:
    match field:
        case "department":
            return replace(looked, department=chosen)
        case "category":
            return replace(looked, category=chosen)
        case _:
            return replace(looked, level=chosen)


def _chosen(request: Request, field: str, words: Sequence[str]) -> tuple[str, int]:
    """The option that the next words name, using as many words as possible, and how many words that took."""
    options = {"department": departments, "category": categories, "level": _levels}[field](request.city)
    for count in range(len(words), 0, -1):
        if chosen := meant(options, " ".join(words[:count])):
            return chosen, count + 1
    known = ", ".join(label for _, label in options)
    raise FieldErrors({field: f'"{words[0]}" is not one of: {known}.'})


def _person(request: Request, words: str) -> str:
    person = request.find_person(words)
    if person is None:
        raise FieldErrors({"owner": which_of(words, request.namesakes(words))})
    return person


def said_back(looked: Looked) -> str:
    """The search as a line that :func:`read_line` understands."""
    parts = [looked.state if looked.state != "open" else "", "overdue" if looked.overdue else ""]
    named = ("level", "owner", "department", "category")
    parts += [f"{name} {value}" for name in named if (value := getattr(looked, name))]
    return " ".join(filter(None, [*parts, *looked.words]))


def in_words(request: Request, looked: Looked) -> str:
    city = request.city
    said = ["with an overdue review"] if looked.overdue else []
    said += [f"level {city.risks.levels[looked.level].name}"] if looked.level else []
    said += [f"owner {request.name(looked.owner)}"] if looked.owner else []
    said += [f"department {dict(departments(city))[looked.department]}"] if looked.department else []
    said += [f"about {dict(categories(city))[looked.category]}"] if looked.category else []
    said += [f'with "{word}"' for word in looked.words]
    return f"Filters: {', '.join(said)}."
