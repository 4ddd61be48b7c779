"""Keeping: how long each table keeps its rows, and why; a test holds that each stands here once, or says it itself.

Records are kept for good, because a city looks them up and answers for them; a table may say so where it is made
(``info={"record": "who came, and when"}``). What holds now has a row for each person,
place or file, which is written over. All else is needed only for a time, and bot/tidying.py removes it.
"""

from datetime import timedelta

DAYS_OF_WORDS = timedelta(days=7)  # platforms deliver again within hours; a form that waits a week is stale
DAY = timedelta(days=1)  # by then a sending by hand has ended, or died
MONTH = timedelta(days=30)  # of what was sent, which posts are changed by and what an incident is judged by
HALF_A_YEAR = timedelta(days=183)  # a quarter's checklists, proposals and late answers are over by then
OVER_A_YEAR = timedelta(days=400)  # what comes once a year can be compared with the year before

RECORDS = {
    "absences": "who was away, and who stood in for them",
    "acceptances": "who accepted a risk until when, and why",
    "action_events": "the history of actions",
    "actions": "what was to be done, by whom and when",
    "audit": "who changed what and when; it is append-only",
    "blockers": "what stood in a team's way",
    "checkins": "which department was asked and what it said; each of them was",
    "checklist_ticks": "what was done of each checklist",
    "contact_checks": "which numbers were confirmed, when and by whom",
    "contact_departments": "to whom a resident's contact was opened",
    "contact_requests": "who asked for a resident's contact, why, and who decided",
    "contacts": "how residents are reached, sealed; withdrawing the item removes it",
    "crises": "crises",
    "crisis_asks": "who was asked to lead",
    "crisis_endings": "what was asked before a crisis was ended",
    "crisis_follow_ups": "follow-ups of crises from before they became actions",
    "crisis_log": "what happened when",
    "crisis_pages": "who was paged and what they answered",
    "crisis_ratings": "how a crisis was rated afterwards",
    "crisis_reports": "what council and residents were told",
    "crisis_roles": "who led and who did what",
    "crisis_rollcalls": "what departments answered",
    "crisis_tasks": "the plan and what was done of it",
    "crisis_windows": "which parts of the plan were closed",
    "desk_messages": "what was said at the desk, which is the platform that keeps it",
    "feedback": "what residents said, and the answer",
    "feedback_events": "the history of feedback",
    "feedback_letters": "which answers went to residents by e-mail, and who sent them; no address",
    "held_alarms": "alarms that waited for a second person, and what became of them",
    "links": "what came out of what",
    "merged": "whose records older ones belong to",
    "mornings": "what the city manager was told each morning",
    "proposals": "risks that were proposed out of feedback, and the answer",
    "readings": "the numbers of departments, week by week",
    "risk_actions": "actions against risks from before they became actions",
    "risk_history": "the history of risks",
    "risks": "risks",
    "standup_answers": "what teams answered",
    "standups": "which stand-ups there were",
}
HOLDS_NOW = {
    "accounts": "one for each account of a person",
    "city_texts": "one for each of the city's files",
    "clocks": "one for each machine; those not heard of for 7 days go when another is kept",
    "counters": "one for each kind of reference",
    "disputes": "one for each account that two people claim, until the city's files say whose it is",
    "faults": "one for each part that is set aside, until it works",
    "marks": "one for each moment that the bot has reached",
    "people": "one for each person",
    "places": "one for each place and platform",
    "rosters": "one for each team and group chat that the bot is in",
    "standings": "one for each person of people.toml",
    "tidied": "one for each kind of what goes, until the audit says how much it was",
    "unreached": "one for each person who cannot be written to, until they can",
}
FOR_A_TIME = {
    "allowances": "7 days after they end",
    "drafts": "7 days",
    "files": "24 hours after they were last linked, which is how long the links work",
    "inbox": "7 days",
    "notes": "7 days after they stood in a digest; half a year when they never did",
    "occurrences": "400 days; of each routine the first day and the last that was sent stay",
    "outbox": "what was sent or replaced: its words 7 days, the row 30 days; pages of a crisis stay without words, and "
    "what could not be delivered stays until somebody decides",
    "pieces": "until their sending has ended; a day where it is sent by hand",
    "posts": "half a year after the last change; those about records and home pages stay as long as these",
    "snoozes": "until their day",
    "timers": "400 days after they were due, when they do not wait anymore",
    "undos": "7 days",
}
