"""Crisis: one command assembles the team, and everybody sees who is on the way."""

from datetime import timedelta

from handlers.kit.choose import which_one
from handlers.kit.city import City
from handlers.kit.context import Context, Request
from handlers.kit.crisis import ANSWERS, LEVELS, crisis_facts, crisis_line, page_ref, summary, whole
from handlers.kit.errors import UserError
from handlers.kit.facts import Person
from handlers.kit.forms import Form, Options, Reference, ask
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from handlers.kit.morning import dealt_with
from handlers.kit.registry import action, command, reference, timer, waits
from handlers.kit.risk_changes import due_for_review
from handlers.kit.waiting import Task, Waiting
from storage.crises import Crisis, Page


def _levels(city: City) -> Options:
    return LEVELS


class NewCrisis(Form):
    what: str = ask("What has happened?", max_length=300)
    where: str | None = ask("Where?", default=None, max_length=300)
    level: str = ask("How far does it reach?", options=_levels)


class WhichCrisis(Form):
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint="Such as CR-2026-01")


class LogEntry(Form):
    text: str = ask("What happened, or was decided?", long=True)
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint="Needed when several are active")


class StandDown(Form):
    reason: str = ask("Why is it over?", max_length=500, long=True)
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint="Needed when several are active")


@command(
    "crisis activate",
    asks=NewCrisis,
    needs="crisis.activate",
    example="/crisis activate Water main burst; where Mill Road; level 2",
)
def activate(request: Request, form: NewCrisis) -> Card:
    """Page the crisis team."""
    crisis = request.store.crises.add(
        what=form.what, where=form.where, level=int(form.level),
        by=request.person.id, at=request.now, year=request.today.year,
    )  # fmt: skip
    team = request.city.with_role("crisis_team")
    request.note(crisis.ref, level=crisis.level, paged=len(team))
    for member in team:
        request.store.crises.page(crisis.ref, member.id, request.now)
        _send_page(request, crisis, member.id, times=1)
    refresh_homes(request, [member.id for member in team])
    request.store.crises.write_log(crisis.ref, request.person.id, f"Started: {crisis.what}", request.now)
    request.post("crisis", summary(request, crisis), about=crisis.ref, priority="page", repeat=True)
    return Card(
        f"{crisis.ref} has begun",
        Text(f"The crisis team is being paged: {', '.join(member.name for member in team)}."),
        Note("The summary in the crisis place changes as people answer. Write down what happens with: crisis log"),
        Buttons(
            Button.say("Show the summary", f"crisis status {crisis.ref}"),
            Button.say("Add to the log", f"crisis log ; crisis {crisis.ref}"),
        ),
    )


@command("crisis status", asks=WhichCrisis, needs="crisis.read", reads_only=True, example="/crisis status CR-2026-01")
def status(request: Request, form: WhichCrisis) -> Card:
    """Show a crisis."""
    if form.crisis is None and not request.store.crises.active():
        return Card("No crisis is active", Text("If one begins: crisis activate"))
    return _several(request, "crisis status", form) or whole(request, _which(request, form.crisis, taken=False))


@command("crisis log", asks=LogEntry, needs="crisis.log", example="/crisis log Pumps are running")
def log(request: Request, form: LogEntry) -> Card:
    """Add to the crisis log."""
    several = _several(request, "crisis log", form)
    return several or _log(request, _which(request, form.crisis, active=form.crisis is None), form.text)


@command("crisis standdown", asks=StandDown, needs="crisis.standdown", example="/crisis standdown Water is back on")
def stand_down(request: Request, form: StandDown) -> Card:
    """End a crisis."""
    several = _several(request, "crisis standdown", form)
    return several or _stand_down(request, _which(request, form.crisis, active=True), form.reason)


@action("crisis.coming", needs="crisis.answer")
def coming(request: Request, value: str) -> Card | None:
    """Answer a page: on my way."""
    return _answer(request, value, "coming")


@action("crisis.cannot", needs="crisis.answer")
def cannot(request: Request, value: str) -> Card | None:
    """Answer a page: I cannot come."""
    return _answer(request, value, "cannot")


@timer("crisis.page-again")
def page_again(context: Context, subject: str, step: int) -> None:
    """Page somebody again who has not answered."""
    ref, person = subject.split()
    crisis = context.store.crises.take(ref)
    page = context.store.crises.take_page(ref, person)
    if crisis is None or crisis.state != "active" or page is None or page.answer is not None:
        return
    context.store.crises.page_again(page)
    context.note(ref, paged=person, times=step + 1)
    _send_page(context, crisis, person, times=step + 1)
    context.refresh(ref, summary(context, crisis))


@waits("crisis pages", order=10)
def unanswered_pages(context: Context, person: Person) -> Waiting:
    """The pages that somebody has not answered; they cannot wait for a day, so they have none."""
    crises = context.store.crises.unanswered(person.id)
    return Waiting(
        "", [Task(one.ref, f"Crisis {one.ref}: you are needed. {one.what}", _answers(one)) for one in crises]
    )


@reference("CR-", show="crisis status")
def seen_crisis(context: Context, _person: Person, ref: str) -> str | None:
    """A crisis by its reference; everybody may see all."""
    crisis = context.store.crises.find(ref)
    return crisis_line(context, crisis) if crisis else None


def _send_page(context: Context, crisis: Crisis, person: str, times: int) -> None:
    again = "" if times == 1 else f" (page {times})"
    card = Card(
        f"Crisis {crisis.ref}: you are needed{again}",
        Text(crisis.what),
        crisis_facts(context, crisis),
        Buttons(*_answers(crisis)),
    )
    context.post(f"dm:{person}", card, about=page_ref(crisis.ref, person), priority="page", repeat=True)
    if times <= context.city.crisis.page_again_times:
        due = context.now + timedelta(minutes=context.city.crisis.page_again_minutes)
        context.later("crisis.page-again", page_ref(crisis.ref, person), due, step=times)


def _answers(crisis: Crisis) -> tuple[Button, Button]:
    coming = Button("On my way", "crisis.coming", crisis.ref, style="primary")
    return coming, Button("I cannot come", "crisis.cannot", crisis.ref)


def _answer(request: Request, ref: str, answer: str) -> Card | None:
    crisis = _which(request, ref)
    page = request.store.crises.take_page(crisis.ref, request.person.id)
    if page is None:
        raise UserError(f"You were not paged for {crisis.ref}. To help, write to the crisis place.")
    if crisis.state != "active":
        return Card(f"{crisis.ref} is over", Text("Thank you. You do not have to come any more."))
    page = request.store.crises.answer(page, answer, request.now)
    request.note(crisis.ref, answer=answer)
    request.no_longer("crisis.page-again", page_ref(crisis.ref, request.person.id))
    request.refresh(page_ref(crisis.ref, request.person.id), _answered(request, crisis, page))
    dealt_with(request, page_ref(crisis.ref, request.person.id), ANSWERS[answer])
    request.refresh(crisis.ref, summary(request, crisis))
    refresh_homes(request, [request.person.id])
    return None


def _answered(request: Request, crisis: Crisis, page: Page) -> Card:
    other = Button("I cannot come after all", "crisis.cannot", crisis.ref)
    if page.answer == "cannot":
        other = Button("I can come after all", "crisis.coming", crisis.ref)
    when = request.city.calendar.clock(request.now)
    return Card(
        f"Crisis {crisis.ref}: you said “{ANSWERS[page.answer or 'coming']}” at {when}",
        Text(crisis.what),
        crisis_facts(request, crisis),
        Buttons(other),
    )


def _several(request: Request, command: str, form: WhichCrisis | LogEntry | StandDown) -> Card | None:
    """Which crisis is meant, asked when none is named and several are active."""
    running = request.store.crises.active()
    if form.crisis or len(running) < 2:
        return None
    labels = {one.ref: f"{one.ref} {one.what}" for one in running}
    return which_one(request, "Which crisis do you mean?", command, "crisis", form.values(), labels)


def _which(context: Context, ref: str | None, *, active: bool = False, taken: bool = True) -> Crisis:
    """The crisis meant, the named one or else the active one; ``taken`` for a change. Raises UserError for none."""
    if not ref:
        running = context.store.crises.active()
        if not running:
            raise UserError('No crisis is active. Start one with "crisis activate".')
        ref = running[0].ref
    crisis = context.store.crises.take(ref) if taken else context.store.crises.find(ref)
    if crisis is None:
        raise UserError(f'There is no crisis "{ref}". Write "crisis status" to see the active one.')
    if active and crisis.state != "active":
        raise UserError(f"{crisis.ref} is over already. Nothing was changed.")
    return crisis


def _log(request: Request, crisis: Crisis, text: str) -> Card:
    request.store.crises.write_log(crisis.ref, request.person.id, text, request.now)
    request.note(crisis.ref, log=True)
    request.refresh(crisis.ref, summary(request, crisis))
    return Card(f"Added to the log of {crisis.ref}", Text(text))


def _stand_down(request: Request, crisis: Crisis, reason: str) -> Card:
    crisis = request.store.crises.end(crisis, reason=reason, by=request.person.id, at=request.now)
    request.store.crises.write_log(crisis.ref, request.person.id, f"Stood down: {reason}", request.now)
    request.note(crisis.ref, state=crisis.state)
    dealt_with(request, crisis.ref, f"stood down by {request.person.name}")
    over = Card(f"{crisis.ref} is over", Text(crisis.what), crisis_facts(request, crisis))
    for page in request.store.crises.pages(crisis.ref):
        subject = page_ref(crisis.ref, page.person)
        request.no_longer("crisis.page-again", subject)
        dealt_with(request, subject, "the crisis is over")
        request.refresh(subject, over)
        if page.answer != "cannot":  # an edit rings no bell, and somebody may be on the road
            news = Card(f"{crisis.ref} is over: you need not come", Text(crisis.what), Text(f"Why: {reason}"))
            request.post(f"dm:{page.person}", news, priority="page", repeat=True)
    for one in request.store.links.of(crisis.ref):
        due_for_review(request, one.ref, f"{crisis.ref} is over")
    refresh_homes(request, [page.person for page in request.store.crises.pages(crisis.ref)])
    request.refresh(crisis.ref, summary(request, crisis))
    note = Note("Everybody who was paged is being told, except those who cannot come.")
    return Card(f"{crisis.ref} is over", Text(reason), note)
