"""Up to date: what stands in a message and ends with time, such as a button to withdraw, goes when the time is over."""

from handlers.kit.context import Context
from handlers.kit.drawing import BRING_UP_TO_DATE
from handlers.kit.registry import timer


@timer(BRING_UP_TO_DATE)
def bring_up_to_date(context: Context, subject: str, step: int) -> None:
    """Have the messages about a record drawn again."""
    context.bring_up_to_date(subject)
