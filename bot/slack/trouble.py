"""Trouble: why Slack does not answer this bot, in one line that says what to do."""

from bot.post import Wait
from bot.slack.client import CREDENTIALS, INSTALL, REFUSED, Ended

NOT_SLACK = (
    "what answers is not Slack, but perhaps a proxy or a sign-in page; let slack.com pass there (HTTPS_PROXY names the "
    "proxy), or mend SLACK_API_URL"
)
NO_ANSWER = "it cannot be reached from here; check the firewall and SLACK_API_URL"
OFTEN = "it has been asked too often; wait {seconds} seconds and ask again"
DOWN = "it has trouble of its own (HTTP {status}); see https://slack-status.com, and ask again later"


def trouble(ended: Ended) -> str:
    """Why Slack does not say who this bot is, or does not let it connect, and what to do."""
    if ended.code in CREDENTIALS:
        return f"it refuses this bot ({ended.code}); check SLACK_BOT_TOKEN: {REFUSED.get(ended.code, INSTALL)}"
    if ended.status is None:
        return NO_ANSWER
    seconds = ended.result.seconds if isinstance(ended.result, Wait) else None
    return f"it refuses what it was asked ({ended.code})" if refused(ended) else unreadable(ended.status, seconds)


def refused(ended: Ended) -> bool:
    """Whether Slack itself will not do what it was asked."""
    return bool(ended.code) and ended.for_good


def unreadable(status: int, seconds: float | None) -> str:
    """What to do about an answer that does not say what was asked, by its HTTP status; ``seconds`` are to be waited."""
    if status == 429 or seconds is not None:
        return OFTEN.format(seconds=round(seconds or 60))
    return DOWN.format(status=status) if status >= 500 else NOT_SLACK
