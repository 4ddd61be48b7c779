"""Crisis confirmation: two people start the plan; the question, and what follows from the answer."""

from datetime import timedelta

from handlers.crisis.board import details
from handlers.crisis.events import STARTED
from handlers.crisis.levels import crisis_status, level_name
from handlers.crisis.record import at_when, follows, show, stamped, tell, what_and_where, write
from handlers.crisis.to_many import tell_all
from handlers.kit.context import Context
from handlers.kit.events import emit
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from handlers.kit.policy import may
from handlers.kit.settled import settled
from storage.crisis.records import Crisis

ASKED, WIDER = ("crisis_team", "city_manager"), "department_head"  # asked to confirm, and who else when nobody does
UNCONFIRMED = "crisis.unconfirmed"
LONGEST = timedelta(hours=4)  # between two times of asking; the wait doubles up to this


def confirm_ref(crisis: Crisis) -> str:
    """The reference of the question: whether it is a crisis (alarm), or whether a second person agrees (confirm)."""
    return f"{crisis.ref} {'confirm' if crisis.declared_by else 'alarm'}"


def waits_ref(crisis: Crisis) -> str:
    """The reference of its line in lists of what waits."""
    return f"{crisis.ref} unconfirmed"


def declare(context: Context, crisis: Crisis, by: str) -> Crisis:
    """Declare the crisis: a second person is asked to confirm, and after a while the first is asked again."""
    crisis = context.store.crisis.records.change(crisis, declared_by=by, declared_at=context.now)
    context.audit(crisis.ref, declared=True)
    write(context, crisis, "wants the plan to start; a second person is asked to confirm", by=by)
    put_question(context, crisis)
    return crisis


def put_question(context: Context, crisis: Crisis) -> None:
    """Ask people for the next confirmation, and bring lists and older questions up to date."""
    refresh_questions(context, crisis)
    ask_to_confirm(context, crisis)


def ask_to_confirm(context: Context, crisis: Crisis, *, wider: bool = False) -> None:
    """Ask everybody who is there, each by a direct message, and ask again after a while; in a drill the wider circle
    is asked only once."""
    card, about = question(context, crisis), confirm_ref(crisis)
    others = [person for person in _asked(context, wider) if person != crisis.declared_by]
    tell_all(context, crisis, others, card, ref=about, priority="page", draws=f"crisis.confirm {about}")
    if crisis.drill and wider:
        return
    since, least = crisis.declared_at or crisis.created_at, timedelta(minutes=context.city.crisis.confirm_minutes)
    context.reschedule(UNCONFIRMED, crisis.ref, context.now + min(max(context.now - since, least), LONGEST))


def _asked(context: Context, wider: bool) -> list[str]:
    """Who is asked: everybody who may confirm. In place of somebody who cannot be asked, their stand-in if that person
    may confirm too; else they themselves, unless they are gone."""
    asked: list[str] = []
    for person in (
        person for role in (*ASKED, *((WIDER,) if wider else ())) for person in context.city.with_role(role)
    ):
        stands_in = context.city.people.get(context.duties.of(person.id).person)
        if stands_in and may(stands_in.all_roles, "crisis.activate"):
            asked.append(stands_in.id)
        elif not context.duties.is_gone(person.id):
            asked.append(person.id)
    return list(dict.fromkeys(asked))


def refresh_questions(context: Context, crisis: Crisis) -> None:
    """Bring both questions up to date wherever they are posted, and the homes of those who may answer; the first
    question is answered when somebody has said yes."""
    card = question(context, crisis)
    context.refresh(f"{crisis.ref} confirm", card)
    if crisis.is_open and crisis.declared_by and not crisis.confirmed_by:
        said = f"{crisis.ref}: {context.name(crisis.declared_by)} says it is a crisis"
        second = Text("A second person is being asked to confirm it.")
        words = (what_and_where(crisis), second, details(context, crisis))
        card = stamped(crisis, Card(said, *words, status=crisis_status(crisis)))
    context.refresh(f"{crisis.ref} alarm", card)
    refresh_homes(context, _asked(context, wider=True))


def asks(context: Context, crisis: Crisis) -> tuple[str, Button]:
    """What must still be confirmed, in one line, and the button for it."""
    if crisis.declared_by is None:
        line, label = "Nobody has said yet that it is a crisis; it takes two people.", "Yes: start the plan"
    else:
        who = context.name(crisis.declared_by)
        wants = "the plan started" if crisis.drill else "the city told and the plan started"
        line, label = f"{who} wants {wants}. It takes a second person.", "I confirm it"
    return line, Button(label, "crisis.confirm", crisis.ref, style="primary")


def question(context: Context, crisis: Crisis) -> Card:
    """The question as it is now: nobody has declared the crisis, a second person is needed, or it is answered."""
    facts, bad = details(context, crisis), crisis_status(crisis)
    if not crisis.is_open or crisis.confirmed_by:
        title = f"{crisis.ref}: {_outcome(context, crisis)}"
        return stamped(crisis, Card(title, what_and_where(crisis), facts, status=bad))
    says, yes = asks(context, crisis)
    title = f"{crisis.ref}: {'please confirm' if crisis.declared_by else 'is it a crisis?'}"
    if crisis.declared_by is None:
        takes = "Starting the plan" if crisis.drill else "Telling the whole city and starting the plan"
        says = f"The team is being called. {takes} takes two people; be the first?"
    return stamped(
        crisis,
        Card(
            title,
            what_and_where(crisis),
            Text(says),
            Buttons(yes, Button.say("No crisis: ask to stand down", f"crisis standdown ; crisis {crisis.ref}")),
            facts,
            status=bad,
        ),
    )


def _outcome(context: Context, crisis: Crisis) -> str:
    if not crisis.confirmed_by:
        return "it is over"
    who = f"{context.name(crisis.confirmed_by)}{' alone' if crisis.alone else ''}"
    return f"confirmed by {who} {at_when(context, crisis.confirmed_at or context.now)}"


def start(context: Context, crisis: Crisis, by: str) -> Crisis:
    """Confirm the crisis: the city is told, the plan begins, and every feature does its part."""
    crisis = context.store.crisis.records.change(crisis, state="active", confirmed_by=by, confirmed_at=context.now)
    context.cancel(UNCONFIRMED, crisis.ref)
    settled(context, waits_ref(crisis), f"confirmed by {context.name(by)}")
    context.audit(crisis.ref, state=crisis.state, alone=crisis.alone)
    alone = " alone, because nobody confirmed it in time" if crisis.alone else ""
    write(
        context,
        crisis,
        f"confirmed {'the drill' if crisis.drill else 'the crisis'}{alone}: {follows(crisis)}",
        by=by,
        kind="decided",
    )
    refresh_questions(context, crisis)
    card, about = announcement(context, crisis), f"{crisis.ref} announcement"
    tell(context, crisis, "ops", card, ref=about, priority="page", draws=f"crisis.announced {crisis.ref}")
    emit(STARTED, context, crisis)
    show(context, crisis)
    return crisis


def announcement(context: Context, crisis: Crisis) -> Card:
    """The message to everybody in the city: that there is a crisis, and at the end that it is over."""
    ask = Note("Please keep the lines free. Questions from residents and the press go to Communications.")
    show_it = Buttons(Button.say("Show how it stands", f"crisis status {crisis.ref}"))
    title = f"{context.city.name}: {'a crisis' if crisis.is_open else 'the crisis is over'}, {crisis.ref}"
    facts = (Text(crisis.what), Text(f"Level {level_name(context.city, crisis.level)}."))
    words = (*facts, *((ask,) if crisis.is_open else ()), show_it)
    return stamped(crisis, Card(title, *words, status=crisis_status(crisis)))
