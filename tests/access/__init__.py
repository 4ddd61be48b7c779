"""Access: who may do what with whose records, for every command and every button of the catalogue."""
