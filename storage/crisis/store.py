"""Crisis: what it keeps, each table and its questions under one name."""

from functools import cached_property

from storage.base import Questions
from storage.crisis.asks import CrisisAsks
from storage.crisis.contact_checks import ContactChecks
from storage.crisis.endings import CrisisEndings
from storage.crisis.held_alarms import HeldAlarms
from storage.crisis.log import CrisisLog
from storage.crisis.pages import CrisisPages
from storage.crisis.ratings import CrisisRatings
from storage.crisis.records import Crises
from storage.crisis.reports import CrisisReports
from storage.crisis.roles import CrisisRoles
from storage.crisis.rollcalls import Rollcalls
from storage.crisis.tasks import CrisisTasks


class CrisisStore(Questions):
    """What is kept of crises, within one transaction."""

    asks = cached_property(lambda crisis: CrisisAsks(crisis.connection))
    contact_checks = cached_property(lambda crisis: ContactChecks(crisis.connection))
    endings = cached_property(lambda crisis: CrisisEndings(crisis.connection))
    held_alarms = cached_property(lambda crisis: HeldAlarms(crisis.connection))
    log = cached_property(lambda crisis: CrisisLog(crisis.connection))
    pages = cached_property(lambda crisis: CrisisPages(crisis.connection))
    ratings = cached_property(lambda crisis: CrisisRatings(crisis.connection))
    records = cached_property(lambda crisis: Crises(crisis.connection))
    reports = cached_property(lambda crisis: CrisisReports(crisis.connection))
    roles = cached_property(lambda crisis: CrisisRoles(crisis.connection))
    rollcalls = cached_property(lambda crisis: Rollcalls(crisis.connection))
    tasks = cached_property(lambda crisis: CrisisTasks(crisis.connection))
