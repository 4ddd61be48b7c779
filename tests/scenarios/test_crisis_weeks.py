"""Crisis weeks: a crisis from the alarm to its end three weeks later, in Slack, in Teams and in both at once."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers.kit.city.reading import read_city
from storage.chat.outbox import outbox
from storage.database import Store
from tests.chat.bot import MONDAY, RIVERTON, Bot, settings_for
from tests.chat.clock import SetClock
from tests.chat.door import Chat, Speaker
from tests.chat.seen import Seen
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat, upload_app
from tests.conftest import slack_keys, teams_keys
from tests.wires.slack import FakeSlack
from tests.wires.teams import FakeTeams

REF, ROOM = "CR-2026-01", "crisis:CR-2026-01"
HEADS = {department.id: department.head for department in read_city(RIVERTON).departments.values()}
SILENT = ("noah", "lena", "amara")
IN_TEAMS = ("dana", "marcus", "felix", "victor", "grace", "noah", "lena", "priya", "owen", "leila")


class Both(Chat):
    """Half of the city in Slack, the other half in Teams; each is met where they are."""

    name = "mixed"

    def __init__(self, in_slack: SlackChat, in_teams: TeamsChat) -> None:
        self.bot, self.in_slack, self.in_teams = in_slack.bot, in_slack, in_teams

    def person(self, name: str) -> Speaker:
        return (self.in_teams if name in IN_TEAMS else self.in_slack).person(name)

    async def place(self, name: str) -> list[Seen]:
        """What is posted in Slack; the same must be in Teams, by its titles."""
        in_slack, in_teams = await self.in_slack.place(name), await self.in_teams.place(name)
        assert [card.title for card in in_teams] == [card.title for card in in_slack]
        return in_slack


@pytest.fixture
async def mixed_chat(tmp_path: Path, clock: SetClock) -> AsyncIterator[Both]:
    city = read_city(RIVERTON)
    slack = FakeSlack(now=lambda: clock.now().timestamp())
    teams = FakeTeams(now=lambda: clock.now().timestamp())
    await slack.start()
    await teams.start()
    for person in city.people.values():
        (teams if person.id in IN_TEAMS else slack).add_user(person.id, person.email)
    teams.add_user("ines", city.people["ines"].email)
    teams.add_team("City", [*IN_TEAMS, "ines"], channels=["crisis", "ops"])
    upload_app(teams, city)
    for place in ("crisis", "ops"):
        slack.add_channel(place, members=[member for member in city.people if member not in IN_TEAMS])
    bot = Bot(settings_for(tmp_path, **slack_keys(slack), **teams_keys(teams)), clock=clock)
    await bot.start()
    await teams.install_in_team("City", bot.url)
    both = Both(SlackChat(bot, slack), TeamsChat(bot, teams))
    for place in ("crisis", "ops"):
        await both.in_slack.connects(place, channel=place)
        await both.in_teams.connects(place, channel=place)
    await bot.settle()
    slack.timeline.clear()
    teams.timeline.clear()
    clock.set(MONDAY)
    yield both
    await bot.stop()
    await slack.stop()
    await teams.stop()


@pytest.fixture(
    params=["slack_chat", *(pytest.param(fixture, marks=pytest.mark.doors) for fixture in ("teams_chat", "mixed_chat"))]
)
def weeks(request: pytest.FixtureRequest) -> Chat:
    """Everybody, in Slack, in Teams, or half here and half there."""
    chat: Chat = request.getfixturevalue(request.param)
    return chat


async def _press(chat: Chat, person: str, label: str, title: str, **values: str) -> None:
    """Press a button of the newest message with these words in its title, and fill in the form it opens."""
    speaker = chat.person(person)
    card = await speaker.finds(title)
    if values:
        await speaker.fills(await speaker.opens(label, card), **values)
    else:
        await speaker.presses(label, card)


async def _minutes(chat: Chat, minutes: int) -> None:
    for _ in range(minutes):
        await chat.bot.pass_time(minutes=1)


async def _first_minutes(chat: Chat) -> None:
    """The alarm; some come at once, the first who is asked to lead has their phone off, the second cannot come."""
    await chat.person("sam").says("/crisis activate Water main burst; where Mill Road; level 2")
    await _minutes(chat, 2)
    await _press(chat, "olga", "On my way", "you are needed")
    for person in ("ines", "felix", "victor"):
        await _press(chat, person, "On my way", "you are needed")
    await _press(chat, "hugo", "Yes: start the plan", "is it a crisis?")
    await _press(chat, "dana", "I cannot come", "you are needed")
    await _press(chat, "maria", "I confirm it", "please confirm")
    for head in HEADS.values():
        if head not in (*SILENT, "marcus"):
            await _press(chat, head, "OK", ": how is ")


async def _first_hour(chat: Chat) -> None:
    await _minutes(chat, 16)
    numbers = await _told(chat, "please phone")
    assert "Tom Okafor: 555-0111" in " ".join(numbers.text.split())
    await _press(chat, "marcus", "On my way", "you are needed")
    await _press(chat, "marcus", "Take Commander", "will you take a role?")
    await _press(chat, "marcus", "OK", ": how is ")
    await _minutes(chat, 10)
    assert "3 departments are silent" in (await _told(chat, "departments are silent")).title
    summary = (await chat.place(ROOM))[0]
    assert "3 silent" in summary.text
    assert "Commander: Marcus Bell" in summary.text


async def _told(chat: Chat, words: str) -> Seen:
    """The message with these words, which one of those who come must have got."""
    for person in ("ines", "olga", "hugo", "felix", "victor", "tom", "marcus", "sam", "maria"):
        for card in await chat.person(person).direct():
            if words in card.title:
                return card
    raise AssertionError(f"nobody was told: {words}")


async def _plan_until_the_end(chat: Chat) -> None:
    """Each window is worked through and closed with its answers."""
    marcus = chat.person("marcus")
    for days, window, following in ((1, "first-day", "Days 2 to 7"), (7, "first-week", "Week 2"), (20, "later", "")):
        chat.bot.clock.set(MONDAY + timedelta(days=days, hours=-2))
        await chat.bot.settle()
        now = chat.bot.clock.now()
        for step in read_city(RIVERTON).crisis.windows[window].step:
            await chat.bot.application.runtime.write(partial(_done, step.id, now))
        plan = await marcus.says(f"/crisis plan {REF}; window {window}")
        form = await marcus.opens("Close this part", plan)
        closed = await marcus.fills(form, **dict.fromkeys(form.values, "It is known."))
        assert following in closed.title


def _done(step: str, at: datetime, store: Store) -> None:
    task = store.crisis.tasks.take(REF, step)
    assert task is not None
    store.crisis.tasks.change(task, done_by="hugo", done_at=at)


@pytest.mark.doors
async def test_a_crisis_from_the_alarm_to_its_end_three_weeks_later(weeks: Chat) -> None:
    await _first_minutes(weeks)
    await _first_hour(weeks)
    await weeks.bot.pass_time(hours=12)  # the answers to the roll call have become old
    assert "Last answer: OK, 12 hours ago, asked again" in (await weeks.person("priya").finds(": how is ")).text
    await _press(weeks, "priya", "OK", ": how is ")
    await _plan_until_the_end(weeks)
    weeks.bot.clock.set(MONDAY + timedelta(days=21))
    await weeks.person("marcus").says(f"/crisis standdown All streets have water; crisis {REF}")
    assert (await weeks.bot.read(lambda store: store.crisis.records.find(REF))).state == "active"
    await _press(weeks, "maria", "Agree: stand down", "stand down")
    await weeks.bot.settle()
    await _check_the_record(weeks)


async def _check_the_record(chat: Chat) -> None:
    """Check what is in the database when it is over, and what nobody was sent any more."""
    crisis = await chat.bot.read(lambda store: store.crisis.records.find(REF))
    assert (crisis.state, crisis.closed_by) == ("over", "maria")
    entries = await chat.bot.read(lambda store: store.crisis.log.of(REF))
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    for words in ("raised the alarm", "confirmed the crisis", "is to be called by phone", "takes the role Commander"):
        assert [entry for entry in entries if words in entry.text], words
    pages: Mapping[str, int] = {
        page.person: page.times for page in await chat.bot.read(lambda store: store.crisis.pages.of(REF))
    }
    assert (pages["olga"], pages["ines"], pages["felix"], pages["marcus"]) == (1, 1, 1, 4)
    assert await chat.bot.read(lambda store: store.faults.all()) == []
    assert await chat.bot.read(lambda store: store.time.timers.next_due("crisis.page-again", f"{REF} noah")) is None
    assert (await chat.bot.read(lambda store: store.audit.first_bad_row()))[1] is None


@pytest.mark.doors
async def test_while_one_platform_answers_500_for_a_while_the_other_carries_on_and_says_so(mixed_chat: Both) -> None:
    slack = mixed_chat.in_slack.slack
    slack.fail("*", times=1_000_000, how="500")
    await mixed_chat.in_teams.person("dana").says("/crisis activate Water main burst; level 2")
    for _ in range(6):
        await mixed_chat.bot.pass_time(seconds=20)
    ines = mixed_chat.in_teams.person("ines")  # who has accounts in both, and is usually met in Slack
    await ines.presses("On my way", await ines.finds("you are needed"))
    [summary, *_] = await mixed_chat.in_teams.place(ROOM)
    assert "Ines Varga: on my way" in summary.text
    assert "The page to Ines Varga has not arrived in Slack" in str(
        [entry.text for entry in await mixed_chat.bot.read(lambda store: store.crisis.log.of(REF))]
    )
    await _minutes(mixed_chat, 16)
    assert slack.timeline == []
    slack.fix()
    await _minutes(mixed_chat, 8)
    hugo = [card.title for card in await mixed_chat.person("hugo").direct() if "you are needed" in card.title]
    assert hugo == ["Crisis CR-2026-01: you are needed (page 4)"]  # those tried more than five times came as text
    query = select(outbox.c.state).where(outbox.c.about == f"{REF} hugo", outbox.c.kind == "post")
    sent = await mixed_chat.bot.read(lambda store: list(store.connection.execute(query).scalars()))
    assert sent == ["replaced", "replaced", "replaced", "sent"]  # the newest page, as soon as Slack takes it again
    assert "Hugo Lindqvist: no answer yet, paged 1 time" in (await mixed_chat.in_slack.place(ROOM))[0].text
    assert not [card for card in await mixed_chat.in_slack.person("ines").direct() if "you are needed" in card.title]
    assert (await mixed_chat.in_slack.place(ROOM))[0].title == summary.title
