"""Home tab: it always shows what waits for its owner now, no matter who changed it."""

from tests.bot.slack.conftest import House
from tests.wires.slack import FakeSlack


async def opened(house: House, name: str) -> str:
    """What somebody reads on their home tab when they open it."""
    person = house.person(name)
    assert (await person.open_home()).status == 200
    await house.deliver()
    assert person.home is not None
    return person.home.shown


async def shown(house: House, name: str) -> str:
    """What is on a home tab that was opened before."""
    await house.deliver()
    home = house.person(name).home
    assert home is not None
    return home.shown


async def test_the_home_tab_shows_what_waits(house: House, slack: FakeSlack) -> None:
    await house.person("sam").slash("/risk", "add Dam gate stuck; likelihood 2; impact 3; owner @sam")
    assert "R-1 Dam gate stuck" in await opened(house, "sam")
    assert slack.refusals == []


async def test_it_changes_when_somebody_else_changes_something(house: House, slack: FakeSlack) -> None:
    assert "Nothing is waiting for you." in await opened(house, "sam")
    await house.person("olga").slash("/risk", "add Dam gate stuck; likelihood 2; impact 3; owner @sam")
    assert "R-1 Dam gate stuck" in await shown(house, "sam")
    await house.person("olga").slash("/risk", "close R-1; reason Repaired")
    assert "Nothing is waiting for you." in await shown(house, "sam")
    await house.person("maria").slash("/feedback", "add Deep pothole; category streets; via phone")
    assert "F-1 Deep pothole" in await shown(house, "sam")
    await house.person("maria").slash("/feedback", "close F-1; answer Filled")
    assert "Nothing is waiting for you." in await shown(house, "sam")
    assert slack.refusals == []


async def test_a_risk_that_goes_to_another_owner_leaves_the_one_tab_for_the_other(house: House) -> None:
    await opened(house, "sam")
    await opened(house, "olga")
    sam = house.person("sam")
    await sam.slash("/risk", "add Dam gate stuck; likelihood 2; impact 3; owner @sam")
    await sam.slash("/risk", "show R-1")
    await sam.press(sam.sees[-1], label="Change")
    await sam.submit(values={"owner": "olga"})
    assert "Dam gate stuck" not in await shown(house, "sam")
    assert "R-1 Dam gate stuck" in await shown(house, "olga")


async def test_a_page_is_answered_on_the_home_tab(house: House, slack: FakeSlack) -> None:
    await opened(house, "tom")
    await house.person("maria").slash("/crisis", "activate Water main burst; level 2")
    assert "you are needed" in await shown(house, "tom")
    tom = house.person("tom")
    assert tom.home is not None
    await tom.press_in_view(tom.home, label="On my way")
    assert "you are needed" not in await shown(house, "tom")
    assert slack.refusals == []


async def test_the_usual_commands_open_from_the_home_tab(house: House, slack: FakeSlack) -> None:
    await opened(house, "sam")
    sam = house.person("sam")
    assert sam.home is not None
    await sam.press_in_view(sam.home, label="Log a risk")
    assert sam.view is not None
    await sam.submit(values={"title": "Dam gate stuck", "likelihood": "2", "impact": "3", "owner": "sam"})
    assert sam.view.title == "Logged R-1"
    assert "R-1 Dam gate stuck" in await shown(house, "sam")
    assert slack.refusals == []


async def test_who_never_opened_it_has_none(house: House, slack: FakeSlack) -> None:
    await house.person("sam").slash("/risk", "add Dam gate stuck; likelihood 2; impact 3; owner @sam")
    await slack.event(house.url, {"type": "app_home_opened", "user": slack.user("sam").id, "tab": "messages"})
    await house.deliver()
    assert house.person("sam").home is None
    assert not [call for call in slack.calls if call.method == "views.publish"]


async def test_a_guest_gets_no_home_tab(house: House, slack: FakeSlack) -> None:
    slack.add_user("gus", "gus@riverton.example.org", is_restricted=True)
    gus = house.person("gus")
    assert (await gus.open_home()).status == 200
    await house.deliver()
    assert gus.home is None
    assert slack.posts == []


async def test_opening_it_again_and_again_keeps_one_tab_and_leaves_no_trace(house: House, slack: FakeSlack) -> None:
    for _ in range(3):
        await opened(house, "sam")
    count = house.database.read(lambda store: len(store.chat.posts.of("home sam")))
    assert count == 1
    assert house.database.read(lambda store: store.audit.first_bad_row()) == (0, None)


async def test_a_tab_that_slack_does_not_show_is_no_lost_message(house: House, slack: FakeSlack) -> None:
    slack.fail("views.publish", how="not_enabled")
    await house.person("sam").open_home()
    await house.deliver()
    assert house.database.read(lambda store: store.chat.undelivered.first(9)) == []


async def test_a_tab_that_slack_could_not_take_now_is_published_later(house: House, slack: FakeSlack) -> None:
    slack.fail("views.publish", how="500")
    await house.person("sam").open_home()
    await house.deliver()
    house.clock.pass_by(60)
    assert "Nothing is waiting for you." in await shown(house, "sam")
