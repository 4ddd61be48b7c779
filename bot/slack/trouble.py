"""Trouble: why Slack does not answer this bot, in one line that says what to do."""

from bot.post import Wait
from bot.slack.client import CREDENTIALS, INSTALL, REFUSED, Ended
from bot.trouble import asked_too_often, no_answer, out_of_order

NOT_SLACK = (
    "what answers is not Slack, but perhaps a proxy or a sign-in page; let slack.com pass there (HTTPS_PROXY names the "
    "proxy), or fix SLACK_API_URL"
)
NO_ANSWER = no_answer("it", "SLACK_API_URL")
SEE = "see https://slack-status.com, and "


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
        return asked_too_often("it", seconds)
    return out_of_order("it", status, SEE) if status >= 500 else NOT_SLACK
