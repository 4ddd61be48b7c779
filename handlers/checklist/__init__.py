"""Checklist: what is done again and again, ticked by the people it belongs to."""
