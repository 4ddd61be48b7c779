"""Home: somebody asks what waits for them, or opens the page that shows it."""

from handlers.kit.context import Request
from handlers.kit.home import CHANNEL, PAGES, group_pages, home_card, home_ref
from handlers.kit.listing import Listing
from handlers.kit.messages import Card
from handlers.kit.registry import action, command, listing
from handlers.kit.speaking import DESK


@command("city today", needs="help", reads_only=True)
def today(request: Request) -> Card:
    """Show what is waiting for you."""
    return home_card(request, request.person)


@listing(PAGES, needs="help")
def one_part(request: Request, about: str) -> Listing | Card:
    """Turn a page of one part of what waits for you."""
    return group_pages(request, request.person, about)


@action("home.group", needs="help", reads_only=True)
def open_group(request: Request, value: str) -> Card:
    """Show all of one part of what waits for you."""
    return one_part(request, value)


@action("home.open", needs="help", reads_only=True)
def open_home(request: Request, value: str) -> Card | None:
    """Put what waits for somebody on their home page, the one of the account ``value``.

    It changes nothing that was said or decided, so the audit does not name it.
    """
    card = home_card(request, request.person)
    if request.platform in (DESK, "say"):  # where nobody has such a page
        return card
    ref, posts = home_ref(request.person.id), request.store.chat.posts
    there = [post.id for post in posts.of(ref) if post.platform == request.platform]
    post = there[0] if there else posts.add(ref, request.platform, f"home:{request.person.id}")
    posts.posted(post, CHANNEL, value)
    request.refresh(ref, card)
    return None
