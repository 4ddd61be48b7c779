"""Away cards: what people read about an absence: who is away, who is asked instead, and whose it is."""

from datetime import date

from handlers.kit.context import Context, Request
from handlers.kit.contributions import drawn
from handlers.kit.errors import NotNeeded
from handlers.kit.messages import Button, Buttons, Card, Facts, Note, Text
from storage.time.absences import Absence


def subject_of(person: str) -> str:
    """What the audit and the messages about somebody's absences are about."""
    return f"away {person}"


def away_card(request: Request, absence: Absence) -> Card:
    """The answer to somebody who said that they, or somebody else, will be away."""
    return Card(
        f"{who_is(request, absence.person)} away from {days_of(request, absence.first, absence.last)}",
        Facts(("Asked instead", request.mention(absence.deputy) if absence.deputy else "nobody was named")),
        Note("This ends by itself. Back earlier? Write: city back"),
        Buttons(Button.say("Who is away?", "city absences")),
    )


def days_of(context: Context, first: date, last: date) -> str:
    return f"{context.spoken_day(first)} to {context.spoken_day(last)}"


def tell_deputy(request: Request, absence: Absence) -> None:
    """Tell somebody that they are asked in the place of who is away."""
    if absence.deputy is None:
        return
    person, stands_in = absence.person, absence.deputy
    card = _stand_in_card(request, person, absence.first, absence.last)
    request.post(f"dm:{stands_in}", card, priority="prompt", draws=_draws(absence))


def was_told(request: Request, absence: Absence) -> bool:
    """Whether the deputy of an absence may have read of it; a message that still waits is dropped when it goes."""
    return not request.store.chat.posts.waits(_draws(absence))


def _draws(absence: Absence) -> str:
    """How the message to a deputy is drawn again."""
    return f"away.deputy {absence.person} {absence.deputy} {absence.first} {absence.last}"


def tell_back(request: Request, person: str, stands_in: str) -> None:
    """Tell somebody that they are not asked in the place of a person any more."""
    card, draws = _back_card(request, person), f"away.back {person} {stands_in}"
    request.post(f"dm:{stands_in}", card, priority="prompt", draws=draws)


def _stand_in_card(context: Context, person: str, first: date, last: date) -> Card:
    return Card(
        f"You stand in for {context.name(person)}",
        Text(f"From {days_of(context, first, last)} you are asked instead."),
        Note("This ends by itself. What comes for you: city schedule"),
    )


@drawn("away.deputy")
def stand_in_again(context: Context, person: str, stands_in: str, first: str, last: str) -> Card:
    """The card that says who stands in for somebody, while the absence lasts or is still to come."""
    _still_away(context, person, first, last, stands_in)
    return _stand_in_card(context, person, date.fromisoformat(first), date.fromisoformat(last))


def _still_away(context: Context, person: str, first: str, last: str, stands_in: str | None) -> Absence:
    """The absence as it was said; raises NotNeeded for one that was taken back, was changed or is over."""
    said = (date.fromisoformat(first), date.fromisoformat(last), stands_in)
    for absence in context.store.time.absences.of(person, context.today):
        if said == (absence.first, absence.last, absence.deputy):
            return absence
    raise NotNeeded(f"the absence of {context.name(person)} has changed")


def _back_card(context: Context, person: str) -> Card:
    return Card(f"{context.name(person)} is back", Text("You do not stand in for them anymore."))


@drawn("away.back")
def back_again(context: Context, person: str, stands_in: str) -> Card:
    """The card that says that somebody is back, unless they are away again with the same deputy."""
    absence = context.away(person)
    if absence is not None and absence.deputy == stands_in:
        raise NotNeeded(f"{context.name(person)} is away again")
    return _back_card(context, person)


def tell_whose_it_is(request: Request, absence: Absence) -> None:
    """Tell a person that somebody else entered their absence, with a button that ends it."""
    person, by = absence.person, request.person.id
    if person == by:
        return
    days = (str(absence.first), str(absence.last))
    draws = " ".join(["away.said", person, by, *days, *([absence.deputy] if absence.deputy else [])])
    request.post(
        f"dm:{person}", _said_card(request, by, absence), priority="page", draws=draws
    )  # at night too: their pages go elsewhere from now on


def _said_card(context: Context, by: str, absence: Absence) -> Card:
    instead = f"{context.name(absence.deputy)} is asked" if absence.deputy else "No one is asked"
    return Card(
        f"{context.name(by)} says that you are away",
        Text(f"From {days_of(context, absence.first, absence.last)}. {instead} instead of you."),
        Buttons(Button("I am here: end it", "away.end", str(absence.id))),
    )


@drawn("away.said")
def said_again(context: Context, person: str, by: str, first: str, last: str, stands_in: str = "") -> Card:
    """The card that tells a person that somebody else entered their absence, while it holds."""
    return _said_card(context, by, _still_away(context, person, first, last, stands_in or None))


def who_is(request: Request, person: str) -> str:
    return "You are" if person == request.person.id else f"{request.name(person)} is"
