"""Calling: an alarm is raised and confirmed, and everybody who is needed is paged until they answer."""
