"""Actions: the register of what is to be done, and what happened to each action."""
