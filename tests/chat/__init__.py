"""Chat: people at the doors of a real bot, for the scenario tests."""
