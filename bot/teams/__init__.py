"""Teams: the door for people in Microsoft Teams; the only place that knows its words."""
