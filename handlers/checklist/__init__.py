"""Checklist: what is done again and again, ticked by whoever it belongs to."""
