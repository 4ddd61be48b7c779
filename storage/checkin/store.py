"""Checkin: what it keeps, each table and its questions under one name."""

from functools import cached_property

from storage.base import Questions
from storage.checkin.records import Checkins


class CheckinStore(Questions):
    """What is kept of check-ins, within one transaction."""

    records = cached_property(lambda checkin: Checkins(checkin.connection))
