"""Feedback: what it keeps, each table and its questions under one name."""

from functools import cached_property

from storage.base import Questions
from storage.feedback.contact_departments import ContactDepartments
from storage.feedback.contact_requests import ContactRequests
from storage.feedback.contacts import Contacts
from storage.feedback.events import FeedbackEvents
from storage.feedback.letters import Letters
from storage.feedback.lists import FeedbackLists
from storage.feedback.proposals import Proposals
from storage.feedback.records import Feedback
from storage.feedback.waiting import FeedbackWaiting


class FeedbackStore(Questions):
    """What is kept of what residents tell the city, within one transaction."""

    contact_departments = cached_property(lambda feedback: ContactDepartments(feedback.connection))
    contact_requests = cached_property(lambda feedback: ContactRequests(feedback.connection))
    contacts = cached_property(lambda feedback: Contacts(feedback.connection))
    events = cached_property(lambda feedback: FeedbackEvents(feedback.connection))
    letters = cached_property(lambda feedback: Letters(feedback.connection))
    lists = cached_property(lambda feedback: FeedbackLists(feedback.connection))
    proposals = cached_property(lambda feedback: Proposals(feedback.connection))
    records = cached_property(lambda feedback: Feedback(feedback.connection))
    waiting = cached_property(lambda feedback: FeedbackWaiting(feedback.connection))
