"""App: Slack's door: what people do there in, and the runtime's outcome back."""

import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.channel_news import learn
from bot.everybody import news
from bot.inbound import Answered, Asking, Inbound, Outcome, Profile
from bot.message_changes import again, heed
from bot.post import Outgoing
from bot.queued import queue_answer
from bot.runtime import Runtime
from bot.settings import Settings
from bot.slack import payloads as heard
from bot.slack.channel_names import ChannelNames
from bot.slack.client import Client, Ended
from bot.slack.elements import Json
from bot.slack.entering import enter
from bot.slack.forms import confirmation, errors_ack, modal
from bot.slack.gate import INVALID, OnlyOurs, is_recent, is_signed, is_ssl_check, out_of_time, text_of
from bot.slack.messenger import SlackMessenger
from bot.slack.opening import opened, origin_of, shown
from bot.slack.people import Registry
from bot.slack.posting import permalink
from bot.slack.render import render
from bot.slack.socket import Socket
from bot.tasks import Tasks
from handlers.kit.messages import Card
from storage.database import DatabaseUnavailable

log = logging.getLogger("cityops.slack")
LAST_RETRY = "3"  # Slack sends an event once and repeats it three times
ANY = re.compile(".*")
Ack = Callable[..., Awaitable[BoltResponse]]


class SlackDoor:
    """Slack, over HTTP or the connections of Socket Mode; ``app`` answers both just the same."""

    platform = "slack"

    def __init__(self, runtime: Runtime, settings: Settings) -> None:
        assert settings.slack_bot_token is not None, "the Slack door needs SLACK_BOT_TOKEN"
        secret = settings.slack_signing_secret
        self.secret = secret.get_secret_value() if secret else ""
        self.runtime = runtime
        token, answers = settings.slack_bot_token.get_secret_value(), runtime.clock.answers
        self.client = Client(token, settings.slack_api_url, answers=answers)
        self.messenger = SlackMessenger(self.client)
        self.afterwards, self.channels = Tasks(), ChannelNames(self.client)
        self.people = Registry(self.client, runtime.clock)
        self.app = self._bolt()
        app_token = settings.slack_app_token
        self.socket = Socket(self.app, self.client, app_token.get_secret_value(), runtime.clock) if app_token else None

    @property
    def ready(self) -> bool:
        """Whether Slack has told us who we are, before which nothing is let in, takes our token, and can reach us, as
        far as we know."""
        known = self.people.identity is not None and not self.client.refused_token
        return known and (self.socket is None or self.socket.connected)

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/slack/events", self.arrive)]

    async def knock(self) -> None:
        try:
            await self.client.done(self.client.api.auth_test())
        except Ended as ended:
            log.info("Slack does not say what time it is: %s", ended)

    async def start(self) -> None:
        await self.people.ask()
        if self.socket:
            await self.socket.open()

    async def stop(self) -> None:
        if self.socket:
            await self.socket.close()
        await self.afterwards.finish()
        await self.client.close()

    async def arrive(self, request: web.Request) -> web.StreamResponse:
        """One request over HTTP: its signature first, then bolt."""
        text = text_of(await request.read())
        if text is not None and is_ssl_check(text):
            return web.Response()
        if text is None or not is_signed(self.secret, request.headers, text, self.runtime.clock.stamp()):
            if text is not None:
                self._refuse(request.headers, text, self.runtime.clock.stamp())
            return web.json_response(INVALID, status=401)
        try:
            parsed = AsyncBoltRequest(body=text, headers=dict(request.headers.items()))
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
            return web.json_response(INVALID, status=400)
        return await to_aiohttp_response(await self.app.async_dispatch(parsed))

    def _refuse(self, headers: Mapping[str, str], text: str, stamp: float) -> None:
        """Tell the operator where what is refused may be Slack's own."""
        if is_recent(headers, stamp):
            self.runtime.heard.refuse("slack")
        elif ahead := out_of_time(self.secret, headers, text, stamp):
            self.runtime.heard.refuse_for_time("slack", ahead)

    def _bolt(self) -> AsyncApp:
        async def authorize() -> AuthorizeResult:  # bolt takes no method here
            return self._identity()

        quiet = logging.getLogger("cityops.slack.bolt")
        quiet.setLevel(logging.ERROR)
        app = AsyncApp(
            logger=quiet,
            name=quiet.name,  # bolt sets the level of the logger of this name with every request
            client=self.people.anonymous_client(),
            process_before_response=True,  # bolt's other way looks for the ack only every 10 ms
            request_verification_enabled=False,  # arrive() has checked the signature
            ssl_check_enabled=False,  # arrive() answers that too
            ignoring_self_events_enabled=False,  # heard.message() leaves out what bots say
            attaching_function_token_enabled=False,  # for workflow steps, of which we have none
            before_authorize=OnlyOurs(self.people.ask, partial(self.runtime.heard.hear, "slack"), self._turn_away),
            authorize=authorize,
            signing_secret=self.secret,
        )
        app.command(ANY)(self._slash)
        app.view_submission(ANY)(self._submission)
        app.block_action(ANY)(self._press)
        app.message_shortcut(ANY)(self._from_message)
        app.event("app_home_opened")(self._home)
        app.event("app_mention")(self._message)
        app.event("message")(self._message)
        app.event("user_change")(self._user)
        app.event("team_join")(self._user)
        app.event(re.compile("(channel|group)_(archive|unarchive|deleted|left|rename)"))(self._channel)
        app.event("member_joined_channel")(self._channel)
        for rest in (app.event(ANY), app.view_closed(ANY), app.shortcut(ANY), app.options(ANY)):
            rest(self._nothing)
        return app

    def _identity(self) -> AuthorizeResult:
        """Never a call to Slack: one city, one token."""
        who = self.people.known
        return AuthorizeResult(
            enterprise_id=who.enterprise,
            team_id=who.team,
            bot_token=self.client.client.token,
            bot_id=who.bot,
            bot_user_id=who.user,
        )

    async def _handle(self, inbound: Inbound) -> Outcome:
        inbound = await self.channels.named(inbound)
        outcome = await self.runtime.handle(inbound, self.people.introduce, partial(enter, self.client))
        if inbound.inline and isinstance(outcome, Answered) and outcome.card and outcome.card.files:
            return await self._through_outbox(inbound, outcome)
        return outcome

    async def _through_outbox(self, inbound: Inbound, answered: Answered) -> Answered:
        """No ack can carry files, so the outbox brings the whole answer."""
        try:
            await self.runtime.write(partial(queue_answer, inbound, answered, self.runtime.clock.now()))
        except DatabaseUnavailable:
            return answered
        return Answered(None, ok=answered.ok, queued=True)

    async def _slash(self, ack: Ack, body: Json) -> None:
        inbound = heard.slash(body, self.runtime.city().facts.slack.prefix)
        outcome = await self._handle(inbound)
        answered = await opened(self.client, body, inbound, outcome) if isinstance(outcome, Asking) else outcome
        if answered is None or answered.card is None:
            await ack()
            return
        kind = "in_channel" if answered.card.audience == "room" else "ephemeral"
        await ack({**render(answered.card, answered.handles), "response_type": kind})

    async def _submission(self, ack: Ack, body: Json) -> None:
        inbound = heard.submission(body)
        view, outcome = body["view"], await self._handle(inbound)
        origin = origin_of(inbound)
        match outcome:
            case Asking(page) if page.errors and any(block["type"] == "input" for block in view["blocks"]):
                await ack(errors_ack(page.errors, view))
            case Asking(page, handles):
                await ack({"response_action": "update", "view": modal(page, handles, origin)})
            case Answered(card=None):
                await ack()
            case Answered(card=Card() as card, handles=handles):
                if outcome.replaces and not outcome.queued:
                    await self._through_outbox(inbound, outcome)
                await ack({"response_action": "update", "view": confirmation(card, handles, origin)})

    async def _press(self, ack: Ack, body: Json) -> None:
        if inbound := heard.press(body):
            await self._show(body, inbound)
        await ack()

    async def _home(self, ack: Ack, body: Json) -> None:
        if inbound := heard.home_opened(body):
            await self._handle(inbound)
        await ack()

    async def _from_message(self, ack: Ack, body: Json) -> None:
        there = (body.get("channel") or {}).get("id")
        thread = (body.get("message") or {}).get("thread_ts")
        link = permalink(self.people.known.workspace, there, body.get("message_ts"), thread)
        await self._show(body, heard.from_message(body, link))
        await ack()

    async def _show(self, body: Json, inbound: Inbound) -> None:
        """Show what a gesture brings when its ack cannot carry it: a form, or a card that a modal shows; any other
        answer is in the outbox."""
        outcome = await self._handle(inbound)
        if isinstance(outcome, Asking):
            left = await opened(self.client, body, inbound, outcome)
        elif inbound.inline:
            is_shown = await shown(self.client, body, inbound, outcome)
            left = None if is_shown else await self._through_outbox(inbound, outcome)
        else:
            left = outcome
        if left:
            self.afterwards.begin(self._say(inbound, left))

    async def _message(self, ack: Ack, body: Json, request: AsyncBoltRequest) -> BoltResponse | None:
        event, said = body["event"], body["event"].get("message") or body["event"]
        link = permalink(self.people.known.workspace, event["channel"], said.get("ts"), said.get("thread_ts"))
        inbound = heard.message(body, self.people.known.user, link)
        if changed := heard.changed(body, self.people.known.user):
            await heed(self.runtime, await self.channels.in_change(changed), self.people.introduce)
            inbound = await again(self.runtime, changed, heard.edited(body, self.people.known.user, link))
        outcome = await self._handle(inbound) if inbound else None
        if inbound and isinstance(outcome, Answered) and outcome.card and not outcome.queued:
            if LAST_RETRY not in request.headers.get("x-slack-retry-num", ()):
                return BoltResponse(status=503, body={"error": "try again"})  # nothing was kept: Slack repeats it
            self.afterwards.begin(self._say(inbound, outcome))
        await ack()
        return None

    async def _user(self, ack: Ack, body: Json) -> BoltResponse | None:
        """What Slack says of somebody; most changes (a status, a picture) are not worth keeping."""
        profile = self.people.profile(body["event"]["user"])
        try:
            known = await self.runtime.read(lambda store: store.chat.accounts.those("slack", [profile.account]))
            await self.runtime.meet("slack", *news(known, self.runtime.city(), "slack", [profile]))
        except DatabaseUnavailable:
            return BoltResponse(status=503, body={"error": "try again"})
        await ack()
        return None

    async def _channel(self, ack: Ack, body: Json) -> BoltResponse | None:
        """What became of a channel, which may be a place."""
        if news := heard.channel_news(body, self.people.known.user):
            try:
                await learn(self.runtime, "slack", news)
            except DatabaseUnavailable:
                return BoltResponse(status=503, body={"error": "try again"})
        await ack()
        return None

    def everybody(self) -> AsyncIterator[list[Profile]]:
        return self.people.everybody()

    async def _say(self, inbound: Inbound, outcome: Outcome) -> None:
        """An answer that the outbox could not take, as well as it can be said now."""
        if not isinstance(outcome, Answered) or outcome.card is None or outcome.queued:
            return
        payload = {**(inbound.reply or {}), "replaces": False}
        row = Outgoing(
            key=f"direct {inbound.key}"[:60],
            kind="answer",
            card=outcome.card,
            payload=payload,
            channel=inbound.channel,
            account=inbound.account,
            handles=outcome.handles,
        )
        result = await self.messenger.act(row)
        log.info("an answer was given past the outbox", extra={"result": type(result).__name__})

    def _turn_away(self, url: str, words: Json) -> None:
        """Say to somebody of another workspace whom the bot is for, after the acknowledgement."""
        self.afterwards.begin(self._sent(url, words))

    async def _sent(self, url: str, words: Json) -> None:
        try:
            await self.client.send(url, words)
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            log.info("somebody of another workspace was told nothing", extra={"why": type(problem).__name__})

    async def _nothing(self, ack: Ack) -> None:
        """Acknowledge what needs nothing done, because Slack wants every request acknowledged."""
        await ack()
