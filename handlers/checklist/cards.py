"""Checklist cards: what is open for an owner, brought up to date with the week as items are ticked."""

from collections.abc import Sequence
from datetime import date, timedelta

from handlers.checklist.owed import ROUTINE, current
from handlers.checklist.week import last_week_card, week_card, week_ref
from handlers.checklist.words import MONTH, in_sight, no_button, notes_of, progress, sections, standing_of, tick_button
from handlers.kit.context import Context, sending_ref
from handlers.kit.messages import Button, Buttons, Card, Note, Text, Word
from handlers.kit.seats import spoken_seat

FOLLOWED = 372  # days that an owner's last card is kept current: an owner may be asked only once a year


def owner_card(context: Context, seats: Sequence[str], *, told: str = "", day: date | None = None) -> Card:
    """The card with everything that is open for these owners, with a button for each item.

    ``told`` says what has just happened. With ``day`` it is that day's card as the day ended, without buttons.
    """
    on = day or context.today
    owed = [owed for owed in current(context, on, seats) if in_sight(context, owed, on, since=on)]
    end: tuple[Word, ...] = (Note("This is an earlier day. What is open now is in the newer message."),)
    if day is None:
        end = (
            Buttons(
                Button.say("Check off with a note", "checklist tick"),
                Button.say("Skip an item", "checklist skip"),
                MONTH,
            ),
            Note(f"As of {context.calendar.spoken(context.now)}."),
        )
    return Card(
        f"Your checklist, {context.calendar.spoken_day(on)}",
        *((Text(told),) if told else ()),
        *(Note(note) for seat in seats if (note := _stands_in(context, seat, on))),
        *progress(owed, "Done"),
        *(sections(context, owed, on, on, tick_button if day is None else no_button, named=False)),
        *(() if owed else (Text("Nothing is open. Thank you."),)),
        *notes_of(owed),
        *end,
        status=standing_of(owed, on),
    )


def last_owner_card(context: Context, seat: str, before: date) -> date | None:
    """The day of the newest card posted for an owner before a day."""
    days = [before - timedelta(days=number) for number in range(1, FOLLOWED)]
    known = context.store.chat.posts.known([sending_ref(ROUTINE, day, seat) for day in days])
    return date.fromisoformat(known[-1].split()[1]) if known else None


def refresh_checklists(context: Context, seat: str) -> None:
    """Bring the owner's newest card and the week's card up to date."""
    if day := last_owner_card(context, seat, context.today + timedelta(days=1)):
        context.refresh(sending_ref(ROUTINE, day, seat), owner_card(context, [seat]))
    if week := last_week_card(context):
        context.refresh(week_ref(week), week_card(context, week))


def _stands_in(context: Context, seat: str, day: date) -> str | None:
    duties = context.roster.on(day)
    sits = duties.seat(seat)
    if sits.instead_of is None:
        return None
    holder, name = context.name(sits.instead_of), spoken_seat(context.city, seat)
    return f"{context.name(sits.person)} stands in for {holder} ({name}), who {duties.reason(sits.instead_of)}."
