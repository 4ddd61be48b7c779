"""Morning check: one message at 07:30, so that the city manager knows what the night has left."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import partial

from handlers.checkin_follow_up import all_reported, help_wanted, silent_departments
from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context, Sending
from handlers.kit.crisis import crisis_line
from handlers.kit.crisis_pages import page_ref, silent_line
from handlers.kit.faults import fault_line
from handlers.kit.feedback import item_line
from handlers.kit.messages import Button, Card, Note, Text
from handlers.kit.morning import ROUTINE, SEAT, SHOWN, Content, Line, Section, morning_card, section
from handlers.kit.moved import moved_duties
from handlers.kit.parts import Broken, Part, missing_line
from handlers.kit.reach import unreachable, unreachable_line
from handlers.kit.registry import routine
from handlers.kit.risk import risk_line
from handlers.kit.undelivered import UNDELIVERED, outbox_ref, undelivered_line
from handlers.kit.waiting import Task, due_by, waiting_for
from handlers.risk_acceptance import expired_acceptances
from storage.mornings import Morning
from storage.risks import Risk

FIRST_LOOK_BACK = timedelta(days=1)  # when no morning check was ever sent
READ_BY = time(9)  # then somebody else is told
AT_LEAST = timedelta(minutes=30)  # to read one that came late
DRILL_AFTER = 92  # days, the longest quarter: then a team is out of practice


@routine(ROUTINE, at="07:30", on="working days", to=SEAT, late_until="12:00", notice=True, repeat=True)
def morning_check(context: Sending) -> Card:
    """Tell the city manager what came in, what waits, what is late, who is silent and what did not arrive."""
    since = context.store.occurrences.last_sent(ROUTINE, context.now) or context.now - FIRST_LOOK_BACK
    content = _content(context, since)
    morning = Morning(context.day, context.person, context.now, since, content.model_dump_json())
    context.store.mornings.add(morning)
    due = max(context.city.calendar.instant(context.day, READ_BY), context.now + AT_LEAST)
    context.later("morning.unseen", context.day.isoformat(), due)
    context.apart("morning line for operations", partial(_tell_operations, context, content))
    return morning_card(context, morning)


def _content(context: Sending, since: datetime) -> Content:
    """All of it; what breaks is missing, the rest is said, and what broke stands last."""
    new, lost = _sections(context, {"what is new": partial(_new, context, since)})
    rest, more = _sections(
        context,
        {
            "open crises and high risks": partial(_open, context),
            "expired acceptances": partial(expired_acceptances, context, since),
            "what waits for you": partial(_yours, context),
            "who wants help": partial(help_wanted, context),
            "what is late": partial(_late, context),
            "who was paged and did not answer": partial(_silent, context),
            "silent departments": partial(silent_departments, context),
            "what was not delivered": partial(_lost, context),
            "who cannot be reached": partial(_unreached, context),
            "which duties moved": partial(moved_duties, context),
        },
    )
    proof, drill = context.each_apart(
        [Part("morning proof", partial(all_reported, context)), Part("morning drill", partial(_last_drill, context))]
    )
    rest = (*rest, *_broken(context))
    headline = _headline(new, proof if isinstance(proof, str) else "", rest, known=not lost)
    note = drill if isinstance(drill, str) else ""
    return Content(headline=headline, sections=(*new, *rest), note=note, missing=(*lost, *more))


def _sections(
    context: Context, named: Mapping[str, Callable[[], Sequence[Section]]]
) -> tuple[tuple[Section, ...], list[str]]:
    """The sections, and a line for each that could not be read."""
    found = context.each_apart([Part(f"section {name}", function) for name, function in named.items()])
    lost = [missing_line(name) for name, part in zip(named, found, strict=True) if isinstance(part, Broken)]
    return tuple(one for part in found if not isinstance(part, Broken) for one in part), lost


def _last_drill(context: Context) -> str:
    """How long ago the crisis team has practised last, and whether that is too long ago."""
    last = context.store.crises.last_drill()
    if last is None:
        return "There has been no crisis drill yet. To hold one: crisis activate, and say that it is a drill."
    days = (context.today - context.city.calendar.today(last.created_at)).days
    ago = {0: "today", 1: "1 day ago"}.get(days, f"{days} days ago")
    return f"Last crisis drill: {ago}{', which is more than a quarter' if days > DRILL_AFTER else ''}."


def _headline(new: Iterable[Section], proof: str, rest: Iterable[Section], *, known: bool) -> str:
    """The whole of it in a line: what is new, that nobody was silent, and every other heading with its count."""
    told = [f"{one.title}: {one.total}." for one in new] or (["Nothing new."] if known else [])
    return " ".join([*told, *([proof] if proof else []), *(f"{one.title}: {one.total}." for one in rest)])


def _new(context: Context, since: datetime) -> tuple[Section, ...]:
    store = context.store
    crises = [Line(text=crisis_line(context, one), ref=one.ref) for one in store.crises.since(since)]
    risks = [Line(text=risk_line(context, one), ref=one.ref) for one in sorted(store.risks.since(since), key=_worst)]
    items = [Line(text=item_line(context, one), ref=one.ref) for one in store.feedback.since(since)]
    return (
        *section("New crises", crises, "crisis status"),
        *section("New risks", risks, "risk list"),
        *section("New feedback", items, "feedback list"),
    )


def _worst(risk: Risk) -> tuple[int, int]:
    return -risk.score, risk.number


def _open(context: Context) -> tuple[Section, ...]:
    def running(drill: bool) -> list[Line]:
        return [
            Line(text=crisis_line(context, one), ref=one.ref, buttons=(Button.say("Show", f"crisis status {one.ref}"),))
            for one in context.store.crises.open()
            if one.drill == drill
        ]

    high = [
        Line(text=risk_line(context, one), ref=one.ref, buttons=(Button.say("Show", f"risk show {one.ref}"),))
        for one in context.store.risks.high(context.city.risks.announce_from)
    ]
    return (
        *section("Open crises", running(drill=False), "crisis status"),
        *section("Open drills", running(drill=True), "crisis status"),
        *section("Open and high", high, "risk list"),
    )


def _yours(context: Sending) -> tuple[Section, ...]:
    """What waits for the one who reads this, with the buttons that act right there."""
    declared = [one for one in catalogue.waits if one.name != UNDELIVERED]  # those have a section of their own
    waiting = waiting_for(context, context.person_named(context.person), declared)
    tasks = [task for one in waiting for task in one.tasks]
    lines = [Line(text=task.line, ref=task.ref, buttons=task.buttons) for task in tasks]
    total = sum(one.total for one in waiting)
    return tuple(one.model_copy(update={"total": total}) for one in section("Waiting for you", lines, "city today"))


def _late(context: Sending) -> tuple[Section, ...]:
    """What is due today or was before, with who is asked for it; once, however many it waits for."""
    late: dict[tuple[str, str | None], Task] = {}
    for person in context.everybody():
        if person.id != context.person and context.duties.why_not(person.id) is None:
            for task in due_by(context.today, waiting_for(context, person, catalogue.waits)):
                late.setdefault((task.ref, task.owner), task)
    tasks = sorted(late.values(), key=lambda task: task.due or context.today)
    return section(
        "Due today or late", [Line(text=f"{context.name(task.owner)}: {task.line}", ref=task.ref) for task in tasks]
    )


def _silent(context: Context) -> tuple[Section, ...]:
    silent = [
        Line(text=silent_line(context, page), ref=page_ref(page.crisis, page.person))
        for page in context.store.crisis_pages.silent()
    ]
    return section("Paged and not answered", silent)


def _unreached(context: Context) -> tuple[Section, ...]:
    lines = [Line(text=unreachable_line(*one)) for one in unreachable(context)]
    return section("Cannot be reached", lines, "city people")


def _broken(context: Context) -> tuple[Section, ...]:
    lines = [Line(text=fault_line(context.city.calendar, fault)) for fault in context.store.faults.all()]
    return section("Broke, tell IT", lines)


def _lost(context: Context) -> tuple[Section, ...]:
    """What did not arrive: the longest waiting, and how much there is in all."""
    rows = context.store.undelivered.first(SHOWN)
    lines = [Line(text=undelivered_line(context, row), ref=outbox_ref(row)) for row in rows]
    total = context.store.undelivered.count()
    found = section("Could not be delivered", lines, "city undelivered")
    return tuple(part.model_copy(update={"total": total}) for part in found)


def _tell_operations(context: Sending, content: Content) -> None:
    """The shorter one, for everybody in the operations place."""
    title = f"{context.city.name} this morning, {context.city.calendar.spoken(context.now)}"
    whole = Note(f"{context.name(context.person)} has the whole of it. What waits for you: city today")
    context.post("ops", Card(title, Text(content.headline), whole), about=f"morning ops {context.day}")
