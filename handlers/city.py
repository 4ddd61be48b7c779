"""City: what waits for you, what is late, who is away, and whom to call."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from handlers.kit.city.people import Person
from handlers.kit.context import Request, Sending
from handlers.kit.contributions import morning_section
from handlers.kit.figures import Figure, Figures
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Buttons, Card, Fold, Heading, Items, Note, Text
from handlers.kit.morning import Line, Section, section
from handlers.kit.reach import unreachable, unreachable_line
from handlers.kit.registry import action, command
from handlers.kit.speaking import DESK, spoken_platform

SHOWN = 8  # people who stand on the card at once


@command("city people", needs="people.read", reads_only=True)
def list_people(request: Request) -> Card:
    """Show who cannot be reached, and what they must do."""
    lost = unreachable(request)
    request.roster.read_platforms(None)
    counted = Counter(request.platform_of(person) for person in request.city.people)
    everybody = (
        Heading("People in people.toml, by where they are written to"),
        Figures(*(Figure(label=_there(platform), value=str(count)) for platform, count in counted.items())),
    )
    if not lost:
        return Card(
            "Everybody can be reached",
            Text("As far as is known, a message reaches everybody in people.toml."),
            *everybody,
            status=Status("good", "all reached"),
        )
    return Card(
        f"Cannot be reached: {len(lost)}",
        Items(*_lines(lost[:SHOWN])),
        *_more(lost),
        Buttons(Button.say("What did not arrive", "city undelivered")),
        *everybody,
        Note("Somebody leaves this list as soon as a message reaches them; what did not arrive can be sent again."),
        status=Status("warning", f"{len(lost)} of {len(request.city.people)}"),
    )


@action("city.unreached", needs="people.read", reads_only=True)
def show_unreached(request: Request, value: str) -> Card:
    """Show everybody who cannot be reached."""
    lost = unreachable(request)
    return Card(f"Cannot be reached: {len(lost)}", Items(*_lines(lost)))


def _more(lost: Sequence[tuple[Person, str]]) -> list[Fold]:
    """Those who do not stand on the card at once."""
    more = _lines(lost[SHOWN:])
    title = f"{len(more)} more"
    return [Fold(title, Items(*more), button=Button(title, "city.unreached"))] if more else []


def _lines(lost: Sequence[tuple[Person, str]]) -> list[str]:
    return [unreachable_line(person, why) for person, why in lost]


def _there(platform: str) -> str:
    return "at the desk" if platform == DESK else f"in {spoken_platform(platform)}"


@morning_section("who cannot be reached", order=100)
def unreached(context: Sending, _since: datetime) -> tuple[Section, ...]:
    """The people of people.toml whom no message reaches."""
    lines = [Line(text=unreachable_line(person, why)) for person, why in unreachable(context)]
    return section("Cannot be reached", lines, "city people")
