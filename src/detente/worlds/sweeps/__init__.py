"""Worlds or runs over a design of parameters and road maps (sweep)."""
