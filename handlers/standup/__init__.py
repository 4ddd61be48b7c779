"""Stand-up: what you finished, what is next and what is in your way."""
