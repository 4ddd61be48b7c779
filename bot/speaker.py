"""Speaker: who speaks from an account, by people.toml as it is now and by what the platform says of the account."""

import re
from datetime import datetime, timedelta

from bot.inbound import Inbound
from handlers.kit.city.model import City
from handlers.kit.city.people import Person
from handlers.kit.errors import UnknownAccount, UserError
from handlers.kit.speaking import DESK
from storage.chat.accounts import Speaker
from storage.chat.people import State
from storage.database import Store

ASK_AGAIN = timedelta(minutes=1)  # the platform, about an account that is closed or has no address
ASK_COLLEAGUES_AGAIN = timedelta(days=1)  # about one that is in no file; their address may have changed
OLD_ID = re.compile(r"(?<![a-z0-9-])(?:slack|teams)-[a-z0-9-]{1,59}")  # of a record met in chat, wherever it stands
FOR_WHOM = {
    "slack": "I am here for the people who work for the city and are full members of its Slack.",
    "teams": "I am here for the people who work for the city and have a city account in Teams.",
}
CLOSED: dict[State, str] = {
    "guest": "Guests cannot use me. Please ask the person who invited you.",
    "external": "Please ask your contact at the city.",
}


class HeardElsewhere(Exception):
    """Somebody speaks from another of their accounts than the one they are written to."""


def refusal(platform: str, state: State | None) -> str | None:
    """What somebody reads whose account may not speak to the bot, or is nobody's (a bot's); None when it may."""
    if state is None:
        return "I do not take commands from bots."
    if state == "deactivated":
        return "This account is switched off."
    return f"{FOR_WHOM[platform]} {CLOSED[state]}" if state in CLOSED else None


def person_speaking(
    inbound: Inbound, speaker: Speaker | None, city: City, now: datetime, asked: frozenset[str]
) -> Person:
    """Who is speaking; ``speaker`` is what the database knows of the account, ``asked`` are the accounts that the
    platform was asked about for this request.

    Raises UnknownAccount when the door has to say who an account is, HeardElsewhere, and UserError for somebody whom
    the bot is not for.
    """
    platform, account = inbound.platform, inbound.account
    if platform in (DESK, "say"):
        if account not in city.people:
            raise UserError(f'Nobody in people.toml has the id "{account}".')
        return city.people[account]
    if speaker is None:
        raise UnknownAccount(platform, account)
    if account not in asked and _is_doubtful(speaker, city, now):
        raise UnknownAccount(platform, account, known=True)
    if sentence := refusal(platform, speaker.account.state):
        raise UserError(sentence)
    if speaker.heard_elsewhere:
        raise HeardElsewhere
    if known := city.people.get(speaker.person.id):
        return known
    if city.facts.unknown_people == "refuse":
        raise UserError(f"I am here for the people named in {city.name}'s list. Ask an admin to add you.")
    return Person.model_construct(
        id=speaker.person.id, name=speaker.person.name, email=speaker.person.email or "", title="", roles=()
    )


def _is_doubtful(speaker: Speaker, city: City, now: datetime) -> bool:
    """Whether the platform may say something else of an account by now, so that it is asked before anybody is turned
    away."""
    account, waited = speaker.account, now - speaker.account.asked_at if speaker.account.asked_at else None
    if account.state == "active" and speaker.person.id in city.people:
        return False
    wait = ASK_COLLEAGUES_AGAIN if account.state == "active" and account.addresses else ASK_AGAIN
    return waited is None or waited >= wait


def with_ids_of_today(text: str, store: Store) -> str:
    """What a button says, with the new ids of people whose records were merged since it was drawn."""
    olds = set(OLD_ID.findall(text))
    now = store.chat.people.now(olds) if olds else {}
    return OLD_ID.sub(lambda found: now.get(found[0], found[0]), text) if now else text
