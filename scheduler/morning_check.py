"""Morning check: one message at 07:30, so that the city manager knows what happened overnight."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from functools import partial

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context, Sending
from handlers.kit.contributions import morning_section
from handlers.kit.declared import MorningSection
from handlers.kit.faults import fault_line
from handlers.kit.links import is_record
from handlers.kit.messages import Button, Card, Note, Text
from handlers.kit.morning import ROUTINE, SEAT, Content, Line, Section, morning_card, section
from handlers.kit.moved import moved_duties
from handlers.kit.parts import Broken, Part, missing_line
from handlers.kit.persons import Persons
from handlers.kit.pieces import Piece, refs_in
from handlers.kit.records import morning_ways
from handlers.kit.registry import routine
from handlers.kit.undelivered import UNDELIVERED
from handlers.kit.waiting import Task, due_by, waiting_for, waiting_of
from storage.morning_checks import Morning

WHOLE = "the whole of it"
FIRST = 3  # records that can be given to somebody right there
FIRST_LOOK_BACK = timedelta(days=1)  # when no morning check was ever sent
READ_BY = time(9)  # then somebody else is told
AT_LEAST = timedelta(minutes=30)  # to read one that came late


@routine(ROUTINE, at="07:30", on="working days", to=SEAT, late_until="12:00", notice=True, repeat=True, in_pieces=True)
def morning_check(sending: Sending) -> Iterator[Piece]:
    """Tell the city manager what came in, what waits, what is late, who is silent and what did not arrive."""
    since = sending.store.time.occurrences.last_sent(ROUTINE, sending.now) or sending.now - FIRST_LOOK_BACK
    content = _content(sending, since)
    morning = Morning(sending.day, sending.person, sending.now, since, content.model_dump_json())
    yield Piece(WHOLE, partial(_keep, morning, content), refs_in(morning.content))


def _keep(morning: Morning, content: Content, sending: Sending) -> Card:
    """Keep a morning check, and give its card."""
    sending.store.morning_checks.add(morning)
    due = max(sending.calendar.instant(morning.day, READ_BY), sending.now + AT_LEAST)
    sending.schedule("morning.unseen", morning.day.isoformat(), due)
    sending.apart("morning line for operations", partial(_tell_operations, sending, content))
    return morning_card(sending, morning)


def _content(context: Sending, since: datetime) -> Content:
    """The whole content; a part that breaks is named as missing, and what broke stands last."""
    declared = sorted(catalogue.morning_sections.values(), key=lambda section: (section.order, section.name))
    new, lost = _sections(context, since, [section for section in declared if section.is_new])
    rest, more = _sections(context, since, [section for section in declared if not section.is_new])
    headlines, notes = _sentences(context, in_headline=True), _sentences(context, in_headline=False)
    sections, broken = _with_ways(context, (*new, *rest)), _broken(context)
    headline = _headline(new, headlines, (*rest, *broken), known=not lost)
    return Content(headline=headline, sections=(*sections, *broken), note=" ".join(notes), missing=(*lost, *more))


def _sections(
    context: Sending, since: datetime, declared: Sequence[MorningSection]
) -> tuple[tuple[Section, ...], list[str]]:
    """The sections, and a line for each that could not be read."""
    parts = [Part(f"section {entry.name}", partial(entry.function, context, since)) for entry in declared]
    found = context.each_apart(parts)
    lost = [missing_line(entry.name) for entry, part in zip(declared, found, strict=True) if isinstance(part, Broken)]
    return tuple(part for sections in found if not isinstance(sections, Broken) for part in sections), lost


def _with_ways(context: Context, sections: Sequence[Section]) -> tuple[Section, ...]:
    """The sections, with what can be done right there about the first records that they name."""
    refs = [line.ref for part in sections for line in part.lines if line.ref and is_record(line.ref)]
    ways: dict[str | None, list[Button]] = {}
    for ref in dict.fromkeys(refs):
        if len(ways) < FIRST and (found := morning_ways(context, ref)):
            ways[ref] = found
    given = []
    for part in sections:
        given.append(part.with_buttons(ways))
        ways = {ref: found for ref, found in ways.items() if ref not in {line.ref for line in part.lines}}
    return tuple(given)


def _sentences(context: Context, *, in_headline: bool) -> list[str]:
    """The sentences that features have for it, in the order of their names."""
    declared = [entry for _, entry in sorted(catalogue.morning_sentences.items()) if entry.in_headline == in_headline]
    found = context.each_apart([Part(f"morning {entry.name}", partial(entry.function, context)) for entry in declared])
    return [sentence for sentence in found if isinstance(sentence, str) and sentence]


def _headline(new: Iterable[Section], proofs: Sequence[str], rest: Iterable[Section], *, known: bool) -> str:
    """The whole of it in a line: what is new, that nobody was silent, and every other heading with its count."""
    told = [f"{part.title}: {part.total}." for part in new] or (["Nothing new."] if known else [])
    return " ".join([*told, *proofs, *(f"{part.title}: {part.total}." for part in rest)])


@morning_section("what waits for you", order=40)
def yours(context: Sending, _since: datetime) -> tuple[Section, ...]:
    """What waits for the reader, with the buttons that act right there."""
    declared = [todo for todo in catalogue.todos if todo.name != UNDELIVERED]  # those have a section of their own
    waiting = waiting_for(context, context.person_named(context.person), declared)
    tasks = [task for part in waiting for task in part.tasks]
    lines = [Line(text=task.line, ref=task.ref, buttons=task.buttons) for task in tasks]
    return section("Waiting for you", lines, "city today", total=sum(part.total for part in waiting))


@morning_section("what is late", order=60)
def late(context: Sending, _since: datetime) -> tuple[Section, ...]:
    """What is due today or was before, with who is asked for it; once, however many it waits for."""
    waiting = waiting_of(context, Persons(context.city, context.everybody), catalogue.todos)
    late, seen = dict[tuple[str, str | None], Task](), set[int]()
    for person in _in_order(context, waiting):
        if person != context.person and context.duties.why_not(person) is None:
            unseen = [part for part in waiting[person] if id(part) not in seen]  # many share what is a department's
            seen.update(map(id, unseen))
            for task in due_by(context.today, unseen):
                late.setdefault((task.ref, task.owner), task)
    tasks = sorted(late.values(), key=lambda task: task.due or context.today)
    return section(
        "Due today or late", [Line(text=f"{context.name(task.owner)}: {task.line}", ref=task.ref) for task in tasks]
    )


def _in_order(context: Context, persons: Collection[str]) -> list[str]:
    """These people in the order of the city's file, those who were only met after them."""
    listed = [person for person in context.city.people if person in persons]
    return [*listed, *sorted(person for person in persons if person not in context.city.people)]


@morning_section("which duties moved", order=110)
def moved(context: Sending, _since: datetime) -> tuple[Section, ...]:
    """Duties that fell to somebody else."""
    return moved_duties(context)


def _broken(context: Context) -> tuple[Section, ...]:
    lines = [Line(text=fault_line(context.calendar, fault)) for fault in context.store.faults.all()]
    return section("Broke, tell IT", lines)


def _tell_operations(context: Sending, content: Content) -> None:
    """Post the shorter morning check, for everybody in the operations place."""
    title = f"{context.city.name} this morning, {context.calendar.spoken(context.now)}"
    whole = Note(f"{context.name(context.person)} has the whole of it. What waits for you: city today")
    context.post("ops", Card(title, Text(content.headline), whole), ref=f"morning ops {context.day}")
