"""Answering: what a request gets back: a card, a form, or a button that opens the form where the door opens none."""

from bot.handles import handles_of
from bot.inbound import Answered, Asking, Outcome
from bot.replies import not_known, one_form, retired, undone, you_are_welcome
from bot.understanding import Meaning
from handlers.help import help_card
from handlers.kit.catalogue import Catalogue
from handlers.kit.context import Request
from handlers.kit.forms import FormPage
from handlers.kit.messages import Button, Card
from handlers.kit.policy import may
from handlers.kit.understood import proposed
from handlers.kit.values import name_and_about
from handlers.kit.words import AFTER, HelpWanted, NotKnown, SmallTalk, is_sentence, names_a_record
from storage.database import Store


def answered(
    store: Store,
    platform: str,
    card: Card | None,
    *,
    ok: bool = True,
    replaces: bool = False,
    draws: str | None = None,
) -> Answered:
    """The answer, with what the platform calls the people and places in it."""
    return Answered(card, ok=ok, replaces=replaces, handles=handles_of(store, platform, card), draws=draws)


def nothing_meant(request: Request, meaning: Meaning, catalogue: Catalogue) -> Answered:
    """The answer to what is no command or action: help, the nearest words, or that a button is out of date."""
    match meaning.instead:
        case HelpWanted(group):
            return answered(request.store, request.platform, help_card(request, group))
        case SmallTalk(thanks):
            card = you_are_welcome() if thanks else help_card(request, None, greeting=True)
            return answered(request.store, request.platform, card)
        case NotKnown():
            return _not_known(request, meaning.instead, catalogue)
        case None:
            return answered(request.store, request.platform, retired(), ok=False)


def _not_known(request: Request, said: NotKnown, catalogue: Catalogue) -> Answered:
    """What an ordinary sentence may mean, proposed; else the nearest commands."""
    line = said.line
    is_command = line.split()[0].lower() in catalogue.groups and not is_sentence(line)
    if card := proposed(request, line, only_urgent=is_command or names_a_record(line, catalogue)):
        return answered(request.store, request.platform, card)
    if line.split()[0].lower().strip(AFTER) == "help":
        return answered(request.store, request.platform, help_card(request, None))
    roles = request.person.all_roles
    begins = catalogue.begun_by(line, roles) if is_sentence(line) and not said.mistyped else []
    nearest = [meant for meant in said.nearest if may(roles, meant.command.needs)]
    return answered(request.store, request.platform, not_known(said.words, nearest, begins), ok=False)


def with_undone(request: Request, outcome: Outcome) -> Outcome:
    """The answer; it says first what should have followed from it and broke."""
    if not request.undone or not isinstance(outcome, Answered):
        return outcome
    return answered(request.store, request.platform, undone(outcome.card, request.undone), ok=outcome.ok)


def form_or_button(request: Request, page: FormPage, catalogue: Catalogue, *, opens_forms: bool) -> Outcome:
    """The form itself where the door can open one, else a card with a button that opens it."""
    if opens_forms:
        return _form(request, page)
    card = one_form(page, _opening(request, page, catalogue))
    return answered(request.store, request.platform, card, ok=not page.errors)


def _form(request: Request, page: FormPage) -> Asking:
    """A form, with the accounts of the people who stand in it."""
    people = [value for q in page.questions if q.kind == "person" and (value := page.values.get(q.name))]
    found = {value: person for value in people if (person := request.find_person(value))}
    accounts = request.store.chat.people.accounts(request.platform, list(found.values()))
    return Asking(page, {value: accounts.get(person, person) for value, person in found.items()})


def _opening(request: Request, page: FormPage, catalogue: Catalogue) -> Button:
    """The button that opens a form with what was typed; what is asked in private is not kept for it, but filled
    in again where the form's own action does so."""
    name, about = name_and_about(page.target)
    if page.private and name in catalogue.actions:
        return Button("Fill in", name, about, style="primary")
    kept = {field: value for field, value in page.values.items() if field not in page.private}
    draft = request.store.chat.drafts.keep(request.person.id, page.target, kept, request.now)
    return Button("Fill in", "fill-in", draft, style="primary")
