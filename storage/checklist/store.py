"""Checklist: what it keeps, each table and its questions under one name."""

from functools import cached_property

from storage.base import Questions
from storage.checklist.ticks import Checklists


class ChecklistStore(Questions):
    """What is kept of checklists, within one transaction."""

    ticks = cached_property(lambda checklist: Checklists(checklist.connection))
