"""Feedback endings: how an item can end, and the forms that ask what each ending needs."""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.kit.city.feedback import Ending
from handlers.kit.city.model import City
from handlers.kit.context import Request
from handlers.kit.errors import FieldErrors
from handlers.kit.forms import Form, Options, Reference, ask
from handlers.kit.lists import listed
from handlers.kit.values import Carried


def _endings(city: City) -> Options:
    return tuple((ending.id, ending.name) for ending in city.feedback.answer)


class CloseItem(Form):
    feedback: Reference = ask("Which one?", max_length=12, hint="Its reference, such as F-1")
    reason: str | None = ask("How does it end?", default=None, options=_endings, said=lambda city: city.words.endings)
    answer: str | None = ask(
        "What was done? One sentence the resident can read", default=None, max_length=500, long=True
    )
    decided_by: str | None = ask("If it is not ours: who decided that?", default=None, max_length=120)
    go_to: str | None = ask("If it is not ours: where can they go?", default=None, max_length=300)


def _may_stay_empty(city: City) -> str:
    """With which endings the resident reads a ready sentence."""
    ready = [f'"{ending.name}"' for ending in city.feedback.answer if ending.text]
    return f"Optional only for {listed(ready)}: a ready sentence is used." if ready else "Required."


class CloseHere(Form):
    """How feedback ends that is the city's own to answer."""

    reason: str = ask("How does it end?", options=_endings, said=lambda city: city.words.endings)
    answer: str | None = ask(
        "What was done? One sentence the resident can read",
        default=None,
        max_length=500,
        long=True,
        hint=_may_stay_empty,
    )


class CloseElsewhere(CloseHere):
    """How feedback ends that somebody else has to answer."""

    decided_by: str = ask("Who decided that it is not ours?", max_length=120)
    go_to: str = ask("Where can the resident go instead?", max_length=300)


@dataclass(frozen=True)
class Closing(Carried):
    """An item, and the ending by whose needs its form asks."""

    feedback: str
    ending: str


def form_of(city: City, value: Closing) -> type[CloseHere]:
    """What the ending needs; one that the city has no more asks what the others do."""
    ending = city.endings.get(value.ending)
    return CloseElsewhere if ending and ending.elsewhere else CloseHere


def chosen(_request: Request, value: Closing) -> Mapping[str, str]:
    return {"reason": value.ending}


def check_ending(ending: Ending, given: Mapping[str, str | None]) -> None:
    """Raise FieldErrors for what this ending requires besides what was ``given``."""
    wrong: dict[str, str] = {}
    if not given["answer"] and not ending.text:
        wrong["answer"] = "Write one sentence that the resident can read."
    if ending.elsewhere and not given.get("decided_by"):
        wrong["decided_by"] = "Say who decided that it is not ours: a name or an office."
    if ending.elsewhere and not given.get("go_to"):
        wrong["go_to"] = "Say where the resident can go instead."
    if wrong:
        raise FieldErrors(wrong)
