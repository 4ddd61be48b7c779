"""Mutants: small changes to the modules that safety depends on, each of which at least one test must notice."""
