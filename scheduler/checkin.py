"""Check-in: on Thursdays each department's head is asked how the week was; the next afternoon the digest follows."""

from datetime import date, datetime, time, timedelta

from handlers.checkin.cards import prompt_card
from handlers.checkin.digest import digest_card
from handlers.checkin.record import ROUTINE, CheckinOf, checkin_of, digest_ref, ref_of, reminder_ref
from handlers.kit.context import Context, Sending
from handlers.kit.contributions import drawn
from handlers.kit.errors import NotNeeded
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Card
from handlers.kit.registry import routine, timer
from handlers.kit.seats import each_department
from handlers.kit.values import read, written
from storage.checkin.records import Checkin

REMINDED_AT, CLOSED_AT = time(10), time(14)  # on the working day after it was asked: once, and with hours to answer


@routine(ROUTINE, at="10:00", on="every Thursday", to=each_department, closed="previous working day", said="check-in")
def checkin(sending: Sending) -> Card | None:
    """Ask how the week was: the numbers, the team, new risks, help needed."""
    closes_at = _on_the_next_working_day(sending, CLOSED_AT)
    begun = sending.store.checkin.records.begin(
        sending.seat.removeprefix("department:"),
        sending.day,
        asked=sending.person,
        at=sending.now,
        closes_at=closes_at,
    )
    if begun.answered_at:
        return None
    sending.schedule("checkin.nudge", written(checkin_of(begun)), _on_the_next_working_day(sending, REMINDED_AT))
    sending.schedule("checkin.digest", str(begun.day), closes_at)
    refresh_homes(sending, [begun.asked])
    return prompt_card(sending, begun)


def _on_the_next_working_day(context: Context, at: time) -> datetime:
    tomorrow = context.today + timedelta(days=1)
    return context.calendar.instant(context.calendar.open_day(tomorrow), at)


@timer("checkin.nudge")
def nudge(context: Context, subject: str, step: int) -> None:
    """Ask a silent department once more; the person who heads it now is asked."""
    about = read(CheckinOf, subject)
    silent = context.store.checkin.records.take(about.department, about.day)
    if silent is None or silent.answered_at or context.now >= silent.closes_at:
        return
    if about.department in context.city.departments:
        silent = context.store.checkin.records.change(silent, asked=context.duties.head(about.department).person)
    context.audit(ref_of(silent), to=silent.asked, again=True)
    refresh_homes(context, [silent.asked])
    card = prompt_card(context, silent, again=True)
    draws = f"checkin.nudge {written(checkin_of(silent))}"
    context.post(f"dm:{silent.asked}", card, ref=reminder_ref(silent), priority="prompt", draws=draws)


@timer("checkin.digest")
def digest(context: Context, subject: str, step: int) -> None:
    """Tell the city manager how the departments are; after an outage only of the newest check-in."""
    day = date.fromisoformat(subject)
    later = context.store.time.occurrences.from_day(ROUTINE, day + timedelta(days=1)).values()
    if any(planned.due_at <= context.now and planned.state in ("planned", "sent") for planned in later):
        return
    reader = context.duties.seat("city_manager").person
    context.audit(digest_ref(day), to=reader)
    context.post(f"dm:{reader}", digest_card(context, day), ref=digest_ref(day), draws=f"checkin.digest {day}")


def _unanswered(context: Context, department: str, day: str) -> Checkin:
    """A check-in without an answer. Raises NotNeeded for one that has one."""
    checkin = context.store.checkin.records.find(department, date.fromisoformat(day))
    if checkin is None or checkin.answered_at:
        raise NotNeeded("the check-in has been answered")
    return checkin


@drawn(ROUTINE)
def ask_again(context: Context, day: str, seat: str) -> Card:
    """How the week was, until it is answered: a late answer is taken too."""
    return prompt_card(context, _unanswered(context, seat.removeprefix("department:"), day))


@drawn("checkin.nudge")
def nudge_again(context: Context, department: str, day: str) -> Card:
    """The reminder of a check-in, until it is answered or the check-in is closed."""
    checkin = _unanswered(context, department, day)
    if context.now >= checkin.closes_at:
        raise NotNeeded("the check-in is closed")
    return prompt_card(context, checkin, again=True)


@drawn("checkin.digest")
def digest_again(context: Context, day: str) -> Card:
    """How the departments are, with what was answered since."""
    return digest_card(context, date.fromisoformat(day))
