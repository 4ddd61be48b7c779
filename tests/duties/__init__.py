"""Duties: people come and go, and somebody who can be asked is always asked for what they hold."""
