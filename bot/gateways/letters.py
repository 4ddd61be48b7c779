"""Letters: answers to residents by e-mail; the address is opened from its seal to send it, and kept nowhere."""

from email.headerregistry import Address
from functools import partial

from bot.gateways.mail import Mail
from bot.post import Outgoing, Refused, Result, Silence, Wait
from bot.runtime import Runtime
from handlers.kit.addresses import addresses_in
from handlers.kit.plain import plain
from handlers.kit.vault import CannotOpen
from storage.database import DatabaseUnavailable, Store
from storage.feedback.contacts import Contact


class LetterBroke(Exception):
    """What went wrong with a letter, by its name alone: the words of an error may hold the address."""


class Letters:
    """Opens the contact of an item of feedback, and hands the letter to the mail server."""

    pace = 0.0

    def __init__(self, mail: Mail, runtime: Runtime) -> None:
        self.mail, self.runtime = mail, runtime

    async def post(self, row: Outgoing) -> Result:
        try:
            return await self._send(row)
        except DatabaseUnavailable:
            return Wait("the database cannot be read")
        except Exception as problem:
            raise LetterBroke(type(problem).__name__) from None

    async def _send(self, row: Outgoing) -> Result:
        contact = await self.runtime.read(partial(_contact, int(row.payload["item"])))
        to = self._address(contact, row)
        if isinstance(to, Refused):
            return to
        assert row.card is not None, "a letter without words"
        text = plain(row.card.model_copy(update={"title": ""}))
        return await self.mail.send(Address(addr_spec=to), row.card.title, text, row.payload["key"])

    def _address(self, contact: Contact | None, row: Outgoing) -> str | Refused:
        """Where it goes, if that is still the contact that was meant when somebody sent it."""
        if contact is None:
            return Refused("the contact was removed before it was sent")
        if contact.mark != row.payload["contact"]:
            return Refused("the contact was changed before it was sent")
        try:
            addresses = addresses_in(self.runtime.vault.open(contact.key, contact.sealed, f"F-{contact.item}"))
        except CannotOpen:
            return Refused("the contact could not be opened, because its CONTACT_KEY is not there")
        return addresses[0] if addresses else Refused("the contact has no e-mail address")

    async def update(self, row: Outgoing) -> Result:
        return Refused("a letter that was sent cannot be changed")

    async def act(self, row: Outgoing) -> Result:
        return Refused(f"a letter cannot do this: {row.kind}")

    async def look_back(self, row: Outgoing) -> Result:
        return Silence("nobody can look whether a letter has arrived")


def _contact(item: int, store: Store) -> Contact | None:
    return store.feedback.contacts.find(item)
