"""Desk: a small web page on this machine, where a newcomer meets the bot and staff rehearse."""
