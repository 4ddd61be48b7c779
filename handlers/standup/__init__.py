"""Stand-up: what somebody finished, what is next and what is in their way; asked, answered early, late or changed."""
