"""Check-in: how each department's week was, and what comes of it."""
