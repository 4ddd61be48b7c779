"""Tests of the invented weeks."""
