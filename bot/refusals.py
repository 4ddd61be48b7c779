"""Refusals: what somebody reads when nothing of their request was kept."""

import logging
import secrets

from bot import replies
from bot.calling import AskAgain
from bot.inbound import Answered, Inbound
from handlers.kit.errors import UserError
from storage.database import DatabaseUnavailable

log = logging.getLogger("cityops.runtime")


def refusal(inbound: Inbound, problem: Exception) -> Answered:
    """What to say when nothing was kept: what the person can fix, or a reference for IT."""
    if isinstance(problem, AskAgain):
        return Answered(replies.mended(inbound, " ".join(problem.page.errors.values())), ok=False)
    if isinstance(problem, UserError):
        return Answered(replies.mended(inbound, str(problem)), ok=False)
    if isinstance(problem, DatabaseUnavailable):
        log.error("the database is unavailable", extra={"why": str(problem)})
        return Answered(replies.unavailable(inbound), ok=False)
    reference = secrets.token_hex(2)
    log.error("a request broke", exc_info=problem, extra={"reference": reference})
    return Answered(replies.broke(inbound, reference), ok=False)
