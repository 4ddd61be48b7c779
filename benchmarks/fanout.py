"""Fan-out: many messages to Slack, real clock and real client: how fast they go, and whether the loop stands still.

Slack is a fake one in this process, with Slack's own limit of one message a second in each conversation.
"""

import asyncio
import time
from functools import partial

from benchmarks.cases import Case, Figure, Group
from benchmarks.city import inhabitants
from benchmarks.pulse import pulse
from benchmarks.sending import Fanout, card, slack_of
from benchmarks.workshop import Workshop
from bot.slack.client import Client
from bot.slack.render import render

LIMITED = Case(
    "fan-out of 10,000 with a limit in each conversation, ratio to what the limits allow", "messages/s",
    "the limits are Slack's, what is lost beside them is ours; a twentieth is for the first and the last second",
    0.95, is_least=True,
)  # fmt: skip
UNLIMITED = Case(
    "fan-out of 10,000 without limits, ratio to a bare loop", "messages/s",
    "each message is claimed, sent and settled in the database; that may take as long as sending it",
    0.5, is_least=True,
)  # fmt: skip
STALLS = Case(
    "longest stall of the loop during a fan-out of 10,000, ms more", "ms",
    "a form must open within three seconds, and a twentieth of a second is not felt", 50.0, "more",
)  # fmt: skip
PER_SECOND = 1.0  # messages into each conversation (chat.postMessage, rate limits)
AT_ONCE = 30  # of the bare loop: as many as delivery has under way of what is not urgent
BARE = 3_000  # messages of the bare loop


async def unlimited(workshop: Workshop) -> list[Figure]:
    """One message to each of many people, beside a bare loop of the same client, and an idle loop before it."""
    size = workshop.size
    async with slack_of(workshop.folder(), inhabitants(size.messages)) as fanout:
        async with pulse() as idle:
            await asyncio.sleep(size.seconds)
        await fanout.queue(fanout.those, 1)
        async with pulse() as busy:
            seconds = await fanout.sent(size.messages)
        await fanout.settled(size.messages)
        bare = await _bare_loop(fanout, min(BARE, size.messages))
    return [UNLIMITED.measured(size.messages / seconds, bare), STALLS.measured(busy.worst, idle.worst)]


async def limited(workshop: Workshop) -> list[Figure]:
    """As many messages to fewer people, so that each conversation has its limit to keep."""
    size = workshop.size
    each = size.messages // size.conversations
    async with slack_of(workshop.folder(), inhabitants(size.conversations)) as fanout:
        await fanout.queue(fanout.those, each)
        count = each * len(fanout.those)
        seconds = await fanout.sent(count)
        await fanout.settled(count)
    allowed = (each - 1) / PER_SECOND
    return [LIMITED.measured(count / seconds, count / allowed, f"{len(fanout.those)} conversations")]


async def _bare_loop(fanout: Fanout, count: int) -> float:
    """Messages a second of the same client that only sends, as many under way at once."""
    client = Client(fanout.slack.bot_token, fanout.slack.api_url)
    going = iter(fanout.those[:count])
    message = partial(render, card(1), {})

    async def send() -> None:
        for person in going:
            await client.done(client.api.chat_postMessage(channel=person.direct, **message()))

    begun = time.perf_counter()
    await asyncio.gather(*(send() for _ in range(AT_ONCE)))
    took = time.perf_counter() - begun
    await client.close()
    return count / took


GROUPS = (Group((UNLIMITED, STALLS), unlimited), Group((LIMITED,), limited))
