"""Risk: what could go wrong, how bad, who looks after it."""
