"""Crisis: from `/crisis activate` to the last of 30 pages handed over, against what the platform itself takes.

The floor is Slack's own limit: one message a second into each conversation, and 300 messages a minute for a workspace
("several hundred" in the rate limits of chat.postMessage), so 30 pages take 6 seconds there at the best of times. What
the bot needs is measured with a Slack on loopback that answers at once: real clock, real SQLite file, everybody known.
"""

import asyncio
import statistics
import time
import tomllib
from pathlib import Path

from pydantic import SecretStr

from bot.application import Application
from tests.chat.bot import settings_for
from tests.wires.slack import FakeSlack

CALLED = 30
ROUNDS = 7
PER_MINUTE = 300
FLOOR = CALLED * 60 / PER_MINUTE  # seconds
NAME = f"/crisis activate, last of {CALLED} pages: ratio to Slack's limit"
BOUNDS = {NAME: 1.0}
PERSON = '\n[[person]]\nid = "{0}"\nname = "{1} Team"\nemail = "{0}@riverton.example.org"\nroles = ["crisis_team"]\n'


async def crisis_figures(folder: Path) -> dict[str, float]:
    """The median seconds until the last page is handed over, as a ratio to the floor and as they are."""
    median = statistics.median([await _round(folder / str(number)) for number in range(ROUNDS)])
    return {NAME: median / FLOOR, f"/crisis activate, last of {CALLED} pages: s": median}


async def _round(folder: Path) -> float:
    slack = FakeSlack()
    await slack.start()
    settings = settings_for(
        folder,
        slack_bot_token=SecretStr("xoxb-test"),
        slack_signing_secret=SecretStr("signing-secret"),
        slack_api_url=slack.api_url,
        desk="off",
    )
    people = _everybody(folder / "city")
    for person in people:
        slack.add_user(person, f"{person}@riverton.example.org")
    application = Application(settings)
    channel = slack.add_channel("crisis", members=people)
    runtime = application.runtime
    await runtime.write(lambda store: store.chat.places.bind("crisis", "slack", channel, runtime.clock.now()))
    url = f"http://127.0.0.1:{await application.start()}"
    for person in people:
        await slack.person(person, url).direct("help")  # so that everybody's conversation is known
    await asyncio.sleep(1.5)  # the pace of a conversation after its last message
    try:
        return await _until_all_are_paged(slack, url)
    finally:
        await application.stop()
        await slack.stop()


async def _until_all_are_paged(slack: FakeSlack, url: str) -> float:
    begun = time.perf_counter()
    reply = await slack.person("olga", url).slash("/crisis", "activate Water main burst; level 2")
    assert reply.status == 200
    await slack.until(lambda: len(_pages(slack)) >= CALLED, seconds=60)
    return time.perf_counter() - begun


def _pages(slack: FakeSlack) -> list[str]:
    return [post.channel for post in slack.posts if "you are needed" in post.shown]


def _everybody(city: Path) -> list[str]:
    """The people of Riverton, with as many more on the crisis team as make 30 who are called."""
    file = city / "people.toml"
    known = tomllib.loads(file.read_text(encoding="utf-8"))["person"]
    roles = tomllib.loads((city / "crisis.toml").read_text(encoding="utf-8"))["role"]
    called = {person["id"] for person in known if "crisis_team" in person.get("roles", ())}
    called |= {person for role in roles for person in role["people"]}
    more = [f"team{number}" for number in range(CALLED - len(called))]
    with file.open("a", encoding="utf-8") as people:
        people.writelines(PERSON.format(person, person.capitalize()) for person in more)
    return [person["id"] for person in known] + more
