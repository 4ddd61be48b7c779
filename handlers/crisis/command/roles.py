"""Crisis roles: who leads, speaks and advises, as everybody sees it."""

from typing import TYPE_CHECKING

from handlers.crisis.calling.asked import take_button
from handlers.crisis.choice import WhichCrisis, several, which_crisis
from handlers.crisis.command.stand_ins import stands_in_for, why_words
from handlers.crisis.leading import leader
from handlers.crisis.record import RoleOf, asked_names, stamped
from handlers.crisis.rights import may_lead
from handlers.crisis.shown import for_reader
from handlers.kit.city.crisis import COMMANDER, CrisisRole
from handlers.kit.context import Context, Request
from handlers.kit.contributions import crisis_board_section, crisis_report_section
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Buttons, Card, Facts, Fold, Items, Row, Text, Word
from handlers.kit.registry import command
from handlers.kit.rights import may_act_for
from storage.crisis.records import Crisis

if TYPE_CHECKING:
    from handlers.kit.document import Document


def role_line(context: Context, crisis: Crisis, role: CrisisRole, holder: str | None) -> str:
    """Write in one line who has a role or is asked to take it, and who stands in while they cannot or are silent."""
    return f"{role.name}: {_who_has(context, crisis, role, holder)}"


def _who_has(context: Context, crisis: Crisis, role: CrisisRole, holder: str | None) -> str:
    if holder is None:
        return f"nobody yet, asked: {asked_names(context, role.people)}"
    asked = stands_in_for(context, crisis, role.id, holder) if crisis.is_open else None
    if asked is None:
        return context.name(holder)
    why = why_words(context, crisis, asked).removeprefix("is ")
    return f"{context.name(holder)} ({why}; {context.name(asked.person)} stands in)"


def role_since(context: Context, crisis: Crisis, role: CrisisRole) -> str:
    """Say who has a role, and since when, in one sentence."""
    for holding in context.store.crisis.roles.of(crisis.ref):
        if holding.role == role.id and holding.ended_at is None:
            since = context.calendar.spoken(holding.taken_at)
            return f"{context.name(holding.person)} is {role.name} of {crisis.ref} since {since}."
    return f"Nobody is {role.name} of {crisis.ref} now."


def role_ref(crisis: Crisis, role: CrisisRole) -> str:
    return f"{crisis.ref} role {role.id}"


@command(
    "crisis roles",
    sends="Show",
    asks=WhichCrisis,
    needs="crisis.read",
    reads_only=True,
    example="/crisis roles CR-2026-01",
)
def show_roles(request: Request, form: WhichCrisis) -> Card:
    """Show who has which role."""
    if asked := several(request, "crisis roles", form):
        return asked
    crisis = which_crisis(request, form.crisis, taken=False)
    held = request.store.crisis.roles.held(crisis.ref)
    leads = crisis.is_open and may_lead(request, crisis, request.person)
    rows = [_row(request, crisis, role, held.get(role.id), leads=leads) for role in request.city.crisis.role]
    empty = () if rows else (Text("This city has no roles for crises. Name them in crisis.toml."),)
    return for_reader(request, crisis, stamped(crisis, Card(f"{crisis.ref}: roles", *rows, *empty)))


@crisis_board_section("commander", order=6)
def who_leads(context: Context, crisis: Crisis) -> list[Word]:
    """Who leads the crisis, or is asked to."""
    role = context.city.crisis.roles.get(COMMANDER)
    if role is None:
        return [Facts(("Leads", context.name(leader(context, crisis))))]
    held = context.store.crisis.roles.held(crisis.ref)
    if not crisis.is_open and role.id not in held:
        return []
    if role.id in held:
        return [Facts((role.name, _who_has(context, crisis, role, held[role.id])))]
    asked = f"asked: {asked_names(context, role.people)}"
    return [Facts((role.name, f"nobody yet, {context.name(leader(context, crisis))} leads for now; {asked}"))]


@crisis_board_section("take the lead", order=9)
def take_the_lead(context: Context, crisis: Crisis) -> list[Word]:
    """The button to take the role of the commander, while nobody has it; before the start, confirming comes first."""
    role = context.city.crisis.roles.get(COMMANDER)
    if role is None or not crisis.is_open or role.id in context.store.crisis.roles.held(crisis.ref):
        return []
    return [Buttons(take_button(crisis, role))]


@crisis_board_section("roles", order=11)
def who_has_which(context: Context, crisis: Crisis) -> list[Word]:
    """Who has which role, and who is asked to take the free ones; folded."""
    held = context.store.crisis.roles.held(crisis.ref)
    lines = [role_line(context, crisis, role, held.get(role.id)) for role in context.city.crisis.role]
    if not lines:
        return []
    show = Button.say(f"Roles: {len(held)} of {len(lines)} taken", f"crisis roles {crisis.ref}")
    ways = (Buttons(Button.say("Take or hand over a role", show.value)),) if crisis.is_open else ()
    return [Fold(show.label, Items(*lines), *ways, button=show)]


@crisis_report_section("roles", order=30)
def who_had_which(context: Context, crisis: Crisis, document: "Document") -> None:
    """Who had which role, from when until when."""
    calendar, known = context.calendar, context.city.crisis.roles
    document.heading("Roles")
    rows = [
        (
            known[holding.role].name if holding.role in known else holding.role,
            context.name(holding.person),
            calendar.spoken(holding.taken_at),
            calendar.spoken(holding.ended_at) if holding.ended_at else "the end",
        )
        for holding in context.store.crisis.roles.of(crisis.ref)
    ]
    if rows:
        document.table(("Role", "Who", "From", "Until"), rows, (3, 3, 2, 2))
    else:
        document.text("Nobody took a role.")


def _row(request: Request, crisis: Crisis, role: CrisisRole, holder: str | None, *, leads: bool) -> Row:
    line = role_line(request, crisis, role, holder)
    if not crisis.is_open:
        return Row(line)
    if holder is None:
        free = Text(Status("warning", "Free"), f" {role.name}, asked: {asked_names(request, role.people)}")
        return Row(free, Button("Take it", "crisis.take", RoleOf(crisis.ref, role.id)))
    if not (leads or may_act_for(request, request.person.id, holder)):
        return Row(line)
    return Row(line, Button.say("Hand over", f"crisis handover {role.name}; crisis {crisis.ref}"))
