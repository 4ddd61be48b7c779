"""Risk owner: who looks after a risk: somebody takes it, or is given it."""

from handlers.kit.context import Request
from handlers.kit.errors import UserError
from handlers.kit.forms import Form, PersonId, Reference, ask
from handlers.kit.here import still_here
from handlers.kit.messages import Buttons, Card, Text
from handlers.kit.registry import command
from handlers.kit.trace import passed, traced
from handlers.risk.changes import save, tell_owner
from handlers.risk.choice import changeable, check_may_change, taken_risk
from handlers.risk.forms import REF, OneRisk
from handlers.risk.record import departments, risk_card, risk_line, show_button
from handlers.risk.undone import undo_giving
from storage.risk.records import Risk


class Assign(Form):
    risk: Reference = ask("Which risk?", max_length=12, hint=REF)
    owner: PersonId = ask("Who looks after it?")
    department: str | None = ask("Which department does it concern?", default=None, options=departments)


@command("risk take", asks=OneRisk, needs="risk.add", example="/risk take R-1")
def take_risk(request: Request, form: OneRisk) -> Card:
    """Take a risk yourself."""
    before, me = taken_risk(request, form.risk), request.person.id
    if before.owner == me:
        return _has_it_already(request, before, me)
    if before.owner and not request.duties.is_gone(before.owner):
        name = request.name(before.owner)
        raise UserError(f"{name} looks after {before.ref}. To take it over: risk assign {before.ref}.")
    check_may_change(request, before)
    return _given(request, before, me)


@command("risk assign", sends="Assign it", asks=Assign, needs="risk.add", example="/risk assign R-1; owner @olga")
def assign_risk(request: Request, form: Assign) -> Card:
    """Give a risk to an owner."""
    before = changeable(request, form.risk)
    still_here(request, "owner", form.owner)
    return _given(request, before, form.owner, form.department)


def _given(request: Request, before: Risk, owner: str, named: str | None = None) -> Card:
    """Give it to somebody, in the department that was named, else in theirs where it has none."""
    known = request.city.people.get(owner)
    department = named or before.department or (known.department if known else None)
    if (owner, department) == (before.owner, before.department):
        return _has_it_already(request, before, owner)
    name, by = request.name(owner), request.person.id
    risk = save(request, before, "assigned", by=by, text=f"to {name}", owner=owner, department=department)
    tell_owner(request, before, risk, by)
    card = risk_card(request, risk, headline=f"{name} looks after {risk.ref} now")
    card = card.with_words(Buttons(show_button(risk)), *undo_giving(request, before, risk))
    return traced(request, card, f"{risk.ref} {passed(request, owner)}")


def _has_it_already(request: Request, risk: Risk, owner: str) -> Card:
    return Card(f"{request.name(owner)} looks after {risk.ref} already", Text(risk_line(request, risk)))
