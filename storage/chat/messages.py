"""Messages: how many of them each person got."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, func, select

from storage.base import Questions, one_of
from storage.chat.outbox import BESIDE_CHAT, PRIORITIES, outbox
from storage.prepared import Prepared

_PER_PERSON = Prepared(
    select(outbox.c.person, outbox.c.priority, func.count())
    .where(outbox.c.settled_at > bindparam("since_"), outbox.c.person.is_not(None), one_of(outbox.c.state, "sent"))
    .where(~one_of(outbox.c.platform, *BESIDE_CHAT))  # the same page by another way is not counted again
    .group_by(outbox.c.person, outbox.c.priority)
)


class Messages(Questions):
    def per_person(self, since: datetime) -> list[Mapping[str, int]]:
        """For each person who was written to after a moment, how many messages by priority; nobody is named."""
        people: dict[str, dict[str, int]] = defaultdict(dict)
        for person, priority, count in self.ask(_PER_PERSON, {"since_": since}):
            people[person][PRIORITIES[priority]] = count
        return list(people.values())
