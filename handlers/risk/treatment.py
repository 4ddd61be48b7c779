"""Risk treatment: what is decided to do about a risk, who looks after it, and the actions against it."""

from dataclasses import replace

from handlers.kit.city.people import Person
from handlers.kit.context import Context, Request
from handlers.kit.contributions import drawn, todo
from handlers.kit.errors import FieldErrors, NotNeeded, UserError
from handlers.kit.forms import Date, Form, Level, OpenForm, PersonId, Reference, ask
from handlers.kit.here import still_here
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from handlers.kit.morning import settled
from handlers.kit.moved import falls_to, for_whom
from handlers.kit.policy import may
from handlers.kit.registry import command
from handlers.kit.waiting import Task, Waiting
from handlers.risk.changes import changeable, end_acceptance, found_risk, owner_card, save, still_open, taken_risk
from handlers.risk.forms import REF, check_residual
from handlers.risk.record import TREATMENTS, departments, impacts, likelihoods, risk_card, risk_line
from handlers.risk.words import action_line, action_words, suggestion_words
from storage.risk.actions import Action
from storage.risk.records import Risk


class Treat(Form):
    risk: Reference = ask("Which risk?", max_length=12, hint=REF)
    treatment: str = ask("What is done about it?", options=TREATMENTS)
    plan: str | None = ask("How?", default=None, max_length=2000, long=True)
    residual_likelihood: Level | None = ask("How likely is it then?", default=None, scale=likelihoods)
    residual_impact: Level | None = ask("How bad is it then?", default=None, scale=impacts)


class Assign(Form):
    risk: Reference = ask("Which risk?", max_length=12, hint=REF)
    owner: PersonId = ask("Who looks after it?")
    department: str | None = ask("Which department does it concern?", default=None, options=departments)


class NewAction(Form):
    risk: Reference = ask("Which risk?", max_length=12, hint=REF)
    what: str = ask("What is to be done?", max_length=300)
    owner: PersonId = ask("Who does it?")
    due: Date = ask("Until when?", hint="friday, in 2 weeks or 2026-12-01")


class Done(Form):
    action: Reference = ask("Which action?", max_length=20, hint="Its reference, such as R-1.2")


@command(
    "risk treat",
    asks=Treat,
    needs="risk.add",
    example="/risk treat R-1; treatment transfer; plan Flood insurance; residual likelihood 2; residual impact 3",
)
def treat_risk(request: Request, form: Treat) -> Card:
    """Decide a treatment."""
    before = changeable(request, form.risk)
    given = {name: value for name, value in form.values().items() if name != "risk" and value is not None}
    check_residual(replace(before, **given))
    if before.accepted_until:
        end_acceptance(request, before, "ended")
        given["accepted_until"] = None
    risk = save(request, before, "treated", by=request.person.id, text=form.treatment, **given)
    headline = f"{risk.ref}: {form.treatment}"
    words = action_words(request, risk) if form.treatment == "mitigate" else []
    return risk_card(request, risk, headline=headline).with_words(
        *(words or suggestion_words(request, risk)),
        Buttons(
            Button.say("Add an action", f"risk action {risk.ref}", style="primary"),
            Button.say("Show all", f"risk show {risk.ref}"),
        ),
    )


@command("risk assign", asks=Assign, needs="risk.add", example="/risk assign R-1; owner @olga")
def assign_risk(request: Request, form: Assign) -> Card:
    """Give a risk to an owner."""
    before = changeable(request, form.risk)
    still_here(request, "owner", form.owner)
    known = request.city.people.get(form.owner)
    department = form.department or before.department or (known.department if known else None)
    if (form.owner, department) == (before.owner, before.department):
        return Card(f"{request.name(form.owner)} looks after {before.ref} already", Text(risk_line(request, before)))
    name, by = request.name(form.owner), request.person.id
    risk = save(request, before, "assigned", by=by, text=f"to {name}", owner=form.owner, department=department)
    if form.owner not in (request.person.id, before.owner):
        request.post(f"dm:{form.owner}", owner_card(request, risk), draws=f"risk.owner {risk.ref} {form.owner}")
    card = risk_card(request, risk, headline=f"{name} looks after {risk.ref} now")
    return card.with_words(Buttons(Button.say("Show all", f"risk show {risk.ref}")))


@command(
    "risk action",
    sends="Add",
    asks=NewAction,
    needs="risk.add",
    example="/risk action R-1; what Buy a pump; owner @sam; due friday",
)
def add_action(request: Request, form: NewAction) -> Card:
    """Add an action."""
    before = changeable(request, form.risk)
    still_here(request, "owner", form.owner)
    if form.due < request.today:
        raise FieldErrors({"due": f"{form.due} is past. Choose a day from today on."})
    what = " ".join(form.what.split())
    action = request.store.risk.actions.add(
        before.number, what=what, owner=form.owner, due_on=form.due, by=request.person.id, at=request.now
    )
    treatment = before.treatment or "mitigate"
    text = action_line(request, action)
    risk = save(request, before, "action", by=request.person.id, text=text, treatment=treatment)
    refresh_homes(request, [form.owner])
    if form.owner != request.person.id:
        asked = _asked_card(request, risk, action)
        request.post(f"dm:{form.owner}", asked, ref=action.ref, draws=f"risk.action {risk.ref} {action.ref}")
    return Card(
        f"Added {action.ref}",
        Text(text),
        Text(risk_line(request, risk)),
        Note("Once it helps, say what is left of the risk: Decide treatment."),
        Buttons(
            Button.say("Add another", f"risk action {risk.ref}"),
            Button.say("Decide treatment", f"risk treat {risk.ref}; treatment {treatment}"),
            Button.say("Show all", f"risk show {risk.ref}"),
        ),
    )


def _asked_card(context: Context, risk: Risk, action: Action) -> Card:
    """The card for somebody who is asked to do something about a risk."""
    return Card(
        f"{context.name(action.created_by)} asks you to act on {risk.ref}",
        Text(action_line(context, action)),
        Text(risk.title),
        Buttons(Button.say("Done", f"risk done {action.ref}"), Button.say(f"Show {risk.ref}", f"risk show {risk.ref}")),
    )


@drawn("risk.action")
def asked_again(context: Context, ref: str, action_ref: str) -> Card:
    """The request to somebody to do something about a risk, until it is done or the risk is closed."""
    risk = still_open(context, ref)
    owed = [
        action
        for action in context.store.risk.actions.of(risk.number)
        if action.ref == action_ref and action.state == "open"
    ]
    if not owed:
        raise NotNeeded(f"{action_ref} is done since")
    return _asked_card(context, risk, owed[0])


@command("risk done", sends="Mark it done", asks=Done, needs="risk.add", example="/risk done R-1.2")
def do_action(request: Request, form: Done) -> Card | OpenForm:
    """Finish an action."""
    risk = found_risk(request.store.risk.records.find(form.action.partition(".")[0]), form.action.partition(".")[0])
    action = request.store.risk.actions.take(form.action)
    if action is None:
        raise UserError(f'{risk.ref} has no action "{form.action}". Write "risk show {risk.ref}" to see them.')
    if action.state == "done":
        return Card(f"{action.ref} is done already", Text(action_line(request, action)))
    risk = taken_risk(request, risk.ref)
    if request.person.id not in (action.owner, risk.owner) and not may(request.person.all_roles, "risk.close"):
        raise UserError(
            f"This is for {request.name(action.owner)}, who does it, or for whoever looks after {risk.ref}."
        )
    action = request.store.risk.actions.change(action, state="done", done_by=request.person.id, done_at=request.now)
    text = action_line(request, action)
    save(request, risk, "done", by=request.person.id, text=f"{action.ref} {action.what}")
    refresh_homes(request, [action.owner])
    settled(request, action.ref, f"done by {request.person.name}")
    request.refresh(action.ref, Card(f"{action.ref} is done", Text(text), Text(risk.title)))
    return Card(
        f"{action.ref} is done",
        Text(text),
        Note("Is the risk smaller now? Then say what is left of it."),
        Buttons(
            Button.say("What is left", f"risk treat {risk.ref}; treatment {risk.treatment or 'mitigate'}"),
            Button("Review", "risk.review", risk.ref),
            Button.say("Show all", f"risk show {risk.ref}"),
        ),
    )


@todo("actions against risks", order=21)
def own_actions(context: Context, person: Person) -> Waiting:
    """The actions that somebody has to do, by due day."""
    moved = falls_to(context, "actions against risks", person.id)
    tasks = [
        Task(
            action.ref,
            f"{action_line(context, action)}{whose}",
            (
                Button.say("Done", f"risk done {action.ref}"),
                Button.say(f"Show R-{action.risk}", f"risk show R-{action.risk}"),
            ),
            due=action.due_on,
            owner=person.id,
        )
        for action, whose in (
            *((action, "") for action in context.store.risk.actions.owed_by(person.id)),
            *((held.record, for_whom(context, held)) for held in moved),
        )
    ]
    return Waiting(f"Your actions against risks: {len(tasks)}, the nearest due first", tasks, "risk list mine")
