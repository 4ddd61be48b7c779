"""Crisis messages to many: each person their own card, or all the same, in a few statements however many they are."""

from collections.abc import Iterable
from dataclasses import replace

from handlers.crisis.record import stamped
from handlers.kit.context import Context
from handlers.kit.messages import Card
from handlers.kit.speaking import Message
from storage.crisis.records import Crisis


def tell_each(context: Context, crisis: Crisis, messages: Iterable[Message]) -> None:
    """Post messages of a crisis, each as :func:`handlers.crisis.record.tell` does."""

    def marked(said: Message) -> Message:
        soft = "prompt" if crisis.drill and said.priority == "page" else said.priority
        return replace(said, card=stamped(crisis, said.card), priority=soft, repeat=True)

    context.post_each([marked(said) for said in messages])


def tell_all(
    context: Context,
    crisis: Crisis,
    persons: Iterable[str],
    card: Card,
    *,
    ref: str | None = None,
    priority: str = "prompt",
    draws: str | None = None,
) -> None:
    """Send people the same card, each by a direct message."""
    told = [Message(f"dm:{person}", card, ref, priority, draws=draws) for person in persons]
    tell_each(context, crisis, told)
