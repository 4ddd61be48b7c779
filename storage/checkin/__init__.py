"""Check-in: the answers of departments, week by week."""
