"""Stand-up cards: the digest of a team and the card of each member, and when they are posted."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from handlers.kit.city.standup import Team
from handlers.kit.context import Context
from handlers.kit.events import STANDUP_HELD, emit
from handlers.kit.messages import Button, Buttons, Card, Facts, Note, Row, Text, Word
from handlers.standup.record import DIGEST, NUDGE, digest_ref, nudge_ref, prompt_ref, standing
from storage.standup.answers import Answer
from storage.standup.blockers import Blocker
from storage.standup.records import Standup


def show(context: Context, standup: Standup, persons: Iterable[str]) -> Standup:
    """Bring the cards of these people and the team up to date, post the digest when the last answer is in, and return
    the stand-up as it is now."""
    if standup.opened_at and not standup.digest_at and standing(context, standup).complete:
        standup = post_digest(context, standup)
    elif standup.digest_at:
        context.refresh(digest_ref(standup), digest(context, standup))
    show_own(context, standup, persons)
    return standup


def show_own(context: Context, standup: Standup, persons: Iterable[str]) -> None:
    """Bring the cards that asked and reminded these people up to date."""
    cards = own_cards(context, standup, persons)
    context.refresh_each({
        ref: card
        for person, card in cards.items()
        for ref in (prompt_ref(standup, person), nudge_ref(standup, person))
    })  # fmt: skip


def post_digest(context: Context, standup: Standup) -> Standup:
    """Post the digest in the team's place; returns the stand-up as it is now."""
    context.cancel(NUDGE, standup.ref)
    context.cancel(DIGEST, standup.ref)
    standup = context.store.standup.records.digested(standup, context.now)
    context.audit(digest_ref(standup), digest=True)
    if context.store.standup.answers.of(standup):  # with at least one answer it counts as held
        emit(STANDUP_HELD, context, standup.day)
    place = context.city.teams[standup.team].place
    draws = f"standup.digest {standup.ref}"
    context.post(place, digest(context, standup), ref=digest_ref(standup), draws=draws)
    return standup


def digest(context: Context, standup: Standup) -> Card:
    """The whole stand-up: who is missing and who is away, what everybody answered, and the open blockers."""
    now, team = standing(context, standup), context.city.teams[standup.team]
    there = len(now.answers) + len(now.missing) + len(now.unreached)
    away = [
        f"{context.name(person)} until {context.calendar.spoken_day(absence.last, standup.day)}"
        for person, absence in now.away.items()
    ]
    return Card(
        title(context, standup),
        Facts(
            ("Answered", f"{len(now.answers)} of {there}"),
            *_named("No answer", [context.name(person) for person in now.missing]),
            *_named("Not reached", [context.name(person) for person in now.unreached]),
            *_named("Away", away),
        ),
        *(_said(context, standup, now.answers[person]) for person in _in_order(team, now.answers)),
        *_open(context, context.store.standup.blockers.open_in(standup.team), "Open blockers", "Close", named=True),
        Buttons(Button("Answer or change", "standup.answer", standup.ref)),
        Note(_until(context, standup)),
    )


def own_card(context: Context, standup: Standup, person: str) -> Card:
    """The card of one member: the questions, or their own answer; and their open blockers."""
    return own_cards(context, standup, [person])[person]


def own_cards(context: Context, standup: Standup, persons: Iterable[str]) -> dict[str, Card]:
    """The cards of several members, by person."""
    answers = context.store.standup.answers.of(standup)
    blockers = context.store.standup.blockers.open_in(standup.team)

    def card(person: str) -> Card:
        mine = [blocker for blocker in blockers if blocker.person == person]
        return _own_card(context, standup, answers.get(person), mine)

    return {person: card(person) for person in persons}


def _own_card(context: Context, standup: Standup, answer: Answer | None, mine: list[Blocker]) -> Card:
    blockers = _open(context, mine, "Still in your way", "Solved")
    if answer is None:
        asked = (Text(_please(context, standup)), Text("\n".join(context.city.standup.questions)))
        button = Button("Answer", "standup.answer", standup.ref, style="primary")
        return Card(title(context, standup), *asked, *blockers, Buttons(button))
    return Card(
        f"{title(context, standup)}: answered",
        Facts(*_answers(context, answer)),
        *blockers,
        Buttons(Button("Change", "standup.answer", standup.ref)),
        Note(_thanks(context, standup, answer)),
    )


def title(context: Context, standup: Standup) -> str:
    """The title that names a stand-up."""
    return f"Stand-up {context.city.teams[standup.team].name}, {context.calendar.spoken_day(standup.day)}"


def _please(context: Context, standup: Standup) -> str:
    until = context.calendar.clock(standup.closes_at)
    if context.now < standup.closes_at:
        return f"Please answer by {until}. It takes a minute."
    return f"This closed at {until}. Your answer is still taken, and shown as late."


def _thanks(context: Context, standup: Standup, answer: Answer) -> str:
    if standup.opened_at is None:
        return f"You are not asked again on {context.calendar.spoken_day(standup.day)}."
    late = " You answered late; it says so there." if answer.late else ""
    place = context.city.places[context.city.teams[standup.team].place].name
    until = context.calendar.clock(standup.closes_at)
    if standup.digest_at:
        return f"The digest in the {place} channel shows it.{late}"
    return f"The digest comes to the {place} channel at {until}, or when everybody has answered.{late}"


def _until(context: Context, standup: Standup) -> str:
    until = context.calendar.clock(standup.closes_at)
    if context.now < standup.closes_at:
        return f"Open until {until}. What changes is shown here."
    return f"Closed at {until}. Later answers are taken, and shown here as late."


def _said(context: Context, standup: Standup, answer: Answer) -> Facts:
    """One member's answers under their name, with the time if they were late."""
    when = f"late, {_moment(context, standup, answer.at)}" if answer.late else context.calendar.clock(answer.at)
    if answer.changed_at and answer.changed_at > standup.closes_at:
        when += f", changed {_moment(context, standup, answer.changed_at)}"
    return Facts((context.name(answer.person), when), *_answers(context, answer))


def _moment(context: Context, standup: Standup, moment: datetime) -> str:
    calendar = context.calendar
    return calendar.clock(moment) if calendar.today(moment) == standup.day else calendar.spoken(moment)


def _answers(context: Context, answer: Answer) -> list[tuple[str, str]]:
    finished, following, way = (question.rstrip("? ") for question in context.city.standup.questions)
    closed = " (closed)" if answer.state == "closed" else ""
    return [(finished, answer.finished), (following, answer.next), (way, f"{answer.what or 'Nothing new'}{closed}")]


def _in_order(team: Team, answers: Mapping[str, Answer]) -> list[str]:
    """Who has answered, in the team's order; people who have left the team come last."""
    return [member for member in team.members if member in answers] + [
        answer for answer in answers if answer not in team.members
    ]


def _named(label: str, names: list[str]) -> list[tuple[str, str]]:
    return [(label, ", ".join(names))] if names else []


def _open(context: Context, blockers: list[Blocker], title: str, label: str, *, named: bool = False) -> list[Word]:
    if not blockers:
        return []
    rows = [Row(_line(context, blocker, named), Button(label, "blocker.close", blocker.ref)) for blocker in blockers]
    return [Text(f"{title}:"), *rows]


def _line(context: Context, blocker: Blocker, named: bool) -> str:
    days = (context.today - context.calendar.today(blocker.created_at)).days
    age = "since today" if days < 1 else f"for {days} {'day' if days == 1 else 'days'}"
    return f"{blocker.ref} {blocker.what} ({context.name(blocker.person) + ', ' if named else ''}{age})"
