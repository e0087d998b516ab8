"""The brief: every verb asked once, and the answers written up."""

from detente.briefing.making import brief

__all__ = ["brief"]
