"""Handles: what a platform calls the people and places that a card names, so that it can tell and link them."""

from collections.abc import Iterable, Mapping

from handlers.kit.messages import Card, mentioned, places_named
from storage.database import Store


def place_handle(place: str) -> str:
    """The key of a place among the handles of a card; those of people are their ids."""
    return f"#{place}"


def handles_of(store: Store, platform: str, card: Card | None, also: Iterable[str] = ()) -> Mapping[str, str]:
    """Accounts by person and channels by :func:`place_handle`; ``also`` are people who are meant beside the card."""
    people = [*(mentioned(card) if card else ()), *also]
    accounts = store.chat.people.accounts(platform, people)
    named = places_named(card) if card else []
    if not named:
        return accounts
    bound = store.chat.places.bound(platform)
    return {**accounts, **{place_handle(place): bound[place] for place in named if place in bound}}
