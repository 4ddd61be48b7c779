"""Crisis pages brought up to date: a page says how the crisis stands, also after it was confirmed."""

from handlers.crisis.calling.pages import answered_card, page_card, page_ref
from handlers.crisis.events import STARTED
from handlers.crisis.record import stamped
from handlers.kit.context import Context
from handlers.kit.events import on
from storage.crisis.records import Crisis


@on(STARTED)
def bring_pages_up_to_date(context: Context, crisis: Crisis) -> None:
    """Show on every page that the crisis is confirmed; what people have answered stays."""
    for page in context.store.crisis.pages.of(crisis.ref):
        if page.answer is None:
            card = stamped(crisis, page_card(context, crisis, page))
        else:
            card = answered_card(context, crisis, page, how_known=False)
        context.refresh(page_ref(crisis.ref, page.person), card)
