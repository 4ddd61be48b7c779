"""Morning: notes who has read the morning check, and tells somebody else when nobody has."""

from dataclasses import fields
from datetime import date

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context, Request, Sending
from handlers.kit.contributions import drawn, on_not_sent, on_seen
from handlers.kit.errors import NotNeeded, UserError
from handlers.kit.events import MORNING_CHECK_READ, emit
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Card, Note, Row, Text, Word
from handlers.kit.morning import ROUTINE, SEAT, Content, morning_ref
from handlers.kit.morning_card import (
    PART,
    PART_NOW,
    MorningOf,
    PartOf,
    card_as_of_now,
    morning_card,
    part_as_of_now,
    part_card,
)
from handlers.kit.morning_content import content_of
from handlers.kit.morning_top import worst_of
from handlers.kit.policy import may
from handlers.kit.registry import action, command, timer
from handlers.kit.rights import may_act_for
from handlers.kit.tasks import NOW, task_words, what_comes_first, with_one_primary
from handlers.kit.waiting import Task, waiting_for
from storage.morning_checks import Morning


@command("city morning", needs="morning.read", reads_only=True, shown_to="morning.read-all")
def show_morning(request: Request) -> Card:
    """Show the newest morning check."""
    morning = request.store.morning_checks.newest()
    _may_read(request, morning)
    if morning is None:
        return Card("There has been no morning check yet", Text("To see when the next one comes: city schedule"))
    urgent = list(with_one_primary(_urgent_since(request, morning)))
    card = morning_card(request, morning, calm=bool(urgent))
    status = worst_of(found for found in (*(task.status for task in urgent), card.status) if found)
    return card.model_copy(update={"body": (*_as_of(request, morning, urgent), *card.body), "status": status})


def _as_of(request: Request, morning: Morning, urgent: list[Task]) -> list[Word]:
    """What is urgent and began after it was counted, from when the rest is, and the way to how things stand now."""
    later = [word for task in urgent for word in task_words(task, request.today)]
    calendar, is_todays = request.calendar, morning.day == request.today
    when = Status("info", f"As of {calendar.clock(morning.at) if is_todays else calendar.spoken(morning.at)}")
    now = Button("Show it as of now", "morning.now", MorningOf(morning.day))
    return [*later, Row(Text(when, " What came later is not in it."), now)]


def _urgent_since(request: Request, morning: Morning) -> list[Task]:
    """What is urgent for the reader and does not stand in it."""
    content = Content.model_validate_json(morning.content)
    told = {line.ref for part in content.sections for line in part.lines} | {
        line.ref for line in content.decisions or ()
    }
    waiting = waiting_for(request, request.person, catalogue.todos)
    return [task for task in what_comes_first(request.today, waiting)[NOW] if task.ref not in told]


@action("morning.now", needs="morning.read", reads_only=True, carries=MorningOf)
def show_now(request: Request, value: MorningOf) -> Card:
    """Show the morning check as of now."""
    morning = _found(request, value.day)
    return card_as_of_now(request, _now(request, morning)) if morning else _not_kept()


@action(PART_NOW, needs="morning.read", reads_only=True, carries=PartOf)
def show_part_now(request: Request, value: PartOf) -> Card:
    """Show a part of the morning check as of now."""
    morning = _found(request, value.day)
    return part_as_of_now(request, _now(request, morning), value.title) if morning else _not_kept()


def _now(request: Request, morning: Morning) -> Morning:
    """A morning check of what there is now, beside the one that was sent; it is not kept."""
    known = {field.name: getattr(request, field.name) for field in fields(Context) if field.init}
    sending = Sending(**known, routine=ROUTINE, day=request.today, seat=SEAT, person=morning.person)
    content = content_of(sending, morning.since, morning)
    return Morning(morning.day, morning.person, request.now, morning.since, content.model_dump_json())


def _found(request: Request, day: date) -> Morning | None:
    """The morning check of a day, for somebody who may read it."""
    morning = request.store.morning_checks.on(day)
    _may_read(request, morning)
    return morning


def _not_kept() -> Card:
    return Card("This morning check is not kept anymore", Text("To read the newest one: city morning"))


@action(PART, needs="morning.read", reads_only=True, carries=PartOf)
def show_part(request: Request, value: PartOf) -> Card:
    """Show a part of a morning check."""
    morning = _found(request, value.day)
    return part_card(request, morning, value.title) if morning else _not_kept()


def _may_read(request: Request, morning: Morning | None) -> None:
    """Raise UserError for somebody who may not read a morning check: those with the right may, to whom it was sent or
    passed on, and who stands in today for the person to whom it went."""
    if may(request.person.all_roles, "morning.read-all") or (morning and _was_sent(request, morning)):
        return
    raise UserError(
        "Only the city manager and admins can read the morning check, and the deputy while the city manager is not "
        "available."
    )


def _was_sent(request: Request, morning: Morning) -> bool:
    if may_act_for(request, request.person.id, morning.person):
        return True
    posts = request.store.chat.posts.of(morning_ref(morning.day))
    return any(post.place == f"dm:{request.person.id}" for post in posts)


@action("morning.read", needs="help")
def read(request: Request, value: str) -> None:
    """Say that you have read the morning check."""


@on_seen(ROUTINE)
def was_read(request: Request, about: str) -> None:
    """Say on the card who has read it, whichever button they pressed first, and tick it on the day's checklist."""
    day = date.fromisoformat(about.split()[1])
    emit(MORNING_CHECK_READ, request, day)
    morning = request.store.morning_checks.on(day)
    if morning:
        request.refresh(about, morning_card(request, morning))


@timer("morning.unseen")
def pass_on(context: Context, subject: str, step: int) -> None:
    """Send a morning check that nobody has read to the deputy, or tell operations where there is none."""
    day = date.fromisoformat(subject)
    morning, newest = context.store.morning_checks.on(day), context.store.morning_checks.newest()
    if morning is None or morning != newest or context.store.chat.posts.seen(morning_ref(day)):
        return
    if context.store.time.occurrences.is_followed(ROUTINE, day, SEAT, context.now):  # a newer one is about to be sent
        return
    stands_in = next((person for person in context.duties.line([morning.person]) if person != morning.person), None)
    context.audit(morning_ref(day), unseen=True, to=stands_in)
    if stands_in is None:
        context.post("ops", _unread_card(context, morning), priority="prompt", draws=f"morning.unread {day}")
        return
    context.post(
        f"dm:{stands_in}",
        _passed_on(context, morning),
        ref=morning_ref(day),
        priority="prompt",
        repeat=True,
        draws=f"morning.passed-on {day}",
    )


@drawn(ROUTINE)
def morning_again(context: Context, day: str, _seat: str) -> Card:
    """A morning check, with what was settled since."""
    return morning_card(context, _kept(context, day))


@on_not_sent(ROUTINE)
def tell_next_morning(context: Context, day: str, _seat: str) -> None:
    """Have the next one say what nobody could read of this one in time."""
    morning = _kept(context, day)
    if not context.store.chat.posts.seen(morning_ref(morning.day)):
        content = Content.model_validate_json(morning.content).model_copy(update={"missed": True})
        context.store.morning_checks.change(morning, content.model_dump_json())


@drawn("morning.passed-on")
def passed_on_again(context: Context, day: str) -> Card:
    """A morning check that nobody has read, for the person who stands in, until it is read."""
    return _passed_on(context, _unread(context, day))


@drawn("morning.unread")
def unread_again(context: Context, day: str) -> Card:
    """The card that says that nobody has read a morning check, until somebody has."""
    return _unread_card(context, _unread(context, day))


def _kept(context: Context, day: str) -> Morning:
    morning = context.store.morning_checks.on(date.fromisoformat(day))
    assert morning is not None, "a morning check is kept when it is sent"
    return morning


def _unread(context: Context, day: str) -> Morning:
    """A morning check that nobody has read. Raises NotNeeded for any other."""
    morning = _kept(context, day)
    if seen := context.store.chat.posts.seen(morning_ref(morning.day)):
        raise NotNeeded(f"{context.name(seen[0])} has read it")
    return morning


def _passed_on(context: Context, morning: Morning) -> Card:
    card, unread = morning_card(context, morning), f"{context.name(morning.person)} has not read this yet."
    return card.model_copy(update={"body": (Text(f"{unread} You stand in for them."), *card.body)})


def _unread_card(context: Context, morning: Morning) -> Card:
    who = Note("They have no deputy who can be asked. To name one, add a deputy for them in people.toml.")
    return Card("The morning check was not read", Text(f"{context.name(morning.person)} has not read this yet."), who)
