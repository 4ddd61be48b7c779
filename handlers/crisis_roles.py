"""Crisis roles: who leads, speaks, advises: taken by button, handed over with a brief of what is open."""

from handlers.kit.catalogue import catalogue
from handlers.kit.city import City
from handlers.kit.context import Context, Request
from handlers.kit.crisis import ANSWERED, ROLE, WHICH, names, stamped, tell, write
from handlers.kit.crisis_choice import is_leading, leader, which_crisis, working_on
from handlers.kit.crisis_facts import COMMANDER, CrisisRole
from handlers.kit.crisis_pages import roles_asked
from handlers.kit.errors import FieldErrors, UserError
from handlers.kit.forms import Form, Options, PersonId, Reference, ask
from handlers.kit.messages import Button, Buttons, Card, Items, Note, Row, Text, Word
from handlers.kit.registry import action, board, command, follows
from storage.crises import Crisis
from storage.crisis_pages import Page


def _roles(city: City) -> Options:
    return tuple((one.id, one.name) for one in city.crisis.role) or (("none", "This city has no roles"),)


class WhichCrisis(Form):
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint="Such as CR-2026-01")


class Handover(Form):
    role: str = ask("Which role?", options=_roles)
    person: PersonId = ask("Who takes it?")
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint=WHICH)


@follows(ANSWERED)
def offer(context: Context, crisis: Crisis, page: Page) -> None:
    """Ask somebody who comes to take a role that is free and that they are asked for."""
    held = context.store.crisis_roles.held(crisis.ref)
    free = [role for role in roles_asked(context, page) if role.id not in held]
    if page.answer != "coming" or not free:
        return
    takes = (Button(f"Take {role.name}", "crisis.take", f"{crisis.ref} {role.id}", style="primary") for role in free)
    card = Card(f"{crisis.ref}: will you take a role?", Text(crisis.what), Buttons(*takes))
    tell(context, crisis, f"dm:{page.person}", card, about=_offer_ref(crisis, page.person), priority="page")


@action("crisis.take", needs="crisis.answer")
def take(request: Request, value: str) -> Card | None:
    """Take a role in a crisis."""
    ref, _, role_id = value.partition(" ")
    crisis, role = working_on(request, ref), request.city.crisis.roles.get(role_id)
    if role is None:
        raise UserError("The city has no such role any more. See who has which: crisis roles")
    for one in request.store.crisis_roles.of(crisis.ref):
        if one.role == role.id and one.ended_at is None:
            since = request.city.calendar.clock(one.taken_at)
            raise UserError(f"{request.name(one.person)} is {role.name} since {since}. They can hand it over.")
    _give(request, crisis, role, request.person.id)
    return None


@command("crisis handover", asks=Handover, needs="crisis.answer", example="/crisis handover Commander; person @marcus")
def hand_over(request: Request, form: Handover) -> Card:
    """Hand over a role."""
    crisis = working_on(request, form.crisis or which_crisis(request, None).ref)
    role = request.city.crisis.roles.get(form.role)
    if role is None:
        raise FieldErrors({"role": "The city has no roles for crises. Name them in crisis.toml."})
    holder = request.store.crisis_roles.held(crisis.ref).get(role.id)
    if holder == form.person:
        raise FieldErrors({"person": f"{request.name(form.person)} is {role.name} already."})
    if request.person.id != holder and not is_leading(request, crisis):
        who = request.name(leader(request, crisis))
        raise UserError(f"Only {request.name(holder) if holder else who} or {who} can hand this over. Please ask them.")
    _give(request, crisis, role, form.person, by=request.person.id)
    if holder and holder != request.person.id:
        told = Text(f"{request.person.name} has handed {role.name} over to {request.name(form.person)}.")
        tell(request, crisis, f"dm:{holder}", Card(f"{crisis.ref}: you are not {role.name} any more", told))
    said = Text("They have the first instructions, and a brief of what is open, due and promised.")
    return stamped(crisis, Card(f"{request.name(form.person)} is {role.name} of {crisis.ref}", said))


@action("crisis.give-back", needs="crisis.answer")
def give_back(request: Request, value: str) -> Card | None:
    """Give back a role that was handed to you."""
    ref, _, role_id = value.partition(" ")
    crisis = which_crisis(request, ref, is_open=True)
    role = request.city.crisis.roles.get(role_id)
    if role is None or request.store.crisis_roles.held(crisis.ref).get(role.id) != request.person.id:
        raise UserError(f"You do not have that role in {crisis.ref} any more. Nothing was changed.")
    request.store.crisis_roles.leave(crisis.ref, role.id, request.now)
    request.note(crisis.ref, role=role.id, left=request.person.id)
    catalogue.happened(ROLE, request, crisis, role.id, None)
    write(request, crisis, f"cannot be {role.name}; the role is free", by=request.person.id)
    card = Card(
        f"{crisis.ref}: {role.name} is free again",
        Text(f"{request.person.name} cannot take it."),
        Buttons(Button.say("Hand it to somebody", f"crisis handover {role.name}; crisis {crisis.ref}")),
    )
    tell(request, crisis, f"dm:{leader(request, crisis)}", card, priority="page")
    request.refresh(_role_ref(crisis, role), stamped(crisis, Card(f"{crisis.ref}: {role.name} is free again")))
    return None


@command("crisis roles", asks=WhichCrisis, needs="crisis.read", reads_only=True, example="/crisis roles CR-2026-01")
def show_roles(request: Request, form: WhichCrisis) -> Card:
    """Show who has which role."""
    crisis = which_crisis(request, form.crisis, taken=False)
    held = request.store.crisis_roles.held(crisis.ref)
    rows = [_row(request, crisis, role, held.get(role.id)) for role in request.city.crisis.role]
    empty = () if rows else (Text("This city has no roles for crises. Name them in crisis.toml."),)
    return stamped(crisis, Card(f"{crisis.ref}: roles", *rows, *empty))


@board("roles", order=20)
def who_has_which(context: Context, crisis: Crisis) -> list[Word]:
    """Who has which role, and who is asked for those that are free."""
    held = context.store.crisis_roles.held(crisis.ref)
    lines = [_line(context, role, held.get(role.id)) for role in context.city.crisis.role]
    return [Text("Roles:"), Items(*lines)] if lines else []


def _row(request: Request, crisis: Crisis, role: CrisisRole, holder: str | None) -> Row:
    if not crisis.is_open:
        return Row(_line(request, role, holder))
    if holder is None:
        return Row(_line(request, role, holder), Button("Take it", "crisis.take", f"{crisis.ref} {role.id}"))
    over = Button.say("Hand over", f"crisis handover {role.name}; crisis {crisis.ref}")
    return Row(_line(request, role, holder), over)


def _line(context: Context, role: CrisisRole, holder: str | None) -> str:
    return f"{role.name}: {context.name(holder) if holder else f'nobody yet, asked: {names(context, role.people)}'}"


def _give(request: Request, crisis: Crisis, role: CrisisRole, person: str, *, by: str | None = None) -> None:
    """Somebody has the role from now on: they read what to do first, and what is open when it was another's."""
    request.store.crisis_roles.take(crisis.ref, role.id, person, request.now)
    request.note(crisis.ref, role=role.id, to=person)
    catalogue.happened(ROLE, request, crisis, role.id, person)
    back = (Buttons(Button("I cannot", "crisis.give-back", f"{crisis.ref} {role.id}")),) if by else ()
    lines = [line for name in sorted(catalogue.briefs) for line in catalogue.briefs[name](request, crisis)]
    known = (Text("What is open, due and promised:"), Items(*lines)) if lines and (by or role.id == COMMANDER) else ()
    card = Card(
        f"{crisis.ref}: you are {role.name}",
        Text(crisis.what),
        Text("Do this first:"),
        Items(*role.instructions),
        *known,
        *back,
        Note("Only you read this. Everything about it goes into the crisis room."),
    )
    taken = stamped(crisis, Card(f"{crisis.ref}: {request.name(person)} is {role.name}", Text(crisis.what)))
    request.refresh(_role_ref(crisis, role), taken)  # where somebody had it before
    tell(request, crisis, f"dm:{person}", card, about=_role_ref(crisis, role), priority="page")
    for one in request.store.crisis_pages.of(crisis.ref):
        if role in roles_asked(request, one):
            request.refresh(_offer_ref(crisis, one.person), taken)
    text = f"gives the role {role.name} to {request.name(person)}" if by else f"takes the role {role.name}"
    write(request, crisis, text, by=by or person)


def _offer_ref(crisis: Crisis, person: str) -> str:
    return f"{crisis.ref} offer {person}"


def _role_ref(crisis: Crisis, role: CrisisRole) -> str:
    return f"{crisis.ref} role {role.id}"
