"""Shown: what was asked as it may be handed back: without what is asked in private."""

from dataclasses import replace

from bot.execution import Execution
from bot.inbound import Inbound, Pressed, Submitted, Typed
from handlers.kit.declared import Action, asked
from handlers.kit.errors import UserError
from handlers.kit.grammar import without_private


def shown(execution: Execution) -> Inbound:
    """Give the request of an execution without the answers to its private questions."""
    target, rest = execution.meant.target, execution.meant.rest
    try:
        about = (target.read(rest),) if isinstance(target, Action) and target.varies else ()
    except UserError:  # a button that none of ours is: nobody knows what its form asks
        return replace(execution.inbound, what=Pressed(target.name, rest)) if target else execution.inbound
    private = (
        [question.name for question in asked(target, execution.city, *about) if question.private] if target else []
    )
    match execution.meant.what:
        case Submitted(name, nonce, values) if private:
            left = {field: value for field, value in values.items() if field not in private}
            return replace(execution.inbound, what=Submitted(name, nonce, left))
        case Typed(text) as what if private and target:
            begin = text.removesuffix(rest)
            return replace(
                execution.inbound, what=replace(what, text=begin + without_private(rest, asked(target, execution.city)))
            )
        case _:
            return execution.inbound
