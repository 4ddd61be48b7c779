"""Chat: what it keeps, each table and its questions under one name."""

from functools import cached_property

from storage.base import Questions
from storage.chat.accounts import Accounts
from storage.chat.desk import Desk
from storage.chat.disputes import Disputes
from storage.chat.drafts import Drafts
from storage.chat.drawings import Drawings
from storage.chat.files import Files
from storage.chat.hearing import Hearing
from storage.chat.inbox import Inbox
from storage.chat.lanes import Lanes
from storage.chat.many import Many
from storage.chat.merging import Merging
from storage.chat.messages import Messages
from storage.chat.notes import Notes
from storage.chat.old_messages import OldMessages
from storage.chat.outbox import Outbox
from storage.chat.overdue_pages import OverduePages
from storage.chat.people import People
from storage.chat.places import Places
from storage.chat.posts import Posts
from storage.chat.recent import Recent
from storage.chat.rosters import Rosters
from storage.chat.snoozes import Snoozes
from storage.chat.taken_back import TakenBack
from storage.chat.undelivered import Undelivered


class ChatStore(Questions):
    """Messages, places, people and their accounts, within one transaction."""

    accounts = cached_property(lambda chat: Accounts(chat.connection))
    desk = cached_property(lambda chat: Desk(chat.connection))
    disputes = cached_property(lambda chat: Disputes(chat.connection))
    drafts = cached_property(lambda chat: Drafts(chat.connection))
    drawings = cached_property(lambda chat: Drawings(chat.connection))
    files = cached_property(lambda chat: Files(chat.connection))
    hearing = cached_property(lambda chat: Hearing(chat.connection))
    inbox = cached_property(lambda chat: Inbox(chat.connection))
    lanes = cached_property(lambda chat: Lanes(chat.connection))
    many = cached_property(lambda chat: Many(chat.connection))
    merging = cached_property(lambda chat: Merging(chat.connection))
    messages = cached_property(lambda chat: Messages(chat.connection))
    notes = cached_property(lambda chat: Notes(chat.connection))
    old_messages = cached_property(lambda chat: OldMessages(chat.connection))
    outbox = cached_property(lambda chat: Outbox(chat.connection))
    overdue_pages = cached_property(lambda chat: OverduePages(chat.connection))
    people = cached_property(lambda chat: People(chat.connection))
    places = cached_property(lambda chat: Places(chat.connection))
    posts = cached_property(lambda chat: Posts(chat.connection))
    recent = cached_property(lambda chat: Recent(chat.connection))
    rosters = cached_property(lambda chat: Rosters(chat.connection))
    snoozes = cached_property(lambda chat: Snoozes(chat.connection))
    taken_back = cached_property(lambda chat: TakenBack(chat.connection))
    undelivered = cached_property(lambda chat: Undelivered(chat.connection))
