"""Welcome: the one card with which the bot introduces itself when it is installed."""

from datetime import datetime

from bot.inbound import Answered, Inbound, Typed
from bot.queued import queue_answer
from bot.teams.address import channel_of
from bot.teams.payloads import Activity, account_of, dig, is_private, reply_of, text_at
from handlers.kit.city.model import City
from handlers.kit.home import HOME
from handlers.kit.messages import Button, Buttons, Card, Items, Note, Text
from storage.database import Store

PIN = Note("Pin this message in our chat (More options, Pin), and what waits for you is always one tap away.")


def welcome_card(city: City, *, private: bool) -> Card:
    examples = Items(
        "risk add Dam gate stuck; likelihood 4; impact 5",
        "feedback add Pothole in Mill Lane",
        "help, to see everything",
    )
    buttons = Buttons(
        HOME.model_copy(update={"style": "primary"}),
        Button.say("Log a risk", "risk add"),
        Button.say("Log feedback", "feedback add"),
        Button.say("What can you do?", "help"),
    )
    intro = Text(f"I am the bot {city.name} runs its day on. Write to me, for example:")
    if private:
        slash = Note("A slash in front is optional. It works on your phone too.")
        return Card("Hello, I am cityops", intro, examples, buttons, slash, PIN)
    return Card(
        "Hello, I am cityops",
        intro,
        examples,
        Note("Mention me here. An admin makes this channel one of the city's places with: city connect."),
        audience="room",
    )


def queue_welcome(activity: Activity, city: City, now: datetime, store: Store) -> None:
    """Queue the welcome, once for a conversation, however often Teams says that the bot was installed there."""
    conversation = channel_of(text_at(activity, "conversation", "id"))
    key = f"teams welcome {conversation}"[:300]
    if not conversation or store.chat.inbox.answered(key)[0]:
        return
    store.chat.inbox.keep(key, None, now)
    private = is_private(activity)
    reply = {**reply_of(activity), "conversation": conversation, "message": ""}
    inbound = Inbound("teams", account_of(dig(activity, "from")), Typed(""), channel=conversation, reply=reply)
    queue_answer(inbound, Answered(welcome_card(city, private=private)), now, store)
