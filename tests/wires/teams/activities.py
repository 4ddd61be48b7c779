"""Activities: what Teams sends the bot, as JSON, and the events of teams and group chats."""

import html
import re
from collections.abc import Collection

from .delivery import TeamsReply
from .records import Conversation, Json, Message, Team, User, stamp
from .workspace import Workspace

CLIENT: Json = {"type": "clientInfo", "locale": "en-US", "country": "US", "platform": "Web", "timezone": "Etc/UTC"}


class TeamEvents(Workspace):
    """A workspace that can tell the bot what happens in teams and group chats."""

    service_url = ""

    async def deliver(self, bot_url: str, activity: Json) -> TeamsReply:
        """Send an activity to the bot; the server knows how."""
        raise NotImplementedError

    async def install_in_team(self, team: str, bot_url: str, *, by: str | None = None) -> list[TeamsReply]:
        """Someone (a member by default) adds the bot to a team; gives the replies to both activities."""
        home = self.team(team)
        home.installed = True
        return await self._installation(self.conversations[home.id], bot_url, by, added=True)

    async def remove_from_team(self, team: str, bot_url: str, *, by: str | None = None) -> list[TeamsReply]:
        """Someone takes the bot out of a team."""
        home = self.team(team)
        home.installed = False
        return await self._installation(self.conversations[home.id], bot_url, by, added=False)

    async def install_in_group(self, group: str, bot_url: str, *, by: str | None = None) -> list[TeamsReply]:
        """Someone adds the bot to a group chat."""
        place = self.conversation(group)
        place.installed = True
        return await self._installation(place, bot_url, by, added=True)

    async def remove_from_group(self, group: str, bot_url: str, *, by: str | None = None) -> list[TeamsReply]:
        """Someone takes the bot out of a group chat."""
        place = self.conversation(group)
        place.installed = False
        return await self._installation(place, bot_url, by, added=False)

    async def join_team(self, team: str, user: str, bot_url: str) -> TeamsReply:
        """A person becomes a member of a team, and the bot hears of it."""
        home, who = self.team(team), self.user(user)
        home.members.append(who.id)
        added = [{"id": who.id, "aadObjectId": who.aad}]
        return await self.team_event(team, bot_url, "teamMemberAdded", membersAdded=added)

    async def leave_team(self, team: str, user: str, bot_url: str) -> TeamsReply:
        """A person leaves a team, and the bot hears of it."""
        home, who = self.team(team), self.user(user)
        home.members.remove(who.id)
        gone = [{"id": who.id, "aadObjectId": who.aad}]
        return await self.team_event(team, bot_url, "teamMemberRemoved", membersRemoved=gone)

    async def team_event(
        self, team: str, bot_url: str, event: str, *, channel: str | None = None, **fields: object
    ) -> TeamsReply:
        """Any conversationUpdate of a team: channelCreated, channelDeleted, teamRenamed, ..."""
        home = self.team(team)
        by = self.users[home.members[0]]
        activity = envelope(self, by, self.conversations[home.id], "conversationUpdate")
        activity["channelData"] |= {"eventType": event}
        if channel:
            place = self.conversation(channel)
            activity["channelData"] |= {"channel": {"id": place.id, "name": place.name}}
        return await self.deliver(bot_url, activity | fields)

    async def _installation(
        self, place: Conversation, bot_url: str, by: str | None, *, added: bool
    ) -> list[TeamsReply]:
        who = self.user(by or place.members[0])
        return [await self.deliver(bot_url, activity) for activity in installation(self, who, place, added=added)]


def about_team(team: Team) -> Json:
    """A team as channelData carries it."""
    return {"id": team.id, "name": team.name, "aadGroupId": team.group}


def envelope(
    teams: TeamEvents, user: User, place: Conversation, kind: str, *, address: str | None = None, ident: str = ""
) -> Json:
    """What every activity carries; `address` names the thread."""
    kind_of_place = "personal" if place.kind == "chat" else place.kind
    conversation: Json = {"conversationType": kind_of_place, "id": address or place.id, "tenantId": user.tenant}
    if kind_of_place != "personal":
        conversation["isGroup"] = True
    channel_data: Json = {"tenant": {"id": user.tenant}}
    if place.team:
        channel_data |= {"team": about_team(teams.teams[place.team]), "channel": {"id": place.id}}
        channel_data |= {"teamsChannelId": place.id, "teamsTeamId": place.team}
    now = stamp(teams.now())
    return {
        "type": kind,
        "id": ident or teams.next_id(),
        "timestamp": now,
        "localTimestamp": now,
        "serviceUrl": teams.service_url,
        "channelId": "msteams",
        "from": {"id": user.id, "name": user.name, "aadObjectId": user.aad},
        "recipient": {"id": teams.bot, "name": teams.bot_name},
        "conversation": conversation,
        "channelData": channel_data,
    }


def installation(teams: TeamEvents, user: User, place: Conversation, *, added: bool) -> list[Json]:
    """The two activities by which the bot learns that it came or went."""
    update = envelope(teams, user, place, "conversationUpdate")
    update["membersAdded" if added else "membersRemoved"] = [{"id": teams.bot}]
    if place.team:
        update["channelData"]["eventType"] = "teamMemberAdded" if added else "teamMemberRemoved"
    news = envelope(teams, user, place, "installationUpdate")
    news |= {"action": "add" if added else "remove", "locale": "en-US", "entities": [CLIENT]}
    news["channelData"]["source"] = {"name": "message"}
    return [update, news] if added else [news, update]


def said(teams: TeamEvents, user: User, message: Message, *, nbsp: bool = False, mention: bool = True) -> Json:
    """A typed message; in channels and group chats it begins with the bot's name."""
    place = teams.conversations[message.conversation]
    activity = envelope(teams, user, place, "message", address=teams.address(message), ident=message.id)
    text, entities = mentions(teams, html.escape(message.text, quote=False), place.members)
    if mention and place.kind != "personal":
        at = f"<at>{teams.bot_name}</at>"
        entities.insert(0, mentioned(at, teams.bot, teams.bot_name))
        text = f"{at}{'&nbsp;' if nbsp else ' '}{text}"
        page = re.sub(r"<at>(.*?)</at>", r'<span itemscope itemtype="http://schema.skype.com/Mention">\1</span>', text)
        activity["attachments"] = [{"contentType": "text/html", "content": f"<p>{page}</p>"}]
    activity |= {"text": text, "textFormat": "plain", "locale": "en-US", "entities": [*entities, CLIENT]}
    return activity


def mentions(teams: Workspace, text: str, members: Collection[str]) -> tuple[str, list[Json]]:
    """The text with every `@name` of a member as Teams writes it, and who they are; nobody else can be mentioned."""
    entities: list[Json] = []
    for user in sorted((teams.users[name] for name in members), key=lambda member: -len(member.name)):
        at = f"<at>{user.name}</at>"
        text, count = re.subn(rf"(?<![\w.+-])@{re.escape(user.name)}(?!\w)", at, text)
        entities += [mentioned(at, user.id, user.name)] * count
    return text, entities


def mentioned(text: str, ident: str, name: str) -> Json:
    """A mention."""
    return {"type": "mention", "text": text, "mentioned": {"id": ident, "name": name}}
