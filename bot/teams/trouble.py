"""Trouble: why Microsoft gives this bot no token, in one line that says what to do."""

from bot.post import Wait
from bot.teams.client import PROXY, Ended

NO_ANSWER = "Microsoft's token service cannot be reached from here; check the firewall and TEAMS_TOKEN_URL"
OFTEN = "Microsoft's token service has been asked too often; wait {seconds} seconds and ask again"
DOWN = "Microsoft's token service has trouble of its own (HTTP {status}); ask again later"
NOT_MICROSOFT = f"what answers at TEAMS_TOKEN_URL is not Microsoft's token service; {PROXY}, or mend TEAMS_TOKEN_URL"


def trouble(ended: Ended) -> str:
    """Why there is no token, and what to do."""
    if ended.code:
        return f"Microsoft refuses this bot ({ended.code})"
    if not ended.status:
        return NO_ANSWER
    if ended.status == 429:
        seconds = ended.result.seconds if isinstance(ended.result, Wait) else None
        return OFTEN.format(seconds=round(seconds or 60))
    return DOWN.format(status=ended.status) if ended.status >= 500 else NOT_MICROSOFT
