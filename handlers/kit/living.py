"""Living: the card that asked somebody shows what they have answered; the answer to the answer says so and is short."""

from handlers.kit.context import Request
from handlers.kit.inline import Status
from handlers.kit.messages import Card, Text, Word


def thanked(request: Request, card: Card, headline: str, what: str, *said: Word, refs: tuple[str, ...]) -> Card:
    """The answer to somebody who has answered: ``card``, or where a card about one of ``refs`` stands in their own
    conversation, which shows all of it by now, a line that says so. ``what`` names the answer in that line."""
    if not _stands_here(request, refs):
        return card
    line = Text(f"{what} is on the card that asked you, and you can change it there.")
    return Card(headline, *said, line, status=card.status or Status("good", "answered"))


def _stands_here(request: Request, refs: tuple[str, ...]) -> bool:
    posts = request.store.chat.posts.of_each(refs).values() if request.private else ()
    here = (request.platform, f"dm:{request.person.id}")
    return any((post.platform, post.place) == here for about in posts for post in about)
