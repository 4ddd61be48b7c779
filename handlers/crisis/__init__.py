"""Crisis: anybody raises the alarm and the team is called at once; two people start the plan and tell the city."""
