"""Crisis log: one timeline of what happened, what was decided and what the bot did."""

from handlers.kit.choose import which_one
from handlers.kit.context import Request
from handlers.kit.crisis import WHICH, stamped, which_crisis, write
from handlers.kit.forms import Form, Reference, ask
from handlers.kit.messages import Card, Text
from handlers.kit.registry import command


class LogEntry(Form):
    text: str = ask("What happened, or was decided?", long=True)
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint=WHICH)


@command("crisis log", asks=LogEntry, needs="crisis.log", example="/crisis log Pumps are running")
def log(request: Request, form: LogEntry) -> Card:
    """Add to the crisis log."""
    running = request.store.crises.open()
    if form.crisis is None and len(running) > 1:
        labels = {one.ref: f"{one.ref} {one.what}" for one in running}
        return which_one(request, "Which crisis do you mean?", "crisis log", "crisis", form.values(), labels)
    crisis = which_crisis(request, form.crisis, is_open=form.crisis is None)
    write(request, crisis, form.text, by=request.person.id, kind="said")
    request.note(crisis.ref, log=True)
    return stamped(crisis, Card(f"Added to the log of {crisis.ref}", Text(form.text)))
