"""Chat: messages out and in, where cards are posted, people and their accounts."""
