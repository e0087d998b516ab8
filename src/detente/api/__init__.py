"""The verbs: what can be asked of a case, for programs and notebooks.

A *case* is whatever :func:`load` takes, or what it returned; a *road map* is a :class:`RoadMap`, a plan or an audit, a
mapping of start periods, a file, or the name of a road map or proposal of the case. Nothing here prints or exits.
"""

from detente.api.arguments import PRICE_SECONDS, Arguments
from detente.api.bargaining import afterwards, compare, frontier, gap
from detente.api.judging import audit, diff, verify, why
from detente.api.mending import explain, repair, threshold
from detente.api.offering import add_round, rounds
from detente.api.planning import plan, price
from detente.api.reading import CaseLike, RoadMapLike, load, load_road_map, resolve
from detente.api.sweeping import sweep
from detente.api.uncertainty import simulate, worlds

__all__ = [
    "PRICE_SECONDS", "Arguments", "CaseLike", "RoadMapLike", "add_round", "afterwards", "audit", "compare", "diff",
    "explain", "frontier", "gap", "load", "load_road_map", "plan", "price", "repair", "resolve", "rounds", "simulate",
    "sweep", "threshold", "verify", "why", "worlds",
]  # fmt: skip
