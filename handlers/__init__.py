"""Handlers: when people speak to the bot; one folder or file is one feature."""
