"""The Teams door: what is heard, and where the answer appears."""

import json
import sqlite3
from typing import Any

import pytest

from handlers.kit.context import Request
from handlers.kit.declared import Action, Command
from handlers.kit.forms import OpenForm
from handlers.kit.messages import Button, Buttons, Card
from storage.chat.outbox import NewRow
from tests.bot.teams.conftest import House
from tests.wires.teams import BOT_ID, FakeTeams, Message

ADD = "risk add Dam gate stuck; likelihood 2; impact 3"


def put(house: House, card: Card, *, dm: str = "sam", ref: str = "") -> None:
    """A message of the bot's own, in the personal chat of somebody it knows; about `ref` it is kept up to date."""
    house.database.write(
        lambda store: store.chat.outbox.add(
            NewRow(
                platform="teams",
                place=f"dm:{dm}",
                kind="post",
                priority="digest",
                repeat=False,
                at=house.clock.now(),
                card=card.model_dump_json(),
                ref=ref or None,
                post=store.chat.posts.add(ref, "teams", f"dm:{dm}") if ref else None,
            )
        )
    )


async def hello(house: House, teams: FakeTeams, name: str = "sam") -> None:
    """Somebody whom the bot has met and already welcomed."""
    await house.person(name).install()
    await house.deliver()


async def card_of(house: House, teams: FakeTeams, card: Card, *, ref: str = "") -> Message:
    await hello(house, teams)
    put(house, card, ref=ref)
    await house.deliver()
    return teams.direct_messages("sam")[-1]


@pytest.mark.parametrize("slash", ["", "/"])
async def test_what_is_typed_in_the_personal_chat_is_answered_there(house: House, teams: FakeTeams, slash: str) -> None:
    await hello(house, teams)
    assert (await house.person("sam").message(f"{slash}{ADD}")).status == 200
    await house.deliver()
    said = teams.direct_messages("sam")[-1]
    assert "Logged R-1" in said.shown
    assert "Logged R-1" in said.summary
    assert teams.refusals == []


async def test_what_people_type_is_kept_as_they_typed_it(house: House, teams: FakeTeams) -> None:
    await hello(house, teams)
    await house.person("sam").message("risk add <b> & **bold** [x](https://e.example); likelihood 2; impact 3")
    await house.deliver()
    assert "<b> & **bold** [x](https://e.example)" in teams.direct_messages("sam")[-1].shown


async def test_a_message_delivered_twice_has_one_effect_and_one_answer(house: House, teams: FakeTeams) -> None:
    await hello(house, teams)
    before = len(teams.direct_messages("sam"))
    reply = await house.person("sam").message(ADD)
    await teams.redeliver(reply)
    await house.deliver()
    assert len(teams.direct_messages("sam")) == before + 2  # what sam said, and one answer


async def test_an_answer_for_one_comes_privately_and_the_thread_says_so(house: House, teams: FakeTeams) -> None:
    await hello(house, teams)
    await house.person("sam").message("risk list", conversation="risks", nbsp=True)
    await house.deliver()
    asked, told = teams.messages("risks")
    assert (told.shown, told.thread) == ("Sent to you privately. Open the answer", asked.id)
    assert f'"https://teams.microsoft.com/l/chat/0/0?users={BOT_ID}"' in json.dumps(told.card)
    assert "No open risks" in teams.direct_messages("sam")[-1].shown
    assert teams.refusals == []


async def test_in_a_group_chat_an_answer_for_one_comes_privately(house: House, teams: FakeTeams) -> None:
    teams.add_group("Bridges", ["sam", "olga"])
    await house.person("sam").message("risk list", conversation="Bridges")
    await house.deliver()
    assert teams.messages("Bridges")[-1].shown == "Sent to you privately. Open the answer"
    assert "No open risks" in teams.direct_messages("sam")[-1].shown


async def test_without_a_personal_chat_the_thread_says_how_to_open_one_and_nothing_else(
    house: House, teams: FakeTeams
) -> None:
    teams.removed.add(teams.user("sam").id)
    await house.person("sam").message(ADD, conversation="risks")
    await house.deliver()
    [_, told] = teams.messages("risks")
    assert "choose Add" in told.shown
    assert "Dam gate" not in told.shown
    assert teams.direct_messages("sam") == []


async def test_an_admin_makes_a_channel_one_of_the_citys_places(house: House, teams: FakeTeams) -> None:
    await house.person("ines").message("/city connect risks", conversation="risks")
    await house.deliver()
    asked, told = teams.messages("risks")
    assert "This channel is now the place" in told.shown
    assert told.thread == asked.id
    await house.person("sam").message("risk add Dam gate stuck; likelihood 5; impact 5", conversation="risks")
    await house.deliver()
    assert any(message.thread is None and "R-1" in message.shown for message in teams.messages("risks"))
    assert teams.refusals == []


async def test_somebody_mentioned_is_understood_as_a_person(house: House, teams: FakeTeams) -> None:
    await hello(house, teams)
    await house.person("sam").message(f"{ADD}; owner @olga", conversation="risks")
    await house.deliver()
    said = teams.direct_messages("sam")[-1]
    assert "Olga" in said.shown
    assert said.card is not None
    assert "entities" not in said.card["msteams"]  # nobody else reads there


async def test_who_is_named_in_a_channel_is_told_there(house: House, teams: FakeTeams) -> None:
    await hello(house, teams)
    await house.person("olga").message("hello")
    house.bind("risks", "risks")
    await house.person("sam").message("risk add Dam gate stuck; likelihood 5; impact 5; owner @olga")
    await house.deliver()
    [posted] = teams.messages("risks")
    assert posted.card is not None
    assert posted.card["msteams"]["entities"][0]["mentioned"]["id"] in (teams.user("olga").id, teams.user("olga").aad)


async def test_the_answer_takes_the_place_of_the_question_which_one_is_meant(
    house: House, teams: FakeTeams, monkeypatch: pytest.MonkeyPatch
) -> None:
    def choose(_request: Request) -> Card:
        """Ask which one."""
        say = Button.say
        return Card("Which one?", Buttons(say("R-1", "toy show"), say("R-2", "toy show"), one_of=True))

    def show(_request: Request) -> Card:
        """Show it."""
        return Card("This one")

    for name, function in (("choose", choose), ("show", show)):
        toy = Command(f"toy {name}", function, "help", None, True, "")
        monkeypatch.setitem(house.runtime.catalogue.commands, toy.name, toy)
    await hello(house, teams)
    sam = house.person("sam")
    await sam.message("toy choose")
    await house.deliver()
    asked = teams.direct_messages("sam")[-1]
    assert asked.shown.startswith("Which one?")
    await sam.press(asked, title="R-2")
    await house.deliver()
    assert teams.direct_messages("sam")[-1].shown == "This one"
    assert teams.direct_messages("sam")[-1].id == asked.id
    assert teams.refusals == []


async def test_missing_answers_open_the_form_in_a_dialog(house: House, teams: FakeTeams) -> None:
    await hello(house, teams)
    sam = house.person("sam")
    await sam.message("risk add Dam gate stuck; likelihood 4; review someday")
    await house.deliver()
    await sam.press(teams.direct_messages("sam")[-1], title="Fill in")
    assert sam.dialog is not None
    await sam.submit_dialog({"impact": "5"}, title="Add")
    assert sam.dialog is not None
    assert "someday" in sam.dialog.shown
    await sam.submit_dialog({"review_on": "friday"}, title="Add")
    assert sam.dialog is not None
    assert "Logged R-1" in sam.dialog.shown
    await house.deliver()
    kept = teams.direct_messages("sam")[-1]  # in the place of the card that has opened it
    assert ("Logged R-1" in kept.shown, len(kept.edits), "Fill in" in str(kept.card)) == (True, 1, False)
    assert teams.refusals == []


async def test_a_form_of_a_card_that_says_more_leaves_the_card_where_it_is(house: House, teams: FakeTeams) -> None:
    await hello(house, teams)
    sam = house.person("sam")
    await sam.message("risk add Dam gate stuck; likelihood 1; impact 1")
    await house.deliver()
    logged = teams.direct_messages("sam")[-1]
    await sam.press(logged, title="Change")
    assert sam.dialog is not None
    await sam.submit_dialog({"title": "Dam gate stays stuck"})
    await house.deliver()
    assert "spent" not in str(sam.dialog.earlier)
    assert sum("Logged R-1" in message.shown for message in teams.direct_messages("sam")) == 1


async def test_a_form_that_stands_in_its_card_gives_its_place_to_the_answer(house: House, teams: FakeTeams) -> None:
    card = Card("Anything new?", Buttons(Button.say("Log a risk", "risk add", in_card=True)))
    asked, sam = await card_of(house, teams, card), house.person("sam")
    await sam.press(asked, title="Log a risk")
    assert sam.dialog is None
    await sam.press(asked, title="Add", inputs={"title": "Dam gate stuck", "likelihood": "9"}, forged=True)
    assert "Please fill this in." in str(asked.own)
    await sam.press(asked, title="Add", inputs={"title": "Dam gate stuck", "likelihood": "4", "impact": "5"})
    await house.deliver()
    assert ("Logged R-1" in asked.shown, len(asked.edits)) == (True, 1)
    assert sum("Logged R-1" in message.shown for message in teams.direct_messages("sam")) == 1
    assert teams.refusals == []


async def test_the_answer_in_a_card_that_is_kept_up_to_date_never_takes_the_place_of_its_update(
    house: House, teams: FakeTeams
) -> None:
    card = Card("Anything new?", Buttons(Button.say("Log a risk", "risk add", in_card=True)))
    asked, sam = await card_of(house, teams, card, ref="R-7"), house.person("sam")
    await sam.press(asked, title="Log a risk")
    done = await sam.press(asked, title="Add", inputs={"title": "Dam gate stuck", "likelihood": "4", "impact": "5"})
    await house.deliver()
    assert "Logged R-1" in str(done.card)
    assert asked.edits == []
    assert sum("Logged R-1" in message.shown for message in teams.direct_messages("sam")) == 1  # their own view
    assert teams.refusals == []


async def test_what_waits_for_somebody_is_one_tap_away_in_their_own_chat(house: House, teams: FakeTeams) -> None:
    house.bind("risks", "risks")
    told = await card_of(house, teams, Card("News"))
    house.database.write(lambda store: house.runtime.context(store).post("risks", Card("News")))
    await house.deliver()
    assert "city today" in str(told.activity["suggestedActions"])
    assert "suggestedActions" not in teams.messages("risks")[-1].activity


async def test_a_form_sent_twice_is_one_record_even_under_a_new_id(house: House, teams: FakeTeams) -> None:
    await hello(house, teams)
    sam = house.person("sam")
    await sam.message("risk add Dam gate stuck; likelihood 4")
    await house.deliver()
    await sam.press(teams.direct_messages("sam")[-1], title="Fill in")
    sent = await sam.submit_dialog({"impact": "2"}, title="Add")
    again = await teams.redeliver(sent, new_id=True)
    assert again.body == sent.body
    await sam.message("risk list")
    await house.deliver()
    assert "R-2" not in teams.direct_messages("sam")[-1].shown


@pytest.mark.parametrize("old_client", [False, True])
async def test_a_form_can_stand_in_the_place_of_a_card(
    house: House, teams: FakeTeams, monkeypatch: pytest.MonkeyPatch, old_client: bool
) -> None:
    def again(request: Request, value: str):  # type: ignore[no-untyped-def]  # nobody can know that it opens a form
        return OpenForm("risk add", {"title": value})

    monkeypatch.setitem(house.runtime.catalogue.actions, "test.again", _action("test.again", again))
    message = await card_of(house, teams, Card("Hm", Buttons(Button("Log it", "test.again", "Dam gate stuck"))))
    sam = house.person("sam")
    shown = await sam.press(message, title="Log it")
    assert shown.card is not None
    sent = await sam.press(message, title="Add", inputs={"likelihood": "2", "impact": "3"}, old_client=old_client)
    await house.deliver()
    assert "Logged R-1" in teams.direct_messages("sam")[-1].shown
    assert (sent.card is None, len(message.edits), sam.notices) == (old_client, 0 if old_client else 1, [])
    assert teams.refusals == []


def _action(name: str, function: Any, *, replaces: bool = False) -> Action:
    return Action(name, function, "help", None, False, None, replaces)


@pytest.mark.parametrize("old_client", [False, True])
async def test_a_card_changes_in_its_place_for_everybody(
    house: House, teams: FakeTeams, monkeypatch: pytest.MonkeyPatch, old_client: bool
) -> None:
    def close(request: Request, value: str) -> Card:
        return Card(f"{value} is closed")

    action = _action("test.close", close, replaces=True)
    monkeypatch.setitem(house.runtime.catalogue.actions, "test.close", action)
    message = await card_of(house, teams, Card("R-1", Buttons(Button("Close", "test.close", "R-1"))))
    reply = await house.person("sam").press(message, title="Close", old_client=old_client)
    assert reply.status == 200
    await house.deliver()
    found = teams.find(message.conversation, message.id)
    assert found is not None
    assert "R-1 is closed" in found.shown
    assert len(found.edits) == 1
    assert teams.refusals == []


async def test_a_document_for_council_stands_below_the_list_whose_button_asked_for_it(
    house: House, teams: FakeTeams
) -> None:
    await hello(house, teams)
    olga = house.person("olga")
    await olga.message("risk add Dam gate stuck; likelihood 1; impact 1")
    await olga.message("risk list")
    await house.deliver()
    listed = teams.direct_messages("olga")[-1]
    await olga.press(listed, title="Report for council")
    await house.deliver()
    there = teams.find(listed.conversation, listed.id)
    assert there is not None
    assert ("Open risks" in there.shown, len(there.edits)) == (True, 0)
    assert "Risk register" in teams.direct_messages("olga")[-1].shown


async def test_an_answer_for_the_room_is_said_in_the_thread(
    house: House, teams: FakeTeams, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shout(request: Request, value: str = "") -> Card:
        return Card("For all", Buttons(Button("Again", "test.shout")), audience="room")

    monkeypatch.setitem(house.runtime.catalogue.commands, "shout", Command("shout", shout, "help", None, False, ""))
    action = _action("test.shout", shout)
    monkeypatch.setitem(house.runtime.catalogue.actions, "test.shout", action)
    sam = house.person("sam")
    await sam.message("shout", conversation="risks")
    await house.deliver()
    reply = await sam.press(teams.messages("risks")[-1], title="Again")
    assert reply.body["value"] == "For all"
    await house.deliver()
    first, *answers = teams.messages("risks")
    assert [answer.thread for answer in answers] == [first.id, first.id]
    assert teams.refusals == []


async def test_a_button_that_changes_a_card_elsewhere_is_answered_in_a_word(
    house: House, teams: FakeTeams, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tick(request: Request, value: str) -> None:
        return None

    action = _action("test.tick", tick)
    monkeypatch.setitem(house.runtime.catalogue.actions, "test.tick", action)
    message = await card_of(house, teams, Card("List", Buttons(Button("Tick", "test.tick", confirm="Sure?"))))
    sam = house.person("sam")
    await sam.press(message, verb="test.tick")
    assert sam.notices == ["Done."]
    assert teams.refusals == []


async def test_a_button_that_is_not_ours_gets_an_error_and_other_invokes_a_no(house: House, teams: FakeTeams) -> None:
    sam = house.person("sam")
    value = {"action": {"type": "Action.Execute", "verb": "x", "data": {}}, "trigger": "manual"}
    forged = await sam.other("invoke", name="adaptiveCard/action", value=value)
    assert (forged.status, forged.body["statusCode"]) == (200, 400)
    dialog = await sam.other("invoke", name="task/fetch", value={"data": "x"})
    assert "not from me" in dialog.body["task"]["value"]["card"]["content"]["speak"]
    assert (await sam.other("invoke", name="composeExtension/query", value={})).status == 501


@pytest.mark.parametrize("kind", ["messageReaction", "typing", "event", "trace", "somethingNew", "endOfConversation"])
async def test_what_we_know_nothing_of_is_taken_and_nothing_is_done(house: House, teams: FakeTeams, kind: str) -> None:
    assert (await house.person("sam").other(kind)).status == 200
    assert await house.delivery.round() == 0


async def test_a_database_that_takes_nothing_is_told_at_once_with_the_text(
    house: House, teams: FakeTeams, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hello(house, teams)
    path = house.database.url.removeprefix("sqlite:///")
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        reply = await house.person("sam").message(ADD)
        other.execute("ROLLBACK")
    assert reply.status == 200
    said = teams.direct_messages("sam")[-1]
    assert "Nothing was saved" in said.shown
    assert "Dam gate stuck" in said.shown


async def test_guests_and_strangers_are_refused_politely(house: House, teams: FakeTeams) -> None:
    teams.add_user("gus", "gus@elsewhere.example.org", guest=True, installed=True)
    await house.person("gus").message("risk list")
    await house.deliver()
    assert "Guests cannot use me" in teams.direct_messages("gus")[-1].shown
    teams.add_user("eve", "eve@elsewhere.example.org", tenant="bbbbbbbb-0000-4000-8000-000000000002", installed=True)
    assert (await house.person("eve").message("risk list")).status == 200
    await house.door.stop()  # what is said to who was turned away is finished first
    assert "Please ask your contact at the city" in teams.direct_messages("eve")[-1].shown


async def test_teams_not_answering_who_somebody_is_says_so(house: House, teams: FakeTeams) -> None:
    teams.install_for("sam")
    teams.fail("member", how="500")
    await house.person("sam").message("risk list")
    await house.deliver()
    said = teams.direct_messages("sam")[-1].shown
    assert "could not look you up" in said
    assert "risk list" in said
