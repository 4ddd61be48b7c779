"""Crisis pages brought up to date: a page says how the crisis stands, also after it was confirmed or changed."""

from handlers.crisis.calling.pages import answered_card, page_card, page_ref
from handlers.crisis.events import CHANGED, STARTED
from handlers.crisis.record import PLACE, stamped
from handlers.kit.context import Context
from handlers.kit.events import PLACE_MADE, on
from handlers.kit.messages import Card
from handlers.kit.speaking import TEAMS
from storage.crisis.pages import Page
from storage.crisis.records import Crisis


@on(STARTED)
def show_confirmed(context: Context, crisis: Crisis) -> None:
    """Show on every page that the crisis is confirmed."""
    _bring_pages_up_to_date(context, crisis)


@on(CHANGED)
def show_changed(context: Context, crisis: Crisis) -> None:
    """Show on every page of a crisis that is not over what it is now."""
    if crisis.is_open:
        _bring_pages_up_to_date(context, crisis)


@on(PLACE_MADE)
def lead_to_the_room(context: Context, place: str, platform: str) -> None:
    """Show on every page where the room is.

    Pages are sent before it is there. In Teams they lead to the channel of all crises, which was there before.
    """
    crisis = context.store.crisis.records.find(place.removeprefix(f"{PLACE}:"))
    if crisis is not None and crisis.is_open and platform != TEAMS:
        cards = _drawn(context, crisis)
        posts = context.store.chat.posts.of_each(cards.keys())
        there = [post for shown in posts.values() for post in shown if post.platform == platform]
        context.refresh_posts(there, cards)


def _bring_pages_up_to_date(context: Context, crisis: Crisis) -> None:
    context.refresh_each(_drawn(context, crisis))


def _drawn(context: Context, crisis: Crisis) -> dict[str, Card]:
    """Every page as the crisis stands; what people have answered stays."""
    pages = {page.person: page for page in context.store.crisis.pages.of(crisis.ref)}

    def drawn(page: Page) -> Card:
        if page.answer is None:
            return stamped(crisis, page_card(context, crisis, page, pages))
        return answered_card(context, crisis, page, how_known=False)

    return {page_ref(crisis.ref, person): drawn(page) for person, page in pages.items()}
