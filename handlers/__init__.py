"""Handlers: when people speak to the bot; one file is one feature."""
