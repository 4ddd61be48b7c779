"""Feedback: the register, its events, the contacts of residents and proposed risks."""
