"""Action reminders: one to the owner the day before, one when it is late, and who asked for it is told then."""

from datetime import date, time, timedelta

from handlers.actions.record import action_card, action_line, is_late
from handlers.kit.context import Context
from handlers.kit.contributions import drawn
from handlers.kit.errors import NotNeeded
from handlers.kit.messages import Card, Note
from handlers.kit.registry import timer
from storage.actions.records import Action

SOON, LATE = "action.due-soon", "action.late"
AT = time(9)  # by the city's clock


def plan_reminders(context: Context, action: Action) -> None:
    """Remind the owner of what somebody else asked for; what people set themselves stands in their digest."""
    cancel_reminders(context, action)
    if action.due_on is None or action.owner in (None, action.asked_by):
        return
    for kind, day in ((SOON, _day_before(context, action.due_on)), (LATE, _day_after(context, action.due_on))):
        moment = context.calendar.instant(day, AT)
        if moment > context.now:
            context.reschedule(kind, action.ref, moment)


def cancel_reminders(context: Context, action: Action) -> None:
    """Remind nobody any more."""
    for kind in (SOON, LATE):
        context.cancel(kind, action.ref)


@timer(SOON)
def remind(context: Context, subject: str, _step: int) -> None:
    """Remind the owner of an action that is due."""
    action = context.store.actions.records.find(subject)
    if action and action.state == "open" and action.owner:
        _remind(context, action, action.owner)


@timer(LATE)
def say_late(context: Context, subject: str, _step: int) -> None:
    """Say that an action is late."""
    action = context.store.actions.records.find(subject)
    if action and action.owner and is_late(context, action):
        _remind(context, action, action.owner)
        context.tell(action.asked_by, action_line(context, action), action.ref, draws=f"action.reminder {action.ref}")


def _remind(context: Context, action: Action, owner: str) -> None:
    asked = context.duties.of(owner)
    context.post(
        f"dm:{asked.person}",
        _reminder(context, action),
        ref=action.ref,
        priority="prompt",
        draws=f"action.reminder {action.ref}",
        instead_of=asked.instead_of,
    )


@drawn("action.reminder")
def reminder_again(context: Context, ref: str) -> Card:
    """The reminder of an action, until it is done or dropped or has another day."""
    action = context.store.actions.records.find(ref)
    if action is None or action.state != "open" or action.due_on is None:
        raise NotNeeded(f"{ref} is {action.state if action else 'gone'} now")
    return _reminder(context, action)


def _reminder(context: Context, action: Action) -> Card:
    when = "late" if is_late(context, action) else _when(context, action.due_on)
    return action_card(
        context, action, f"{action.ref} is {when}", Note(f"{context.name(action.asked_by)} asked for it.")
    )


def _when(context: Context, due: date | None) -> str:
    if due == context.today:
        return "due today"
    return (
        "due tomorrow"
        if due == context.today + timedelta(days=1)
        else f"due {context.spoken_day(due or context.today)}"
    )


def _day_before(context: Context, due: date) -> date:
    """The last working day before a day."""
    return context.calendar.open_day(due - timedelta(days=1), -1)


def _day_after(context: Context, due: date) -> date:
    """The first working day after a day."""
    return context.calendar.open_day(due + timedelta(days=1))
