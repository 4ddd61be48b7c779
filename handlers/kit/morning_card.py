"""The card of a morning check: what to decide, then what changed, then the rest behind its headings."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from handlers.kit.context import Context
from handlers.kit.figures import Figures
from handlers.kit.inline import Status
from handlers.kit.links import show_button
from handlers.kit.messages import Button, Buttons, Card, Fold, Heading, Items, Note, Plain, Row, Text, Word
from handlers.kit.morning import Content, Line, Section, morning_ref
from handlers.kit.morning_top import worst, worst_of
from handlers.kit.values import Carried, Words
from storage.morning_checks import Morning

PART, PART_NOW = "morning.part", "morning.part-now"  # the actions that show a section, as it was sent and as of now
NOT_READ = Status("warning", "Not all could be read")


@dataclass(frozen=True)
class MorningOf(Carried):
    """The morning check of a day."""

    day: date


@dataclass(frozen=True)
class PartOf(Carried):
    """A section of the morning check of a day, by its title."""

    day: date
    title: Words


def morning_card(context: Context, morning: Morning, *, calm: bool = False) -> Card:
    """A morning check with what was settled since; ``calm`` when something above it comes first, so that none of its
    buttons stands out."""
    title = f"Good morning. {context.city.name}, {context.calendar.spoken(morning.at)}"
    return _card(context, morning, title, PART, calm=calm)


def card_as_of_now(context: Context, morning: Morning) -> Card:
    """The same of what was gathered now, which nobody has to say that they have read."""
    return _card(context, morning, f"{context.city.name} as of now, {context.calendar.spoken(morning.at)}", PART_NOW)


def _card(context: Context, morning: Morning, title: str, opens: str, *, calm: bool = False) -> Card:
    """``opens`` is the action that shows one of its sections."""
    content = Content.model_validate_json(morning.content)
    first = None if calm else _next(content)
    return Card(
        title,
        *(word for line in content.decisions or () for word in _sentence(line, is_first=line is first)),
        *_more(content),
        *headline(content),
        *(_read(context, morning, calm or first is not None) if opens == PART else ()),
        *map(Note, content.missing),
        *_parts(f"New since {context.spoken(morning.since)}", _folds(morning, content, opens, new=True)),
        *_parts("How things stand", _folds(morning, content, opens, new=False)),
        *((Note(content.note),) if content.note else ()),
        Note(_as_of(context, morning, content)),
        status=morning_status(content),
    )


def headline(content: Content) -> list[Word]:
    """What is new, and how that changed; the same for everybody."""
    return [
        *((Text(content.headline),) if content.headline else ()),
        *((Figures(*content.figures),) if content.figures else ()),
        *((Note(content.compared),) if content.compared else ()),
    ]


def morning_status(content: Content, *, public: bool = False) -> Status | None:
    """How bad the worst is that is to be decided, else the worst of its sections; None for a morning check of before
    there were decisions. ``public`` leaves out what the reader alone may know."""
    if content.decisions is None:
        return None
    decisions = [line for line in content.decisions if not public or (line.decide and line.decide.public)]
    if left := worst(line for line in decisions if line.is_open):
        return left
    return _worst_told(content, public=public) or (
        Status("good", "All decided") if decisions else _nothing_bad(content)
    )


def _worst_told(content: Content, *, public: bool) -> Status | None:
    """The worst of the sections that are told, and of what could not be read."""
    told = [part for part in content.sections if not (public and part.private)]
    bad = [part.status for part in told if part.status] + [NOT_READ] * bool(content.missing)
    return worst_of(bad) if bad else None


def _nothing_bad(content: Content) -> Status:
    is_new = any(part.is_new for part in content.sections)
    return Status("info", "Nothing to decide") if is_new else Status("good", "Quiet")


def part_card(context: Context, morning: Morning, title: str) -> Card:
    """A section of one that was sent, for where a message cannot fold."""
    gone = "The morning check was sent again, and this is no longer in it. To read the newest: city morning"
    when = f"Morning check of {context.spoken(morning.at)}."
    return _part_card(morning, title, when, gone)


def part_as_of_now(context: Context, morning: Morning, title: str) -> Card:
    """A section of what was gathered now."""
    return _part_card(morning, title, f"As of {context.calendar.clock(morning.at)}.", "Nothing of this is left now.")


def _part_card(morning: Morning, title: str, said: str, gone: str) -> Card:
    """A section, with of when it is, or that there is no such section any more."""
    content, when = Content.model_validate_json(morning.content), Note(said)
    part = next((part for part in content.sections if part.title == title), None)
    if part is None:
        return Card(title, Text(gone), when)
    return Card(f"{part.title}: {part.total}", *_words(part), when)


def sentence_text(line: Line) -> Text:
    """A sentence on what to decide, with how bad it is before it."""
    return Text(line.decide.status, f" {_said(line)}") if line.decide and line.is_open else Text(_said(line))


def _as_of(context: Context, morning: Morning, content: Content) -> str:
    """Of when the counts are, and how to tell what changed later; also from when on things are new, where no heading
    says it: in a morning check of before there were any."""
    calendar = context.calendar
    since = f"New means since {calendar.spoken(morning.since)}. " if content.decisions is None else ""
    later = " Lines that begin with Done, Given or Open again changed later." if content.has_changed else ""
    return f"{since}The counts are as of {calendar.clock(morning.at)}.{later}"


def _next(content: Content) -> Line | None:
    """The first decision that is open: what usually comes next."""
    return next((line for line in content.decisions or () if line.is_open and line.buttons), None)


def _sentence(line: Line, *, is_first: bool) -> Iterator[Word]:
    yield sentence_text(line)
    if buttons := _buttons(line):
        first, *others = buttons
        yield Buttons(first.model_copy(update={"style": "primary"}) if is_first else first, *others, about=line.text)


def _more(content: Content) -> list[Word]:
    if not content.undecided:
        return []
    more = "1 more needs" if content.undecided == 1 else f"{content.undecided} more need"
    return [Note(f"{more} your decision. See the sections below.")]


def _read(context: Context, morning: Morning, is_plain: bool) -> Iterator[Word]:
    """Who has read it, or the button that says so."""
    if seen := context.store.chat.posts.seen(morning_ref(morning.day)):
        yield Note(f"Read by {context.name(seen[0])} at {context.calendar.clock(seen[1])}.")
        return
    read = Button("I have read this", "morning.read", morning.day.isoformat(), style="primary")
    yield Buttons(_plain(read) if is_plain else read)


def _parts(heading: str, folds: Sequence[Fold]) -> list[Word]:
    """A heading and the sections under it; nothing where all of it stands above."""
    return [Heading(heading), *folds] if folds else []


def _folds(morning: Morning, content: Content, opens: str, *, new: bool) -> list[Fold]:
    there = [part for part in content.sections if part.is_new == new and (part.lines or part.more > 0)]
    return [_fold(part, f"{part.title}: {part.total}", opens, PartOf(morning.day, part.title)) for part in there]


def _fold(part: Section, title: str, opens: str, about: PartOf) -> Fold:
    return Fold(title, *_words(part), button=Button(title, opens, about))


def _words(part: Section) -> Iterator[Plain]:
    """A section as words, with what it leaves out at its end."""
    yield from _lines(part.lines)
    if part.above:
        yield Note(f"{part.above} more {'is' if part.above == 1 else 'are'} listed further up in the morning check.")
    if part.more > 0:
        more = f"And {part.more} more."
        yield Row(more, Button.say("See all", part.rest)) if part.rest else Note(more)


def _lines(lines: Iterable[Line]) -> Iterator[Plain]:
    """Lines without a button in a list, those with one beside it, those with several above them."""
    plain: list[Text] = []
    for line in lines:
        buttons = _buttons(line)
        if not buttons:
            plain.append(Text(_said(line)))
            continue
        if plain:
            yield Items(*plain)
            plain = []
        if len(buttons) == 1:
            yield Row(_said(line), buttons[0])
        else:
            yield Text(_said(line))
            yield Buttons(*buttons, about=line.text)
    if plain:
        yield Items(*plain)


def _buttons(line: Line) -> list[Button]:
    """Its buttons as it stands now: what is settled has none, what was given to somebody the one that shows it."""
    if line.dealt:
        return []
    if line.given:
        show = show_button(line.ref) if line.ref else None
        return [show] if show else list(line.buttons[:1])
    return [_plain(button) for button in line.buttons]


def _plain(button: Button) -> Button:
    """The button as one of many: a card has one that comes next, and says itself which."""
    return button.model_copy(update={"style": "plain"}) if button.style == "primary" else button


def _said(line: Line) -> str:
    """A line with what became of it first."""
    if line.dealt:
        return f"Done ({line.dealt}): {line.text}"
    given = f"Given to {line.given}. " if line.given else ""
    again = f"Open again, {line.again}: " if line.again else ""
    return f"{given}{again}{line.text}"
