"""Inline: what stands inside a line of a card: words, people, links, places and how bad it is."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from handlers.kit.telephone import dialed, one_number


class Frozen(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        ser_json_bytes="base64",
        val_json_bytes="base64",
        hide_input_in_errors=True,  # errors go to the log, what people typed does not
    )


Level = Literal["critical", "warning", "good", "info", "neutral"]
WORST_FIRST: tuple[Level, ...] = ("critical", "warning", "info", "neutral", "good")
ADDRESS = r"^https?://"


class Status(Frozen):
    """How bad something is: one of five levels, and the city's word for it ("Extreme", "late", "DRILL").

    The level decides the color or sign, which never stands without the word.
    """

    word: Literal["status"] = "status"
    level: Level
    label: str

    def __init__(self, level: Level, label: str, **rest: Any) -> None:
        super().__init__(level=level, label=label, **rest)  # type: ignore[call-arg]


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
    url: Annotated[str, Field(pattern=ADDRESS)]

    def __init__(self, label: str, url: str, **rest: Any) -> None:
        super().__init__(label=label, url=url, **rest)  # type: ignore[call-arg]


class Channel(Frozen):
    """A place of the city, which leads to its channel where the platform has one; ``place`` is its id.

    ``url`` is the channel's address where it is known, for a platform that has no link of its own to a channel.
    """

    word: Literal["channel"] = "channel"
    place: str
    label: str
    url: Annotated[str, Field(pattern=ADDRESS)] | None = None

    def __init__(self, place: str, label: str, **rest: Any) -> None:
        super().__init__(place=place, label=label, **rest)  # type: ignore[call-arg]


class Phone(Frozen):
    """A telephone number as people write it, which a telephone calls when it is pressed."""

    word: Literal["phone"] = "phone"
    label: Annotated[str, AfterValidator(one_number)]

    def __init__(self, label: str, **rest: Any) -> None:
        super().__init__(label=label, **rest)  # type: ignore[call-arg]

    @property
    def url(self) -> str:
        """The number as an address (RFC 3966)."""
        return dialed(self.label)


Inline = str | Annotated[Mention | Link | Channel | Status | Phone, Field(discriminator="word")]
