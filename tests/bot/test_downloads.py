"""Links to files, over HTTP: who has one gets the file for a day, and nobody else learns anything."""

import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from pydantic import SecretStr
from yarl import URL

from bot.assembly import build_runtime
from bot.delivery import Delivery
from bot.downloads import NOT_HERE
from bot.health import Health
from bot.heartbeat import Heartbeat
from bot.links import Links, file_id, keep_files
from bot.runtime import Runtime
from bot.settings import Settings
from bot.web import Served, web_application
from handlers.kit.messages import Card, File, Picture
from tests.chat.bot import MONDAY, settings_for
from tests.chat.clock import SetClock

SHEET = File(name='Brücken "A".csv', data="ref,title\nR-1,Brücke\n".encode())
ANOTHER = File(name="other.csv", data=b"x")
PUBLIC = "https://bot.riverton.example.org"


@dataclass
class Replica:
    """One process of the bot, and a browser that asks it."""

    settings: Settings
    clock: SetClock
    runtime: Runtime
    server: TestServer
    web: ClientSession

    def link(self, file: File | Picture) -> str:
        address = Links(self.settings, self.clock).to(file)
        assert address is not None
        return address

    async def keep(self, *files: File | Picture) -> None:
        await self.runtime.write(lambda store: keep_files(store, "teams", Card("", *files), self.clock.now()))

    async def get(self, address: str) -> tuple[int, bytes, dict[str, str]]:
        there = URL(str(self.server.make_url("")).rstrip("/") + address.removeprefix(PUBLIC), encoded=True)
        async with self.web.get(there) as got:
            return got.status, await got.read(), dict(got.headers)


@pytest.fixture
async def replicas(tmp_path: Path, clock: SetClock) -> AsyncIterator[list[Replica]]:
    """Two processes with the same settings on the same database."""
    keys = {"teams_app_id": "app", "teams_app_password": SecretStr("a long secret"), "public_url": f"{PUBLIC}/"}
    settings, both = settings_for(tmp_path, **keys), []
    async with ClientSession() as web:
        for _ in range(2):
            runtime = build_runtime(settings, clock)
            health = Health(runtime.clock)
            beating = Heartbeat(runtime, health, None)
            server = TestServer(web_application(Served(settings, runtime, Delivery(runtime, {}), [], beating, health)))
            await server.start_server()
            both.append(Replica(settings, clock, runtime, server, web))
        yield both
        for replica in both:
            await replica.server.close()
            replica.runtime.database.close()


async def test_any_replica_gives_the_file_to_be_saved_and_never_run(replicas: list[Replica]) -> None:
    first, second = replicas
    await first.keep(SHEET)
    status, content, headers = await second.get(first.link(SHEET))
    assert (status, content) == (200, SHEET.data)
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    assert headers["Content-Disposition"] == (
        "attachment; filename=\"Br_cken _A_.csv\"; filename*=UTF-8''Br%C3%BCcken%20%22A%22.csv"
    )
    assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")
    assert "default-src 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("map.PNG", "image/png"),
        ("report.html", "text/html; charset=utf-8"),
        ("report.pdf", "application/pdf"),
        ("risks.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("report.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("script.js", "application/octet-stream"),
        ("../a%2F\r\nX: y", "application/octet-stream"),
    ],
)
async def test_the_ending_says_what_it_is(replicas: list[Replica], name: str, kind: str) -> None:
    file = File(name=name, data=b"content")
    await replicas[0].keep(file)
    status, content, headers = await replicas[0].get(replicas[0].link(file))
    assert (status, content, headers["Content-Type"]) == (200, b"content", kind)
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert "X" not in headers


async def test_a_link_works_for_24_hours_by_the_clock_of_the_bot(replicas: list[Replica]) -> None:
    replica = replicas[0]
    await replica.keep(SHEET)
    link = replica.link(SHEET)
    replica.clock.advance(hours=23, minutes=59)
    assert (await replica.get(link))[0] == 200
    replica.clock.advance(minutes=1)
    status, over, _ = await replica.get(link)
    assert status == 410
    assert b"ask cityops for it again" in over


async def test_a_link_that_was_changed_opens_nothing(replicas: list[Replica]) -> None:
    replica = replicas[0]
    await replica.keep(SHEET, ANOTHER)
    url = URL(replica.link(SHEET), encoded=True)
    changed = [
        url.update_query(until=str(int(url.query["until"]) + 1)),
        url.update_query(until="never"),
        url.update_query(until=url.query["until"] + "\u0661"),
        url.update_query(by="0" * 64),
        url.update_query(by="\u00fc"),
        url.with_query(None),
        URL(str(url).replace(file_id(SHEET), file_id(ANOTHER)), encoded=True),
        URL(str(url).replace(".csv?", ".html?"), encoded=True),
    ]
    assert [(await replica.get(str(link)))[0] for link in changed] == [403] * len(changed)


async def test_nobody_learns_whether_a_file_is_there(replicas: list[Replica]) -> None:
    replica = replicas[0]
    wrong = replica.link(SHEET)[:-4] + "0000"
    over = replica.link(SHEET)
    missing = [await replica.get(wrong), await replica.get(over)]
    replica.clock.advance(hours=25)
    missing.append(await replica.get(over))
    replica.clock.advance(hours=-25)
    await replica.keep(SHEET)
    there = [await replica.get(wrong), await replica.get(over)]
    replica.clock.advance(hours=25)
    there.append(await replica.get(over))
    assert [status for status, _, _ in missing] == [403, 410, 410]
    assert [status for status, _, _ in there] == [403, 200, 410]
    assert {body for _, body, _ in (*missing, there[0], there[2])} == {NOT_HERE.encode()}


def test_without_an_address_or_a_secret_there_is_no_link(tmp_path: Path) -> None:
    secret, clock = SecretStr("a long secret"), SetClock(MONDAY)
    for address, password in itertools.product((None, PUBLIC), (None, secret)):
        links = Links(settings_for(tmp_path, public_url=address, teams_app_password=password), clock)
        assert (links.to(SHEET) is not None) == (address is not None and password is not None)
        assert not links.is_ours(file_id(SHEET), SHEET.name, "1", "")


async def test_a_database_that_does_not_answer_is_said(replicas: list[Replica], tmp_path: Path) -> None:
    replica, file = replicas[0], tmp_path / "cityops.db"
    replica.runtime.database.reader.dispose()
    file.rename(tmp_path / "away.db")
    file.mkdir()
    status, said, _ = await replica.get(replica.link(SHEET))
    assert (status, b"try again" in said) == (503, True)
