"""Exact rational arithmetic of model §3-§6, straight from the resolved case.

Shares nothing with :mod:`detente.incentives`: it is what the float mathematics is checked against, and what decides the
signs that floats cannot. :class:`Exact` holds the case, :class:`ExactRoadMap` one road map of it.
"""

from detente.audit.exact.aftermath import Cheat
from detente.audit.exact.leaving import TooManyMilestones
from detente.audit.exact.road_map import Exact, ExactRoadMap

__all__ = ["Cheat", "Exact", "ExactRoadMap", "TooManyMilestones"]
