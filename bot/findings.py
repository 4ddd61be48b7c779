"""Findings: what the doctor says of each thing it has checked."""

Finding = tuple[bool, str]  # (is it well, the line)
