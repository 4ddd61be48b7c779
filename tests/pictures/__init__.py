"""Pictures: the cards of the features as Slack, Teams and the desk draw them, for people to look at."""
