"""Risk: what it keeps, each table and its questions under one name."""

from functools import cached_property

from storage.base import Questions
from storage.risk.acceptances import Acceptances
from storage.risk.history import RiskHistory
from storage.risk.records import Risks
from storage.risk.search import RiskSearch


class RiskStore(Questions):
    """What is kept of risks, within one transaction."""

    acceptances = cached_property(lambda risk: Acceptances(risk.connection))
    history = cached_property(lambda risk: RiskHistory(risk.connection))
    records = cached_property(lambda risk: Risks(risk.connection))
    search = cached_property(lambda risk: RiskSearch(risk.connection))
