"""Stand-up: each team's members are asked in person and reminded once, and what they answer goes to the team."""

from datetime import date

from handlers.kit.context import Context, Sending
from handlers.kit.contributions import drawn
from handlers.kit.errors import NotNeeded
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Buttons, Card, Text
from handlers.kit.registry import routine, timer
from handlers.kit.seats import each_team_member
from handlers.kit.speaking import Message
from handlers.standup.cards import asked_until, own_card, post_digest, show, show_own
from handlers.standup.digest import digest
from handlers.standup.record import DIGEST, NUDGE, ROUTINE, closing, nudge_ref, standing, taken, window
from handlers.standup.words import title
from storage.standup.records import Standup, standup_ref

NUDGE_AT = 0.8  # of the window: late enough to be needed, early enough to help


@routine(
    ROUTINE,
    at="09:00",
    on="every Monday",
    to=each_team_member,
    late_until="12:00",
    closed="next working day",
    said="stand-up",
)
def ask_team(context: Sending) -> Card | None:
    """Ask the members of each team the questions of the stand-up."""
    team, _, person = context.seat.removeprefix("member:").partition("/")
    standup = _opened(context, taken(context, team, context.day))
    refresh_homes(context, [person])
    if person in context.store.standup.answers.of(standup) or context.store.chat.posts.of(context.ref):
        return None
    return own_card(context, standup, person)


def _opened(context: Context, standup: Standup) -> Standup:
    """The stand-up, opened with its window and its timers when the first member is asked; one that is sent by hand
    after its window has another window of the same length."""
    if standup.opened_at:
        return standup
    closes = closing(context.city, standup.day)
    if closes <= context.now:
        closes = context.now + window(context.city, standup.day)
    if closes != standup.closes_at:
        context.schedule(DIGEST, standup.ref, closes, step=1)
    context.schedule(NUDGE, standup.ref, context.now + (closes - context.now) * NUDGE_AT)
    return show(context, context.store.standup.records.open(standup, closes, context.now), [])


@timer(NUDGE)
def nudge(context: Context, subject: str, step: int) -> None:
    """Remind those who were asked and have not answered, once."""
    standup = context.store.standup.records.take(subject)
    if standup is None or standup.team not in context.city.teams or context.now >= standup.closes_at:
        return
    reminder = _reminder(context, standup)
    context.post_each([
        Message(
            f"dm:{person}", reminder, nudge_ref(standup, person), "prompt",
            draws=f"standup.nudge {standup.ref} {person}",
        )
        for person in standing(context, standup).missing
    ])  # fmt: skip


def _reminder(context: Context, standup: Standup) -> Card:
    until = context.calendar.clock(standup.closes_at)
    return Card(
        f"Reminder: {title(context, standup)}",
        Text(f"Your answer is missing. You can answer until {until}. This is the only reminder."),
        Buttons(Button("Answer", "standup.answer", standup.ref, style="primary", in_card=True)),
        status=asked_until(context, standup),
    )


def _unanswered(context: Context, ref: str, person: str) -> Standup:
    """A stand-up that is open and that somebody has not answered. Raises NotNeeded for any other."""
    standup = context.store.standup.records.find(ref)
    if standup is None or standup.team not in context.city.teams or context.now >= standup.closes_at:
        raise NotNeeded("the stand-up is closed")
    if person in context.store.standup.answers.of(standup):
        raise NotNeeded("it has been answered")
    return standup


@drawn(ROUTINE)
def ask_again(context: Context, day: str, seat: str) -> Card:
    """The questions of a stand-up, until somebody has answered or it is closed."""
    team, _, person = seat.removeprefix("member:").partition("/")
    return own_card(context, _unanswered(context, standup_ref(team, date.fromisoformat(day)), person), person)


@drawn("standup.nudge")
def nudge_again(context: Context, ref: str, person: str) -> Card:
    """The reminder of a stand-up, until somebody has answered or it is closed."""
    return _reminder(context, _unanswered(context, ref, person))


@drawn("standup.digest")
def digest_again(context: Context, ref: str) -> Card:
    """A whole stand-up, with what was answered or closed since."""
    standup = context.store.standup.records.find(ref)
    if standup is None or standup.team not in context.city.teams:
        raise NotNeeded("the team holds no stand-up anymore")
    return digest(context, standup)


@timer(DIGEST)
def close(context: Context, subject: str, step: int) -> None:
    """Close a stand-up: its digest goes to the team's place. One that nobody was asked for and nobody answered has
    none."""
    standup = context.store.standup.records.take(subject)
    if standup is None or standup.team not in context.city.teams:
        return
    now = standing(context, standup)
    over = context.now >= standup.closes_at and (standup.opened_at or now.answers)
    if over and not standup.digest_at:
        show_own(context, post_digest(context, standup), now.missing)
        refresh_homes(context, now.missing)
