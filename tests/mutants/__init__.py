"""Mutants: small changes to the modules that safety depends on, each of which some test must notice."""
