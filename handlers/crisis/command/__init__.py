"""Command: roles, the plan and its steps, the roll call of departments, and the log."""
