"""Afterwards: the stand-down, the report, follow-ups, lessons and ratings."""
