"""Crisis menu: who says nothing but "crisis" finds the way to call the team first, and what is open."""

from handlers.crisis.record import crisis_line
from handlers.kit.context import Request
from handlers.kit.contributions import menu
from handlers.kit.messages import Button, Buttons, Row, Text, Word


@menu("crisis")
def alarm_and_open(request: Request) -> list[Word]:
    """The button that calls the crisis team, and each open crisis."""
    call = Buttons(Button.say("Call the crisis team", "crisis activate", style="danger"))
    running = request.store.crisis.records.open()
    shown: list[Word] = [
        Row(crisis_line(request, each), Button.say(f"Show {each.ref}", f"crisis status {each.ref}")) for each in running
    ]
    return [call, *(shown or [Text("No crisis is open.")])]
