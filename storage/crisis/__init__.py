"""Crisis: everything that is kept of a crisis, from the alarm to its ratings."""
