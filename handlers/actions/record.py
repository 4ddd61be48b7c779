"""Action record: an action as everybody sees it: its line, its card, and what people can do with it."""

from collections.abc import Mapping

from handlers.kit.context import Context, Request
from handlers.kit.errors import UserError
from handlers.kit.inline import Inline, Status
from handlers.kit.links import keepers_of, line_for, prefix_of, show_button
from handlers.kit.messages import Button, Buttons, Card, Facts, Note, Row, Text, Word
from handlers.kit.moved import fallen
from handlers.kit.policy import may
from handlers.kit.records import record_buttons
from handlers.kit.signs import cut
from storage.actions.events import Event, How
from storage.actions.records import Action

REF = "Its reference, such as A-1"
LATE = ": LATE"  # after the day of what is late
TITLE = 80  # characters of what is to be done in a list
HELD = "actions"  # the name under which people hold them
HAPPENED: Mapping[How, str] = {
    "added": "asked {owner} to do it{due}",
    "given": "gave it to {owner}",
    "moved": "changed the due date{due}",
    "done": "did it",
    "dropped": "dropped it",
    "reopened": "opened it again",
    "undone": "undid that",
    "changed": "changed it in an imported spreadsheet",
}


def is_late(context: Context, action: Action) -> bool:
    """Whether an open action should have been done before today."""
    return action.state == "open" and action.due_on is not None and action.due_on < context.today


def action_line(context: Context, action: Action, *, about: bool = True, as_task: bool = False) -> str:
    """An action in one line; one that is late says so. ``about`` names what it is about. ``as_task`` is the line of who
    is to do it, which stands beside how it stands: it says neither again."""
    brief = [action.about] if about and action.about else []
    if action.state == "open" and as_task:
        brief += [due.removesuffix(LATE) for due in _due(context, action)]
    elif action.state == "open":
        brief = [context.name(action.owner), *brief, *_due(context, action)]
    else:
        brief.append(settled_words(context, action))
    return f"{action.ref} {action.what} ({', '.join(brief)})" if brief else f"{action.ref} {action.what}"


def _due(context: Context, action: Action) -> list[str]:
    """Until when it is to be done, and whether that day has passed; nothing where none is set."""
    if action.due_on is None:
        return []
    day = context.spoken_day(action.due_on)
    return [f"was due {day}{LATE}" if is_late(context, action) else f"due {day}"]


def settled_words(context: Context, action: Action) -> str:
    """What became of an action: by whom, when and why."""
    when = f", {context.spoken(action.settled_at)}" if action.settled_at else ""
    why = f": {action.reason}" if action.reason else ""
    return f"{action.state} by {context.name(action.settled_by)}{when}{why}"


def action_status(context: Context, action: Action) -> Status:
    """Whether an action is late or due today, or what became of it."""
    if action.state != "open":
        return Status("good" if action.state == "done" else "neutral", action.state)
    if is_late(context, action):
        return Status("warning", "late")
    return Status("info", "due today") if action.due_on == context.today else Status("neutral", "open")


def action_row(context: Context, action: Action, button: Button, *, about: bool = True) -> Row:
    """An action in a list: how it stands and what is to be done, and under that by whom, until when and about what."""
    what = f" {action.ref} {cut(action.what, TITLE, at_a_word=True)}\n"
    if action.state == "open":
        was = "was due" if is_late(context, action) else "due"
        due = f"{was} {context.spoken_day(action.due_on)}" if action.due_on else "no day set"
        brief = [context.name(action.owner), due]
    else:
        brief = [settled_words(context, action)]
    brief += [f"about {action.about}"] if about and action.about else []
    return Row(Text(action_status(context, action), what, ", ".join(brief)), button)


def section_of(context: Context, action: Action) -> str:
    """Under which heading of a list an action stands."""
    if action.state != "open":
        return "Done or dropped"
    if action.due_on is None:
        return "No day set"
    return "Late" if is_late(context, action) else "Today" if action.due_on == context.today else "Later"


def action_card(context: Context, action: Action, headline: str = "", *words: Word) -> Card:
    """An action with all that is known of it; ``words`` stand between its facts and its buttons. With a headline,
    what is to be done stands among the facts."""
    asked = context.spoken_day(context.calendar.today(action.asked_at))
    status = action_status(context, action)
    return Card(
        f"{prefix_of(context, action.about)}{headline or f'{action.ref} {action.what}'}",
        Facts(*((("What", action.what),) if headline else ()), *_facts(context, action)),
        *words,
        Buttons(*buttons_of(action), *(record_buttons(context, action.ref) if action.state != "open" else ())),
        Note(f"Asked by {context.name(action.asked_by)} on {asked}"),
        status=status if not headline or (action.state == "open" and status.level != "neutral") else None,
    )


def _facts(context: Context, action: Action) -> list[tuple[str, Inline]]:
    return [
        ("Owner", context.mention(action.owner)),
        *([("Due", context.spoken_day(action.due_on))] if action.due_on and action.state == "open" else []),
        *([("About", line_for(context, action.owner, action.about))] if action.about else []),
        *([("State", settled_words(context, action))] if action.state != "open" else []),
    ]


def buttons_of(action: Action) -> list[Button]:
    """What people can do with it, and the way to what it is about."""
    shown = show_button(action.about) if action.about else None
    way = [shown] if shown else []
    if action.state != "open":
        again = Button.say("Reopen", f"action reopen {action.ref}")
        return [Button.say("Show", f"action show {action.ref}"), again, *way]
    return [
        Button.say("Done", f"action done {action.ref}", style="primary"),
        Button.say("Change due date", f"action move {action.ref}"),
        Button.say("Give to somebody", f"action assign {action.ref}"),
        Button.say("Drop", f"action drop {action.ref}"),
        *way,
    ]


def event_line(context: Context, event: Event) -> str:
    """One thing that happened to an action, with the reason stated."""
    leads = " to" if event.what == "moved" else ", due"
    due = f"{leads} {context.spoken_day(event.due_on)}" if event.due_on else ""
    said = HAPPENED[event.what].format(owner=context.name(event.owner), due=due)
    why = f": {event.note}" if event.note else ""
    return f"{context.spoken(event.at)}: {context.name(event.person)} {said}{why}"


def found_action(action: Action | None, ref: str) -> Action:
    """The action; raises UserError with what to do when there is none."""
    if action is None:
        raise UserError(f'There is no action "{ref}". Write "action list" to see what is open.')
    return action


def open_action(request: Request, ref: str) -> Action:
    """An open action, taken for a change by somebody who may change it; raises UserError for anybody else."""
    action = found_action(request.store.actions.records.take(ref), ref)
    if action.state != "open":
        raise UserError(f"{action.ref} is {settled_words(request, action)}. Nothing was changed.")
    check_may_work(request, action)
    return action


def action_to_change(request: Request, ref: str) -> Action:
    """An action, open or not, taken for a change by somebody who may change it; raises UserError for anybody else."""
    action = found_action(request.store.actions.records.take(ref), ref)
    check_may_work(request, action)
    return action


def check_may_work(request: Request, action: Action) -> None:
    """Raise UserError for somebody who may not change an action, naming who may."""
    if not may_work(request, action):
        asked = " or ".join(dict.fromkeys(map(request.name, (action.owner or action.asked_by, action.asked_by))))
        raise UserError(
            f"Only {asked}, somebody who looks after what it is about, or a department head can change {action.ref}."
        )


def may_work(request: Request, action: Action) -> bool:
    """Whether somebody may change an action: who does it or stands in for them, who asked for it, who looks after what
    it is about, and who may change those of others."""
    person = request.person
    return (
        person.id in (action.owner, action.asked_by)
        or may(person.all_roles, "action.work-others")
        or person.id in keepers_of(request, action.about)
        or any(duty.held.ref == action.ref and duty.asked.person == person.id for duty in fallen(request, HELD))
    )
