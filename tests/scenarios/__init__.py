"""Scenarios: what people do, through every door."""
