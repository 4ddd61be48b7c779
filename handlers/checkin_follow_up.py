"""Check-in follow-up: what comes of the answers: a risk, help, and who is still silent."""

from datetime import timedelta

from handlers.kit.calendar import spoken_day
from handlers.kit.checkin_digest import help_button, show_everywhere
from handlers.kit.checkins import answers_for, department_name, found, help_ref, newest_week, ref_of
from handlers.kit.context import Context, Request
from handlers.kit.errors import UserError
from handlers.kit.forms import OpenForm
from handlers.kit.messages import Card, Text
from handlers.kit.morning import Line, Section, dealt_with, section
from handlers.kit.policy import may
from handlers.kit.registry import action
from storage.checkins import Checkin

SILENCE_SHOWN = timedelta(days=6)  # until the next one is asked


@action("checkin.risk", needs="risk.add")
def make_risk(request: Request, value: str) -> OpenForm:
    """Make a risk of what is emerging."""
    checkin = found(request, value)
    if not may(request.person.all_roles, "checkin.help") and not answers_for(request, checkin.department):
        raise UserError("This is for the department and its deputy, department heads and the city manager.")
    if checkin.risk_ref:
        raise UserError(f'{checkin.risk_ref} was made of it already. To see it: "risk show {checkin.risk_ref}".')
    if checkin.risk is None:
        raise UserError(f"{_name(request, checkin)} names no risk any more. Nothing was logged.")
    return OpenForm(f"risk add|{ref_of(checkin)}", {"title": checkin.risk})


@action("checkin.take-help", needs="checkin.help")
def take_help(request: Request, value: str) -> Card:
    """Take care of what a department needs."""
    checkin = found(request, value)
    if checkin.help is None:
        raise UserError(f"{_name(request, checkin)} does not ask for help any more.")
    what = Text(f"{_name(request, checkin)}: {checkin.help}")
    if checkin.help_taken_by and checkin.help_taken_at:
        who, when = request.name(checkin.help_taken_by), request.city.calendar.spoken(checkin.help_taken_at)
        return Card(f"{who} takes care of it already", what, Text(f"Since {when}."))
    checkin = request.store.checkins.change(checkin, help_taken_by=request.person.id, help_taken_at=request.now)
    request.note(ref_of(checkin), help_taken=True)
    show_everywhere(request, checkin)
    dealt_with(request, help_ref(checkin), f"{request.person.name} takes care of it")
    if checkin.answered_by in (None, request.person.id):
        return Card("You take care of it", what)
    news = f"{request.person.name} takes care of your request: {checkin.help}"
    request.tell(str(checkin.answered_by), news, ref_of(checkin))
    return Card("You take care of it", what, Text(f"{request.name(checkin.answered_by)} reads it in the next digest."))


def reported(context: Context) -> tuple[list[Checkin], list[Checkin]]:
    """Of the newest check-in, those that were answered and those that are silent, in the order of the city's file."""
    newest = newest_week(context)
    return [one for one in newest if one.answered_at], [one for one in newest if one.answered_at is None]


def silent_departments(context: Context) -> tuple[Section, ...]:
    """Which departments have not answered the newest check-in, of how many, until the next one is asked."""
    answered, silent = reported(context)
    if not silent or context.today - silent[0].day > SILENCE_SHOWN:
        return ()
    whole = f"{len(answered)} of {len(answered) + len(silent)} have answered"
    lines = [
        Line(text=f"{_name(context, one)}: {context.name(one.asked)} was asked", ref=ref_of(one)) for one in silent
    ]
    return section(f"Check-in of {spoken_day(silent[0].day)} ({whole}), silent", lines)


def all_reported(context: Context) -> str:
    """The sentence that proves a quiet night; empty while somebody has not answered the newest check-in."""
    answered, silent = reported(context)
    if silent or not answered:
        return ""
    return f"{len(answered)} of {len(answered)} departments reported."


def help_wanted(context: Context) -> tuple[Section, ...]:
    """What departments need and nobody has taken, with a button for whoever takes care of it."""
    lines = [
        Line(
            text=f"{_name(context, one)} ({spoken_day(one.day)}): {one.help}",
            ref=help_ref(one),
            buttons=(help_button(one),),
        )
        for one in context.store.checkins.open_help()
    ]
    return section("Help needed", lines)


def _name(context: Context, checkin: Checkin) -> str:
    return department_name(context.city, checkin.department)
