"""Away: who is away, and who is asked instead."""
