"""Address: where in Teams somebody or something is reached, as the one string that storage keeps."""

from dataclasses import dataclass, replace
from typing import Self

THREAD = ";messageid="  # in a conversation, before the message that a thread begins with
SEPARATOR = "|"  # stands in no id of Teams and in no address


@dataclass(frozen=True)
class Address:
    """A conversation at a connector.

    ``conversation`` is empty until the direct conversation has been made; ``member`` is the 29: id to make it with.
    A channel that an admin wrote into city/places.toml is a conversation alone.
    """

    conversation: str = ""
    service_url: str = ""
    member: str = ""

    @property
    def opens_thread(self) -> bool:
        """Whether the next message here begins a thread of its own."""
        return self.conversation.endswith(THREAD)

    def with_new_thread(self) -> "Address":
        """The same channel, where the next message begins a thread."""
        return replace(self, conversation=channel_of(self.conversation) + THREAD)

    @classmethod
    def read(cls, text: str | None) -> Self:
        """The address that a string keeps."""
        return cls(*(text or "").split(SEPARATOR)[:3])

    def __str__(self) -> str:
        return SEPARATOR.join((self.conversation, self.service_url, self.member))


def channel_of(conversation: str) -> str:
    """A conversation without the thread of a channel."""
    return conversation.partition(";")[0]
