"""Crisis confirmation: two people start the plan; the question, and what follows from the answer."""

from datetime import timedelta

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context
from handlers.kit.crisis import STARTED, crisis_facts, level_name, show, stamped, tell, write
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from storage.crises import Crisis

ASKED = ("crisis_team", "city_manager")  # who is asked to confirm; department heads may as well


def confirm_ref(ref: str) -> str:
    """What the question whether to start the plan is about."""
    return f"{ref} confirm"


def declare(context: Context, crisis: Crisis, by: str) -> Crisis:
    """Somebody with the right wants the plan to start: a second one is asked, and after a while the first again."""
    crisis = context.store.crises.change(crisis, declared_by=by, declared_at=context.now)
    context.note(crisis.ref, declared=True)
    write(context, crisis, "wants the plan to start; a second person is asked to confirm", by=by)
    ask_to_confirm(context, crisis)
    due = context.now + timedelta(minutes=context.city.crisis.confirm_minutes)
    context.later("crisis.unconfirmed", crisis.ref, due)
    return crisis


def ask_to_confirm(context: Context, crisis: Crisis) -> None:
    """Ask everybody who is there for it, in person; one question each, however often it changes."""
    card = question(context, crisis)
    if context.store.posts.about(confirm_ref(crisis.ref)):
        context.refresh(confirm_ref(crisis.ref), card)
        return
    asked = [one.id for role in ASKED for one in context.city.with_role(role)]
    for person in dict.fromkeys(asked):
        if person != crisis.declared_by:
            tell(context, crisis, f"dm:{person}", card, about=confirm_ref(crisis.ref), priority="page")


def question(context: Context, crisis: Crisis) -> Card:
    """The question as it stands: nobody has declared it, a second person is needed, or it is answered."""
    facts = crisis_facts(context, crisis)
    if not crisis.is_open or crisis.confirmed_by:
        return stamped(crisis, Card(f"{crisis.ref}: {_outcome(context, crisis)}", Text(crisis.what), facts))
    if crisis.declared_by is None:
        title, label = f"{crisis.ref}: is it a crisis?", "Yes: start the plan"
        says = "The team is being called. Telling the whole city and starting the plan takes two people; be the first?"
    else:
        title, label = f"{crisis.ref}: please confirm", "I confirm it"
        says = f"{context.name(crisis.declared_by)} wants the city told and the plan started. It takes a second person."
    return stamped(
        crisis,
        Card(
            title,
            Text(crisis.what),
            facts,
            Text(says),
            Buttons(
                Button(label, "crisis.confirm", crisis.ref, style="primary"),
                Button.say("It is none: stand down", f"crisis standdown ; crisis {crisis.ref}"),
            ),
        ),
    )


def _outcome(context: Context, crisis: Crisis) -> str:
    if not crisis.confirmed_by:
        return "it is over"
    who = f"{context.name(crisis.confirmed_by)}{' alone' if crisis.alone else ''}"
    return f"confirmed by {who} at {context.city.calendar.clock(crisis.confirmed_at or context.now)}"


def start(context: Context, crisis: Crisis, by: str) -> Crisis:
    """The crisis is confirmed: the city is told, the plan begins, and every feature does its part."""
    crisis = context.store.crises.change(crisis, state="active", confirmed_by=by, confirmed_at=context.now)
    context.no_longer("crisis.unconfirmed", crisis.ref)
    context.note(crisis.ref, state=crisis.state, alone=crisis.alone)
    alone = " alone, because nobody confirmed it in time" if crisis.alone else ""
    write(context, crisis, f"confirmed the crisis{alone}: the plan begins and the city is told", by=by, kind="decided")
    context.refresh(confirm_ref(crisis.ref), question(context, crisis))
    tell(context, crisis, "ops", announcement(context, crisis), about=f"{crisis.ref} announcement", priority="page")
    catalogue.happened(STARTED, context, crisis)
    show(context, crisis)
    return crisis


def announcement(context: Context, crisis: Crisis) -> Card:
    """What everybody in the city is told, and at the end that it is over."""
    ask = Note("Please keep the lines free. Questions from residents and the press go to Communications.")
    show_it = Buttons(Button.say("Show how it stands", f"crisis status {crisis.ref}"))
    title = f"{context.city.name}: {'a crisis' if crisis.is_open else 'the crisis is over'}, {crisis.ref}"
    facts = (Text(crisis.what), Text(f"Level {level_name(context.city, crisis.level)}."))
    return stamped(crisis, Card(title, *facts, *((ask,) if crisis.is_open else ()), show_it))
