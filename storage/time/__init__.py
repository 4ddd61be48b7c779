"""Time: what is due, what was sent when, and the clocks it goes by."""
