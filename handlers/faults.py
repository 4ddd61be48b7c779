"""Faults: IT reads what broke and was set aside, and says that it is fixed."""

from collections.abc import Mapping, Sequence

from handlers.kit.context import Context, Request
from handlers.kit.contributions import todo
from handlers.kit.errors import UserError
from handlers.kit.faults import CITY_FILE, fault_line, stuck
from handlers.kit.home import refresh_homes
from handlers.kit.inline import Status
from handlers.kit.left_behind import PART
from handlers.kit.lists import listed
from handlers.kit.messages import Button, Card, Note, Text
from handlers.kit.persons import Persons
from handlers.kit.registry import action, command
from handlers.kit.tasks import task_words
from handlers.kit.waiting import Task, Waiting, for_each
from storage.faults import Fault

READS = "fault.read"
NOTHING = "Nothing is broken"


@command("city faults", needs=READS, reads_only=True)
def list_faults(request: Request) -> Card:
    """Show what is broken."""
    faults, standing = request.store.faults.all(), stuck(request)
    if not faults and not standing:
        fine = Status("good", "all works")
        return Card(NOTHING, Text("Every part of the bot works, as far as is known."), status=fine)
    tasks = _tasks(request, standing, faults)
    return Card(
        f"Broken: {len(tasks)}",
        *(word for task in tasks for word in task_words(task, request.today)),
        Note(
            "Everything else keeps working. The log has the full text of each error. A part that works again leaves "
            "this list by itself."
        ),
        status=Status("critical" if standing else "warning", f"{len(tasks)} broken"),
    )


@action("fault.mended", needs=READS, replaces=True)
def mended(request: Request, value: str) -> Card:
    """Say that what broke is fixed, or that what was lost is taken care of."""
    if value.startswith(CITY_FILE):
        raise UserError(
            f"{value} leaves the list by itself once it is right. Until then its last valid version is used."
        )
    if value.startswith(PART):
        raise UserError("This leaves the list by itself, within an hour after nothing refers to it anymore.")
    request.store.faults.clear(value)
    request.audit(f"fault {value}", mended=True)
    refresh_homes(request, [person.id for person in request.city.with_role("admin")])
    return list_faults(request)


@todo("broken parts", order=1)
def broken_parts(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """What broke, on the homes of those who can fix it."""
    if not (fix := persons.who_may(READS)):
        return {}
    tasks = _tasks(context, stuck(context), context.store.faults.all())
    return for_each(fix, Waiting(f"Broken: {len(tasks)}", tasks, rest="city faults"))


def _tasks(context: Context, standing: Sequence[str], faults: Sequence[Fault]) -> list[Task]:
    """What does not go on at all, then what was set aside."""
    stands, broke = Status("critical", "stopped"), Status("warning", "turned off")
    return [
        *(Task(f"stuck {number}", line, status=stands) for number, line in enumerate(standing)),
        *(Task(f"fault {fault.part}", _line(context, fault), _mended(fault), status=broke) for fault in faults),
    ]


def tell_left_out(context: Context, files: Sequence[str]) -> None:
    """Say to each admin, once, that the bot was started without files of the city that it had before."""
    named = listed(files)
    card = Card(
        f"The bot was started without {named}",
        Text(
            f"Missing since the bot last ran: {named}. What was in there is not used anymore, and features that need "
            "it are off."
        ),
        Note(
            "Was that a mistake? Restore what is missing in the folder of the city's files. It takes effect within "
            "seconds."
        ),
    )
    for admin in context.city.with_role("admin"):
        context.post(f"dm:{admin.id}", card, priority="prompt", repeat=True)
    context.audit("city files", left_out=list(files))


def _line(context: Context, fault: Fault) -> str:
    line = fault_line(context.calendar, fault)
    return f"{line}. Until it is right, its last valid version is used." if fault.part.startswith(CITY_FILE) else line


def _mended(fault: Fault) -> tuple[Button, ...]:
    return () if fault.part.startswith((CITY_FILE, PART)) else (Button("Fixed", "fault.mended", fault.part),)
