"""Recent: the cards that people have in front of them in a conversation, the newest first."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, or_, select

from storage.base import Questions, one_of
from storage.chat.outbox import outbox
from storage.prepared import Prepared

LOOKED_BACK = 2000  # rows of the outbox; what is further back has scrolled out of sight
MOST = 30  # cards of one conversation

_C = outbox.c
_NEWEST = (
    select(_C.id, _C.post, _C.kind, _C.person, _C.card)
    .where(
        _C.id > select(func.max(_C.id)).scalar_subquery() - LOOKED_BACK,
        _C.platform == bindparam("platform_"),
        one_of(_C.kind, "post", "answer", "update"),
        _C.state == "sent",
        _C.card.is_not(None),
        or_(_C.channel == bindparam("channel_"), _C.place == bindparam("to_"), _C.place == bindparam("place_")),
    )
    .order_by(_C.id.desc())
    .limit(MOST)
)
_SHOWN = Prepared(_NEWEST)


@dataclass(frozen=True)
class Shown:
    """A card as JSON; of an answer, ``asked_by`` is the person who got it."""

    card: str
    asked_by: str | None


class Recent(Questions):
    def shown(self, platform: str, channel: str, place: str) -> list[Shown]:
        """The cards of a channel or of a place, each as it was changed last."""
        found = dict[int, Shown]()
        given = {"platform_": platform, "channel_": channel, "to_": f"to:{channel}", "place_": place}
        for row in self.ask(_SHOWN, given):
            found.setdefault(row.post or row.id, Shown(row.card, row.person if row.kind == "answer" else None))
        return list(found.values())
