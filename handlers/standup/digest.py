"""Stand-up digest: a whole stand-up for its team: what is in the way, who is missing, and what everybody said."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from handlers.kit.city.standup import Team
from handlers.kit.context import Context
from handlers.kit.figures import Progress
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Buttons, Card, Facts, Fold, Heading, Note, Plain, Word
from handlers.standup.record import Standing, standing
from handlers.standup.words import answers_of, blocker_rows, title
from storage.standup.answers import Answer
from storage.standup.records import Standup

SHOWN = 3  # people whose answers stand on the card at once; those of the others are folded


def digest(context: Context, standup: Standup) -> Card:
    """The whole stand-up: the open blockers, who is missing and who is away, and what everybody answered."""
    now = standing(context, standup)
    blockers = context.store.standup.blockers.open_in(standup.team)
    return Card(
        title(context, standup),
        *progress(now, "Answered"),
        *_absent(context, standup, now),
        *blocker_rows(context, blockers, "Open blockers", "Close", named=True),
        *_answers(context, standup, now),
        Buttons(Button("Answer or change", "standup.answer", standup.ref)),
        Note(_until(context, standup)),
        status=_status(context, standup, now),
    )


def answers_card(context: Context, standup: Standup) -> Card:
    """What everybody answered, as it is now."""
    now, team = standing(context, standup), context.city.teams[standup.team]
    said = [_said(context, standup, now.answers[person]) for person in _in_order(team, now.answers)]
    return Card(f"{title(context, standup)}: what everybody said", *said)


def progress(now: Standing, label: str) -> list[Progress]:
    """How many of those who are there have answered; nothing where nobody is."""
    there = len(now.answers) + len(now.silent)
    return [Progress(label, len(now.answers), there)] if there else []


def _status(context: Context, standup: Standup, now: Standing) -> Status:
    if not now.silent:
        return Status("good", "all have answered") if now.answers else Status("neutral", "nobody is there")
    if context.now < standup.closes_at:
        return Status("info", f"open until {context.calendar.clock(standup.closes_at)}")
    return Status("warning", f"{len(now.silent)} did not answer")


def _absent(context: Context, standup: Standup, now: Standing) -> list[Facts]:
    """Who has not answered, by why."""
    away = [
        f"{context.name(person)} until {context.calendar.spoken_day(absence.last, standup.day)}"
        for person, absence in now.away.items()
    ]
    named = [
        ("No answer", [context.name(person) for person in now.missing]),
        ("Not reached", [context.name(person) for person in now.unreached]),
        ("Away", away),
    ]
    pairs = [(label, ", ".join(names)) for label, names in named if names]
    return [Facts(*pairs)] if pairs else []


def _answers(context: Context, standup: Standup, now: Standing) -> Iterator[Word]:
    """What people answered: the first few at once, those of a large team behind a fold."""
    people = _in_order(context.city.teams[standup.team], now.answers)
    if not people:
        return
    said: list[Plain] = [_said(context, standup, now.answers[person]) for person in people]
    yield Heading("What everybody said")
    yield from said[:SHOWN]
    if more := said[SHOWN:]:
        label = f"{len(more)} more answers" if len(more) > 1 else "One more answer"
        yield Fold(label, *more, button=Button(label, "standup.answers", standup.ref))


def _until(context: Context, standup: Standup) -> str:
    until = context.calendar.clock(standup.closes_at)
    if context.now < standup.closes_at:
        return f"Open until {until}. This message is updated as answers come in."
    return f"Closed at {until}. Later answers are added here and marked late."


def _said(context: Context, standup: Standup, answer: Answer) -> Facts:
    """One member's answers under their name, with the time if they were late. What is in their way stands among the
    open blockers, unless it is closed."""
    when = f"late, {_moment(context, standup, answer.at)}" if answer.late else context.calendar.clock(answer.at)
    if answer.changed_at and answer.changed_at > standup.closes_at:
        when += f", changed {_moment(context, standup, answer.changed_at)}"
    said = answers_of(context, answer)
    return Facts((context.name(answer.person), when), *(said if answer.state == "closed" else said[:2]))


def _moment(context: Context, standup: Standup, moment: datetime) -> str:
    calendar = context.calendar
    return calendar.clock(moment) if calendar.today(moment) == standup.day else calendar.spoken(moment)


def _in_order(team: Team, answers: Mapping[str, Answer]) -> list[str]:
    """Who has answered, in the team's order; people who have left the team come last."""
    return [member for member in team.members if member in answers] + [
        answer for answer in answers if answer not in team.members
    ]
