"""Morning check: one message at 07:30, so that the city manager knows what to decide, and what happened overnight."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial

from handlers.kit.catalogue import catalogue
from handlers.kit.coming import times_of
from handlers.kit.context import Sending
from handlers.kit.contributions import morning_section
from handlers.kit.messages import Card, Note
from handlers.kit.morning import ROUTINE, SEAT, Content, Section
from handlers.kit.morning_card import headline, morning_card, morning_status, sentence_text
from handlers.kit.morning_content import content_of
from handlers.kit.moved import moved_duties
from handlers.kit.pieces import Piece, refs_in
from handlers.kit.registry import routine
from storage.morning_checks import Morning

WHOLE = "the whole of it"
READ_BY = time(9)  # then somebody else is told
AT_LEAST = timedelta(minutes=30)  # to read one that came late


@routine(ROUTINE, at="07:30", on="working days", to=SEAT, late_until="12:00", notice=True, repeat=True, in_pieces=True)
def morning_check(sending: Sending) -> Iterator[Piece]:
    """Tell the city manager what to decide, what changed, what waits, what is late and who is silent."""
    last = sending.store.morning_checks.before(sending.day, sending.now)
    since = _looks_back_to(last) if last else _last_morning(sending)
    content = content_of(sending, since, last)
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


@morning_section("which duties moved", order=110)
def moved(context: Sending, _since: datetime) -> tuple[Section, ...]:
    """Duties that fell to somebody else."""
    return moved_duties(context)


def _tell_operations(context: Sending, content: Content) -> None:
    """Post the shorter morning check, for everybody in the operations place: what all may read of the same."""
    public = [line for line in content.decisions or () if line.decide and line.decide.public]
    title = f"{context.city.name} this morning, {context.calendar.spoken(context.now)}"
    whole = Note(f"{context.name(context.person)} has the full morning check. To see what waits for you: city today")
    said = [*map(sentence_text, public), *headline(content), whole]
    status = morning_status(content, public=True) if public or not content.decisions else None
    context.post("ops", Card(title, *said, status=status), ref=f"morning ops {context.day}")
