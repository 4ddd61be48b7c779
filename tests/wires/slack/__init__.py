"""A fake Slack on loopback: its Web API, its clients, its rules, and a record of who saw what."""

from .clients import SlackPerson
from .delivery import Delivery, SlackReply
from .server import FakeSlack
from .socket import APP_TOKEN
from .workspace import APP_ID, BOT_ID, BOT_USER, Call, Channel, Message, Refusal, Refused, User, View

__all__ = [
    "APP_ID",
    "APP_TOKEN",
    "BOT_ID",
    "BOT_USER",
    "Call",
    "Channel",
    "Delivery",
    "FakeSlack",
    "Message",
    "Refusal",
    "Refused",
    "SlackPerson",
    "SlackReply",
    "User",
    "View",
]
