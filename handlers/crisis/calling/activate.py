"""Crisis: anybody raises the alarm and the team is called at once; two people start the plan and tell the city."""

from handlers.crisis.board import details, whole
from handlers.crisis.calling.alarm import ALARMS, NewCrisis, hold, is_beyond_limit, is_entitled, raise_alarm
from handlers.crisis.calling.asked import own_role, take_button
from handlers.crisis.calling.pages import being_called
from handlers.crisis.calling.same import begun_lately, is_it_one_of
from handlers.crisis.choice import WhichCrisis, several, which_crisis
from handlers.crisis.drawn import drawn_in_crisis
from handlers.crisis.here import crisis_here
from handlers.crisis.leading import leader
from handlers.crisis.levels import crisis_status
from handlers.crisis.record import DRILL, crisis_line, follows, stamped, what_and_where
from handlers.crisis.shown import for_reader
from handlers.kit.choose import use_draft
from handlers.kit.city.people import Person
from handlers.kit.context import Context, Request
from handlers.kit.errors import UserError
from handlers.kit.forms import read_form
from handlers.kit.inline import Phone
from handlers.kit.lists import counted
from handlers.kit.messages import Button, Buttons, Card, Facts, Note, Text, Word
from handlers.kit.policy import RULES, roles_with
from handlers.kit.registry import action, command, reference
from storage.crisis.records import Crisis

NOW = {"active": "is confirmed: the plan has begun", "over": "is over"}


@command(
    "crisis activate",
    sends="Call the team",
    asks=NewCrisis,
    needs="crisis.raise",
    example="/crisis activate Water main burst; where Mill Road; level 2",
)
def activate(request: Request, form: NewCrisis) -> Card:
    """Call the crisis team."""
    request.store.turns.take(ALARMS)
    recent = begun_lately(request, drill=form.kind == "drill")
    return _is_it_one_of(request, recent, form) if recent else _raise(request, form)


@action("crisis.another", needs="crisis.raise")
def another(request: Request, value: str) -> Card:
    """Call the team for another crisis."""
    request.store.turns.take(ALARMS)
    gone = 'This was done already, or it is more than a week old. Begin again with "crisis activate".'
    _target, typed = use_draft(request, value, gone)
    return _raise(request, read_form(NewCrisis, typed, request.reading))


@command(
    "crisis status",
    sends="Show",
    asks=WhichCrisis,
    needs="crisis.read",
    reads_only=True,
    example="/crisis status CR-2026-01",
)
def status(request: Request, form: WhichCrisis) -> Card:
    """Show a crisis."""
    running = request.store.crisis.records.open()
    if form.crisis is None and not running and crisis_here(request) is None:
        again = Button.say("Call the crisis team", "crisis activate", style="danger")
        return Card("No crisis is open", Text("If one begins, anybody can call the crisis team."), Buttons(again))
    if asked := several(request, "crisis status", form):
        return asked
    crisis = which_crisis(request, form.crisis, taken=False)
    role = own_role(request, crisis)
    return for_reader(request, crisis, whole(request, crisis, take_button(crisis, role) if role else None))


def _keepers(context: Context, ref: str) -> set[str]:
    """Who leads a crisis, and all who may stand it down."""
    crisis = context.store.crisis.records.find(ref)
    if crisis is None:
        return set()
    may_end = (person.id for role in RULES["crisis.standdown"] for person in context.city.with_role(role))
    return {leader(context, crisis), *may_end}


def _prefix(context: Context, ref: str) -> str:
    crisis = context.store.crisis.records.find(ref)
    return DRILL if crisis and crisis.drill else ""


@reference("CR-", show="crisis status", keepers=_keepers, prefix=_prefix)
def seen_crisis(context: Context, _person: Person, ref: str) -> str | None:
    """Show a crisis by its reference; everybody may see every crisis."""
    crisis = context.store.crisis.records.find(ref)
    return crisis_line(context, crisis) if crisis else None


def _is_it_one_of(request: Request, recent: list[Crisis], form: NewCrisis) -> Card:
    values = {name: value for name, value in form.values().items() if value}
    other = request.store.chat.drafts.keep(request.person.id, "crisis activate", values, request.now)
    another = Button("It is another one: call the team", "crisis.another", other, style="danger")
    return is_it_one_of(request, recent, another, form.what, form.where)


def _raise(request: Request, form: NewCrisis) -> Card:
    by, drill = request.person.id, form.kind == "drill"
    if is_beyond_limit(request, by, drill=drill):
        return _held(request, form)
    crisis, called = raise_alarm(
        request, what=form.what, where=form.where, level=int(form.level), scenario=form.scenario, drill=drill, by=by
    )
    return _raised(request, crisis, called, is_entitled(request, by))


def _held(request: Request, form: NewCrisis) -> Card:
    """Hold an alarm beyond the limit, so that one person checks it first; a drill is refused."""
    if form.kind == "drill":
        raise UserError(
            "There were many drills within the hour, and nobody was called. Please wait, or ask the crisis team to "
            "allow more: crisis allow"
        )
    alarm, asked = hold(request, form, request.person.id)
    name, phone = request.name(asked), request.city.phones.get(asked)
    again = counted(request.city.crisis.page_again_minutes, "minute")
    call = (" Call them too: ", Phone(phone), ".") if phone else ()
    return Card(
        f"{name} looks at your alarm first",
        Text(alarm.what),
        Text(f"There were many alarms within the hour, so the team is called only when {name} says so.", *call),
        Note(f"Without an answer within {again} the next person is asked."),
    )


def _numbers(context: Context, crisis: Crisis) -> tuple[Word, ...]:
    """Whom to wake by phone, for the person who raises the alarm, where the bot can only write messages."""
    if context.gateways or crisis.drill:
        return ()
    known = {person: number for person, number in context.city.phones.items() if person != crisis.created_by}
    first = dict.fromkeys(role.people[0] for role in context.city.crisis.role)
    wanted = [person for person in first if person in known]
    wanted = wanted or [person for person in context.city.crisis_team if person in known]
    only = "The team only gets a chat message, which wakes nobody."
    if not wanted:
        return (Text(f"{only} At night, call the people you know: contacts.toml has no numbers for the team."),)
    return Text(f"{only} At night, call these people:"), Facts(
        *((context.name(person), Phone(known[person])) for person in wanted)
    )


def _raised(request: Request, crisis: Crisis, called: list[str], entitled: bool) -> Card:
    """What happens now, for the person who raised the alarm."""
    request.answer_draws = f"crisis.begun {crisis.ref} {'entitled' if entitled else 'others'}"
    return stamped(crisis, _begun_card(request, crisis, called, entitled))


@drawn_in_crisis("crisis.begun", over=True)
def begun_again(context: Context, crisis: Crisis, who: str) -> Card:
    """The answer to who raised the alarm; when it is confirmed or over, that it is."""
    if crisis.state != "alarm":
        words = (what_and_where(crisis), Buttons(Button.say("Show how it stands", f"crisis status {crisis.ref}")))
        title = f"{crisis.ref} {NOW[crisis.state]}"
        return Card(title, *words, details(context, crisis), status=crisis_status(crisis))
    called = [page.person for page in context.store.crisis.pages.of(crisis.ref)]
    return _begun_card(context, crisis, called, who == "entitled")


def _begun_card(context: Context, crisis: Crisis, called: list[str], entitled: bool) -> Card:
    """What happens while nobody has confirmed the alarm."""
    rights = ", ".join(roles_with("crisis.activate"))
    minutes = counted(context.city.crisis.confirm_minutes, "minute")
    if entitled:
        next_says = (
            f"A second person must confirm it before {follows(crisis)}. They are being asked. "
            f"If nobody confirms it within {minutes}, I will ask you whether to go on alone."
        )
    else:
        next_says = (
            f"You have done your part. Two people who may confirm it ({rights}) must agree before {follows(crisis)}. "
            "The crisis team and the city manager are being asked, and the department heads too if nobody agrees "
            f"within {minutes}. Stay reachable, and write down what you see: crisis log"
        )
    return Card(
        f"{crisis.ref} has begun",
        Text(next_says),
        *_numbers(context, crisis),
        *being_called(context, crisis, called),
        Buttons(
            Button.say("Show how it stands", f"crisis status {crisis.ref}"),
            Button.say("Add to timeline", f"crisis log ; crisis {crisis.ref}"),
        ),
        status=crisis_status(crisis),
    )
