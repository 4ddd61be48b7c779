"""Registers: risks and feedback through their lives, by random steps."""
