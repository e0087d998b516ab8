"""Uncertain worlds: draws judged at once, trust earned, simulation, sweeps (model §8)."""
