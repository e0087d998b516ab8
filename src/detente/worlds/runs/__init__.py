"""Runs of a road map: what happens, not what should (simulate)."""
