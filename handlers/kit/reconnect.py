"""Reconnect: when a place has a channel again, sends what was lost there as far as it still holds."""

from handlers.kit.context import Context
from handlers.kit.incidents import refresh_incident
from handlers.kit.lists import counted
from handlers.kit.undelivered import send_again


def send_what_holds(context: Context, platform: str, place: str) -> str:
    """Send what was refused in a place again, drawn from its record; gives a sentence with how many, and how many wait
    there. About what may have arrived, people decide."""
    lost = context.store.chat.undelivered.refused_in(platform, place)
    again, waiting = send_again(context, lost), context.store.chat.undelivered.waiting_in(platform, place)
    for number in dict.fromkeys(row.incident for row in lost if row.incident):
        refresh_incident(context, number)
    waits = waiting - again.sent
    parts = [f"{counted(again.sent, 'message')} that did not arrive before, brought up to date"] if again.sent else []
    parts += [f"{counted(waits, 'message')} that waited for it"] if waits else []
    comes = f"It gets {' and '.join(parts)}." if parts else "No message was lost, and none waits for it."
    whys = "; ".join(dict.fromkeys(again.needless))
    return f"{comes} Not needed anymore: {len(again.needless)} ({whys})." if again.needless else comes
