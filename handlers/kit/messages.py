"""Messages: what the bot says, in about a dozen words that every door can draw.

A card is frozen, compares by value and survives a trip through JSON, because the outbox keeps cards and draws
them when they are sent. Handlers never count characters: the limits of a platform live in its renderer.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from handlers.kit.values import Carried, written


def capitalized(line: str) -> str:
    """The line with a capital at its beginning, otherwise unchanged."""
    return line[:1].upper() + line[1:]


class Frozen(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        ser_json_bytes="base64",
        val_json_bytes="base64",
        hide_input_in_errors=True,  # errors go to the log, what people typed does not
    )


SAY = "say"  # the action of a button that types a command


class Mention(Frozen):
    """A person, named so that the platform tells them; ``person`` is their id in the city."""

    word: Literal["mention"] = "mention"
    person: str
    name: str

    def __init__(self, person: str, name: str, **rest: Any) -> None:
        super().__init__(person=person, name=name, **rest)  # type: ignore[call-arg]


class Link(Frozen):
    """A label that leads to an http(s) address."""

    word: Literal["link"] = "link"
    label: str
    url: Annotated[str, Field(pattern=r"^https?://")]

    def __init__(self, label: str, url: str, **rest: Any) -> None:
        super().__init__(label=label, url=url, **rest)  # type: ignore[call-arg]


Inline = str | Annotated[Mention | Link, Field(discriminator="word")]


class Text(Frozen):
    """A paragraph; line breaks inside it are kept."""

    word: Literal["text"] = "text"
    parts: tuple[Inline, ...] = ()

    def __init__(self, *parts: Inline, **rest: Any) -> None:
        super().__init__(**({"parts": parts} if parts else {}), **rest)


class Note(Frozen):
    """A quieter line under the rest: where, when, by whom, what to do next."""

    word: Literal["note"] = "note"
    parts: tuple[Inline, ...] = ()

    def __init__(self, *parts: Inline, **rest: Any) -> None:
        super().__init__(**({"parts": parts} if parts else {}), **rest)


class Button(Frozen):
    """Something to press. ``action`` is the name of an ``@action``, ``value`` is what it is about: a reference, or the
    kind of value that the action carries, which the button holds as text.

    ``confirm`` is a question that the platform asks first.
    """

    label: str
    action: str
    value: str = ""
    confirm: str | None = None
    style: Literal["plain", "primary", "danger"] = "plain"

    def __init__(self, label: str, action: str, value: Carried | str = "", **rest: Any) -> None:
        super().__init__(label=label, action=action, value=written(value), **rest)  # type: ignore[call-arg]

    @classmethod
    def say(cls, label: str, line: str, **rest: Any) -> "Button":
        """A button that types a command for people: done at once, or its form opens with what the line gives."""
        return cls(label, SAY, line, **rest)


class Buttons(Frozen):
    """A line of buttons. ``about`` is the line above that they act on: screen readers say it after each label, so that
    people who hear several buttons with the same label can tell them apart."""

    word: Literal["buttons"] = "buttons"
    buttons: tuple[Button, ...] = ()
    about: str = ""

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


class Table(Frozen):
    """Columns and rows of short texts."""

    word: Literal["table"] = "table"
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


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


Word = Annotated[
    Text | Note | Row | Facts | Items | Table | Checks | Buttons | Picture | File, Field(discriminator="word")
]


class Card(Frozen):
    """One message: a title and what stands under it.

    ``audience`` is who may read it when it answers somebody: the ``asker`` alone, or the whole ``room``.
    """

    title: str
    body: tuple[Word, ...] = ()
    audience: Literal["asker", "room"] = "asker"

    def __init__(self, title: str, *body: Word, **rest: Any) -> None:
        super().__init__(title=title, **({"body": body} if body else {}), **rest)  # type: ignore[call-arg]

    @property
    def files(self) -> tuple[Picture | File, ...]:
        """What somebody can take away, in order."""
        return tuple(word for word in self.body if isinstance(word, Picture | File))

    def without_buttons(self) -> Self:
        """The same card with nothing left to press."""
        return self.with_buttons(lambda button: False)

    def with_buttons(self, keeps: Callable[[Button], bool]) -> Self:
        """The same card with only those of its buttons for which this holds."""
        return self.model_copy(update={"body": tuple(left for word in self.body if (left := _pressed(word, keeps)))})

    def with_words(self, *words: Word) -> Self:
        """The same card with more words at its end."""
        return self.model_copy(update={"body": (*self.body, *words)})


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
        case _:
            return word


def _check(check: Check, keeps: Callable[[Button], bool]) -> Check:
    return check if check.button is None or keeps(check.button) else check.model_copy(update={"button": None})


def mentioned(card: Card) -> list[str]:
    """The ids of the people whom a card mentions."""
    return [part.person for word in card.body for part in _parts(word) if isinstance(part, Mention)]


def _parts(word: Word) -> list[object]:
    match word:
        case Text() | Note():
            return list(word.parts)
        case Row():
            return list(word.text.parts)
        case Items():
            return [part for item in word.items for part in item.parts]
        case Facts():
            return [value for _, value in word.pairs]
        case _:
            return []
