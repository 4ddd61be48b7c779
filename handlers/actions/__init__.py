"""Actions: what is to be done, by whom and until when, whatever it is about."""
