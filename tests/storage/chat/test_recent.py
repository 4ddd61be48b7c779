"""Recent: the cards in sight in a conversation, as they were changed last."""

from storage.database import Database
from tests.storage.rows import claimed, queue, settle, waiting_post


def shown(database: Database, place: str = "risks", channel: str = "C1") -> list[str]:
    return [card.card for card in database.read(lambda store: store.chat.recent.shown("slack", channel, place))]


def sent(database: Database, place: str, card: str, **row: object) -> None:
    queue(database, place, card=card, **row)
    assert settle(database, claimed(database, place), "sent", channel="C1" if place == "risks" else "C2")


def test_the_newest_card_of_a_channel_stands_first_and_those_of_others_are_left_out(database: Database) -> None:
    sent(database, "risks", "first")
    sent(database, "ops", "elsewhere")
    sent(database, "risks", "second")
    queue(database, "risks", card="not there yet")
    assert shown(database) == ["second", "first"]
    assert shown(database, place="ops", channel="C9") == ["elsewhere"]
    assert shown(database, place="", channel="C2") == ["elsewhere"]


def test_a_card_that_was_changed_is_in_sight_as_it_is_now(database: Database) -> None:
    post = waiting_post(database)
    sent(database, "risks", "old", post=post)
    database.write(lambda store: store.chat.posts.posted(post, "C1", "1"))
    sent(database, "risks", "new", kind="update", post=post)
    assert shown(database) == ["new"]


def test_an_answer_says_who_asked(database: Database) -> None:
    sent(database, "to:C1", "for sam", kind="answer", person="sam")
    sent(database, "risks", "for all", person="olga")
    cards = database.read(lambda store: store.chat.recent.shown("slack", "C1", ""))
    assert [(card.card, card.asked_by) for card in cards] == [("for all", None), ("for sam", "sam")]
