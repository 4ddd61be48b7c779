"""Morning content: what stands in a morning check, gathered from what each feature says of itself as of now."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context, Sending
from handlers.kit.declared import MorningSection
from handlers.kit.faults import fault_line
from handlers.kit.inline import Status
from handlers.kit.links import is_record
from handlers.kit.messages import Button
from handlers.kit.morning import Content, Line, Section, section
from handlers.kit.morning_counts import WEEK, compared, counts
from handlers.kit.morning_top import lifted
from handlers.kit.parts import Broken, Part, missing_line
from handlers.kit.records import morning_ways
from storage.morning_checks import Morning

FIRST = 3  # records that can be given to somebody right there
BUTTONS = 3  # beside a sentence; more do not stand in one line on a phone


def content_of(context: Sending, since: datetime, last: Morning | None) -> Content:
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


def _broken(context: Context) -> tuple[Section, ...]:
    lines = [Line(text=fault_line(context.calendar, fault)) for fault in context.store.faults.all()]
    return section("Not working, please tell IT", lines, status=Status("warning", f"{len(lines)} not working"))
