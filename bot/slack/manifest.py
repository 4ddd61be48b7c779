"""Manifest: the Slack app as its page for app manifests takes it, written from the catalogue."""

import json

from handlers.kit.catalogue import Catalogue
from handlers.kit.city.model import City

NO_ADDRESS = "https://cityops.example.org"  # stands for PUBLIC_URL until it is set

# Each scope and what needs it.
SCOPES = {
    "app_mentions:read": "hear its name in channels",
    "channels:history": "look whether a message has arrived, and hear when one on a crisis's timeline is changed",
    "channels:manage": "make the room of a crisis: a channel with its people and topic",
    "channels:read": "find that room again when nobody can know whether it was made",
    "chat:write": "speak",
    "commands": "slash commands, and entries in the menu of a message",
    "files:write": "show pictures and files beside a message",
    "groups:history": "the same in private channels",
    "im:history": "hear direct messages",
    "im:write": "write to people first",
    "pins:write": "pin the summary of a crisis",
    "users:read": "know who is speaking, and hear when an account is switched off or comes back",
    "users:read.email": "join people to city/people.toml",
}
EVENTS = (
    "app_home_opened", "app_mention", "message.channels", "message.groups", "message.im", "team_join", "user_change"
)  # fmt: skip


def slack_manifest(catalogue: Catalogue, city: City, public_url: str | None, *, socket: bool) -> str:
    """The manifest as JSON; with Socket Mode there are no addresses in it."""
    address = None if socket else f"{(public_url or NO_ADDRESS).rstrip('/')}/slack/events"
    there = {"request_url": address} if address else {}
    return json.dumps(
        {
            "_metadata": {"major_version": 1, "minor_version": 1},
            "display_information": {
                "name": "cityops",
                "description": f"The bot {city.name} runs its day on."[:140],
                "background_color": "#1f4e5f",
            },
            "features": {
                "app_home": {
                    "home_tab_enabled": True,
                    "messages_tab_enabled": True,
                    "messages_tab_read_only_enabled": False,
                },
                "bot_user": {"display_name": "cityops", "always_online": True},
                "slash_commands": _slash_commands(catalogue, city, address),
                "shortcuts": _shortcuts(catalogue),
            },
            "oauth_config": {"scopes": {"bot": list(SCOPES)}},
            "settings": {
                "event_subscriptions": {**there, "bot_events": list(EVENTS)},
                "interactivity": {"is_enabled": True, **there},
                "org_deploy_enabled": False,
                "socket_mode_enabled": socket,
                "token_rotation_enabled": False,
            },
        },
        indent=2,
    )


def _slash_commands(catalogue: Catalogue, city: City, address: str | None) -> list[dict[str, object]]:
    """The groups that city/city.toml makes slash commands, as far as they have commands."""
    groups = [name.removeprefix("/") for name in city.facts.slack.slash]
    return [
        {
            "command": f"/{city.facts.slack.prefix}{group}",
            "description": _description(catalogue, group),
            "usage_hint": usage_hint(catalogue, group),
            "should_escape": True,
            **({"url": address} if address else {}),
        }
        for group in groups
        if group in catalogue.groups
    ]


def _shortcuts(catalogue: Catalogue) -> list[dict[str, str]]:
    """What stands in the menu of every message."""
    return [
        {
            "name": command.from_message,
            "type": "message",
            "callback_id": command.name,
            "description": command.help[:150],
        }
        for command in catalogue.from_messages
    ]


def _description(catalogue: Catalogue, group: str) -> str:
    return "Everything the bot can do" if group == "city" else catalogue.group(group)[0].help


def usage_hint(catalogue: Catalogue, group: str) -> str:
    """What may follow a slash command: its own words or "help", and for /city every group's too."""
    own = [command.name.removeprefix(group).strip() for command in catalogue.group(group)]
    others = [name for name in catalogue.groups if name != group] if group == "city" else []
    return " | ".join([*filter(None, own), "help", *others])[:1000]
