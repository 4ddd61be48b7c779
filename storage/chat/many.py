"""Many: rows of the outbox for many people at once, in a few statements however many they are."""

from collections.abc import Sequence

from sqlalchemy import bindparam, insert, select, update

from storage.base import Questions
from storage.chat.outbox import NewRow, Outbox, hash_of, outbox, row_of
from storage.prepared import Prepared

_ADD = insert(outbox).returning(outbox.c.id)
_WAITS = (outbox.c.kind == "update", outbox.c.state == "pending")
_WAITING = (
    select(outbox.c.post)
    .where(outbox.c.post.in_(bindparam("posts_", expanding=True)), *_WAITS)
    .order_by(outbox.c.id)  # two replicas take them in the same order
    .with_for_update()
)
_REPLACE = Prepared(
    update(outbox)
    .where(outbox.c.post == bindparam("post_"), *_WAITS)
    .values(card=bindparam("card_"), card_hash=bindparam("hash_"), draws=bindparam("draws_"), tries=0, since=None)
)


class Many(Questions):
    def add(self, new: Sequence[NewRow]) -> list[int]:
        """Queue things to do, in their order, and give their ids; the commit wakes delivery."""
        if len(new) < 2:
            return [Outbox(self.connection).add(row) for row in new]
        self.wake()
        return sorted(self.connection.execute(_ADD, list(map(row_of, new))).scalars())

    def update(self, new: Sequence[NewRow]) -> None:
        """Queue newer cards for posts, in the place of updates that still wait."""
        if len(new) == 1:
            [row] = new
            waits = row.post is not None and Outbox(self.connection).replace_update(row.post, row.card, row.draws)
            self.add([] if waits else new)
            return
        posts = [row.post for row in new]
        waiting = set(self.connection.execute(_WAITING, {"posts_": posts}).scalars()) if posts else set()
        replaced = [
            {"post_": row.post, "card_": row.card, "hash_": hash_of(row.card), "draws_": row.draws}
            for row in new
            if row.post in waiting
        ]
        self.ask_each(_REPLACE, replaced)
        self.add([row for row in new if row.post not in waiting])
