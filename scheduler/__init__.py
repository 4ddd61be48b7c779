"""Scheduler: when the bot speaks first; one file is one routine."""
