"""Risk: the register, its history, actions and acceptances."""
