"""Détente: road maps that nobody gains by leaving."""

__version__ = "0.1.0"
