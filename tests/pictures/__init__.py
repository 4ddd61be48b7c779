"""Pictures: the cards of the features as Slack, Teams and the desk draw them, to be looked at."""
