"""The top of a morning check: the few sentences on what to decide, and nothing of it again below."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from handlers.kit.inline import WORST_FIRST, Status
from handlers.kit.morning import SHOWN, Line, Section
from handlers.kit.pieces import REF

SENTENCES = 3  # what somebody reads before they decide


@dataclass(frozen=True)
class Top:
    """The sentences, the worst first, how many more there would be, and the sections with what is left in them."""

    decisions: tuple[Line, ...]
    undecided: int
    sections: tuple[Section, ...]


def lifted(sections: Sequence[Section]) -> Top:
    """What is to be decided, lifted out of its sections; what stands once is left out of all sections below it."""
    found = _by_record(line for part in sections for line in part.lines if line.decide)
    chosen = sorted(found, key=_order)[:SENTENCES]
    sentences = tuple(map(_sentence, chosen))
    seen = {ref for line in sentences for ref in (line.ref, _named(line))}
    return Top(sentences, len(found) - len(chosen), tuple(_left(sections, seen)))


def worst(lines: Iterable[Line]) -> Status | None:
    """The worst of what these lines ask to decide."""
    return worst_of(line.decide.status for line in lines if line.decide)


def worst_of(known: Iterable[Status]) -> Status | None:
    """The first of those that are as bad as the worst."""
    return min(known, key=_badness, default=None)


def _by_record(lines: Iterable[Line]) -> list[Line]:
    """One line for each record: the one of the lowest rank, as bad as the worst about it."""
    found = dict[str, list[Line]]()
    for line in lines:
        found.setdefault(_record(line), []).append(line)
    return [_one_of(same) for same in found.values()]


def _one_of(same: Sequence[Line]) -> Line:
    first, status = min(same, key=_rank), worst(same)
    assert first.decide is not None
    return first.model_copy(update={"decide": first.decide.model_copy(update={"status": status})})


def _record(line: Line) -> str:
    """The record that a line is about: R-1, also where its reference is of a step, or of a question about it that names
    the record first. What stands further on in a line was typed by somebody."""
    found = REF.search(line.ref or "") or REF.match(line.text)
    return found[0].partition(".")[0] if found else line.ref or line.text


def _named(line: Line) -> str | None:
    """The record that a sentence stands for, because it begins with it. One about another matter of a record, such as
    who is late with an answer in a crisis, leaves the record where it is."""
    found = REF.match(line.text)
    return found[0].partition(".")[0] if found else None


def _rank(line: Line) -> int:
    return line.decide.rank if line.decide else 0


def _badness(status: Status) -> int:
    return WORST_FIRST.index(status.level)


def _order(line: Line) -> tuple[int, int]:
    return (_badness(line.decide.status) if line.decide else 0), _rank(line)


def _sentence(line: Line) -> Line:
    """The line as it reads at the top."""
    return line.model_copy(update={"text": line.decide.sentence}) if line.decide and line.decide.sentence else line


def _left(sections: Iterable[Section], seen: set[str | None]) -> Iterator[Section]:
    """Each section with the first of its lines that stand nowhere above it; ``seen`` are the references that do."""
    seen = seen - {None}
    for part in sections:
        left = [line for line in part.lines if line.ref not in seen]
        shown = tuple(left[:SHOWN])
        yield part.model_copy(update={"lines": shown, "above": len(part.lines) - len(left)})
        seen |= {line.ref for line in shown if line.ref}
