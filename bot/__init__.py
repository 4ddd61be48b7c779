"""Bot: the runtime and the doors that people speak through."""
