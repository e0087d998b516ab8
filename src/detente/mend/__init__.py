"""Mending what does not hold: why nothing does, what would, and how strong threats and inspections must be."""
