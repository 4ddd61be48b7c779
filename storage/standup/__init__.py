"""Stand-up: stand-ups, answers and blockers."""
