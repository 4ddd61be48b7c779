"""Slack: the door for people in Slack; the only place that knows its words."""
