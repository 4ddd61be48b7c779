"""A fake Teams on loopback: its login, its connector, its clients, its rules, and a record of who saw what."""

from .cards import card_problems
from .delivery import Delivery, TeamsReply
from .dialogs import Dialog
from .login import FORGERIES
from .people import TeamsPerson
from .records import APP_ID, BOT_ID, TENANT, Call, Conversation, Message, Notice, Refusal, Refused, Team, User
from .server import APP_PASSWORD, FakeTeams
from .workspace import Kept

__all__ = [
    "APP_ID",
    "APP_PASSWORD",
    "BOT_ID",
    "FORGERIES",
    "TENANT",
    "Call",
    "Conversation",
    "Delivery",
    "Dialog",
    "FakeTeams",
    "Kept",
    "Message",
    "Notice",
    "Refusal",
    "Refused",
    "Team",
    "TeamsPerson",
    "TeamsReply",
    "User",
    "card_problems",
]
