"""Replies: the cards the runtime itself answers with, when a feature cannot."""

from collections.abc import Sequence

from bot.inbound import FromMessage, Inbound, Pressed, Submitted, Typed
from handlers.kit.context import Request
from handlers.kit.forms import FormPage
from handlers.kit.lists import listed
from handlers.kit.messages import Button, Buttons, Card, Items, Note, Text
from handlers.kit.policy import RULES, roles_with
from handlers.kit.signs import cut
from handlers.kit.words import Meant

SUGGESTED = 4  # commands offered for one that is not known; its group's help has the others
REST = 40  # characters of what was typed, on a button
_HELP = Button.say("What can you do?", "help")


def typed_by(inbound: Inbound) -> str:
    """What somebody wrote, so that it can be handed back."""
    match inbound.what:
        case Typed(text) | FromMessage(_, text):
            return text
        case Submitted(_, _, values):
            return "\n".join(f"{name.replace('_', ' ')}: {value}" for name, value in values.items() if value)
        case Pressed():
            return ""


def handed_back(inbound: Inbound) -> tuple[Text, ...]:
    text = typed_by(inbound)
    return (Text(f"Your text: {text}"),) if text else ()


def mended(inbound: Inbound, sentence: str) -> Card:
    """Something the person can fix."""
    return Card("That did not work", Text(sentence), *handed_back(inbound))


def undone(card: Card | None, what: Sequence[str]) -> Card:
    """The answer, or a new card, that says first what should have followed and broke."""
    lost = [Text(f"This could not be done: {line[0].lower()}{line[1:]}. IT has been told.") for line in what]
    if card is None:
        return Card("Not all of it was done", *lost)
    return card.model_copy(update={"body": (*lost, *card.body)})


def withdrawn(inbound: Inbound) -> Card:
    return Card(
        "Nothing was saved", Text("I am too busy right now. Please send it again in a minute."), *handed_back(inbound)
    )


def unavailable(inbound: Inbound) -> Card:
    return Card(
        "Nothing was saved",
        Text("The database does not take anything at the moment. Please send it again in a few minutes."),
        *handed_back(inbound),
        Note("If it goes on, tell IT: the database is locked, full, damaged or away."),
    )


def broke(inbound: Inbound, reference: str) -> Card:
    return Card(
        "Something broke",
        Text(f"Nothing was saved. Please tell IT this reference: {reference}."),
        *handed_back(inbound),
    )


def still_working() -> Card:
    return Card("Still working", Text("This takes longer than usual. I will tell you here when it is done."))


def not_allowed(right: str, what: str, request: Request) -> Card:
    """Who may do it instead: the roles, and up to three people by name."""
    roles = roles_with(right)
    holders = [person.name for person in request.city.people.values() if not person.all_roles.isdisjoint(RULES[right])]
    return Card(
        "You cannot do this yourself",
        Text(f'"{what.rstrip(".")}" is for: {", ".join(roles)}.'),
        Text(f"Please ask {listed(holders[:3], last='or')}."),
    )


def not_known(said: str, nearest: Sequence[Meant], begins: Sequence[Button] = ()) -> Card:
    """What may have been meant: what begins with the words of a whole sentence, and the nearest commands with what was
    typed behind them."""
    near = {_meaning(meant): meant for meant in nearest}
    offered = [
        *begins,
        *(Button.say(label, f"{meant.command.name} {meant.rest}".strip()) for label, meant in near.items()),
    ]
    if not offered:
        return Card("I do not know that", Text(f'"{said}" is not a command.'), Buttons(_HELP))
    group = nearest[0].command.group if len(near) > SUGGESTED else ""
    more = [Button.say(f"More about {group}", f"help {group}")] if group else []
    logged = "To log it, choose what it is; your words are filled in."
    asked = logged if begins else "Did you mean one of these?"
    return Card(
        "I do not know that",
        Text(f"That is not a command. {asked}" if begins else f'"{said}" is not a command. {asked}'),
        Buttons(*offered[:SUGGESTED], *more, _HELP),
    )


def _meaning(meant: Meant) -> str:
    """What a command does, and about what: "Log a risk: Dam gate stuck"."""
    label = meant.command.help.rstrip(".")
    return f"{label}: {cut(meant.rest, REST, at_a_word=True)}" if meant.rest else label


def you_are_welcome() -> Card:
    """The answer to thanks."""
    return Card("You are welcome")


def retired() -> Card:
    return Card(
        "This button is from an older version",
        Text('It does nothing anymore, and nothing was changed. Write "help" to see what I can do now.'),
    )


def one_form(page: FormPage, opens: Button) -> Card:
    """A form for a place where none can open: a button that opens it, with what was typed kept."""
    problems = [f"{page_label(page, name)}: {sentence}" for name, sentence in page.errors.items()]
    missing = [
        question.label for question in page.questions if question.required and not page.values.get(question.name)
    ]
    words = [Items(*problems)] if problems else [Text("Still needed: " + " ".join(missing))] if missing else []
    return Card(page.title, *words, Buttons(opens))


def page_label(page: FormPage, name: str) -> str:
    return next((question.label for question in page.questions if question.name == name), name)
