"""Messages: what the bot says, in about a dozen words that every door can draw.

A card is frozen, compares by value and survives a trip through JSON, because the outbox keeps cards and draws
them when they are sent. Handlers never count characters: the limits of a platform live in its renderer.
"""

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from handlers.kit.figures import Figures, Progress
from handlers.kit.inline import Channel, Frozen, Inline, Mention, Status
from handlers.kit.values import Carried, written


def capitalized(line: str) -> str:
    """The line with a capital at its beginning, otherwise unchanged."""
    return line[:1].upper() + line[1:]


SAY = "say"  # the action of a button that types a command


class Text(Frozen):
    """A paragraph; line breaks inside it are kept."""

    word: Literal["text"] = "text"
    parts: tuple[Inline, ...] = ()

    def __init__(self, *parts: Inline, **rest: Any) -> None:
        super().__init__(**({"parts": parts} if parts else {}), **rest)


class Heading(Frozen):
    """The title of what stands under it, in words of our own."""

    word: Literal["heading"] = "heading"
    text: str

    def __init__(self, text: str, **rest: Any) -> None:
        super().__init__(text=text, **rest)  # type: ignore[call-arg]


class Note(Frozen):
    """A quieter line under the rest: where, when, by whom, what to do next."""

    word: Literal["note"] = "note"
    parts: tuple[Inline, ...] = ()

    def __init__(self, *parts: Inline, **rest: Any) -> None:
        super().__init__(**({"parts": parts} if parts else {}), **rest)


class Button(Frozen):
    """Something to press. ``action`` is the name of an ``@action``, ``value`` is what it is about: a reference, or the
    kind of value that the action carries, which the button holds as text.

    ``confirm`` is a question that the platform asks first. With ``in_card`` its form stands in the place of the card,
    where a platform can do that, and not in a window.
    """

    label: str
    action: str
    value: str = ""
    confirm: str | None = None
    style: Literal["plain", "primary", "danger"] = "plain"
    in_card: bool = False

    def __init__(self, label: str, action: str, value: Carried | str = "", **rest: Any) -> None:
        super().__init__(label=label, action=action, value=written(value), **rest)  # type: ignore[call-arg]

    @classmethod
    def say(cls, label: str, line: str, **rest: Any) -> "Button":
        """A button that types a command for people: done at once, or its form opens with what the line gives."""
        return cls(label, SAY, line, **rest)


class Buttons(Frozen):
    """A line of buttons. ``about`` is the line above that they act on: screen readers say it after each label, so that
    people who hear several buttons with the same label can tell them apart. ``one_of`` says that the card asks which of
    them is pressed, and has done its work then: the answer takes its place where it can."""

    word: Literal["buttons"] = "buttons"
    buttons: tuple[Button, ...] = ()
    about: str = ""
    one_of: bool = False

    def __init__(self, *buttons: Button, **rest: Any) -> None:
        super().__init__(**({"buttons": buttons} if buttons else {}), **rest)


class Row(Frozen):
    """A line of text with one button beside it."""

    word: Literal["row"] = "row"
    text: Text
    button: Button | None = None

    def __init__(self, text: Text | str, button: Button | None = None, **rest: Any) -> None:
        super().__init__(text=Text(text) if isinstance(text, str) else text, button=button, **rest)  # type: ignore[call-arg]


class Facts(Frozen):
    """Labels and their values, in order."""

    word: Literal["facts"] = "facts"
    pairs: tuple[tuple[str, Inline], ...] = ()

    def __init__(self, *pairs: tuple[str, Inline], **rest: Any) -> None:
        super().__init__(**({"pairs": pairs} if pairs else {}), **rest)


class Items(Frozen):
    """A bulleted list."""

    word: Literal["items"] = "items"
    items: tuple[Text, ...] = ()

    def __init__(self, *items: Text | str, **rest: Any) -> None:
        lines = tuple(Text(item) if isinstance(item, str) else item for item in items)
        super().__init__(**({"items": lines} if items else {}), **rest)


Cell = str | Status


class Table(Frozen):
    """Columns and rows of short texts; a cell can say how bad something is."""

    word: Literal["table"] = "table"
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Check(Frozen):
    """One thing to tick; ``button`` ticks it, ``done`` says it is ticked."""

    label: str
    done: bool = False
    button: Button | None = None


class Checks(Frozen):
    """A list of things to tick."""

    word: Literal["checks"] = "checks"
    checks: tuple[Check, ...] = ()

    def __init__(self, *checks: Check, **rest: Any) -> None:
        super().__init__(**({"checks": checks} if checks else {}), **rest)


class Picture(Frozen):
    """A PNG picture; ``alt`` says what it means to somebody who cannot see it.

    With more than 1024 pixels on a side it is not shown everywhere, but given as a file.
    """

    word: Literal["picture"] = "picture"
    data: bytes
    alt: str

    @property
    def name(self) -> str:
        """The name under which it is saved."""
        return "picture.png"


class File(Frozen):
    """A file to take away. Where it is given as a link, others can pass that on: no residents' contact data in it."""

    word: Literal["file"] = "file"
    name: str
    data: bytes


Plain = Annotated[
    Heading | Text | Note | Row | Facts | Items | Table | Checks | Figures | Progress | Buttons | Picture | File,
    Field(discriminator="word"),
]


class Fold(Frozen):
    """What only some need: its title, and the rest behind it.

    ``button`` reads the rest from its record when it is pressed, where a message cannot fold: without it, everything is
    shown there.
    """

    word: Literal["fold"] = "fold"
    title: str
    body: tuple[Plain, ...] = ()
    button: Button | None = None

    def __init__(self, title: str, *body: Plain, **rest: Any) -> None:
        super().__init__(title=title, **({"body": body} if body else {}), **rest)  # type: ignore[call-arg]


Line = Heading | Text | Note | Row | Facts | Items
Word = Annotated[Plain | Fold, Field(discriminator="word")]


class Card(Frozen):
    """One message: a title, how bad it is, and what stands under it.

    ``audience`` is who may read it when it answers somebody: the ``asker`` alone, or the whole ``room``. ``trace`` is
    what the room may know of an answer to the asker alone, in one line: "R-4 logged by Sam Rivers".
    """

    title: str
    status: Status | None = None
    body: tuple[Word, ...] = ()
    audience: Literal["asker", "room"] = "asker"
    trace: str = ""

    def __init__(self, title: str, *body: Word, **rest: Any) -> None:
        super().__init__(title=title, **({"body": body} if body else {}), **rest)  # type: ignore[call-arg]

    @property
    def files(self) -> tuple[Picture | File, ...]:
        """What somebody can take away, in order."""
        return tuple(word for word in flat(self.body) if isinstance(word, Picture | File))

    def without_buttons(self) -> Self:
        """The same card with nothing left to press."""
        return self.with_buttons(lambda button: False)

    def with_buttons(self, keeps: Callable[[Button], bool]) -> Self:
        """The same card with only those of its buttons for which this holds."""
        return self.model_copy(update={"body": tuple(left for word in self.body if (left := _pressed(word, keeps)))})

    def with_words(self, *words: Word) -> Self:
        """The same card with more words at its end."""
        return self.model_copy(update={"body": (*self.body, *words)})

    def with_trace(self, trace: str) -> Self:
        """The same card with the line that everybody in the room may read."""
        return self.model_copy(update={"trace": trace})


def flat(words: tuple[Word, ...]) -> Iterator[Word]:
    """The words of a card, and those inside a fold after it."""
    for word in words:
        yield word
        if isinstance(word, Fold):
            yield from word.body


def _pressed(word: Word, keeps: Callable[[Button], bool]) -> Word | None:
    """The word with the buttons that are kept; None for a line of buttons of which none is."""
    match word:
        case Buttons():
            left = tuple(button for button in word.buttons if keeps(button))
            return word.model_copy(update={"buttons": left}) if left else None
        case Row(button=Button() as button) if not keeps(button):
            return word.model_copy(update={"button": None})
        case Checks():
            return word.model_copy(update={"checks": tuple(_check(check, keeps) for check in word.checks)})
        case Fold():
            return word.model_copy(
                update={"body": tuple(kept for inner in word.body if (kept := _pressed(inner, keeps)))}
            )
        case _:
            return word


def _check(check: Check, keeps: Callable[[Button], bool]) -> Check:
    return check if check.button is None or keeps(check.button) else check.model_copy(update={"button": None})


def mentioned(card: Card) -> list[str]:
    """The ids of the people whom a card mentions."""
    return [part.person for word in flat(card.body) for part in parts_of(word) if isinstance(part, Mention)]


def places_named(card: Card) -> list[str]:
    """The ids of the places that a card leads to."""
    return [part.place for word in flat(card.body) for part in parts_of(word) if isinstance(part, Channel)]


def parts_of(word: Word) -> tuple[Inline, ...]:
    """What stands inside the lines of a word."""
    match word:
        case Text() | Note():
            return word.parts
        case Row():
            return word.text.parts
        case Items():
            return tuple(part for item in word.items for part in item.parts)
        case Facts():
            return tuple(value for _, value in word.pairs)
        case _:
            return ()
