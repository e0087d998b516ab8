"""Incentives in many worlds at once: the same mathematics as in the room around it, compiled, one world after another.

What here is a number for one world is worked out there with tables for all road maps; tests hold the two together.
"""
