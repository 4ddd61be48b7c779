"""Standup: what it keeps, each table and its questions under one name."""

from functools import cached_property

from storage.base import Questions
from storage.standup.answers import Answers
from storage.standup.blockers import Blockers
from storage.standup.records import Standups


class StandupStore(Questions):
    """What is kept of stand-ups, within one transaction."""

    answers = cached_property(lambda standup: Answers(standup.connection))
    blockers = cached_property(lambda standup: Blockers(standup.connection))
    records = cached_property(lambda standup: Standups(standup.connection))
