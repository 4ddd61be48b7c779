"""Check-in holdings: the check-ins that people have not answered, and how to give them to somebody else."""

from collections.abc import Collection
from datetime import date

from handlers.checkin.cards import prompt_card
from handlers.checkin.record import newest_week, ref_of, reminder_ref, title_of
from handlers.kit.context import Context, Request
from handlers.kit.contributions import drawn, held
from handlers.kit.errors import NotNeeded
from handlers.kit.held import Held
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Card
from storage.checkin.records import Checkin


def _open(context: Context) -> list[Checkin]:
    return [checkin for checkin in newest_week(context) if checkin.answered_at is None]


def _asked(context: Context) -> Collection[str]:
    return {checkin.asked for checkin in _open(context)}


def _give(request: Request, one: Held, to: str) -> None:
    checkin = request.store.checkin.records.take(one.record.department, one.record.day)
    if checkin is None or checkin.answered_at:
        return
    checkin = request.store.checkin.records.change(checkin, asked=to)
    request.audit(one.ref, to=to)
    draws = f"checkin.handed {checkin.department} {checkin.day} {to}"
    request.post(f"dm:{to}", prompt_card(request, checkin), ref=reminder_ref(checkin), priority="prompt", draws=draws)
    refresh_homes(request, [one.holder, to])


@drawn("checkin.handed")
def handed_again(context: Context, department: str, day: str, to: str) -> Card:
    """The check-in that was handed to somebody, until it is answered or somebody else's."""
    checkin = context.store.checkin.records.find(department, date.fromisoformat(day))
    if checkin is None or checkin.answered_at or checkin.asked != to:
        raise NotNeeded("it has been answered, or somebody else is asked now")
    return prompt_card(context, checkin)


@held("check-ins", holders=_asked, move=_give, order=17)
def checkins_of(context: Context, persons: Collection[str]) -> list[Held]:
    """The newest check-ins that people were asked for and have not answered."""
    return [
        Held(ref_of(checkin), title_of(context, checkin), checkin.asked, checkin.department, checkin)
        for checkin in _open(context)
        if checkin.asked in persons
    ]
