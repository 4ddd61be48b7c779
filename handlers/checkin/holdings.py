"""Check-in holdings: the check-ins that people have not answered, and how to give them to somebody else."""

from collections.abc import Collection

from handlers.checkin.record import newest_week, prompt_card, ref_of, reminder_ref, title_of
from handlers.kit.context import Context, Request
from handlers.kit.contributions import held
from handlers.kit.held import Held
from handlers.kit.home import refresh_homes
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
    request.post(f"dm:{to}", prompt_card(request, checkin), ref=reminder_ref(checkin), priority="prompt")
    refresh_homes(request, [one.holder, to])


@held("check-ins", holders=_asked, move=_give, order=17)
def checkins_of(context: Context, persons: Collection[str]) -> list[Held]:
    """The newest check-ins that people were asked for and have not answered."""
    return [
        Held(ref_of(checkin), title_of(context, checkin), checkin.asked, checkin.department, checkin)
        for checkin in _open(context)
        if checkin.asked in persons
    ]
