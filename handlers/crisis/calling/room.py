"""Crisis room: who joins a crisis after its beginning is invited to its room."""

from handlers.crisis.events import ANSWERED, ROLE
from handlers.crisis.record import room
from handlers.kit.context import Context
from handlers.kit.events import on
from storage.crisis.pages import Page
from storage.crisis.records import Crisis


@on(ANSWERED)
def let_in_who_comes(context: Context, crisis: Crisis, page: Page) -> None:
    """Deputies are called when the room is there already."""
    if page.answer == "coming":
        _let_in(context, crisis, page.person)


@on(ROLE)
def let_in_who_has_a_role(context: Context, crisis: Crisis, _role: str, person: str | None) -> None:
    """A role can be handed to somebody who was never called."""
    if person:
        _let_in(context, crisis, person)


def _let_in(context: Context, crisis: Crisis, person: str) -> None:
    """Invite somebody, unless they were called at the beginning and so were invited when the room was made."""
    page = context.store.crisis.pages.find(crisis.ref, person)
    if page is None or page.paged_at > crisis.created_at:
        context.invite(room(crisis), person)
