"""Checklist: what was ticked."""
