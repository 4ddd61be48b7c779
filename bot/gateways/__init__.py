"""Gateways: ways out beside chat; nobody speaks to the bot through them. Each is imported only where it is set up."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.settings import Settings
from storage.chat.outbox import LETTER

if TYPE_CHECKING:
    from bot.post import Messenger
    from bot.runtime import Runtime


def build_gateways(settings: Settings, runtime: "Runtime") -> Mapping[str, "Messenger"]:
    """The messengers of the gateways that are set up, by the platform their rows have; the shelf always is."""
    from bot.gateways.shelf import Shelf

    gateways: dict[str, Messenger] = {"shelf": Shelf(settings.shelf_dir)}
    if settings.pager_url:
        from bot.gateways.pager import Pager

        gateways["pager"] = Pager(settings.pager_url, settings.pager_token)
    if settings.smtp_url and settings.mail_from:
        from bot.gateways.letters import Letters
        from bot.gateways.mail import Mail

        server = settings.smtp_url.get_secret_value()
        gateways["mail"] = Mail(server, settings.mail_from)
        gateways[LETTER] = Letters(Mail(server, settings.mail_from, quotes=False), runtime)
    return gateways
