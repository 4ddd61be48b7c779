"""Access: who may do what to whose, for every command and every button of the catalogue."""
