"""App: Teams' door: what people do there in, and the runtime's outcome back."""

import logging
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from functools import partial

from aiohttp import web

from bot.channel_news import NOT_A_MEMBER, ChannelNews, learn
from bot.complaints import Complaint
from bot.inbound import Answered, Asking, Inbound, Outcome, Profile
from bot.links import Links
from bot.message_changes import again, heed
from bot.post import Outgoing
from bot.runtime import Runtime
from bot.settings import Settings
from bot.speaker import refusal
from bot.tasks import Tasks
from bot.teams import payloads as heard
from bot.teams.client import Ended, Unreached, client_of
from bot.teams.elements import Json
from bot.teams.entering import enter
from bot.teams.forms import People as Nameable
from bot.teams.gate import Gate, Keys, Outside
from bot.teams.invokes import card_body, dialog_body, error_body
from bot.teams.joins import Joins
from bot.teams.leaves import Leaves
from bot.teams.messenger import TeamsMessenger
from bot.teams.payloads import CARD, FETCH, MENU_FETCH, MENU_SUBMIT, SUBMIT, Activity, dig, text_at
from bot.teams.people import People
from bot.teams.posting import Bearings, Post
from bot.teams.separate_answers import bring_apart, goes_apart, in_place_of
from bot.teams.team_news import channel_news, membership_news
from bot.teams.trouble import trouble
from bot.teams.turns import Adapter, Malformed, Turns, activity_of
from bot.teams.welcome import queue_welcome
from handlers.kit.errors import Entrance, UserError
from handlers.kit.messages import SAY, Button, Card, Text
from handlers.kit.words import Meant, understand
from storage.chat.people import Met
from storage.database import DatabaseUnavailable, Store

log = logging.getLogger("cityops.teams")
CONNECT_AGAIN = timedelta(seconds=30)  # while Microsoft gives no keys or no token
ANSWERED = (CARD, FETCH, SUBMIT, MENU_FETCH, MENU_SUBMIT)  # the invokes that wait for an answer of ours
NONE_OF_MINE = "This button is not from me."
SPOKEN = ("message", "invoke")  # the activities by which somebody speaks to the bot
EXTERNAL = Card("I cannot do this for you", Text(refusal("teams", "external") or ""), audience="room")


class TeamsDoor:
    """Teams, over the Bot Connector."""

    platform = "teams"

    def __init__(self, runtime: Runtime, settings: Settings) -> None:
        app_id, tenant = settings.teams_app_id or None, settings.teams_tenant_id or ""
        assert app_id or settings.teams_unauthenticated, "without TEAMS_APP_ID nobody could check who is calling"
        self.runtime = runtime
        self.client = client_of(settings, runtime.clock, runtime.clock.answers)
        self.bearings = Bearings(bot=f"28:{app_id}" if app_id else "", tenant=tenant)
        self.gate = Gate(app_id, tenant, Keys(self.client, settings.teams_openid_url, runtime.clock))
        self.links = Links(settings, runtime.clock).to
        post = Post(self.client, self.bearings, self.opens, self.links)
        self.people, self.messenger = People(post, runtime), TeamsMessenger(post)
        self.adapter, self.turns = Adapter(), Turns(self)
        self.joins, self.leaves = Joins(self.people.rosters), Leaves(self, runtime)
        self._connecting, self._turning_away = Tasks(), Tasks()
        self._complaint = Complaint(log.error, "Microsoft gives this bot no token: %s")

    @property
    def ready(self) -> bool:
        """Whether we can check who calls, and have a token to call with."""
        return self.gate.ready and self.client.ready

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/api/messages", self.arrive)]

    async def knock(self) -> None:
        try:
            await self.client.public(self.gate.keys.openid_url)
        except Unreached as problem:
            log.info("Microsoft does not say what time it is: %s", problem)

    async def start(self) -> None:
        await self.people.recall()
        if not await self._connected():
            self._connecting.begin(self._keep_connecting())

    async def stop(self) -> None:
        await self._connecting.cancel()
        await self._turning_away.finish()
        await self.joins.stop()
        await self.leaves.stop()
        await self.client.close()

    async def _connected(self) -> bool:
        if not self.gate.ready:
            await self.gate.keys.refresh()
        try:
            await self.client.token()
        except Ended as ended:
            if not ended.code:  # what is refused the client has said already
                self._complaint.say(trouble(ended))
        return self.ready

    async def _keep_connecting(self) -> None:
        while True:
            await self.runtime.clock.until(self.runtime.clock.now() + CONNECT_AGAIN)
            if await self._connected():
                return

    async def arrive(self, request: web.Request) -> web.StreamResponse:
        """One activity: its token first, then botbuilder, which calls one of the methods below."""
        activity: Json = {}
        try:
            claims = await self.gate.signed(request)
            activity = activity_of(await request.read())
            self.gate.check(activity, claims)
            self.runtime.heard.hear("teams")
            answer = await self.adapter.carry(activity, self.turns)
        except Outside as outside:
            if outside.not_for_us:
                self.runtime.heard.refuse("teams")
            if outside.ahead is not None:
                self.runtime.heard.refuse_for_time("teams", outside.ahead)
            log.warning("something was not let in", extra={"why": str(outside), "status": outside.status})
            if outside.external and text_at(activity, "type") in SPOKEN:
                return self._turned_away(activity)
            return web.json_response({"error": "not let in"}, status=outside.status)
        except Malformed:
            return web.json_response({"error": "not an activity"}, status=400)
        except DatabaseUnavailable:
            return web.json_response({"error": "try again"}, status=503)
        if answer is None:
            return web.Response()
        return (
            web.json_response(answer.body, status=answer.status) if answer.body else web.Response(status=answer.status)
        )

    def _turned_away(self, activity: Activity) -> web.Response:
        """Somebody of another tenant reads whom the bot is for; nothing is done or kept."""
        inbound, told = heard.message(activity), Answered(EXTERNAL, ok=False)
        if text_at(activity, "type") == "message":
            if inbound:
                self._turning_away.begin(self._say(inbound, told))
            return web.Response()
        nobody = Nameable({}, {})
        if text_at(activity, "name") == CARD:
            return web.json_response(card_body(told, nobody, self.opens, self.links))
        return web.json_response(dialog_body(told, nobody, self.links))

    async def message(self, activity: Activity) -> None:
        """Words, or a button of a client that knows only Action.Submit; the outbox answers."""
        await self.people.seen(activity)
        inbound = heard.message(activity)
        if inbound:
            await self._answer(activity, inbound)

    async def _answer(self, activity: Activity, inbound: Inbound) -> None:
        outcome = await self._handle(activity, inbound)
        if isinstance(outcome, Answered) and outcome.card and not outcome.queued:
            await self._say(inbound, outcome)

    async def invoke(self, activity: Activity) -> tuple[int, Json | None]:
        """A button, a dialog or an entry of a message's menu that waits for its answer: the status and the body."""
        await self.people.seen(activity)
        inbound, name = heard.invoke(activity), text_at(activity, "name")
        if name not in ANSWERED:
            return 501, None
        if inbound is None:
            told = Answered(Card(NONE_OF_MINE), ok=False)
            return 200, error_body(NONE_OF_MINE) if name == CARD else dialog_body(told, Nameable({}, {}), self.links)
        outcome = await self._handle(activity, inbound)
        spent = heard.spent(activity, inbound)
        outcome, inbound = in_place_of(spent, outcome, inbound)
        nameable, elsewhere = await self._nameable(outcome), await self._apart(inbound, outcome, name)
        if name != CARD:
            return 200, dialog_body(outcome, nameable, self.links, spent)
        return 200, card_body(outcome, nameable, self.opens, self.links, elsewhere=elsewhere)

    async def _apart(self, inbound: Inbound, outcome: Outcome, name: str) -> str:
        """Queue what goes beside the response to a press; gives the words of that response, where there are any."""
        found = goes_apart(inbound, outcome, name) if isinstance(outcome, Answered) else None
        if found is None or not isinstance(outcome, Answered):
            return ""
        told, words = found
        try:
            await self.runtime.write(partial(bring_apart, told, outcome, self.runtime.clock.now()))
        except DatabaseUnavailable:
            return ""
        return words

    async def installed(self, activity: Activity) -> None:
        """The bot is in a personal chat, a team or a group chat now: say so once, and meet who is there."""
        await self.people.seen(activity)
        if heard.is_private(activity):
            if not await self._met(activity):
                return
        else:
            await self._learn(membership_news(activity, None))
            await self.joins.installed(heard.team_of(activity), text_at(activity, "serviceUrl"))
        city, now = self.runtime.city(), self.runtime.clock.now()
        await self.runtime.write(partial(queue_welcome, activity, city, now))

    async def _met(self, activity: Activity) -> bool:
        """Meet the person of a personal chat; False for somebody the bot is not for."""
        try:
            profile = await self.people.introduce(activity, heard.account_of(dig(activity, "from")))
        except UserError:
            return True  # they are met when they speak
        await self.runtime.meet("teams", profile)
        return profile.refused is None

    async def roster(self, activity: Activity) -> None:
        """Meet who has joined a team or a group chat."""
        if not heard.is_private(activity):
            await self.joins.joined(heard.team_of(activity), text_at(activity, "serviceUrl"))

    async def left(self, activity: Activity) -> None:
        """Look whether those who were taken out of a team or a group chat are still anywhere."""
        if not heard.is_private(activity):
            await self.leaves.left(heard.account_of(member) for member in dig(activity, "membersRemoved"))

    async def changed(self, activity: Activity) -> None:
        """A message that somebody changed or took back. Teams tells a bot only of those that it was told of at all."""
        if heard_so := heard.changed(activity):
            await heed(self.runtime, heard_so, partial(self.people.introduce, activity))
            if inbound := await again(self.runtime, heard_so, heard.message(activity)):
                await self._answer(activity, inbound)

    async def removed(self, activity: Activity) -> None:
        await self.people.left(activity)
        await self._learn(membership_news(activity, NOT_A_MEMBER))

    async def channel(self, activity: Activity) -> None:
        """A channel or its team was renamed, closed or opened again."""
        await self._learn(channel_news(activity))

    async def _learn(self, news: ChannelNews | None) -> None:
        if news:
            await learn(self.runtime, "teams", news)

    def opens(self, button: Button) -> bool:
        """Whether a button opens a form, so that it is to open a dialog."""
        catalogue = self.runtime.catalogue
        if button.action == SAY:
            meant = understand(button.value, catalogue)
            return isinstance(meant, Meant) and meant.command.asks is not None
        action = catalogue.actions.get(button.action)
        return action is not None and (action.asks is not None or action.opens_form)

    async def _handle(self, activity: Activity, inbound: Inbound) -> Outcome:
        await self.leaves.settle(inbound.account)

        async def entered(_channel: str) -> Entrance:
            return await enter(self.client, activity)

        return await self.runtime.handle(inbound, partial(self.people.introduce, activity), entered)

    async def _nameable(self, outcome: Outcome) -> Nameable:
        """The people a form offers, and who is meant by what was typed for one."""
        names = dict(self.runtime.city().names.in_lists)
        if not isinstance(outcome, Asking) or not outcome.handles:
            return Nameable(names, {})
        owners = await self.runtime.read(partial(_owners, outcome.handles))
        return Nameable(
            names | {met.id: met.name for met in owners.values()}, {it: met.id for it, met in owners.items()}
        )

    def everybody(self) -> AsyncIterator[list[Profile]]:
        return self.people.rosters.everybody()

    async def _say(self, inbound: Inbound, answered: Answered) -> None:
        """An answer that the outbox could not take, as well as it can be said now."""
        row = Outgoing(
            key=f"direct {inbound.key}"[:60],
            kind="answer",
            card=answered.card,
            channel=inbound.channel,
            payload={**(inbound.reply or {}), "replaces": False},
            handles=answered.handles,
        )
        result = await self.messenger.act(row)
        log.info("an answer was given past the outbox", extra={"result": type(result).__name__})


def _owners(handles: Mapping[str, str], store: Store) -> dict[str, Met]:
    """Whose the accounts are, by what was typed."""
    found = {typed: store.chat.people.owner_of("teams", account) for typed, account in handles.items()}
    return {typed: met for typed, met in found.items() if met}
