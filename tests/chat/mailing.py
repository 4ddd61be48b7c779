"""Mailing: a bot that has a mail server, and feedback whose contact holds an e-mail address."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from pydantic import SecretStr

from bot.gateways import build_gateways
from handlers.kit.vault import Vault
from tests.chat.bot import Bot
from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.wires.smtp import FakeMail

KEY = bytes(range(32))
ADDRESS = "ann.lee@residents.example.net"
ANN = f"Ann Lee, {ADDRESS}, 212-555-0147"


@asynccontextmanager
async def mail_server(bot: Bot) -> AsyncIterator[FakeMail]:
    """A mail server on this machine, which the bot is set up with, and a key for contacts."""
    server, runtime = FakeMail(), bot.application.runtime
    await server.start()
    ways: dict[str, Any] = {"smtp_url": SecretStr(server.url), "mail_from": "city@riverton.example.org"}
    settings = bot.application.settings.model_copy(update=ways)
    cast(dict[str, Any], bot.application.delivery.messengers).update(build_gateways(settings, runtime))
    runtime.gateways, runtime.vault = settings.gateways, Vault((KEY,))
    yield server
    await server.stop()


async def log(chat: Chat, contact: str = ANN) -> Seen:
    """Feedback of Owen Fitzroy, of communications, about water, with a contact."""
    owen = chat.person("owen")
    form = await owen.opens("/feedback add")
    return await owen.fills(form, what="Leak in the cellar", category="water", via="phone", contact=contact)
