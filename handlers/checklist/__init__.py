"""Checklist: recurring tasks, checked off by the people they belong to."""
