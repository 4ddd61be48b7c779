"""Duties: people come and go, and what they hold is always with somebody who can be asked."""
