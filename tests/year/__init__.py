"""Year: whole weeks and years of Riverton, against what the schedule promised."""
