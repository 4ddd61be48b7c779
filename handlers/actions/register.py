"""Action: what is to be done, by whom and until when, whatever it is about."""

from dataclasses import replace

from handlers.actions.changes import add_action
from handlers.actions.record import (
    REF,
    action_card,
    action_line,
    buttons_of,
    event_line,
    found_action,
    may_work,
)
from handlers.kit.city.people import Person
from handlers.kit.context import Context, Request
from handlers.kit.errors import FieldErrors, UserError
from handlers.kit.events import ADDING_ACTION, WantedAction, emit
from handlers.kit.forms import Date, Form, PersonId, Reference, ask
from handlers.kit.here import still_here
from handlers.kit.links import linkable, look_up
from handlers.kit.listing import Listing
from handlers.kit.messages import Button, Buttons, Card, Items, Row, Text
from handlers.kit.policy import may
from handlers.kit.registry import command, listing, reference
from storage.actions.records import Action, Wanted

FILTERS = {"mine": "yours", "late": "late", "asked": "asked for by you", "all": "open"}
SAID_AS = {"my": "mine", "overdue": "late"}


class NewAction(Form):
    what: str = ask("What is to be done?", max_length=300)
    owner: PersonId | None = ask("Who does it?", default=None, hint="You, if left open")
    due: Date = ask("Until when?", hint="friday, in 2 weeks or 2026-12-01")
    about: str | None = ask(
        "What is it about?", default=None, max_length=60, hint="R-1, F-2 or CR-2026-01, if anything"
    )


class WhichActions(Form):
    which: str | None = ask("Which ones?", default=None, max_length=80, hint="mine, late, asked, or about R-1")


class OneAction(Form):
    action: Reference = ask("Which action?", max_length=40, hint=REF)


@command("action add", asks=NewAction, needs="action.add", example="/action add Buy a pump; owner @sam; due friday")
def add(request: Request, form: NewAction) -> Card:
    """Add an action."""
    owner = form.owner or request.person.id
    still_here(request, "owner", owner)
    if form.due < request.today:
        raise FieldErrors({"due": f"{form.due} is past. Choose a day from today on."})
    about = linkable(request, "about", form.about).ref if form.about else None
    wanted = WantedAction(form.what, owner, form.due, about)
    emit(ADDING_ACTION, request, wanted)
    action = add_action(request, wanted, request.person.id)
    return action_card(request, action, f"Added {action.ref}")


@command("action list", asks=WhichActions, needs="action.read", reads_only=True, example="/action list late")
def list_actions(request: Request, form: WhichActions) -> Card:
    """List the open actions."""
    _read(request, form.which or "")
    return _listed(request, form.which or "")


@command("action show", asks=OneAction, needs="action.read", reads_only=True, example="/action show A-1")
def show_action(request: Request, form: OneAction) -> Card:
    """Show an action."""
    action = found_action(request.store.actions.records.find(form.action), form.action)
    events = request.store.actions.events.of(action.number)
    happened = (Text("What happened:"), Items(*(event_line(request, event) for event in events)))
    card = action_card(request, action, "", *happened)
    if action.state != "open" or may_work(request, action):
        return card
    ways = [button for button in buttons_of(action) if button.label.startswith("Show")]
    return card.model_copy(update={"body": (*card.body[:-1], *([Buttons(*ways)] if ways else []))})


@reference("A-", show="action show")
def seen_action(context: Context, _person: Person, ref: str) -> str | None:
    """Show an action by its reference; everybody may see every action."""
    action = context.store.actions.records.find(ref)
    return action_line(context, action) if action else None


@listing("action.page", needs="action.read")
def _listed(request: Request, about: str) -> Listing | Card:
    """Turn a page of the list of actions."""
    wanted, title = _read(request, about)
    records = request.store.actions.records
    count = records.count(wanted)
    if count == 0:
        return Card(f"No actions: {title}", Text('Add one with "action add".'), _ways(request))

    def rows(offset: int, limit: int) -> list[Row]:
        return [_row(request, action, wanted) for action in records.page(wanted, offset, limit)]

    return Listing(Card(f"Actions, {title}: {count}", _ways(request)), count, rows)


def _row(request: Request, action: Action, wanted: Wanted) -> Row:
    mine = wanted.owner == request.person.id and action.state == "open"
    done = Button.say("Done", f"action done {action.ref}")
    line = action_line(request, action, about=wanted.about is None)
    return Row(line, done if mine else Button.say("Show", f"action show {action.ref}"))


def _read(request: Request, words: str) -> tuple[Wanted, str]:
    """Which actions a line of words means, and how that is said; raises UserError for words that mean nothing."""
    wanted, said = Wanted(), list[str]()
    for typed in words.lower().replace(",", " ").split():
        word = SAID_AS.get(typed, typed)
        match word:
            case "mine":
                wanted = replace(wanted, owner=request.person.id)
            case "late":
                wanted = replace(wanted, before=request.today)
            case "asked":
                wanted = replace(wanted, asked_by=request.person.id)
            case "all" | "open" | "about":
                continue
            case _:
                wanted = replace(wanted, about=_about(request, word))
        said.append(FILTERS.get(word, f"about {wanted.about}"))
    return wanted, " and ".join(said) or FILTERS["all"]


def _about(request: Request, word: str) -> str:
    found = look_up(request, word)
    if found is None:
        raise UserError(f'"{word}" is not one of: mine, late, asked, or about R-1.')
    return found.ref


def _ways(request: Request) -> Buttons:
    """The other lists, and all of it for who may take it away."""
    export = Button.say("As a spreadsheet", "action export xlsx")
    return Buttons(
        Button.say("Mine", "action list mine"),
        Button.say("Late", "action list late"),
        Button.say("I asked for", "action list asked"),
        Button.say("All open", "action list all"),
        *([export] if may(request.person.all_roles, "action.export") else []),
    )
