"""Telling: statements to residents, promised updates, and reports while a crisis is open."""
