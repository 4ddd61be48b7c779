"""Action: what is to be done, by whom and until when, whatever it is about."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from handlers.actions.changes import add_action
from handlers.actions.record import (
    REF,
    action_card,
    action_line,
    action_row,
    event_line,
    found_action,
    may_work,
    section_of,
)
from handlers.kit.city.people import Person
from handlers.kit.context import Context, Request
from handlers.kit.errors import UserError
from handlers.kit.events import ADDING_ACTION, WantedAction, emit
from handlers.kit.forms import Date, Form, PersonId, Reference, ask
from handlers.kit.here import not_past, not_there, still_here
from handlers.kit.links import linkable, look_up
from handlers.kit.listing import Listing, in_sections
from handlers.kit.messages import Button, Buttons, Card, Fold, Heading, Items, Row, capitalized
from handlers.kit.naming import which_of
from handlers.kit.policy import may
from handlers.kit.registry import action, command, listing, reference
from handlers.kit.trace import traced
from storage.actions.records import Action, Wanted

LATELY = timedelta(days=30)  # settled within this time
SAID_AS = {"my": "mine", "me": "mine", "myself": "mine", "overdue": "late", "dropped": "done"}
CHOICES = "mine, late, asked, done, all, a name, or about R-1"


class NewAction(Form):
    what: str = ask("What needs to be done?", max_length=300)
    owner: PersonId | None = ask("Who does it?", default=None, hint="Left empty: you")
    due: Date = ask("By when?", hint="friday, in 2 weeks or 2026-12-01")
    about: str | None = ask(
        "What is it about?", default=None, max_length=60, hint="R-1, F-2 or CR-2026-01, if anything"
    )


class WhichActions(Form):
    which: str | None = ask("Which ones?", default=None, max_length=80, hint=CHOICES)


class OneAction(Form):
    action: Reference = ask("Which action?", max_length=40, hint=REF)


@command(
    "action add",
    sends="Add the action",
    asks=NewAction,
    needs="action.add",
    example="/action add Buy a pump; owner @sam; due friday",
)
def add(request: Request, form: NewAction) -> Card:
    """Add an action."""
    owner = form.owner or request.person.id
    still_here(request, "owner", owner)
    not_past(request, "due", form.due)
    about = linkable(request, "about", form.about).ref if form.about else None
    wanted = WantedAction(form.what, owner, form.due, about)
    emit(ADDING_ACTION, request, wanted)
    action = add_action(request, wanted, request.person.id)
    card = action_card(request, action, f"Added {action.ref}", *not_there(request, owner))
    return traced(request, card, f"{action.ref} added")


@command("action list", asks=WhichActions, needs="action.read", reads_only=True, example="/action list late")
def list_actions(request: Request, form: WhichActions) -> Card:
    """List actions."""
    _read(request, form.which or "")
    return _listed(request, form.which or "")


@command("action show", asks=OneAction, needs="action.read", reads_only=True, example="/action show A-1")
def show_action(request: Request, form: OneAction) -> Card:
    """Show an action."""
    action = found_action(request.store.actions.records.find(form.action), form.action)
    happened = _happened(request, action)
    title = f"What happened: {len(happened.items)}"
    fold = Fold(title, happened, button=Button(title, "action.history", action.ref))
    card = action_card(request, action).with_words(fold)
    return card if may_work(request, action) else card.with_buttons(lambda button: button.label.startswith("Show"))


@action("action.history", needs="action.read", reads_only=True)
def history(request: Request, value: str) -> Card:
    """Show all that happened to an action."""
    kept = found_action(request.store.actions.records.find(value), value)
    return Card(f"All that happened to {kept.ref}", _happened(request, kept))


def _happened(context: Context, action: Action) -> Items:
    return Items(*(event_line(context, event) for event in context.store.actions.events.of(action.number)))


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
        return _nothing(request, wanted)

    def rows(offset: int, limit: int) -> Sequence[Row | Heading]:
        found, row = records.page(wanted, offset, limit), partial(_row, request, wanted)
        if wanted.before or wanted.settled_since:  # all are late, or settled
            return [row(action) for action in found]
        return in_sections(found, partial(section_of, request), row)

    return Listing(Card(f"{title}: {count}", _ways(request)), count, rows)


def _nothing(request: Request, wanted: Wanted) -> Card:
    """What is said where no action is wanted: in a sentence, with the way to add one."""
    if wanted == Wanted(before=request.today):
        title = "Nothing is late"
    elif wanted.owner:
        whose = "You have" if wanted.owner == request.person.id else f"{request.name(wanted.owner)} has"
        title = f"{whose} no {_which(wanted)}"
    else:
        title = f"No {_which(wanted)}"
    return Card(title, Buttons(Button.say("Add an action", "action add")), _ways(request))


def _row(request: Request, wanted: Wanted, action: Action) -> Row:
    mine = wanted.owner == request.person.id and action.state == "open"
    done, show = Button.say("Done", f"action done {action.ref}"), Button.say("Show", f"action show {action.ref}")
    return action_row(request, action, done if mine else show, about=wanted.about is None)


def _read(request: Request, words: str) -> tuple[Wanted, str]:
    """Which actions a line of words means, and how that is said; raises UserError for words that mean nothing."""
    wanted, words_left = Wanted(), words.replace(",", " ").split()
    while words_left:
        word = SAID_AS.get(words_left[0].lower(), words_left[0].lower())
        taken = 1
        match word:
            case "mine":
                wanted = replace(wanted, owner=request.person.id)
            case "late":
                wanted = replace(wanted, before=request.today)
            case "asked":
                wanted = replace(wanted, asked_by=request.person.id)
            case "done":
                wanted = replace(wanted, settled_since=request.now - LATELY)
            case "all" | "open" | "about":
                pass
            case _:
                wanted, taken = _named(request, wanted, words_left)
        del words_left[:taken]
    return wanted, _title(request, wanted)


def _named(request: Request, wanted: Wanted, words: Sequence[str]) -> tuple[Wanted, int]:
    """What is wanted when the next words name a record or somebody, and how many words that took; raises UserError."""
    if found := look_up(request, words[0]):
        return replace(wanted, about=found.ref), 1
    longest = 1 if ":" in words[0] else len(words)  # a mention is one word
    for count in range(longest, 0, -1):
        if person := request.find_person(" ".join(words[:count])):
            return replace(wanted, owner=person), count
    if len(namesakes := request.namesakes(words[0])) > 1:
        raise UserError(which_of(words[0], namesakes))
    raise UserError(f'"{words[0]}" is not one of: {CHOICES}.')


def _title(request: Request, wanted: Wanted) -> str:
    """Which actions are wanted, as people say it: "Your late actions"."""
    if wanted.owner is None:
        return capitalized(_which(wanted))
    whose = "Your" if wanted.owner == request.person.id else f"{request.name(wanted.owner)}'s"
    return f"{whose} {_which(wanted)}"


def _which(wanted: Wanted) -> str:
    """The same without whose they are: "late actions about R-1"."""
    how = "late " if wanted.before else "" if wanted.settled_since or wanted.about else "open "
    parts = (
        (wanted.asked_by, "you asked for"), (wanted.about, f"about {wanted.about}"),
        (wanted.settled_since, f"done or dropped in the last {LATELY.days} days"),
    )  # fmt: skip
    return " ".join([f"{how}actions", *(said for asked, said in parts if asked)])


def _ways(request: Request) -> Buttons:
    """The other lists, and all of it for who may take it away."""
    export = Button.say("As a spreadsheet", "action export xlsx")
    return Buttons(
        Button.say("Mine", "action list mine"),
        Button.say("Late", "action list late"),
        Button.say("I asked for", "action list asked"),
        Button.say("Recently done", "action list done"),
        Button.say("All open", "action list all"),
        *([export] if may(request.person.all_roles, "action.export") else []),
    )
