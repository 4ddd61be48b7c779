"""Coming: what the bot will ask or tell somebody by itself."""

from handlers.kit.catalogue import catalogue
from handlers.kit.coming import Coming
from handlers.kit.coming import schedule as coming_days
from handlers.kit.context import Request
from handlers.kit.messages import Button, Card, Note, Row, Table, Text
from handlers.kit.registry import command

DAYS = 7  # what comes after that is nobody's plan yet


@command("city schedule", needs="help", reads_only=True)
def show_schedule(request: Request) -> Card:
    """Show what is coming for you."""
    coming = coming_days(catalogue, request.city, request.today, DAYS, request.roster.on)
    mine = [
        one
        for one in coming
        if request.person.id == one.person and one.local > request.city.calendar.local(request.now)
    ]
    if not mine:
        nothing = Text("Nothing is planned for you in the next seven days.")
        return Card("What is coming for you", nothing, Row("Away?", Button.say("Say so", "city away")))
    return Card(
        "What is coming for you",
        Table(columns=("When", "What"), rows=tuple((_when(one), _what(one)) for one in mine)),
        Note("The next seven days. What is skipped says why. Away? Write: city away"),
    )


def _when(one: Coming) -> str:
    return f"{one.local:%a} {one.local.day} {one.local:%b, %H:%M}"


def _what(one: Coming) -> str:
    name = one.routine.replace("-", " ").capitalize()
    return f"{name}, skipped: {one.skipped}" if one.skipped else name
