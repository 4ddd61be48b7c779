"""Installing the bot: who is welcomed, who is met, and how people are reached first."""

import pytest

from bot.everybody import Everybody
from bot.teams.address import Address
from handlers.kit.messages import Card
from tests.bot.teams.conftest import House
from tests.bot.teams.test_app import put
from tests.wires.teams import FakeTeams


async def test_who_installs_the_bot_is_welcomed_once(house: House, teams: FakeTeams) -> None:
    sam = house.person("sam")
    assert [reply.status for reply in await sam.install()] == [200, 200]
    await house.deliver()
    [welcome] = teams.direct_messages("sam")
    assert welcome.labels == ["What is waiting for you", "Log a risk", "Log feedback", "What can you do?"]
    await sam.install()
    await house.deliver()
    assert len(teams.direct_messages("sam")) == 1
    assert teams.refusals == []


async def test_the_buttons_of_the_welcome_lead_somewhere(house: House, teams: FakeTeams) -> None:
    sam = house.person("sam")
    await sam.install()
    await house.deliver()
    [welcome] = teams.direct_messages("sam")
    for label in ("Log a risk", "Log feedback"):
        await sam.press(welcome, title=label)
        assert sam.dialog is not None
    reply = await sam.press(welcome, title="What can you do?")
    assert (reply.card, sam.notices) == (None, ["What do you want to do?"])  # the welcome stays
    await house.deliver()
    assert "risk" in teams.direct_messages("sam")[-1].shown
    await sam.press(welcome, title="What is waiting for you")
    await house.deliver()
    assert "Nothing is waiting for you." in teams.direct_messages("sam")[-1].shown
    assert teams.refusals == []


async def test_guests_are_not_welcomed(house: House, teams: FakeTeams) -> None:
    teams.add_user("gus", "gus@elsewhere.example.org", guest=True)
    await house.person("gus").install()
    await house.deliver()
    assert teams.direct_messages("gus") == []


async def test_where_somebody_is_reached_is_stored_the_moment_it_is_seen(house: House, teams: FakeTeams) -> None:
    sam = teams.user("sam")
    await house.person("sam").message("risk list", conversation="risks")
    account, first = house.reach("sam") or ("", None)
    assert account == sam.aad
    assert Address.read(first) == Address("", teams.service_url, sam.id)
    await house.person("sam").install()
    _, then = house.reach("sam") or ("", None)
    assert Address.read(then) == Address(teams.personal("sam").id, teams.service_url, sam.id)


async def test_a_new_address_of_the_connector_is_used_from_then_on(house: House, teams: FakeTeams) -> None:
    await house.person("sam").install()
    await house.deliver()
    teams.calls.clear()
    teams.service_url = teams.service_url.replace("emea", "amer")
    await house.person("sam").message("risk list")
    assert Address.read((house.reach("sam") or ("", None))[1]).service_url.endswith("/amer/")
    await house.deliver()
    assert {call.args["region"] for call in teams.calls if call.operation == "send"} == {"amer"}


async def test_who_removes_the_bot_loses_the_chat_until_they_come_back(house: House, teams: FakeTeams) -> None:
    sam = house.person("sam")
    await sam.install()
    await sam.uninstall()
    assert Address.read((house.reach("sam") or ("", None))[1]).conversation == ""
    await sam.install()
    assert Address.read((house.reach("sam") or ("", None))[1]).conversation == teams.personal("sam").id


async def test_on_install_in_a_team_everybody_is_met_page_by_page(house: House, teams: FakeTeams) -> None:
    for number in range(1100):
        teams.add_user(f"p{number}", f"p{number}@riverton.example.org")
    everybody = [user.name for user in teams.users.values()]
    teams.add_team("Everybody", everybody, installed=False)
    await teams.install_in_team("Everybody", house.url)
    assert [call.operation for call in teams.calls] == ["members"] * 3
    for person in ("sam", "maria", "teams-p1099-riverton-example-org"):
        account, direct = house.reach(person) or ("", None)
        assert len(account) == 36
        assert Address.read(direct).member.startswith("29:")
    assert teams.refusals == []


async def test_a_team_is_welcomed_once_in_its_first_channel(house: House, teams: FakeTeams) -> None:
    await teams.install_in_team("City", house.url)
    await house.deliver()
    [welcome] = teams.messages("General")
    assert "city connect" in welcome.shown
    assert teams.refusals == []


async def test_who_joins_a_team_is_met(house: House, teams: FakeTeams) -> None:
    await teams.join_team("City", "tom", house.url)
    assert house.reach("tom") is not None


async def test_guests_in_a_team_are_not_met(house: House, teams: FakeTeams) -> None:
    teams.add_user("gus", "gus@elsewhere.example.org", guest=True)
    await teams.join_team("City", "gus", house.url)
    assert house.database.read(lambda store: store.chat.people.owner_of("teams", teams.user("gus").aad)) is None


async def test_somebody_of_another_tenant_with_an_address_of_ours_is_nobody_of_ours(
    house: House, teams: FakeTeams
) -> None:
    """Who runs a tenant can enter any address there: if it counted, Tom could be switched off or reached there."""
    teams.add_user("eve", "tom@riverton.example.org", tenant="bbbbbbbb-0000-4000-8000-000000000002")
    teams.user("eve").upn = "tom@riverton.example.org"
    await teams.join_team("City", "eve", house.url)
    await Everybody(house.runtime, [house.door]).look()
    eve = teams.user("eve").aad
    assert house.database.read(lambda store: store.chat.people.owner_of("teams", eve)) is None
    assert house.database.read(lambda store: store.chat.people.switched_off()) == frozenset()
    assert (house.reach("tom") or ("", None))[0] in ("", teams.user("tom").aad)


async def test_a_roster_that_breaks_off_keeps_what_was_read(house: House, teams: FakeTeams) -> None:
    for number in range(600):
        teams.add_user(f"p{number}", f"p{number}@riverton.example.org")
    teams.add_team("Everybody", [user.name for user in teams.users.values()], installed=False)
    teams.fail("members", how="503", when=lambda args: "continuationToken" in args)
    replies = await teams.install_in_team("Everybody", house.url)
    assert [reply.status for reply in replies] == [200, 200]
    assert house.reach("sam") is not None


async def test_somebody_from_the_roster_is_written_to_first(house: House, teams: FakeTeams) -> None:
    await teams.install_in_team("City", house.url)
    put(house, Card("Your morning"), dm="maria")
    await house.deliver()
    assert "Your morning" in teams.direct_messages("maria")[-1].shown
    _, direct = house.reach("maria") or ("", None)
    assert Address.read(direct).conversation == teams.personal("maria").id
    put(house, Card("Your evening"), dm="maria")
    await house.deliver()
    assert [call.operation for call in teams.calls].count("create") == 1
    assert teams.refusals == []


@pytest.mark.parametrize("told", [True, False], ids=["it is told", "it finds out"])
async def test_where_the_bot_is_removed_from_a_team_nobody_is_taken_for_gone(
    house: House, teams: FakeTeams, told: bool
) -> None:
    await teams.install_in_team("City", house.url)
    teams.team("City").installed = False
    if told:
        await house.door.people.rosters.drop(teams.team("City").id)
    looking = Everybody(house.runtime, [house.door])
    for _ in range(2):
        await looking.look()
        house.clock.pass_by(25 * 3600)
    assert house.database.read(lambda store: store.chat.people.switched_off()) == frozenset()


async def test_after_a_start_the_connector_is_known_from_before(house: House, teams: FakeTeams) -> None:
    await house.person("ines").message("/city connect risks", conversation="risks")
    house.door.bearings.service_url = ""
    await house.door.start()
    assert house.door.bearings.service_url == teams.service_url


async def test_a_personal_chat_works_where_it_knows_people_only_by_the_id_made_for_this_bot(
    house: House, teams: FakeTeams
) -> None:
    sam = teams.user("sam")
    teams.fail("member", times=9, how="MemberNotFoundInConversation", when=lambda args: args["member"] == sam.aad)
    await house.person("sam").install()
    reply = await house.person("sam").message("risk list")
    await house.deliver()
    assert reply.status == 200
    assert "does not tell me here" not in "\n".join(message.shown for message in teams.direct_messages("sam"))
    account, address = house.reach("sam") or ("", None)
    assert (account, Address.read(address).conversation) == (sam.aad, teams.personal("sam").id)
