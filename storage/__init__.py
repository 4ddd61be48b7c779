"""Storage: what is remembered; the only SQL of the house."""
