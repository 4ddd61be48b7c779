"""Morning check: one message at 07:30, so that the city manager knows what to decide, and what happened overnight."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from functools import partial

from handlers.kit.catalogue import catalogue
from handlers.kit.coming import times_of
from handlers.kit.context import Context, Sending
from handlers.kit.contributions import morning_section
from handlers.kit.declared import MorningSection
from handlers.kit.faults import fault_line
from handlers.kit.inline import Status
from handlers.kit.links import is_record
from handlers.kit.messages import Button, Card, Note
from handlers.kit.morning import ROUTINE, SEAT, Content, Line, Section, section
from handlers.kit.morning_card import headline, morning_card, morning_status, sentence_text
from handlers.kit.morning_counts import WEEK, compared, counts
from handlers.kit.morning_top import lifted
from handlers.kit.moved import moved_duties
from handlers.kit.parts import Broken, Part, missing_line
from handlers.kit.pieces import Piece, refs_in
from handlers.kit.records import morning_ways
from handlers.kit.registry import routine
from storage.morning_checks import Morning

WHOLE = "the whole of it"
FIRST = 3  # records that can be given to somebody right there
BUTTONS = 3  # beside a sentence; more do not stand in one line on a phone
READ_BY = time(9)  # then somebody else is told
AT_LEAST = timedelta(minutes=30)  # to read one that came late


@routine(ROUTINE, at="07:30", on="working days", to=SEAT, late_until="12:00", notice=True, repeat=True, in_pieces=True)
def morning_check(sending: Sending) -> Iterator[Piece]:
    """Tell the city manager what to decide, what changed, what waits, what is late and who is silent."""
    last = sending.store.morning_checks.before(sending.day, sending.now)
    since = _looks_back_to(last) if last else _last_morning(sending)
    content = _content(sending, since, last)
    morning = Morning(sending.day, sending.person, sending.now, since, content.model_dump_json())
    yield Piece(WHOLE, partial(_keep, morning, content), refs_in(morning.content))


def _looks_back_to(last: Morning) -> datetime:
    return last.since if Content.model_validate_json(last.content).missed else last.at


def _last_morning(sending: Sending) -> datetime:
    """When one would have been due on the last working day before this one."""
    day = sending.calendar.open_day(sending.day - timedelta(days=1), -1)
    return sending.calendar.instant(day, times_of(catalogue.routines[ROUTINE], sending.city).at)


def _keep(morning: Morning, content: Content, sending: Sending) -> Card:
    """Keep a morning check, and give its card."""
    sending.store.morning_checks.add(morning)
    due = max(sending.calendar.instant(morning.day, READ_BY), sending.now + AT_LEAST)
    sending.schedule("morning.unseen", morning.day.isoformat(), due)
    sending.apart("morning line for operations", partial(_tell_operations, sending, content))
    return morning_card(sending, morning)


def _content(context: Sending, since: datetime, last: Morning | None) -> Content:
    """The whole content; a part that breaks is named as missing, and what broke stands last."""
    declared = sorted(catalogue.morning_sections.values(), key=lambda section: (section.order, section.name))
    new, lost = _sections(context, since, [section for section in declared if section.is_new])
    rest, more = _sections(context, since, [section for section in declared if not section.is_new])
    proofs, notes = _sentences(context, in_headline=True), _sentences(context, in_headline=False)
    sections = (*(part.model_copy(update={"is_new": True}) for part in new), *rest)
    top = lifted(sections)
    decisions, left = _with_ways(context, top.decisions, top.sections)
    broken = _broken(context)
    numbers, week = counts(sections, last), context.store.morning_checks.on(context.day - WEEK)
    quiet = [] if new or lost else [f"Nothing new since {context.spoken(since)}."]
    return Content(
        headline=" ".join([*quiet, *proofs, *(f"{part.title}: {part.total}." for part in broken)]),
        sections=(*left, *broken),
        note=" ".join(notes),
        missing=(*lost, *more),
        decisions=decisions,
        undecided=top.undecided,
        figures=tuple(count.figure for count in numbers),
        compared=compared(context, numbers, last, week),
    )


def _sections(
    context: Sending, since: datetime, declared: Sequence[MorningSection]
) -> tuple[tuple[Section, ...], list[str]]:
    """The sections, and a line for each that could not be read."""
    parts = [Part(f"section {entry.name}", partial(entry.function, context, since)) for entry in declared]
    found = context.each_apart(parts)
    lost = [missing_line(entry.name) for entry, part in zip(declared, found, strict=True) if isinstance(part, Broken)]
    return tuple(part for sections in found if not isinstance(sections, Broken) for part in sections), lost


def _with_ways(
    context: Context, decisions: Sequence[Line], sections: Sequence[Section]
) -> tuple[tuple[Line, ...], tuple[Section, ...]]:
    """The sentences and sections, with what can be done right there about the first records that they name."""
    ways: dict[str | None, list[Button]] = {}
    named = (
        *(line for line in decisions if len(line.buttons) < BUTTONS),
        *(line for part in sections for line in part.lines),
    )
    for ref in dict.fromkeys(line.ref for line in named if line.ref and is_record(line.ref)):
        if len(ways) < FIRST and (found := morning_ways(context, ref)):
            ways[ref] = found
    given = tuple(line.with_buttons(ways.get(line.ref, ())) for line in decisions)
    return given, tuple(part.with_buttons(ways) for part in sections)


def _sentences(context: Context, *, in_headline: bool) -> list[str]:
    """The sentences that features have for it, in the order of their names."""
    declared = [entry for _, entry in sorted(catalogue.morning_sentences.items()) if entry.in_headline == in_headline]
    found = context.each_apart([Part(f"morning {entry.name}", partial(entry.function, context)) for entry in declared])
    return [sentence for sentence in found if isinstance(sentence, str) and sentence]


@morning_section("which duties moved", order=110)
def moved(context: Sending, _since: datetime) -> tuple[Section, ...]:
    """Duties that fell to somebody else."""
    return moved_duties(context)


def _broken(context: Context) -> tuple[Section, ...]:
    lines = [Line(text=fault_line(context.calendar, fault)) for fault in context.store.faults.all()]
    return section("Not working, please tell IT", lines, status=Status("warning", f"{len(lines)} not working"))


def _tell_operations(context: Sending, content: Content) -> None:
    """Post the shorter morning check, for everybody in the operations place: what all may read of the same."""
    public = [line for line in content.decisions or () if line.decide and line.decide.public]
    title = f"{context.city.name} this morning, {context.calendar.spoken(context.now)}"
    whole = Note(f"{context.name(context.person)} has the full morning check. To see what waits for you: city today")
    said = [*map(sentence_text, public), *headline(content), whole]
    status = morning_status(content, public=True) if public or not content.decisions else None
    context.post("ops", Card(title, *said, status=status), ref=f"morning ops {context.day}")
