"""Check-in follow-up: what comes of the answers: a risk, help, and who is still silent."""

from handlers.checkin.digest import show_everywhere
from handlers.checkin.record import (
    ROUTINE,
    CheckinOf,
    answers_for,
    department_name,
    found,
    help_ref,
    ref_of,
)
from handlers.kit.context import Context, Request
from handlers.kit.errors import UserError
from handlers.kit.events import ADDING_RISK, RISK_ADDED, on
from handlers.kit.forms import OpenForm
from handlers.kit.messages import Card, Text
from handlers.kit.policy import may
from handlers.kit.registry import action
from handlers.kit.settled import settled
from handlers.kit.values import read
from storage.checkin.records import Checkin
from storage.risk.records import Risk


@action("checkin.risk", needs="risk.add", opens_form=True, carries=CheckinOf)
def make_risk(request: Request, value: CheckinOf) -> OpenForm:
    """Make a risk of what is emerging."""
    checkin = found(request, value)
    if not may(request.person.all_roles, "checkin.help") and not answers_for(request, checkin.department):
        raise UserError(
            "Only the department's head, their deputy or stand-in, other department heads and the city manager can do "
            "this."
        )
    if checkin.risk_ref:
        raise UserError(f'It was already logged as {checkin.risk_ref}. To see it: "risk show {checkin.risk_ref}".')
    if checkin.risk is None:
        raise UserError(f"{_name(request, checkin)} does not name a risk anymore. Nothing was logged.")
    return OpenForm("risk add", {"title": checkin.risk}, ref_of(checkin))


@action("checkin.take-help", needs="checkin.help", carries=CheckinOf)
def take_help(request: Request, value: CheckinOf) -> Card:
    """Take care of what a department needs."""
    checkin = found(request, value)
    if checkin.help is None:
        raise UserError(f"{_name(request, checkin)} does not ask for help anymore.")
    what = Text(f"{_name(request, checkin)}: {checkin.help}")
    if checkin.help_taken_by and checkin.help_taken_at:
        who = request.name(checkin.help_taken_by)
        when = request.calendar.spoken(checkin.help_taken_at, request.today)
        return Card(f"{who} takes care of it already", what, Text(f"Since {when}."))
    checkin = request.store.checkin.records.change(checkin, help_taken_by=request.person.id, help_taken_at=request.now)
    request.audit(ref_of(checkin), help_taken=True)
    show_everywhere(request, checkin)
    settled(request, help_ref(checkin), f"{request.person.name} takes care of it")
    if checkin.answered_by in (None, request.person.id):
        return Card("You take care of it", what)
    news = f"{request.person.name} takes care of your request: {checkin.help}"
    request.tell(str(checkin.answered_by), news, ref_of(checkin))
    return Card("You take care of it", what, Text(f"{request.name(checkin.answered_by)} is told in the next digest."))


def _name(context: Context, checkin: Checkin) -> str:
    return department_name(context.city, checkin.department)


@on(ADDING_RISK)
def refuse_second_risk(request: Request) -> None:
    """One check-in makes one risk."""
    _free_checkin(request)


@on(RISK_ADDED)
def link_risk(request: Request, risk: Risk) -> None:
    """A check-in says which risk was made of it."""
    if checkin := _free_checkin(request):
        show_everywhere(request, request.store.checkin.records.change(checkin, risk_ref=risk.ref))


def _free_checkin(request: Request) -> Checkin | None:
    """Take the check-in that this request makes a risk of; None when the risk comes from something else.

    Raises UserError when a risk was already made of it.
    """
    routine, _, rest = (request.source or "").partition(" ")
    if routine != ROUTINE:
        return None
    day, _, seat = rest.partition(" ")
    about = read(CheckinOf, f"{seat.removeprefix('department:')} {day}")
    checkin = request.store.checkin.records.take(about.department, about.day)
    if checkin is None:
        raise UserError('I cannot find this check-in. Log the risk with "risk add".')
    if checkin.risk_ref:
        raise UserError(f"This check-in was already logged as {checkin.risk_ref}, so nothing new was logged.")
    return checkin
