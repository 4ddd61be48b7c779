"""Stand-up cards: the card of each member, and when it and the digest of their team are posted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from handlers.kit.context import Context
from handlers.kit.events import STANDUP_HELD, emit
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Buttons, Card, Facts, Fold, Items, Note, Text, Word
from handlers.standup.digest import digest, progress
from handlers.standup.record import DIGEST, NUDGE, digest_ref, nudge_ref, prompt_ref, standing
from handlers.standup.words import answers_of, blocker_rows, title
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


def own_card(context: Context, standup: Standup, person: str) -> Card:
    """The card of one member: the questions, or their own answer; and their open blockers."""
    return own_cards(context, standup, [person])[person]


def own_cards(context: Context, standup: Standup, persons: Iterable[str]) -> dict[str, Card]:
    """The cards of several members, by person."""
    answers, persons = context.store.standup.answers.of(standup), list(persons)
    blockers = context.store.standup.blockers.open_in(standup.team)
    others = list(_others(context, standup, answers)) if any(person in answers for person in persons) else []

    def card(person: str) -> Card:
        mine = [blocker for blocker in blockers if blocker.person == person]
        answer = answers.get(person)
        return _asks(context, standup, mine) if answer is None else _answered(context, standup, answer, mine, others)

    return {person: card(person) for person in persons}


def _asks(context: Context, standup: Standup, mine: list[Blocker]) -> Card:
    """The questions, and what is still in somebody's way."""
    return Card(
        title(context, standup),
        Text(_please(context, standup)),
        Items(*context.city.standup.questions),
        Buttons(Button("Answer", "standup.answer", standup.ref, style="primary", in_card=True)),
        *blocker_rows(context, mine, "Still in your way", "Solved"),
        status=asked_until(context, standup),
    )


def asked_until(context: Context, standup: Standup) -> Status:
    """Until when an answer is in time, or that it would be late."""
    if context.now < standup.closes_at:
        return Status("warning", f"answer by {context.calendar.clock(standup.closes_at)}")
    return Status("warning", "late")


def _answered(context: Context, standup: Standup, answer: Answer, mine: list[Blocker], others: Sequence[Word]) -> Card:
    """Somebody's own answer, what is in their way, and who has not answered yet."""
    said, below = answers_of(context, answer), any(blocker.number == answer.blocker for blocker in mine)
    return Card(
        title(context, standup),
        Facts(*(said[:2] if below else said)),
        *blocker_rows(context, mine, "In your way", "Solved"),
        *others,
        Buttons(Button("Change", "standup.answer", standup.ref)),
        Note(_thanks(context, standup, answer)),
        status=Status("warning", "answered late") if answer.late else Status("good", "answered"),
    )


def _others(context: Context, standup: Standup, answers: Mapping[str, Answer]) -> Iterator[Word]:
    """How many have answered by now, and who has not; once the stand-up is open."""
    if standup.opened_at is None:
        return
    now = standing(context, standup, answers)
    yield from progress(now, f"Answered by {context.calendar.clock(context.now)}")
    if silent := [context.name(person) for person in now.silent]:
        label = f"Not answered yet: {len(silent)}"
        yield Fold(label, Items(*silent), button=Button(label, "standup.silent", standup.ref))


def silent_card(context: Context, standup: Standup) -> Card:
    """Who has not answered, as it is now."""
    now = standing(context, standup)
    all_in = "Everybody who is there has answered." if now.answers else "Nobody is there to answer."
    words = [Items(*map(context.name, now.silent))] if now.silent else [Text(all_in)]
    return Card(f"{title(context, standup)}: no answer from {len(now.silent)}", *progress(now, "Answered"), *words)


def _please(context: Context, standup: Standup) -> str:
    until = context.calendar.clock(standup.closes_at)
    if context.now < standup.closes_at:
        return "It takes a minute."
    return f"This closed at {until}. You can still answer; your answer is marked late."


def _thanks(context: Context, standup: Standup, answer: Answer) -> str:
    if standup.opened_at is None:
        return f"You will not be asked again on {context.calendar.spoken_day(standup.day)}."
    late = " It is marked late." if answer.late else ""
    place = context.city.places[context.city.teams[standup.team].place].name
    until = context.calendar.clock(standup.closes_at)
    if standup.digest_at:
        return f"Your answer is in the digest in the {place} channel.{late}"
    return f"The digest comes to the {place} channel at {until}, or sooner if everybody has answered.{late}"
