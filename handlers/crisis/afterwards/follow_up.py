"""Crisis follow-up: what is still to be done because of a crisis, by whom and until when."""

from typing import TYPE_CHECKING

from handlers.crisis.afterwards.document import newest_crisis
from handlers.crisis.choice import leader, which_crisis, working_on
from handlers.crisis.drawn import drawn_in_crisis
from handlers.crisis.record import marked, show, stamped, tell, write
from handlers.crisis.rights import may_lead
from handlers.kit.city.people import Person
from handlers.kit.context import Context, Request
from handlers.kit.contributions import crisis_board_section, crisis_report_section, todo
from handlers.kit.errors import FieldErrors, NotNeeded, UserError
from handlers.kit.forms import Date, Form, PersonId, Reference, ask
from handlers.kit.here import still_here
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Buttons, Card, Items, Note, Text, Word
from handlers.kit.morning import settled
from handlers.kit.moved import falls_to, for_whom
from handlers.kit.policy import may
from handlers.kit.registry import action, command
from handlers.kit.time.calendar import spoken_date
from handlers.kit.waiting import Task, Waiting
from storage.crisis.follow_ups import FollowUp
from storage.crisis.records import Crisis

if TYPE_CHECKING:
    from handlers.kit.document import Document


class NewFollowUp(Form):
    what: str = ask("What is to be done?", max_length=300)
    owner: PersonId = ask("Who does it?")
    due: Date = ask("Until when?", hint="friday, in 2 weeks or 2026-12-01")
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint="The newest one, if left open.")


@command(
    "crisis follow-up",
    sends="Add",
    asks=NewFollowUp,
    needs="crisis.answer",
    example="/crisis follow-up Check every valve of the 1960s; owner @hugo; due in 3 weeks",
)
def add_follow_up(request: Request, form: NewFollowUp) -> Card:
    """Add a follow-up action."""
    crisis = working_on(request, form.crisis or newest_crisis(request, None).ref, is_open=False)
    still_here(request, "owner", form.owner)
    if form.due < request.today:
        raise FieldErrors({"due": f"{form.due} is past. Choose a day from today on."})
    what = " ".join(form.what.split())
    one = request.store.crisis.follow_ups.add(
        crisis.ref, what=what, owner=form.owner, due_on=form.due, by=request.person.id, at=request.now
    )
    request.audit(one.ref, owner=one.owner, due=one.due_on)
    write(request, crisis, f"follow-up {follow_up_line(request, one)}", by=request.person.id)
    refresh_homes(request, [one.owner])
    if one.owner != request.person.id:
        draws = f"crisis.follow-up {crisis.ref} {one.ref}"
        tell(request, crisis, f"dm:{one.owner}", _asked_card(request, crisis, one), ref=one.ref, draws=draws)
    more = Button.say("Add another", f"crisis follow-up ; crisis {crisis.ref}")
    shown = Button.say("Show the crisis", f"crisis status {crisis.ref}")
    return stamped(
        crisis, Card(f"Added {one.ref}", Text(follow_up_line(request, one)), Buttons(_done(one), more, shown))
    )


def _asked_card(context: Context, crisis: Crisis, one: FollowUp) -> Card:
    return Card(
        f"{context.name(one.created_by)} asks you to follow up on {crisis.ref}",
        Text(follow_up_line(context, one)),
        Text(crisis.what),
        Buttons(_done(one), Button.say("Show the crisis", f"crisis status {crisis.ref}")),
        Note("It stands in your digest each day until it is done."),
    )


@drawn_in_crisis("crisis.follow-up", over=True)
def asked_again(context: Context, crisis: Crisis, ref: str) -> Card:
    """The request to somebody to do something because of a crisis, until it is done."""
    owed = [
        follow_up
        for follow_up in context.store.crisis.follow_ups.of(crisis.ref)
        if follow_up.ref == ref and follow_up.done_at is None
    ]
    if not owed:
        raise NotNeeded(f"{ref} is done since")
    return _asked_card(context, crisis, owed[0])


@action("crisis.follow-up-done", needs="crisis.answer")
def finish(request: Request, value: str) -> Card:
    """Mark a follow-up as done."""
    crisis = which_crisis(request, value.partition(".")[0])
    one = request.store.crisis.follow_ups.take(value)
    if one is None:
        raise UserError(f'There is no follow-up "{value}". Show the crisis to see them: crisis status {crisis.ref}')
    if one.done_at:
        raise UserError(f"{follow_up_line(request, one)}. Nothing was changed.")
    may_end = may(request.person.all_roles, "crisis.standdown")
    if not (request.person.id == one.owner or may_end or may_lead(request, crisis, request.person)):
        leads = request.name(leader(request, crisis))
        raise UserError(f"This is for {request.name(one.owner)}, who does it, or for {leads}, who leads.")
    one = request.store.crisis.follow_ups.finish(one, request.person.id, request.now)
    request.audit(one.ref, done=True)
    write(request, crisis, f"follow-up {follow_up_line(request, one)}", by=request.person.id)
    settled(request, one.ref, f"done by {request.person.name}")
    refresh_homes(request, [one.owner])
    card = stamped(crisis, Card(f"{one.ref} is done", Text(follow_up_line(request, one)), Text(crisis.what)))
    request.refresh(one.ref, card)
    show(request, crisis)
    return card


@todo("crisis follow-ups", order=22)
def own_follow_ups(context: Context, person: Person) -> Waiting:
    """What somebody still has to do because of a crisis, by due day."""
    moved = falls_to(context, "follow-ups of crises", person.id)
    tasks = [
        Task(
            follow_up.ref,
            marked(context, follow_up.crisis, f"{follow_up_line(context, follow_up)}{whose}"),
            (_done(follow_up), Button.say("Show the crisis", f"crisis status {follow_up.crisis}")),
            due=follow_up.due_on,
            owner=person.id,
            daily=True,
        )
        for follow_up, whose in (
            *((follow_up, "") for follow_up in context.store.crisis.follow_ups.owed_by(person.id)),
            *((held.record, for_whom(context, held)) for held in moved),
        )
    ]
    return Waiting(f"Your follow-ups of crises: {len(tasks)}, the nearest due first", tasks)


@crisis_board_section("follow-ups", order=60)
def on_the_board(context: Context, crisis: Crisis) -> list[Word]:
    """How many follow-ups are done, and which are not."""
    found = context.store.crisis.follow_ups.of(crisis.ref)
    if not found:
        return []
    lines = [follow_up_line(context, follow_up) for follow_up in found if follow_up.done_at is None]
    count = Text(f"Follow-ups: {len(found) - len(lines)} of {len(found)} done.")
    return [count, *((Items(*lines),) if lines else ())]


@crisis_report_section("follow-ups", order=80)
def what_follows(context: Context, crisis: Crisis, document: "Document") -> None:
    """The follow-ups: what, who, by when, and whether it is done."""
    found = context.store.crisis.follow_ups.of(crisis.ref)
    document.heading("Follow-up actions")
    if not found:
        document.text("None was agreed on yet.")
        return
    rows = [
        (
            follow_up.ref,
            follow_up.what,
            context.name(follow_up.owner),
            str(follow_up.due_on),
            _state(context, follow_up),
        )
        for follow_up in found
    ]
    document.table(("Ref.", "What", "Who", "Until", "State"), rows, (2.2, 5, 2.5, 1.8, 3.5))


def follow_up_line(context: Context, one: FollowUp) -> str:
    """Write a follow-up in one line: what, who does it and by when, or who did it."""
    state = _state(context, one)
    if one.done_at:
        return f"{one.ref} {one.what} ({state})"
    late = f", {state}" if state != "open" else ""
    return f"{one.ref} {one.what} ({context.name(one.owner)}, by {spoken_date(one.due_on)}{late})"


def _state(context: Context, one: FollowUp) -> str:
    if one.done_at:
        return f"done by {context.name(one.done_by)}, {context.city.calendar.spoken(one.done_at)}"
    return "LATE" if one.due_on < context.today else "open"


def _done(one: FollowUp) -> Button:
    return Button("Done", "crisis.follow-up-done", one.ref)
