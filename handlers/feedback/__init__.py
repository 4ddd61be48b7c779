"""Feedback: what residents tell the city, and the department that answers."""
