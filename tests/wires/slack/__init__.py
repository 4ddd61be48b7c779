"""A fake Slack on loopback: its Web API, its clients, its rules, and a record of who saw what."""

from .clients import SlackPerson
from .delivery import Delivery, SlackReply
from .server import FakeSlack
from .workspace import APP_ID, BOT_ID, BOT_USER, Call, Channel, Message, Refusal, Refused, User, View

__all__ = [
    "APP_ID",
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
