"""Hearing: what a request has to know first, in one question."""

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, exists, literal, select

from storage.base import Questions
from storage.chat.accounts import SPEAKER, Speaker, speaker_of
from storage.chat.inbox import inbox
from storage.chat.people import accounts, people
from storage.faults import faults
from storage.prepared import Prepared

_ANYBODY = select(literal(1)).subquery("anybody")  # so that there is a row for somebody unknown too
_HEARD = Prepared(
    select(*SPEAKER, inbox.c.key.label("delivery"), inbox.c.answer, exists().select_from(faults).label("set_aside"))
    .select_from(_ANYBODY)
    .outerjoin(
        accounts, and_(accounts.c.platform == bindparam("platform_"), accounts.c.account == bindparam("account_"))
    )
    .outerjoin(people, people.c.id == accounts.c.person)
    .outerjoin(inbox, inbox.c.key == bindparam("delivery_"))
)


@dataclass(frozen=True)
class Heard:
    """Who speaks, None for an account that nobody has introduced; whether the delivery was handled, and the answer (a
    card as JSON) that was given; whether any part is set aside (see storage/faults.py)."""

    speaker: Speaker | None
    handled: bool
    answer: str | None
    set_aside: bool


class Hearing(Questions):
    def of(self, platform: str, account: str, delivery: str | None) -> Heard:
        """What is known of a gesture before it means anything; ``delivery`` is None for what only reads."""
        row = self.ask(_HEARD, {"platform_": platform, "account_": account, "delivery_": delivery}).first()
        return Heard(speaker_of(row), row.delivery is not None, row.answer, bool(row.set_aside))
