"""City: what waits for you, who is away, and whether the bot reaches every place and everybody."""

from collections import Counter
from datetime import datetime

from handlers.kit.context import Request, Sending
from handlers.kit.contributions import morning_section
from handlers.kit.messages import Button, Buttons, Card, Items, Note, Text
from handlers.kit.morning import Line, Section, section
from handlers.kit.reach import unreachable, unreachable_line
from handlers.kit.registry import command
from handlers.kit.speaking import DESK, spoken_platform


@command("city people", needs="people.read", reads_only=True)
def list_people(request: Request) -> Card:
    """Show who cannot be reached, and what they must do."""
    lost = unreachable(request)
    request.roster.read_platforms(None)
    counted = Counter(request.platform_of(person) for person in request.city.people)
    where = ", ".join(f"{count} {_there(platform)}" for platform, count in counted.items())
    everybody = Note(f"People in people.toml by where they are written to: {where}.")
    if not lost:
        return Card(
            "Everybody can be reached",
            Text("As far as is known, a message reaches everybody in people.toml."),
            everybody,
        )
    return Card(
        f"Cannot be reached: {len(lost)}",
        Items(*(unreachable_line(person, why) for person, why in lost)),
        everybody,
        Note("Somebody leaves this list as soon as a message reaches them; what did not arrive can be sent again."),
        Buttons(Button.say("What did not arrive", "city undelivered")),
    )


def _there(platform: str) -> str:
    return "at the desk" if platform == DESK else f"in {spoken_platform(platform)}"


@morning_section("who cannot be reached", order=100)
def unreached(context: Sending, _since: datetime) -> tuple[Section, ...]:
    """The people of people.toml whom no message reaches."""
    lines = [Line(text=unreachable_line(person, why)) for person, why in unreachable(context)]
    return section("Cannot be reached", lines, "city people")
