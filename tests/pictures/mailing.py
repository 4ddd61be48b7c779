"""Mailing: the answer to residents by e-mail, as who closes an item reads it before and after it is sent."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from bot.assembly import build_runtime
from bot.inbound import Pressed, Submitted
from bot.runtime import Runtime
from handlers.kit.messages import Buttons, Card
from storage.database import Store
from tests.chat.bot import MONDAY, settings_for
from tests.chat.clock import SetClock
from tests.pictures.feedback import KEY, NEW
from tests.pictures.typed import Shown, shown

CONTACTS = ("Ann Lee, ann@example.org, 212-555-0147", "bob@example.org, or at work: bob@office.example.org", "555-0199")
STREETS = ("Mill Road 14", "Quay Street 2", "Elm Street 9")
CLOSE = "feedback close F-1; reason done; answer A new lamp was put in on Friday, and the path is light again."


async def mail_cards(folder: Path) -> list[tuple[str, Shown]]:
    """Names and cards: closing, the e-mail as it is read, and each thing that can become of it."""
    ways = {"smtp_url": SecretStr("smtp://127.0.0.1"), "mail_from": "city@riverton.example.org"}
    runtime = build_runtime(settings_for(folder, desk="on", contact_key=KEY, **ways), SetClock(MONDAY))
    for number, contact in enumerate(CONTACTS):
        told = {**NEW, "contact": contact, "place": STREETS[number]}
        await shown(runtime, "owen", Submitted("feedback add", f"n{number}", told))
    found = [("mail-closed", await shown(runtime, "owen", CLOSE))]
    found.append(("mail-read", await shown(runtime, "owen", "feedback mail F-1")))
    await shown(runtime, "owen", "feedback reopen F-1; why It is dark again")
    for ref in ("F-2", "F-3"):
        await shown(runtime, "owen", f"feedback duplicate {ref}; of F-1")
    found.append(("mail-closed-several", await shown(runtime, "owen", CLOSE)))
    several = await shown(runtime, "owen", "feedback mail F-1")
    found += [("mail-read-several", several), ("mail-on-its-way", await _pressed(runtime, several))]
    for state, why in (("sent", None), ("unsure", "the mail server did not say whether it took it")):
        await runtime.write(partial(_ends, {1: state, 2: "sent"}, why))
        found.append((f"mail-{state}", await shown(runtime, "owen", "feedback mail F-1")))
    await runtime.write(partial(_ends, {1: "failed"}, "the mail server answered 550"))
    found.append(("mail-refused", await shown(runtime, "tom", "feedback mail F-1")))
    found.append(("mail-shown", await shown(runtime, "owen", "feedback show F-1")))
    runtime.database.close()
    return found


async def _pressed(runtime: Runtime, card: Shown) -> Shown:
    assert isinstance(card, Card)
    [send] = [button for word in card.body if isinstance(word, Buttons) for button in word.buttons]
    return await shown(runtime, "owen", Pressed(send.action, send.value))


def _ends(states: Mapping[int, str], why: str | None, store: Store) -> None:
    for number, state in states.items():
        letter = store.feedback.letters.take(number)
        assert letter is not None
        store.feedback.letters.end(letter, state, MONDAY, why)
