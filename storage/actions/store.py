"""Actions: what they keep, each table and its questions under one name."""

from functools import cached_property

from storage.actions import before as before  # its tables belong to the schema
from storage.actions.events import ActionEvents
from storage.actions.records import Actions
from storage.base import Questions


class ActionStore(Questions):
    """What is kept of actions, within one transaction."""

    events = cached_property(lambda actions: ActionEvents(actions.connection))
    records = cached_property(lambda actions: Actions(actions.connection))
