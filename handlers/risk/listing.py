"""Risk list: search the register, worst first."""

from dataclasses import replace

from handlers.kit.context import Request
from handlers.kit.listing import Listing
from handlers.kit.messages import Button, Buttons, Card, Note, Row, Text
from handlers.kit.policy import may
from handlers.kit.registry import action, command, listing
from handlers.risk.record import risk_row
from handlers.risk.searching import Filter, Looked, in_words, looked_for, prefilled, read_line, said_back
from storage.risk.search import Wanted


@command("risk list", asks=Filter, needs="risk.read", reads_only=True, example="/risk list overdue; department parks")
def list_risks(request: Request, form: Filter) -> Card:
    """List the open risks."""
    return _listed(request, said_back(looked_for(request, form)))


@action("risk.filter", asks=Filter, prefill=prefilled, needs="risk.read", reads_only=True, sends="Show them")
def filter_risks(request: Request, value: str, form: Filter) -> Card:
    """Look for risks."""
    return _listed(request, said_back(looked_for(request, form)))


@listing("risk.page", needs="risk.read")
def _listed(request: Request, about: str) -> Listing | Card:
    """Turn a page of the list of risks."""
    city, looked = request.city, read_line(request, about)
    wanted = Wanted(
        state=looked.state,
        owner=looked.owner,
        department=looked.department,
        category=looked.category,
        scores=tuple(city.risks.scores_of(looked.level)) if looked.level else None,
        overdue_on=request.today if looked.overdue else None,
        words=looked.words,
    )
    narrow = Button("Search again", "risk.filter", said_back(looked))
    count = request.store.risk.search.count(wanted)
    if count == 0:
        return _nothing(looked, narrow)

    def rows(offset: int, limit: int) -> list[Row]:
        return [risk_row(request, risk) for risk in request.store.risk.search.worst_first(wanted, offset, limit)]

    late = " with an overdue review" if looked.overdue else ""
    title, rest = f"{_heading(looked)}{late}: {count}, worst first", replace(looked, overdue=False)
    told = (Note(in_words(request, rest)),) if rest not in (Looked(), Looked(state=looked.state)) else ()
    taken = (Button.say("As a spreadsheet", "risk export xlsx"), Button.say("Report for council", "risk report"))
    out = taken if may(request.person.all_roles, "risk.export") else ()
    foot = (*told, Buttons(narrow, Button.say("Matrix", "risk matrix"), *out))
    return Listing(Card(title, *foot), count, rows)


def _nothing(looked: Looked, narrow: Button) -> Card:
    if looked == Looked():
        empty = 'Nobody has logged one, or all are closed. Log one with "risk add".'
        return Card("No open risks", Text(empty), Buttons(Button.say("Log a risk", "risk add"), narrow))
    if looked == Looked(overdue=True):
        on_time = "Every open risk was reviewed in time."
        return Card("No review is overdue", Text(on_time), Buttons(Button.say("All open risks", "risk list"), narrow))
    return Card("No risks found", Text("No risk fits all of this. Leave something out."), Buttons(narrow))


def _heading(looked: Looked) -> str:
    names = {"open": "Open risks", "all": "Risks", "accepted": "Accepted risks", "closed": "Closed risks"}
    return names.get(looked.state, "Withdrawn risks")
