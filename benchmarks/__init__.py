"""Benchmarks: ratios against floors measured in the same run; seconds of one machine say nothing about another."""
