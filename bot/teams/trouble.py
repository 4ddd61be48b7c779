"""Trouble: why Microsoft gives this bot no token, in one line that says what to do."""

from bot.post import Wait
from bot.teams.client import PROXY, Ended
from bot.trouble import asked_too_often, no_answer, out_of_order

SERVICE = "Microsoft's token service"
NOT_MICROSOFT = f"what answers at TEAMS_TOKEN_URL is not {SERVICE}; {PROXY}, or fix TEAMS_TOKEN_URL"


def trouble(ended: Ended) -> str:
    """Why there is no token, and what to do."""
    if ended.code:
        return f"Microsoft refuses this bot ({ended.code})"
    if not ended.status:
        return no_answer(SERVICE, "TEAMS_TOKEN_URL")
    if ended.status == 429:
        seconds = ended.result.seconds if isinstance(ended.result, Wait) else None
        return asked_too_often(SERVICE, seconds)
    return out_of_order(SERVICE, ended.status) if ended.status >= 500 else NOT_MICROSOFT
