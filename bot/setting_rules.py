"""Setting rules: whether what stands in a setting can be what it should be."""

import re
from email.utils import getaddresses
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

from handlers.kit.vault import read_keys

LOOPBACK = ("127.0.0.1", "localhost", "::1")
# What guides and examples write where a secret is to stand; none of it is in a secret that a machine has made.
_PLACEHOLDER = re.compile(
    r"<.*>|\u2026|\.{3}$|\*{3}|x{5}|your[-_]|[-_]here$|change[-_]?me|replace[-_]?me|placeholder|^to[-_]?do$",
    re.IGNORECASE,
)
# Where each secret that is copied from a page of somebody else is to be found.
COPIED = {
    "SLACK_BOT_TOKEN": "copy the Bot User OAuth Token from OAuth & Permissions of the Slack app",
    "SLACK_SIGNING_SECRET": "copy the Signing Secret from Basic Information of the Slack app",
    "SLACK_APP_TOKEN": "copy it from Basic Information, App-Level Tokens, of the Slack app",
    "TEAMS_APP_PASSWORD": "copy the Value of a client secret from Certificates & secrets of the bot's registration",
    "PAGER_TOKEN": "copy it from the service that sends the pages",
    "METRICS_TOKEN": "write a long random word",
}
APP_ID = "copy the Application (client) ID of the bot's registration"
TENANT_ID = "copy the Directory (tenant) ID of the bot's registration, not a domain name"
Rule = tuple[bool, str, str]  # (is it wrong, which key, the fix)
Rules = tuple[Rule, ...]


def secret_rules(key: str, secret: str) -> Rules:
    """The rules for a secret that is copied from somewhere: a placeholder is none, and no space belongs in it."""
    where = COPIED[key]
    return (
        (bool(_PLACEHOLDER.search(secret)), key, f"this is a placeholder; {where}"),
        (not re.fullmatch("[!-~]+", secret), key, f"it has a space or a character that does not belong; {where}"),
    )


def public_rules(url: str | None) -> Rules:
    """The rules for the address under which others reach the bot: its own paths follow it."""
    there = address_of(url) if url else None
    bare = f"{there.scheme}://{there.netloc.rpartition('@')[2]}" if there else ""
    return (
        (
            url is not None and there is None,
            "PUBLIC_URL",
            "this is not an address; write it as https://bot.example.org",
        ),
        (
            there is not None
            and (there.username is not None or bool(there.path.strip("/") or there.query or there.fragment)),
            "PUBLIC_URL",
            f"nothing but the host belongs in it, without a path: {bare}",
        ),
    )


def outside_rules(key: str, url: str | None) -> Rules:
    """The rules for an address that the bot calls: it is an address, and nobody on the way can read along."""
    there = address_of(url) if url else None
    return (
        (url is not None and there is None, key, "this is not an address; write it as https://pages.example.org/path"),
        (
            there is not None and there.scheme == "http" and there.hostname not in LOOPBACK,
            key,
            "it must begin with https://, or others on the network can read it",
        ),
        (there is not None and there.username is not None, key, "leave user and password out of the address"),
    )


def is_id(text: str) -> bool:
    """Whether this is an id as Microsoft writes it: 32 hexadecimal digits in five groups, not all of them 0."""
    in_groups = re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text, re.IGNORECASE)
    return bool(in_groups and text.strip("-0"))


def reads_as_keys(keys: SecretStr | None) -> bool:
    try:
        return keys is None or bool(read_keys(keys.get_secret_value()))
    except ValueError:
        return False


def is_one_sender(sender: str) -> bool:
    found = getaddresses([sender])
    return sender.isprintable() and len(found) == 1 and bool(re.fullmatch(r"[!-?A-~]+@[!-?A-~]+", found[0][1]))


def address_of(url: str) -> SplitResult | None:
    """The parts of an address; None when it has no host, or no port where one should be."""
    try:
        parts = urlsplit(url)
        return parts if parts.hostname and parts.port != 0 else None
    except ValueError:
        return None
