"""Morning: what stands in a morning check, and how it is brought up to date through the day.

Its items are kept as they were counted, so that an item that was settled since can say so and the counts stay what
they were.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict

from handlers.kit.context import Context, sending_ref
from handlers.kit.messages import Button, Buttons, Card, Facts, Items, Note, Row, Text, Word
from storage.morning_checks import Morning

ROUTINE, SEAT = "morning-check", "city_manager"
SHOWN = 5  # lines of a section, so that it can be read on a phone; the rest is counted


class Line(BaseModel):
    """One item: what it is about, and what was done about it since: settled, or given to somebody."""

    model_config = ConfigDict(frozen=True)

    text: str
    ref: str | None = None
    buttons: tuple[Button, ...] = ()
    dealt: str | None = None
    given: str | None = None
    again: str | None = None  # when it was opened again

    @property
    def shown_buttons(self) -> tuple[Button, ...]:
        """Its buttons as it stands now: what is settled has none, what was given to somebody the one that shows it."""
        if self.dealt:
            return ()
        return self.buttons[:1] if self.given else self.buttons


class Section(BaseModel):
    """A heading with its count and the first of its lines; ``rest`` is the command that shows all."""

    model_config = ConfigDict(frozen=True)

    title: str
    total: int
    lines: tuple[Line, ...]
    rest: str = ""

    def with_buttons(self, more: Mapping[str | None, Sequence[Button]]) -> "Section":
        """The same with more buttons beside the lines about these references."""
        lines = (line.model_copy(update={"buttons": (*line.buttons, *more.get(line.ref, ()))}) for line in self.lines)
        return self.model_copy(update={"lines": tuple(lines)})


class Content(BaseModel):
    """All of a morning check: ``headline`` is the whole of it in a sentence or two, ``note`` a minor fact under it,
    ``missing`` a line for each section that could not be read."""

    model_config = ConfigDict(frozen=True)

    headline: str
    sections: tuple[Section, ...]
    note: str = ""
    missing: tuple[str, ...] = ()


def section(title: str, lines: Sequence[Line], rest: str = "", *, total: int | None = None) -> tuple[Section, ...]:
    """A section of these lines, or the first of ``total``; none when there are none."""
    count = len(lines) if total is None else total
    return (Section(title=title, total=count, lines=tuple(lines[:SHOWN]), rest=rest),) if lines else ()


def morning_ref(day: date) -> str:
    """What the morning check of a day is about."""
    return sending_ref(ROUTINE, day, SEAT)


def morning_card(context: Context, morning: Morning) -> Card:
    """A morning check as it stands now."""
    content, calendar = Content.model_validate_json(morning.content), context.calendar
    seen = context.store.chat.posts.seen(morning_ref(morning.day))
    read = Button("I have read this", "morning.read", morning.day.isoformat(), style="primary")
    return Card(
        f"Good morning. {context.city.name}, {calendar.spoken(morning.at)}",
        Text(content.headline),
        *map(Note, content.missing),
        *(word for part in content.sections for word in _words(part)),
        *((Note(content.note),) if content.note else ()),
        *((Note(f"Read by {context.name(seen[0])} at {calendar.clock(seen[1])}."),) if seen else (Buttons(read),)),
        Note(
            f"New means since {calendar.spoken(morning.since)}. The counts are of {calendar.clock(morning.at)}; "
            "what was settled since says so."
        ),
    )


def _words(part: Section) -> list[Word]:
    """A section as words: lines without a button in a list, those with one beside it, those with several above them."""
    words: list[Word] = [Facts((part.title, str(part.total)))]
    plain: list[Text] = []
    for line in part.lines:
        buttons = line.shown_buttons
        if not buttons:
            plain.append(Text(_text(line)))
            continue
        if plain:
            words.append(Items(*plain))
            plain = []
        if len(buttons) == 1:
            words.append(Row(_text(line), buttons[0]))
        else:
            words += [Text(_text(line)), Buttons(*buttons, about=line.text)]
    if plain:
        words.append(Items(*plain))
    if part.total > len(part.lines):
        more = f"And {part.total - len(part.lines)} more."
        words.append(Row(more, Button.say("See all", part.rest)) if part.rest else Note(more))
    return words


def _text(line: Line) -> str:
    """A line with what became of it first."""
    if line.dealt:
        return f"Done ({line.dealt}): {line.text}"
    given = f"Given to {line.given}. " if line.given else ""
    again = f"Open again, {line.again}: " if line.again else ""
    return f"{given}{again}{line.text}"
