"""Sheets: a register as a spreadsheet: written, read without losing a word, and brought back when it was changed."""
