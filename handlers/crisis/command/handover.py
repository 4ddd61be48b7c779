"""Crisis handover: a role is taken by button, handed over or given back, with a brief of what is open."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from handlers.crisis.choice import several, which_crisis, working_on
from handlers.crisis.command.roles import role_ref, role_since
from handlers.crisis.command.stand_ins import may_take_over
from handlers.crisis.events import ROLE
from handlers.crisis.here import meant_here
from handlers.crisis.leading import ask_for, leader
from handlers.crisis.record import WHICH, RoleOf, names, room_link, stamped, tell, write
from handlers.crisis.rights import may_command, may_lead, only
from handlers.kit.catalogue import catalogue
from handlers.kit.city.crisis import COMMANDER, CrisisRole
from handlers.kit.city.model import City
from handlers.kit.context import Context, Request
from handlers.kit.contributions import crisis_handover_section
from handlers.kit.errors import FieldErrors, UserError
from handlers.kit.events import CRISIS_OVER, emit, on
from handlers.kit.forms import Form, Options, PersonId, Reference, ask
from handlers.kit.here import not_there, still_here
from handlers.kit.lists import counted
from handlers.kit.messages import Button, Buttons, Card, Fold, Heading, Items, Note, Text, Word
from handlers.kit.parts import Broken, Part, missing_line
from handlers.kit.registry import action, command
from handlers.kit.rights import may_act_for
from storage.crisis.records import Crisis
from storage.crisis.tasks import CrisisTask

SHOWN, SOON = 5, timedelta(days=7)  # steps of their own in sight, and how soon they are due; the rest is folded


def give_role(context: Context, crisis: Crisis, role: CrisisRole, person: str, *, by: str | None = None) -> None:
    """Give somebody the role: they read what to do first, and, if another had the role before, what is open."""
    context.store.crisis.roles.take(crisis.ref, role.id, person, context.now)
    context.audit(crisis.ref, role=role.id, to=person)
    emit(ROLE, context, crisis, role.id, person)
    taken = stamped(crisis, Card(f"{crisis.ref}: {context.name(person)} is {role.name}", Text(crisis.what)))
    context.refresh(role_ref(crisis, role), taken)  # the card of the former holder
    card = _orders(context, crisis, role, person, by)
    if by:
        ask_for(context, crisis, person, card, ref=role_ref(crisis, role))
    else:
        tell(context, crisis, f"dm:{person}", card, ref=role_ref(crisis, role), priority="page")
    text = f"gives the role {role.name} to {context.name(person)}" if by else f"takes the role {role.name}"
    write(context, crisis, text, by=by or person)


def brief_lines(context: Context, crisis: Crisis) -> list[str]:
    """What each feature has open, due and promised; a feature that fails is named as not read."""
    lines, briefs = list[str](), sorted(catalogue.crisis_handover_sections.items())
    parts = [Part(f"brief {name}", partial(brief, context, crisis), crisis.ref) for name, brief in briefs]
    for (name, _), found in zip(briefs, context.each_apart(parts), strict=True):
        lines += [missing_line(name)] if isinstance(found, Broken) else found
    return lines


def brief(crisis: Crisis, lines: Sequence[str]) -> Fold:
    """What is open, due and promised, folded; where a message cannot fold, the board has it."""
    show = Button.say("Show how it stands", f"crisis status {crisis.ref}")
    return Fold(f"Open, due and promised: {len(lines)}", Items(*lines), button=show)


def _orders(context: Context, crisis: Crisis, role: CrisisRole, person: str, by: str | None) -> Card:
    """The direct message to somebody with a new role."""
    told = by is not None or role.id == COMMANDER
    lines = brief_lines(context, crisis)
    tasks = context.store.crisis.tasks.of(crisis.ref)
    own = [task for task in tasks if task.owner == person and not task.done_at]
    return Card(
        f"{crisis.ref}: you are {role.name}",
        Text(f"{context.name(by)} has handed this to you. {crisis.what}" if by else crisis.what),
        Heading("Do this first"),
        Items(*role.instructions),
        *_own_steps(context, crisis, own),
        *((brief(crisis, lines),) if told and lines else ()),
        Buttons(
            *((Button("I cannot", "crisis.give-back", RoleOf(crisis.ref, role.id)),) if by else ()),
            Button.say("Show the plan", f"crisis plan {crisis.ref}"),
        ),
        Text("Only you can see this. Post everything about the crisis in ", room_link(context, crisis), "."),
    )


def _own_steps(context: Context, crisis: Crisis, own: Sequence[CrisisTask]) -> list[Word]:
    """The steps of who reads it: those of the next days in sight, and the others folded."""
    soon = [task for task in own if task.due_at <= context.now + SOON][:SHOWN]
    lines = {task.step: f"{task.name}, by {context.calendar.spoken(task.due_at)}" for task in own}
    shown = [lines.pop(task.step) for task in soon]
    show = Button.say(f"Later: {counted(len(lines), 'step')}", f"crisis plan {crisis.ref}")
    later = [Fold(show.label, Items(*lines.values()), button=show)] if lines else []
    return [Heading("Your steps"), *([Items(*shown)] if shown else []), *later] if own else []


def _roles(city: City) -> Options:
    return tuple((role.id, role.name) for role in city.crisis.role) or (("none", "This city has no roles"),)


class Handover(Form):
    role: str = ask("Which role?", options=_roles)
    person: PersonId = ask("Who takes it?")
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint=WHICH)


@action("crisis.take", needs="crisis.answer", carries=RoleOf)
def take(request: Request, value: RoleOf) -> Card | None:
    """Take a role in a crisis."""
    crisis, role = working_on(request, value.crisis), request.city.crisis.roles.get(value.role)
    if role is None:
        raise UserError("The city has no such role anymore. See who has which: crisis roles")
    holder = request.store.crisis.roles.held(crisis.ref).get(role.id)
    if holder == request.person.id:
        raise UserError(f"You have it already: {role_since(request, crisis, role)}")
    if holder and not may_take_over(request, crisis, role.id, holder, request.person.id):
        raise UserError(f"{role_since(request, crisis, role)} They can hand it over: crisis handover")
    if role.id == COMMANDER and not may_command(request.city, request.person.id):
        named = f"Only the crisis team and people named in the city's files can be {role.name}"
        raise UserError(f"{named}. Ask {only(request, crisis)} to hand it to you: crisis handover")
    give_role(request, crisis, role, request.person.id)
    return None


@command(
    "crisis handover",
    sends="Hand it over",
    asks=Handover,
    needs="crisis.answer",
    prefill=meant_here,
    example="/crisis handover Commander; person @marcus",
)
def hand_over(request: Request, form: Handover) -> Card:
    """Hand over a role."""
    if asked := several(request, "crisis handover", form, is_open=True):
        return asked
    crisis = which_crisis(request, form.crisis, is_open=True)
    role = request.city.crisis.roles.get(form.role)
    if role is None:
        raise FieldErrors({"role": "The city has no roles for crises. Name them in crisis.toml."})
    holder = request.store.crisis.roles.held(crisis.ref).get(role.id)
    if not (may_act_for(request, request.person.id, holder) or may_lead(request, crisis, request.person)):
        way = _free_to_take(request, crisis, role, form.person) if holder is None else ""
        raise UserError(f"Only {only(request, crisis, holder)} can hand this over. Please ask them.{way}")
    still_here(request, "person", form.person)
    if holder == form.person:
        raise FieldErrors({"person": role_since(request, crisis, role)})
    give_role(request, crisis, role, form.person, by=None if form.person == request.person.id else request.person.id)
    if holder and holder != request.person.id:
        told = Text(f"{request.person.name} has handed {role.name} over to {request.name(form.person)}.")
        tell(request, crisis, f"dm:{holder}", Card(f"{crisis.ref}: you are not {role.name} anymore", told))
    said = Text("They have the first instructions, and a brief of what is open, due and promised.")
    title = f"{request.name(form.person)} is {role.name} of {crisis.ref}"
    return stamped(crisis, Card(title, said, *_have_they_answered(request, crisis, form.person)))


def _free_to_take(request: Request, crisis: Crisis, role: CrisisRole, person: str) -> str:
    """Tell somebody how to take a role that nobody has."""
    if person != request.person.id or (role.id == COMMANDER and not may_command(request.city, person)):
        return ""
    return f" Nobody has it yet, so you can take it yourself: crisis roles {crisis.ref}"


@action("crisis.give-back", needs="crisis.answer", carries=RoleOf)
def give_back(request: Request, value: RoleOf) -> Card | None:
    """Give back a role."""
    crisis = which_crisis(request, value.crisis, is_open=True)
    role = request.city.crisis.roles.get(value.role)
    if role is None:
        raise UserError("The city has no such role anymore. See who has which: crisis roles")
    if request.store.crisis.roles.held(crisis.ref).get(role.id) != request.person.id:
        raise UserError(f"You do not have this role anymore. {role_since(request, crisis, role)}")
    request.store.crisis.roles.leave(crisis.ref, role.id, request.now)
    request.audit(crisis.ref, role=role.id, left=request.person.id)
    emit(ROLE, request, crisis, role.id, None)
    write(request, crisis, f"cannot be {role.name}; the role is free", by=request.person.id)
    free = Card(f"{crisis.ref}: {role.name} is free again", Text(f"{request.person.name} cannot do it."))
    request.refresh(role_ref(crisis, role), stamped(crisis, free))
    over = Button.say("Hand it to somebody", f"crisis handover {role.name}; crisis {crisis.ref}", style="primary")
    managers = [person.id for person in request.city.with_role("city_manager")] if role.id == COMMANDER else []
    for person in dict.fromkeys((leader(request, crisis), *managers)):
        if person != request.person.id:
            tell(request, crisis, f"dm:{person}", free.with_words(Buttons(over)), priority="page")
    return None


@on(CRISIS_OVER)
def roles_end(context: Context, crisis: Crisis) -> None:
    """Nobody has anything to do first any more."""
    held, roles = context.store.crisis.roles.held(crisis.ref), context.city.crisis.role
    context.refresh_each({
        role_ref(crisis, role): stamped(crisis, _was_card(context, crisis, role, held[role.id]))
        for role in roles
        if role.id in held
    })  # fmt: skip


def _was_card(context: Context, crisis: Crisis, role: CrisisRole, person: str) -> Card:
    see = Buttons(Button.say("Show how it was", f"crisis status {crisis.ref}"))
    return Card(f"{crisis.ref} is over: {context.name(person)} was {role.name}", Text(crisis.what), see)


@crisis_handover_section("pages")
def silent(context: Context, crisis: Crisis) -> list[str]:
    """Who has not answered a page, in one line."""
    people = [page.person for page in context.store.crisis.pages.of(crisis.ref) if page.answer is None]
    return [f"Paged, and no answer yet: {names(context, people)}"] if people else []


@crisis_handover_section("confirmation")
def to_agree_to(context: Context, crisis: Crisis) -> list[str]:
    """Say if a second person still has to agree to the start."""
    if not crisis.confirmed_by:
        return ["The start: a second person has not confirmed it yet, and the plan has not begun."]
    if crisis.alone and not crisis.reviewed_by:
        return [f"The start: {context.name(crisis.declared_by)} went on alone, and nobody has reviewed it yet."]
    return []


def _have_they_answered(request: Request, crisis: Crisis, person: str) -> tuple[Note, ...]:
    """Tell the person who hands over whether the other person is known to come."""
    if away := not_there(request, person):
        return away
    page = request.store.crisis.pages.find(crisis.ref, person)
    if page and page.answer == "coming":
        return ()
    said = page is not None and page.answer == "cannot"
    cannot = "They said that they cannot come" if said else "They have not said that they are coming"
    return (Note(f"{cannot}: call them. If they give the role back, the person who leads is told."),)
