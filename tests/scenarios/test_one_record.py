"""One record: a person is one, whatever their accounts and addresses, and whenever the bot learns of them."""

import pytest
from sqlalchemy import select

from storage.audit import audit
from storage.chat.people import people
from storage.database import Store
from tests.chat.seen import Seen
from tests.scenarios.peoplefile import (
    Workplace,
    account_of,
    change,
    give_address,
    list_person,
    newcomer,
    switch,
    told_by_platform,
)

RISK = "/risk add Dam gate stuck; likelihood 2; impact 3"
ADMIN = 'roles = ["admin"]'
OLGAS_TOO = 'emails = ["sam@riverton.example.org"]'


async def says(chat: Workplace, name: str, line: str) -> Seen:
    return await chat.person(name).says(line)


async def records(chat: Workplace, words: str) -> list[str]:
    """The ids of the records whose names or ids have these words in them."""

    def named(store: Store) -> list[str]:
        met = store.connection.execute(select(people.c.id, people.c.name)).all()
        return [person.id for person in met if words in person.name.lower() or words in person.id]

    return list(await chat.bot.read(named))


async def owner(chat: Workplace, name: str) -> str:
    account = account_of(chat, name)
    return str((await chat.bot.read(lambda store: store.chat.people.owner_of(chat.name, account))).id)


async def test_whom_the_platform_gave_no_address_is_known_as_soon_as_it_gives_one(platform_chat: Workplace) -> None:
    newcomer(platform_chat, "nils", "")
    await list_person(platform_chat, "nils", ADMIN)
    assert (await says(platform_chat, "nils", RISK)).title == "Logged R-1"
    assert (await says(platform_chat, "nils", "/city people")).title == "You cannot do this yourself"
    give_address(platform_chat, "nils", "nils@riverton.example.org")
    await platform_chat.bot.pass_time(minutes=1)
    assert (await says(platform_chat, "nils", "/city people")).title != "You cannot do this yourself"
    assert await records(platform_chat, "nils") == ["nils"]
    risk = await platform_chat.bot.read(lambda store: store.risk.records.find("R-1"))
    assert risk.created_by == "nils"


async def test_who_spoke_before_being_listed_is_one_record_with_all_that_is_theirs(platform_chat: Workplace) -> None:
    newcomer(platform_chat, "nora", "nora@riverton.example.org")
    logged = await says(platform_chat, "nora", f"{RISK}; owner @nora")
    old = await owner(platform_chat, "nora")
    await list_person(platform_chat, "nora", 'roles = ["department_head"]')
    assert await records(platform_chat, "nora") == ["nora"]
    risk = await platform_chat.bot.read(lambda store: store.risk.records.find("R-1"))
    assert (risk.created_by, risk.owner) == ("nora", "nora")
    assert "Your open risks: 1" in (await says(platform_chat, "nora", "/city today")).text
    await platform_chat.person("nora").opens("Change", logged)

    def rows(store: Store) -> tuple[list[str], list[str], object]:
        all_rows = store.connection.execute(select(audit.c.person, audit.c.subject, audit.c.facts)).all()
        linked = [row.facts for row in all_rows if "merged" in row.facts]
        return [row.person for row in all_rows if row.subject == "R-1"], linked, store.audit.first_bad_row()[1]

    first, linked, bad = await platform_chat.bot.read(rows)
    assert (first, bad) == ([old], None)
    assert len(linked) == 1
    assert f'"merged":"{old}"' in linked[0].replace(" ", "")


async def told(chat: Workplace, title: str, *names: str) -> list[str]:
    """Those of some accounts that see a message for Sam."""
    await says(chat, "ines", f"/risk add {title}; likelihood 5; impact 5; owner @sam")
    await chat.bot.pass_time(minutes=5)
    return [name for name in names if any(title in card.text for card in await chat.person(name).direct())]


async def test_two_accounts_with_one_address_are_one_person_who_is_written_to_where_they_spoke_last(
    platform_chat: Workplace,
) -> None:
    await says(platform_chat, "sam", f"{RISK}; owner @sam")
    await platform_chat.bot.pass_time(minutes=5)
    newcomer(platform_chat, "second", "sam@riverton.example.org")
    assert "Your open risks: 1" in (await says(platform_chat, "second", "/city today")).text
    assert [await owner(platform_chat, name) for name in ("sam", "second")] == ["sam", "sam"]
    assert await records(platform_chat, "sam") == ["sam"]
    assert await told(platform_chat, "The newest account", "sam", "second") == ["second"]
    await says(platform_chat, "sam", "/city today")
    assert await told(platform_chat, "The one that spoke last", "sam", "second") == ["sam"]
    switch(platform_chat, "sam", off=True)
    await told_by_platform(platform_chat, "sam")
    assert await platform_chat.bot.read(lambda store: store.chat.people.switched_off()) == frozenset()
    assert await told(platform_chat, "The one that is left", "sam", "second") == ["second"]


async def test_the_second_account_of_somebody_of_no_file_joins_their_record(platform_chat: Workplace) -> None:
    for number, name in enumerate(("nora", "nora-two")):
        newcomer(platform_chat, name, "nora@riverton.example.org")
        line = RISK.replace("add ", f"add Gate {number}: ")
        assert (await says(platform_chat, name, line)).title.startswith("Logged R-")
        await platform_chat.bot.pass_time(minutes=5)
    [person] = await records(platform_chat, "nora")
    risks = [
        await platform_chat.bot.read(lambda store, ref=ref: store.risk.records.find(ref)) for ref in ("R-1", "R-2")
    ]
    assert [risk.created_by for risk in risks] == [person, person]


@pytest.mark.doors
async def test_who_is_listed_with_two_addresses_is_one_person_with_two_accounts(platform_chat: Workplace) -> None:
    await change(platform_chat, 'id = "sam"', 'id = "sam"\nemails = ["s.rivers@riverton.example.org"]')
    await says(platform_chat, "sam", "/city today")
    await platform_chat.bot.pass_time(minutes=5)
    newcomer(platform_chat, "samuel", "s.rivers@riverton.example.org")
    assert (await says(platform_chat, "samuel", RISK)).title == "Logged R-1"
    assert await owner(platform_chat, "samuel") == "sam"

    assert await told(platform_chat, "The newest account", "sam", "samuel") == ["samuel"]
    await says(platform_chat, "sam", "/city today")
    assert await told(platform_chat, "The one that spoke last", "sam", "samuel") == ["sam"]
    switch(platform_chat, "sam", off=True)
    await told_by_platform(platform_chat, "sam")
    assert await told(platform_chat, "The one that is left", "sam", "samuel") == ["samuel"]


async def test_an_address_that_names_somebody_else_is_for_admins_to_decide(platform_chat: Workplace) -> None:
    await says(platform_chat, "sam", RISK)
    await change(platform_chat, 'email = "sam@', 'email = "rivers@')
    await change(
        platform_chat, 'email = "olga@riverton.example.org"', f'email = "olga@riverton.example.org"\n{OLGAS_TOO}'
    )
    account = f"account {account_of(platform_chat, 'sam')} belongs to Sam Rivers here"
    line = f"{account}, but people.toml gives its e-mail address to Olga Brandt."
    assert (await says(platform_chat, "sam", "/risk close R-1; reason Repaired")).title == "You cannot do this yourself"
    assert "Whose account is it?" not in (await says(platform_chat, "maria", "/city today")).text
    home = await says(platform_chat, "ines", "/city today")
    assert line in home.text
    await platform_chat.person("ines").presses("Leave as it is", home)
    assert line not in (await says(platform_chat, "ines", "/city today")).text
    await platform_chat.bot.pass_time(hours=2)
    listed = await says(platform_chat, "ines", "/city accounts")
    assert "Ines Varga left it as it is" in listed.text
    await platform_chat.person("ines").presses("It is Olga Brandt's now", listed)
    assert await owner(platform_chat, "sam") == "olga"
    closed = await says(platform_chat, "sam", "/risk close R-1; reason Repaired")
    assert closed.title != "You cannot do this yourself"
    risk = await platform_chat.bot.read(lambda store: store.risk.records.find("R-1"))
    assert (risk.created_by, risk.closed_by) == ("sam", "olga")


async def test_what_people_toml_says_of_an_account_itself_needs_no_deciding(platform_chat: Workplace) -> None:
    newcomer(platform_chat, "nora", "")
    await says(platform_chat, "nora", RISK)
    account = account_of(platform_chat, "nora")
    await list_person(platform_chat, "nora", f'{platform_chat.name} = "{account}"')
    assert await owner(platform_chat, "nora") == "nora"
    await change(platform_chat, f'{platform_chat.name} = "{account}"', "")
    await change(platform_chat, 'id = "olga"', f'id = "olga"\n{platform_chat.name} = "{account}"')
    assert await owner(platform_chat, "nora") == "olga"
    risk = await platform_chat.bot.read(lambda store: store.risk.records.find("R-1"))
    assert risk.created_by == "nora"


async def test_buttons_and_names_of_a_merged_record_lead_to_the_one_of_today(platform_chat: Workplace) -> None:
    newcomer(platform_chat, "nora", "nora@riverton.example.org")
    await says(platform_chat, "nora", RISK)
    old = await owner(platform_chat, "nora")
    await list_person(platform_chat, "nora")
    await says(platform_chat, "ines", f"/risk add Old name; likelihood 2; impact 2; owner @{old}")
    assert (await platform_chat.bot.read(lambda store: store.risk.records.find("R-2"))).owner == "nora"
