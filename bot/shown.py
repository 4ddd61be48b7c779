"""Shown: what was asked as it may be handed back: without what is asked in private."""

from dataclasses import replace

from bot.inbound import Inbound, Submitted, Typed
from bot.turn import Turn
from handlers.kit.catalogue import Action, asked
from handlers.kit.grammar import without_private


def shown(turn: Turn) -> Inbound:
    """Give the request of a turn without the answers to its private questions."""
    target, rest = turn.target
    about = (rest,) if isinstance(target, Action) else ()
    private = [one.name for one in asked(target, turn.city, *about) if one.private] if target else []
    match turn.what:
        case Submitted(name, nonce, values) if private:
            left = {field: value for field, value in values.items() if field not in private}
            return replace(turn.inbound, what=Submitted(name, nonce, left))
        case Typed(text) if private and target:
            begin = text.removesuffix(rest)
            return replace(turn.inbound, what=Typed(begin + without_private(rest, asked(target, turn.city))))
        case _:
            return turn.inbound
