"""Pages: from `/crisis activate` to the last of 300 pages handed over, against what the platform itself takes.

The floor is Slack's own limit: 300 messages a minute for a workspace ("several hundred" in the rate limits of
chat.postMessage). What the bot needs is measured with a Slack on loopback that answers at once: real clock, real SQLite
file, everybody known.
"""

import statistics
import time
from pathlib import Path

from benchmarks.cases import Case, Figure, Group
from benchmarks.city import inhabitants
from benchmarks.proof import check_audit
from benchmarks.sending import Fanout, slack_of
from benchmarks.workshop import Workshop
from handlers.kit.city.reading import read_city
from tests.chat.bot import RIVERTON

PER_MINUTE = 300
MORE = 30  # more than Riverton has; of the new ones every second is in people.toml
PAGES = Case(
    "activation to the last of 300 pages, ratio to Slack's limit", "s",
    "the bot may not be what people wait for when Slack itself takes a minute", 1.0,
)  # fmt: skip


async def pages(workshop: Workshop) -> list[Figure]:
    """The median seconds until the last page is handed over."""
    count, crises = workshop.size.pages, workshop.size.crises
    took = [await _round(workshop.folder(), count) for _ in range(crises)]
    return [PAGES.measured(statistics.median(took), count * 60 / PER_MINUTE)]


async def _round(folder: Path, count: int) -> float:
    """One crisis for which so many are called: those whom Riverton calls, and new ones."""
    team = count - len(_called_in_riverton())
    async with slack_of(folder, inhabitants(2 * count + MORE), team=team) as there:
        begun = time.perf_counter()
        reply = await there.slack.person("olga", there.url).slash("/crisis", "activate Water main burst; level 2")
        assert reply.status == 200
        await there.slack.until(lambda: len(_pages(there)) >= count, seconds=120)
        took = time.perf_counter() - begun
        assert len(set(_pages(there))) == count, "somebody was paged twice, or somebody else"
        await check_audit(there.application.runtime)
    return took


def _pages(there: Fanout) -> list[str]:
    return [post.channel for post in there.slack.posts if "you are needed" in post.shown]


def _called_in_riverton() -> set[str]:
    city = read_city(RIVERTON)
    return {person for role in city.crisis.role for person in role.people} | {
        person.id for person in city.with_role("crisis_team")
    }


GROUPS = (Group((PAGES,), pages),)
